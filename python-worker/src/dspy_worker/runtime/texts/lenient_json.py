"""Reads JSON as models write it, in linear time and without inventing a value.

The twin in Node is libs/signature/src/texts/lenient-json.ts.

Mended are: single and typographic quotes, unescaped quotes and line breaks in texts, trailing and missing commas at
the end, names without quotes, Python's and JavaScript's words for true, false and null, and brackets left open.
"""

import json
import re
from typing import Any

from dspy_worker.runtime.texts.text_marks import BLANKS

MAX_DEPTH = 64
_MANY_DIGITS = 400
_SPACE = re.compile(f"[{BLANKS}]*")
_WORD = f"[^{BLANKS},:{{}}\\[\\]\"'“”]+"
_BARE = re.compile(rf"{_WORD}(?:[ \t]+{_WORD})*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CLOSING = {'"': re.compile(r'\\.|"', re.DOTALL), "'": re.compile(r"\\.|'", re.DOTALL), "“": re.compile("”")}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PART_OF_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?\Z")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {
    "true": True, "True": True, "false": False, "False": False, "null": None, "None": None, "undefined": None,
}  # fmt: skip
# What follows the quote that ends a name, or a value; any other quote belongs to the text.
_AFTER_NAME, _AFTER_VALUE = ":", ",}]"


class NotJson(ValueError):  # noqa: N818 - reads as what it is
    """The text is no JSON that could be mended without guessing."""


def read_lenient(text: str, start: int, *, is_cut: bool) -> tuple[Any, int]:
    """Reads the object or list that begins at `start`; returns it and where it ends.

    `is_cut` says that the answer was broken off: then nothing is closed, for nobody knows what was missing. Raises
    `NotJson`.
    """
    reader = _Reader(text, start, is_cut=is_cut)
    return reader.value(0), reader.position


class _Reader:
    def __init__(self, text: str, start: int, *, is_cut: bool) -> None:
        self.position = start
        self._text = text
        self._is_cut = is_cut

    def value(self, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        char = self._next()
        if char in ("{", "["):
            if depth == MAX_DEPTH:
                message = f"nested more than {MAX_DEPTH} deep"
                raise NotJson(message)
            self.position += 1
            return self._members(depth) if char == "{" else self._items(depth)
        return self._quoted(char, _AFTER_VALUE) if char in _CLOSING else _word(self._bare())

    def _members(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not self._is_end("}"):
            char = self._next()
            name = self._quoted(char, _AFTER_NAME) if char in _CLOSING else self._bare()
            if self._next() != ":":
                message = "a member has no name"
                raise NotJson(message)
            self.position += 1
            if self._next() not in (",", "}", ""):
                members.setdefault(name, self.value(depth + 1))
            self._separator("}")
        return members

    def _items(self, depth: int) -> list[Any]:
        items = []
        while not self._is_end("]"):
            items.append(self.value(depth + 1))
            self._separator("]")
        return items

    def _is_end(self, bracket: str) -> bool:
        char = self._next()
        if char == bracket:
            self.position += 1
            return True
        if char == "":
            self._refuse_if_cut()
            return True
        return False

    def _separator(self, bracket: str) -> None:
        char = self._next()
        if char == ",":
            self.position += 1
        elif char not in ("", bracket):
            message = f"{char!r} stands where a comma should be"
            raise NotJson(message)

    def _quoted(self, quote: str, after: str) -> str:
        begin = self.position + 1
        for found in _CLOSING[quote].finditer(self._text, begin):
            if found[0][0] == "\\":
                continue
            self.position = found.end()
            if self._next() in after:  # nothing, at the end, is in everything
                return unescaped(self._text[begin : found.start()])
        self._refuse_if_cut()
        self.position = len(self._text)
        return unescaped(_PART_OF_ESCAPE.sub(r"\1", self._text[begin:]))

    def _bare(self) -> str:
        found = _BARE.match(self._text, self.position)
        if found is None:
            message = "a value is missing"
            raise NotJson(message)
        self.position = found.end()
        if self.position == len(self._text):
            self._refuse_if_cut()
        return found[0]

    def _next(self) -> str:
        """Skips white space; returns the character after it, or nothing at the end."""
        space = _SPACE.match(self._text, self.position)
        self.position = space.end() if space else self.position
        return self._text[self.position : self.position + 1]

    def _refuse_if_cut(self) -> None:
        if self._is_cut:
            message = "the answer was cut off"
            raise NotJson(message)


def integer(digits: str) -> float:
    """Reads an integer; one of so many digits that Python takes long is the double that JavaScript makes of it."""
    return int(digits) if len(digits) < _MANY_DIGITS else float(digits)


def _word(word: str) -> Any:  # noqa: ANN401
    if word in _WORDS:
        return _WORDS[word]
    if not _NUMBER.fullmatch(word):
        return word
    return float(word) if set(word) & set(".eE") else integer(word)


def unescaped(text: str) -> str:
    """Reads the escapes of a text in JSON; those that JSON does not have stay as they are."""
    if "\\" not in text:
        return text
    try:
        # Pairs of surrogates and everything else that is escaped as it should be.
        return str(json.loads(f'"{text}"'))
    except ValueError:
        unescaped = _ESCAPE.sub(_unescaped_char, text)
        return unescaped.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _unescaped_char(match: re.Match[str]) -> str:
    code, char = match.groups()
    if code is not None:
        return chr(int(code, 16))
    if char in "\"\\/'":
        return char
    return _ESCAPED.get(char, match[0])
