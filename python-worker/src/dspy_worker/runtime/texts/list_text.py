"""Reads lists that came as text. The twin in Node is libs/signature/src/texts/list-text.ts."""

import re

from dspy_worker.runtime.texts.json_text import MAX_MENDED_CHARS
from dspy_worker.runtime.texts.text_marks import BLANKS, strip

_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKED_LINE = re.compile(r"([ \t]*)([-*•+\u2013]|[0-9]{1,3}[.)])[ \t]+(.*)", re.DOTALL)
_STEP_MARK = re.compile(r"(?:[-*•+\u2013]|[0-9]{1,3}[.)])[ \t]+")
_DIGITS = re.compile("[0-9]+")
# One word, which is no word for nothing: more words may be several items.
_SINGLE_WORD = re.compile(f"[^{BLANKS},;|/&]+")
_NOTHING = ("null", "none")


def read_lines(text: str) -> list[str] | None:
    """Reads a text each line of which has the same kind of bullet or a number, at the same place, as a list."""
    if len(text) > MAX_MENDED_CHARS:
        return None
    kinds, items = set(), []
    for line in _LINE_END.split(text):
        if strip(line) == "":
            continue
        found = _MARKED_LINE.fullmatch(line)
        item = strip(found[3]) if found else ""
        if found is None or item == "":
            return None
        kinds.add(found[1] + _DIGITS.sub("1", found[2]))
        items.append(item)
    return items if len(kinds) == 1 else None


def read_steps(text: str) -> list[str]:
    """Splits free reasoning into its steps: one a line, without bullets and numbers."""
    lines = (strip(line) for line in _LINE_END.split(text))
    return [step for line in lines if (step := strip(_without_mark(line)))]


def is_single_item(text: str) -> bool:
    """Tells whether a text that could be anything is one item of a list, and surely not several."""
    return _SINGLE_WORD.fullmatch(text) is not None and text.lower() not in _NOTHING


def _without_mark(line: str) -> str:
    mark = _STEP_MARK.match(line)
    return line[mark.end() :] if mark else line
