"""What is told of an execution while it runs; plain values, for either side of the worker."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Token(NamedTuple):
    """Text that goes on the text of an output."""

    field: str
    delta: str


class Partial(NamedTuple):
    """A part of an output that is complete, and where in the output it is, as a JSON pointer."""

    field: str
    pointer: str
    value: Any


class Restarted(NamedTuple):
    """What was told before is to be forgotten."""

    attempt: int


class Status(NamedTuple):
    """What the execution does, for a person."""

    message: str


Event = Token | Partial | Restarted | Status
Tell = Callable[[Sequence[Event]], None]
