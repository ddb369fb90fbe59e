"""Tells of an execution while its model answers."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from dspy_worker.runtime.streaming.events import Event, Restarted, Status, Tell, Token
from dspy_worker.runtime.streaming.fields import StreamedField


class AnswerParser(Protocol):
    """Reads one answer while it comes in; never raises."""

    def feed(self, text: str) -> list[Event]:
        """Takes more of the answer; returns what is new."""

    def close(self) -> list[Event]:
        """Says that the answer is complete; returns what is new."""


class Teller:
    """What one execution tells.

    Of an execution with outputs that can be told while they come in, one thread tells; of any other all may.

    Attributes:
        fields: Those outputs, by their names inside DSPy.

    """

    def __init__(self, tell: Tell, attempt: int) -> None:
        """Takes whom to tell and the number of the attempt."""
        self.fields: Mapping[str, StreamedField] = {}
        self._tell = tell
        self._attempt = attempt
        self._calls = 0
        self._lock = threading.Lock()
        self._make_parser: Callable[[], AnswerParser] | None = None
        self._parser: AnswerParser | None = None
        # What was told of answers that stand, and of the one that is asked for now.
        self._settled: list[Event] = []
        self._told: list[Event] = []

    def begin(self, fields: Mapping[str, StreamedField]) -> None:
        """Takes what can be told. Without any, as in a program that asks several times, the model calls are told.

        What was told before is of another model, which has not answered after all.
        """
        self.fields = fields
        self._parser = None
        if self._settled or self._told:
            self._settled, self._told = [], []
            self._tell([Restarted(self._attempt)])

    def expect(self, make_parser: Callable[[], AnswerParser] | None) -> None:
        """The next answer is of this form, if it can be told; what was told of the answers before stands."""
        if not self.fields:
            return
        self._settled += self._told
        self._told = []
        self._make_parser = make_parser

    def begin_call(self) -> None:
        """A model call begins. If the same answer was asked for before, what was told of it does not stand."""
        if not self.fields:
            # Under the lock, so that the numbers are told in their order.
            with self._lock:
                self._calls += 1
                self.say(f"Model call {self._calls}.")
            return
        if self._told:
            self._told = []
            self._tell([Restarted(self._attempt), *self._settled])
        self._parser = self._make_parser() if self._make_parser is not None else None

    def say(self, message: str) -> None:
        """Tells what the execution does, for a person."""
        self._tell([Status(message)])

    def hear(self, text: str) -> None:
        """The model said more."""
        if self._parser is not None:
            self._note(self._parser.feed(text))

    def end_call(self) -> None:
        """The model has said all."""
        if self._parser is not None:
            self._note(self._parser.close())
            self._parser = None

    def finish(self, outputs: Mapping[str, Any]) -> None:
        """Tells what is missing, so that the texts that were told are those of the outputs."""
        finals = {field.name: outputs.get(field.name) or "" for field in self.fields.values() if field.kind == "text"}
        told = _texts([*self._settled, *self._told])
        if all(final.startswith(told.get(name, "")) for name, final in finals.items()):
            missing = {name: final[len(told.get(name, "")) :] for name, final in finals.items()}
            self._note([Token(name, text) for name, text in missing.items() if text])
        else:
            self._tell([Restarted(self._attempt), *(Token(name, text) for name, text in finals.items() if text)])

    def _note(self, events: Sequence[Event]) -> None:
        if events:
            self._told += events
            self._tell(events)


def _texts(events: Sequence[Event]) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, Token):
            parts.setdefault(event.field, []).append(event.delta)
    return {name: "".join(deltas) for name, deltas in parts.items()}
