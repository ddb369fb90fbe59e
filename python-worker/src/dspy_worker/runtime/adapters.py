"""The formats in which a model can be asked, as DSPy adapters."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import dspy

from dspy_worker.contracts.messages import FormatName
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.completion_adapter import CompletionAdapter
from dspy_worker.runtime.endpoint import ModelEndpoint

# DSPy's adapters hold no state of a call, so every execution uses the same ones.
_CHAT = dspy.ChatAdapter()
_JSON = dspy.JSONAdapter()
_XML = dspy.XMLAdapter()
_COMPLETION = {use_grammar: CompletionAdapter(use_grammar=use_grammar) for use_grammar in (False, True)}

FORMATS: Mapping[FormatName, Callable[[ModelEndpoint], dspy.Adapter]] = MappingProxyType(
    {
        "chat": lambda _endpoint: _CHAT,
        "json": lambda _endpoint: _JSON,
        "xml": lambda _endpoint: _XML,
        "completion": lambda endpoint: _COMPLETION[endpoint.grammar],
    }
)


def adapter_for(format_name: str, endpoint: ModelEndpoint) -> dspy.Adapter:
    """Returns the adapter of a format; raises `UnsupportedOption` for one this worker does not have."""
    for known, adapter in FORMATS.items():
        if known == format_name:
            return adapter(endpoint)
    message = f'Format "{format_name}" is not known to this worker. It asks in {", ".join(FORMATS)}.'
    raise UnsupportedOption(message)
