"""What one execution has told and nobody has stored yet."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from dspy_worker.runtime.streaming.events import Event, Partial, Restarted, Status, Token

# Of one message. As JSON a character takes six bytes at most, so it stays below what a message of NATS may hold.
MAX_BATCH_CHARS = 64_000
# Parts of values are not kept beyond it: the outputs bring them. Texts are, as the answer they come from is.
MAX_BUFFERED_CHARS = 1_000_000


@dataclass(slots=True)
class _Text:
    """Text of one output, in the pieces in which it came."""

    name: str
    pieces: list[str] = field(default_factory=list)
    chars: int = 0


@dataclass(frozen=True, slots=True)
class _Written:
    """Any other event as JSON."""

    json: bytes

    @property
    def chars(self) -> int:
        return len(self.json)


class TokenBuffer:
    """Grows by what an answer brings and no more, for text goes on text; safe to use from several threads."""

    def __init__(self) -> None:
        """Starts empty."""
        self._lock = threading.Lock()
        self._entries: list[_Text | _Written] = []
        self._chars = 0

    def add(self, events: Sequence[Event]) -> bool:
        """Takes events; tells whether the buffer was empty before."""
        with self._lock:
            was_empty = not self._entries
            for event in events:
                self._add(event)
            return was_empty

    def take(self) -> list[Any]:
        """Hands out the next events of one message, ready for `orjson`; nothing when the buffer is empty."""
        with self._lock:
            taken: list[Any] = []
            room = MAX_BATCH_CHARS
            while self._entries and (not taken or self._entries[0].chars <= room):
                entry = self._entries[0]
                if isinstance(entry, _Text):
                    text = "".join(entry.pieces)
                    now, later = text[:room], text[room:]
                    taken.append({"type": "token", "field": entry.name, "delta": now})
                    if later:
                        entry.pieces, entry.chars = [later], len(later)
                        self._chars -= len(now)
                        break
                else:
                    taken.append(orjson.Fragment(entry.json))
                del self._entries[0]
                room -= entry.chars
                self._chars -= entry.chars
            return taken

    def _add(self, event: Event) -> None:
        if isinstance(event, Token):
            self._add_text(event)
        elif isinstance(event, Restarted):
            # What is to be forgotten need not be told.
            self._entries, self._chars = [], 0
            self._write({"type": "restarted", "attempt": event.attempt})
        elif self._chars > MAX_BUFFERED_CHARS:
            return
        elif isinstance(event, Partial):
            self._write({"type": "partial", "field": event.field, "pointer": event.pointer, "value": event.value})
        elif isinstance(event, Status):
            self._write({"type": "status", "message": event.message})

    def _add_text(self, token: Token) -> None:
        last = self._entries[-1] if self._entries else None
        if not isinstance(last, _Text) or last.name != token.field:
            last = _Text(token.field)
            self._entries.append(last)
        last.pieces.append(token.delta)
        last.chars += len(token.delta)
        self._chars += len(token.delta)

    def _write(self, event: dict[str, Any]) -> None:
        entry = _Written(orjson.dumps(event))
        self._entries.append(entry)
        self._chars += entry.chars
