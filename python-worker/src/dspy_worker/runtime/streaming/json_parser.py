"""Reads an answer that is a JSON object, or has one in it, while it comes in."""

from collections.abc import Mapping

from dspy_worker.runtime.streaming.events import Event
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.json_scanner import JsonScanner
from dspy_worker.runtime.streaming.values import Found, Unescaped, Value, value_of
from dspy_worker.runtime.texts.text_marks import plain


class JsonParser:
    """Reads the members of the first object in which an output is."""

    def __init__(self, fields: Mapping[str, StreamedField]) -> None:
        """Takes the outputs by their names in the answer."""
        self._fields = {**{plain(name): field for name, field in fields.items()}, **fields}
        self._out = Found()
        self._seen: set[str] = set()
        self._scanner: JsonScanner | None = None
        self._value: Value | None = None

    def feed(self, text: str) -> list[Event]:
        """Takes more of the answer; returns what is new."""
        while text:
            if self._scanner is None:
                begin = text.find("{")
                if begin < 0:
                    break
                self._scanner, text = JsonScanner(self), text[begin:]
            text = self._scanner.feed(text)
            if not self._scanner.is_over or self._seen:
                break
            self._scanner = None
        return self._out.take()

    def close(self) -> list[Event]:
        """Says that the answer is complete; returns what is new."""
        if self._scanner is not None and not self._scanner.is_over:
            self._scanner.close()
        return self._out.take()

    def begin(self, key: str | int, *, is_text: bool) -> None:
        """A member begins."""
        field = self._fields.get(str(key)) or self._fields.get(plain(str(key)))
        self._value = None
        if field is None or field.name in self._seen:
            return
        self._seen.add(field.name)
        if is_text == (field.kind in ("text", "steps")):
            value = value_of(field, self._out)
            self._value = Unescaped(value) if is_text else value

    def text(self, raw: str) -> None:
        """More of the member."""
        if self._value is not None:
            self._value.feed(raw)

    def end(self) -> None:
        """The member is complete."""
        if self._value is not None:
            self._value.close()
            self._value = None
