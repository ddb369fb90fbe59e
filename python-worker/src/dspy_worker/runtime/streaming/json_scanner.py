"""Finds the members of a JSON object, or the items of a list, while its text comes in."""

import json
import re
from collections.abc import Callable
from typing import Protocol

_SPACE = re.compile(r"\s*")
_SCALAR = re.compile(r"[^\s,\]}]*")
_QUOTE = re.compile(r'\\.|"', re.DOTALL)
_BRACKET = re.compile(r'[{}\[\]"]')
# A quote before anything else belongs to the text, as for `read_lenient`.
_AFTER_VALUE = ",}]"

_State = Callable[[str, int], int]


class MemberListener(Protocol):
    """Who is told what a scanner finds."""

    def begin(self, key: str | int, *, is_text: bool) -> None:
        """A member begins; what `text` then brings of a text stands between its quotes."""

    def text(self, raw: str) -> None:
        """More of the member, as it is written."""

    def end(self) -> None:
        """The member is complete."""


class JsonScanner:
    """Scans one object or list, from its bracket on; never raises, but gives up where it is not JSON."""

    def __init__(self, listener: MemberListener) -> None:
        """Takes who is told."""
        self.is_over = False
        self._listener = listener
        self._state: _State = self._open
        self._held = ""
        # A quote, and the blanks after it.
        self._pending: list[str] = []
        self._closing = ""
        self._key: list[str] = []
        self._index = 0
        self._depth = 0

    def feed(self, text: str) -> str:
        """Reads on; returns what is left once the value is over or turned out to be no JSON."""
        text, self._held = self._held + text, ""
        position = 0
        while position < len(text) and not self.is_over:
            position = self._state(text, position)
        return text[position:]

    def close(self) -> None:
        """Says that no more text comes: a text whose quote was the last character is complete."""
        if self._state == self._after_quote:
            self._listener.end()
        self.is_over = True

    def _open(self, text: str, position: int) -> int:
        self._closing = {"{": "}", "[": "]"}.get(text[position], "")
        self._state = self._next_key if self._closing == "}" else self._next_value
        return position + 1 if self._closing else self._give_up(position)

    def _next_key(self, text: str, position: int) -> int:
        position = _after_space(text, position)
        if position == len(text):
            return position
        if text[position] == '"':
            self._key = []
            self._state = self._in_key
            return position + 1
        self.is_over = True
        return position + 1 if text[position] == "}" else position

    def _in_key(self, text: str, position: int) -> int:
        end, is_quote = self._quote(text, position)
        self._key.append(text[position:end])
        if not is_quote:
            return len(text)
        self._state = self._colon
        return end + 1

    def _colon(self, text: str, position: int) -> int:
        position = _after_space(text, position)
        if position == len(text):
            return position
        self._state = self._next_value
        return position + 1 if text[position] == ":" else self._give_up(position)

    def _next_value(self, text: str, position: int) -> int:
        position = _after_space(text, position)
        if position == len(text):
            return position
        char = text[position]
        if char in ",}]":
            self.is_over = True
            return position + 1 if char == self._closing == "]" else position
        self._listener.begin(self._name(), is_text=char == '"')
        if char == '"':
            self._state = self._in_text
            return position + 1
        self._depth = 0
        self._state = self._in_nested if char in "{[" else self._in_scalar
        return position

    def _name(self) -> str | int:
        if self._closing == "}":
            return _decoded("".join(self._key))
        self._index += 1
        return self._index - 1

    def _in_text(self, text: str, position: int) -> int:
        end, is_quote = self._quote(text, position)
        if end > position:
            self._listener.text(text[position:end])
        if not is_quote:
            return len(text)
        self._state, self._pending = self._after_quote, ['"']
        return end + 1

    def _after_quote(self, text: str, position: int) -> int:
        """Looks for what follows a quote, which tells whether it ends the text."""
        after = _after_space(text, position)
        self._pending.append(text[position:after])
        if after == len(text):
            return after
        if text[after] in _AFTER_VALUE:
            self._listener.end()
            self._state = self._separator
        else:
            self._listener.text("".join(self._pending))
            self._state = self._in_text
        return after

    def _in_scalar(self, text: str, position: int) -> int:
        found = _SCALAR.match(text, position)
        end = found.end() if found else position
        if end > position:
            self._listener.text(text[position:end])
        if end < len(text):
            self._listener.end()
            self._state = self._separator
        return end

    def _in_nested(self, text: str, position: int) -> int:
        for found in _BRACKET.finditer(text, position):
            if found[0] == '"':
                self._listener.text(text[position : found.end()])
                self._state = self._in_nested_text
                return found.end()
            self._depth += 1 if found[0] in "{[" else -1
            if self._depth == 0:
                self._listener.text(text[position : found.end()])
                self._listener.end()
                self._state = self._separator
                return found.end()
        self._listener.text(text[position:])
        return len(text)

    def _in_nested_text(self, text: str, position: int) -> int:
        end, is_quote = self._quote(text, position)
        self._listener.text(text[position : end + is_quote])
        if not is_quote:
            return len(text)
        self._state = self._in_nested
        return end + 1

    def _separator(self, text: str, position: int) -> int:
        position = _after_space(text, position)
        if position == len(text):
            return position
        if text[position] != ",":
            self.is_over = True
            return position + 1 if text[position] == self._closing else position
        self._state = self._next_key if self._closing == "}" else self._next_value
        return position + 1

    def _quote(self, text: str, position: int) -> tuple[int, bool]:
        """Returns where the text in quotes ends, and whether by a quote; half an escape is kept for the next time."""
        last = position
        for found in _QUOTE.finditer(text, position):
            if found[0] == '"':
                return found.start(), True
            last = found.end()
        end = len(text) - 1 if text.endswith("\\") and len(text) > last else len(text)
        self._held = text[end:]
        return end, False

    def _give_up(self, position: int) -> int:
        self.is_over = True
        return position


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _decoded(key: str) -> str:
    try:
        return str(json.loads(f'"{key}"', strict=False))
    except ValueError:
        return key
