"""What happens to an execution, as Server-Sent Events tell it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ENDS = frozenset({"succeeded", "failed", "cancelled", "timed_out"})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to an execution; ``sequence`` goes up by one, and one of the ends is the last."""

    sequence: int
    type: str
    """queued, started, restarted, token, partial, status, outputs, succeeded, failed, cancelled or timed_out."""
    attempt: int | None = None
    """Of ``started``, and of ``restarted``, after which earlier tokens are to be forgotten."""
    field: str | None = None
    delta: str | None = None
    """Of ``token``: the next piece of the text of a field."""
    pointer: str | None = None
    value: Any = None
    """Of ``partial``: a value within a field that is complete, and the JSON pointer to it."""
    message: str | None = None
    outputs: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    execution: Mapping[str, Any] | None = None

    @property
    def is_end(self) -> bool:
        """Whether nothing comes after it."""
        return self.type in _ENDS


def to_event(data: Mapping[str, Any]) -> Event:
    """An event as it is sent."""
    names = ("attempt", "field", "delta", "pointer", "value", "message", "outputs", "error", "execution")
    return Event(data["sequence"], data["type"], **{name: data[name] for name in names if name in data})


class EventParser:
    """Puts lines together to the data of events."""

    def __init__(self) -> None:
        self._data: list[str] = []

    def push(self, line: str) -> Iterator[Event]:
        """Takes one line without its end, and gives the event that it ends, if it ends one."""
        if line.startswith("data:"):
            self._data.append(line[5:].removeprefix(" "))
        elif line == "" and self._data:
            text = "\n".join(self._data)
            self._data.clear()
            yield to_event(json.loads(text))
