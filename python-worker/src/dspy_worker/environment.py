"""Process-wide switches that libraries read when they are imported."""

import os

_SWITCHES = {
    # Without these DSPy and LiteLLM try to download price lists at import or first use, and wait for the network.
    "LITELLM_LOCAL_MODEL_COST_MAP": "true",
    "LITELLM_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    # Bars of optimisers would stand between the lines of the log.
    "TQDM_DISABLE": "1",
}
# A model's address and key come with each execution; what the environment says must not take their place.
_FORBIDDEN = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY")


def prepare_environment() -> None:
    """Sets the switches; call before DSPy is imported."""
    os.environ.update(_SWITCHES)
    for name in _FORBIDDEN:
        os.environ.pop(name, None)
