"""What is common to the kinds of tools when they are called."""

from collections.abc import Mapping
from typing import Any, Protocol

from dspy_worker.runtime.transport.active_call import ActiveCall


class ToolFailed(Exception):  # noqa: N818 - what the model is told in place of an answer
    """A tool that gave no answer; the message says why, for the model and without addresses."""


class Caller(Protocol):
    """Calls the server of one tool."""

    def call(self, args: Mapping[str, Any], call: ActiveCall) -> str:
        """Returns the answer as text; raises `ToolFailed`, `OSError` and `http.client.HTTPException`."""


def cut(text: str, max_bytes: int) -> str:
    """Returns the first bytes of a text, and says so if there are more."""
    encoded = text.encode(errors="replace")
    if len(encoded) <= max_bytes:
        return text
    return f"{encoded[:max_bytes].decode(errors='ignore')}\n(cut after {max_bytes} bytes)"
