"""Reads the answer to one open line of the completion form while it comes in."""

from dspy_worker.runtime.formats.grammars import NONE_WORD
from dspy_worker.runtime.streaming.events import Event
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.values import Found, Stripped, value_of

# More blanks are told, and taken back should nothing else come.
_MAX_HELD = 200


class CompletionParser:
    """Reads one output: a line, or JSON."""

    def __init__(self, field: StreamedField) -> None:
        """Takes the output that is asked for."""
        self._out = Found()
        self._value = Stripped(value_of(field, self._out))
        self._is_line = field.kind in ("text", "steps")
        self._is_over = False
        # What may be the word for no value.
        self._held: str | None = "" if self._is_line and field.optional else None

    def feed(self, text: str) -> list[Event]:
        """Takes more of the answer; returns what is new."""
        if self._is_over:
            return []
        if self._held is not None:
            text = self._held + text
            if len(text) <= _MAX_HELD and (NONE_WORD.startswith(text.strip().lower()) or _is_none(text)):
                self._held = text
                return []
            self._held = None
        if self._is_line:
            text = self._line(text)
        self._value.feed(text)
        return self._out.take()

    def close(self) -> list[Event]:
        """Says that the answer is complete; returns what is new."""
        if self._held is not None and not _is_none(self._held):
            self._value.feed(self._line(self._held))
        self._value.close()
        return self._out.take()

    def _line(self, text: str) -> str:
        begin = 0 if self._value.has_begun else len(text) - len(text.lstrip())
        end = text.find("\n", begin)
        self._is_over = end >= 0
        return text[:end] if self._is_over else text


def _is_none(text: str) -> bool:
    return text.strip().split("\n", 1)[0].strip().lower() == NONE_WORD
