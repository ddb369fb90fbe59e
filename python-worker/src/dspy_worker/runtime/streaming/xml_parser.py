"""Reads an answer in DSPy's XML form while it comes in, to the same end as `tagged_sections`."""

import re
from collections.abc import Mapping

from dspy_worker.runtime.answers.forms import without_entities
from dspy_worker.runtime.streaming.events import Event
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.values import Found, Stripped, value_of

_TAG = re.compile(r"<(/?)(\w[\w-]{0,63})>")
# The beginning of a tag, or of an entity, whose rest has not come.
_OPEN_END = re.compile(r"(?:</?(?:\w[\w-]{0,63})?|&[^\t\n\f <&#;]{0,32}|&#[xX]?[0-9a-fA-F]{0,32})\Z")


class XmlParser:
    """Reads the texts in the tags named after the outputs."""

    def __init__(self, fields: Mapping[str, StreamedField]) -> None:
        """Takes the outputs by their names in the answer."""
        self._fields = fields
        self._out = Found()
        self._seen: set[str] = set()
        self._current: str | None = None
        self._value: Stripped | None = None
        self._held = ""

    def feed(self, text: str) -> list[Event]:
        """Takes more of the answer; returns what is new."""
        text = self._held + text
        open_end = _OPEN_END.search(text)
        end = len(text) if open_end is None else open_end.start()
        self._held = text[end:]
        self._read(text[:end])
        return self._out.take()

    def close(self) -> list[Event]:
        """Says that the answer is complete; returns what is new."""
        self._read(self._held)
        self._end()
        return self._out.take()

    def _read(self, text: str) -> None:
        position = 0
        for tag in _TAG.finditer(text):
            name = tag[2]
            if name not in self._fields or (tag[1] and name != self._current):
                continue
            self._pass_on(text[position : tag.start()])
            position = tag.end()
            self._end()
            if not tag[1]:
                self._begin(name)
        self._pass_on(text[position:])

    def _begin(self, name: str) -> None:
        self._current = name
        if name not in self._seen:
            self._seen.add(name)
            self._value = Stripped(value_of(self._fields[name], self._out))

    def _end(self) -> None:
        if self._value is not None:
            self._value.close()
        self._current = self._value = None

    def _pass_on(self, text: str) -> None:
        if self._value is not None and text:
            self._value.feed(without_entities(text))
