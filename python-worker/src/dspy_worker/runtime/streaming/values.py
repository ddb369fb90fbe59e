"""Makes events of the text of one output while it comes in."""

import re
from typing import Any, Protocol

import orjson

from dspy_worker.runtime.recording.storable import storable_text
from dspy_worker.runtime.streaming.events import Event, Partial, Token
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.json_scanner import JsonScanner
from dspy_worker.runtime.texts.lenient_json import unescaped
from dspy_worker.runtime.texts.list_text import read_steps
from dspy_worker.runtime.values.carriable import is_carriable

# A larger part of a value is not worth telling before all of the value.
MAX_PART_CHARS = 64_000
_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = "```"
_BEFORE_JSON = re.compile(r"\s*(?:```[A-Za-z0-9_-]*\s*)?")
_MAX_BEFORE_JSON = 200
# The beginning of an escape, or of the second half of a pair of surrogates, whose rest has not come.
_OPEN_ESCAPE = re.compile(
    r"(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?)\Z"
)


class Found(list[Event]):
    """Events that a parser has found and not handed out yet."""

    def take(self) -> list[Event]:
        """Hands them out."""
        taken = list(self)
        self.clear()
        return taken


class Value(Protocol):
    """Takes the text of one output."""

    def feed(self, text: str) -> None:
        """Takes more of the text."""

    def close(self) -> None:
        """Says that the output is complete."""


class TextValue:
    """Tells a text as it comes."""

    def __init__(self, field: StreamedField, out: list[Event]) -> None:
        """Takes the output and where its events go."""
        self._name = field.name
        self._out = out

    def feed(self, text: str) -> None:
        """Tells the text."""
        if text:
            self._out.append(Token(self._name, storable_text(text)))

    def close(self) -> None:
        """Does nothing: all was told."""


class StepsValue:
    """Tells the lines of a text, as the steps of a reasoning."""

    def __init__(self, field: StreamedField, out: list[Event]) -> None:
        """Takes the output and where its events go."""
        self._name = field.name
        self._out = out
        self._line: list[str] = []
        self._count = 0

    def feed(self, text: str) -> None:
        """Tells the lines that are complete."""
        *lines, rest = _LINE_END.split(text)
        for line in lines:
            self._line.append(line)
            self._tell()
        self._line.append(rest)

    def close(self) -> None:
        """Tells the last line."""
        self._tell()

    def _tell(self) -> None:
        for step in read_steps("".join(self._line)):
            self._out.append(Partial(self._name, f"/{self._count}", step))
            self._count += 1
        self._line = []


class PartsValue:
    """Tells the items of a list or the members of an object, each once it is complete."""

    def __init__(self, field: StreamedField, out: list[Event]) -> None:
        """Takes the output and where its events go."""
        self._name = field.name
        self._bracket = "[" if field.kind == "items" else "{"
        self._out = out
        self._scanner = JsonScanner(self)
        self._before: str | None = ""
        self._pointer = ""
        self._is_text = False
        self._raw: list[str] = []
        self._chars = 0

    def feed(self, text: str) -> None:
        """Tells the parts that are complete."""
        if self._before is not None:
            text = self._after_fence(self._before + text)
        if text and not self._scanner.is_over:
            self._scanner.feed(text)

    def close(self) -> None:
        """Does nothing: what is not closed is not complete."""

    def begin(self, key: str | int, *, is_text: bool) -> None:
        """A part begins."""
        self._pointer = f"/{str(key).replace('~', '~0').replace('/', '~1')}"
        self._is_text, self._raw, self._chars = is_text, [], 0

    def text(self, raw: str) -> None:
        """More of the part."""
        self._chars += len(raw)
        if self._chars <= MAX_PART_CHARS:
            self._raw.append(raw)

    def end(self) -> None:
        """Tells the part."""
        if self._chars > MAX_PART_CHARS:
            return
        written = "".join(self._raw)
        try:
            value: Any = unescaped(written) if self._is_text else orjson.loads(written)
        except ValueError:
            self._scanner.is_over = True
            return
        if is_carriable(value) and is_carriable(self._pointer):
            self._out.append(Partial(self._name, self._pointer, value))

    def _after_fence(self, before: str) -> str:
        found = _BEFORE_JSON.match(before)
        rest = before[found.end() :] if found else before
        if len(before) <= _MAX_BEFORE_JSON and _FENCE.startswith(rest):
            self._before = before
            return ""
        self._before = None
        self._scanner.is_over = not rest.startswith(self._bracket)
        return rest


class Stripped:
    """Keeps the blanks at both ends of a text from what is made of it."""

    def __init__(self, inner: Value) -> None:
        """Takes what is made of the text."""
        self._inner = inner
        self._blanks: list[str] = []
        self.has_begun = False

    def feed(self, text: str) -> None:
        """Passes on what surely is not the end."""
        if not self.has_begun:
            text = text.lstrip()
        body = text.rstrip()
        if body:
            self.has_begun = True
            self._inner.feed("".join((*self._blanks, body)))
            self._blanks = []
        if len(body) < len(text):
            self._blanks.append(text[len(body) :])

    def drop_blanks(self) -> None:
        """Forgets the blanks that came last."""
        self._blanks = []

    def close(self) -> None:
        """Says that the text is complete."""
        self._inner.close()


class Unescaped:
    """Reads the escapes of a text in JSON."""

    def __init__(self, inner: Value) -> None:
        """Takes what is made of the text."""
        self._inner = inner
        self._held = ""

    def feed(self, text: str) -> None:
        """Passes on what is complete."""
        text = self._held + text
        found = _OPEN_ESCAPE.search(text)
        end = len(text) if found is None else found.start(1)
        self._held = text[end:]
        self._inner.feed(unescaped(text[:end]))

    def close(self) -> None:
        """Says that the text is complete."""
        self._inner.close()


def value_of(field: StreamedField, out: list[Event]) -> Value:
    """Makes what tells of an output."""
    if field.kind == "text":
        return TextValue(field, out)
    return StepsValue(field, out) if field.kind == "steps" else PartsValue(field, out)
