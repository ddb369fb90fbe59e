"""Looks for the patterns of signatures in texts: what JavaScript finds, in linear time.

The signature language takes only what the engine of pydantic's core (Rust's), which never goes back, can be told. Some
words mean other characters there than in JavaScript, so all characters are written out.
"""

import re

from pydantic_core import SchemaError, SchemaValidator, core_schema

from dspy_worker.failures import UnsupportedOption

# In UTF-16 units, as JavaScript counts; the matcher of the execution service takes its time for each character.
MAX_PATTERNED_LENGTH = 100_000

_ESCAPE = (
    r"\\(?:x(?P<byte>[0-9a-fA-F]{2})|u\{(?P<braced>[0-9a-fA-F]+)\}"
    r"|u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<unit>[0-9a-fA-F]{4})"
    r"|(?P<category>[pP]\{\w+\})|(?P<letter>.))"
)
_ATOM = re.compile(
    rf"{_ESCAPE}|\[(?P<negation>\^?)(?P<members>(?:\\.|[^\]\\])*)\]|(?P<group>\((?:\?(?:<[^>]*>|:))?)"
    r"|(?P<mark>[*+?|)^$]|\{[0-9,]+\})|(?P<plain>.)",
    re.DOTALL,
)
_MEMBER = re.compile(rf"{_ESCAPE}|(?P<plain>.)", re.DOTALL)
_ANY_BUT_LINE_END = r"[^\n\r\x{2028}\x{2029}]"
_SPACE = r"\t-\r\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
_SETS = {"d": "0-9", "w": "0-9A-Z_a-z", "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_BACKSPACE = 8


class Pattern:
    """The matcher of one pattern."""

    def __init__(self, pattern: str) -> None:
        """Takes a pattern that the signature language took; raises `UnsupportedOption` for one it would refuse."""
        try:
            schema = core_schema.str_schema(pattern=engine_pattern(pattern), regex_engine="rust-regex")
            self._validator = SchemaValidator(schema)
        except SchemaError as error:
            message = f'The pattern "{pattern[:200]}" cannot be checked by this worker. Publish the signature again.'
            raise UnsupportedOption(message) from error

    def is_in(self, text: str) -> bool:
        """Tells whether the pattern is anywhere in the text."""
        is_short = 2 * len(text) <= MAX_PATTERNED_LENGTH or _utf16_length(text) <= MAX_PATTERNED_LENGTH
        return is_short and self._validator.isinstance_python(text)


def engine_pattern(pattern: str) -> str:
    """Writes a pattern as Rust's engine reads it."""
    return "".join(map(_atom, _ATOM.finditer(pattern)))


def _atom(atom: re.Match[str]) -> str:
    if atom["mark"]:
        return atom["mark"]
    if atom["group"]:
        return "(?:"
    if atom["members"]:
        return f"[{atom['negation']}{_class_body(atom['members'])}]"
    if atom["plain"] == ".":
        return _ANY_BUT_LINE_END
    if atom["letter"] == "b":
        return r"(?-u:\b)"
    point = _point(atom)
    return _character_set(atom) if point is None else _written(point)


def _class_body(members: str) -> str:
    found = list(_MEMBER.finditer(members))
    written, index = [], 0
    while index < len(found):
        member = found[index]
        point = _BACKSPACE if member["letter"] == "b" else _point(member)
        is_range = point is not None and index + 2 < len(found) and found[index + 1]["plain"] == "-"
        if point is None:
            written.append(_character_set(member))
        elif is_range:
            written.append(f"{_written(point)}-{_written(_point(found[index + 2]) or _BACKSPACE)}")
        else:
            written.append(_written(point))
        index += 3 if is_range else 1
    return "".join(written)


def _point(atom: re.Match[str]) -> int | None:
    """Returns the code point of a single character, None for a set of them."""
    if atom["plain"]:
        return ord(atom["plain"])
    if atom["high"]:
        return 0x10000 + ((int(atom["high"], 16) - 0xD800) << 10) + int(atom["low"], 16) - 0xDC00
    for code in (atom["byte"], atom["braced"], atom["unit"]):
        if code:
            return int(code, 16)
    letter = atom["letter"]
    if letter is None or letter.lower() in _SETS:
        return None
    return _CONTROLS.get(letter, ord(letter))


def _character_set(atom: re.Match[str]) -> str:
    if atom["category"]:
        return f"\\{atom['category']}"
    letter = atom["letter"]
    return f"[{'^' if letter.isupper() else ''}{_SETS[letter.lower()]}]"


def _written(point: int) -> str:
    return f"\\x{{{point:x}}}"


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
