"""Reads JSON that came as a text. The twin in Node is libs/signature/src/texts/json-text.ts."""

import json
import re
from typing import Any, Literal, NamedTuple, NoReturn

from dspy_worker.runtime.texts.lenient_json import integer, read_lenient
from dspy_worker.runtime.texts.text_marks import bare, strip

# Mending is for what a person could read; it is written in Python, and takes a fraction of a second for so much.
MAX_MENDED_CHARS = 200_000
_FENCE = "```"
_FENCE_INFO = re.compile(r"(?:[A-Za-z0-9_-]*[ \t]*\r?\n|json[ \t]+)", re.IGNORECASE)


class JsonText(NamedTuple):
    """A list or an object, and how it was read from a text."""

    value: Any
    rule: Literal["json_from_text", "json_from_fence", "json_mended"]


def unfenced(text: str, *, is_cut: bool = False) -> str:
    """Returns what stands in the only code fence of a text, else the text."""
    body = _fenced(text, is_cut=is_cut)
    return text if body is None else body


def read_json_text(text: str, *, is_cut: bool) -> JsonText | None:
    """Reads the list or object that a text is, or has in its only code fence, also in a form that has to be mended.

    `is_cut` says that the text was broken off: then nothing is closed.
    """
    if len(text) > MAX_MENDED_CHARS:
        return None
    body = _fenced(text, is_cut=is_cut)
    source = strip(text if body is None else body)
    candidate = source if _opens(source) else bare(source)
    if not _opens(candidate):
        return None
    try:
        return JsonText(parse_json(candidate), "json_from_text" if body is None else "json_from_fence")
    except ValueError:
        pass
    try:
        value, end = read_lenient(candidate, 0, is_cut=is_cut)
    except ValueError:
        return None
    return JsonText(value, "json_mended") if bare(candidate[end:]) == "" else None


def parse_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Reads JSON as JavaScript does; raises `ValueError`."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_int=integer)
    except RecursionError as error:
        message = "nested too deep"
        raise ValueError(message) from error


def _refuse(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)


def _opens(text: str) -> bool:
    return text.startswith(("{", "["))


def _fenced(text: str, *, is_cut: bool) -> str | None:
    start = text.find(_FENCE)
    if start < 0:
        return None
    end = text.find(_FENCE, start + len(_FENCE))
    is_second = end >= 0 and text.find(_FENCE, end + len(_FENCE)) >= 0
    if is_second or (end < 0 and is_cut):
        return None
    body = text[start + len(_FENCE) :] if end < 0 else text[start + len(_FENCE) : end]
    info = _FENCE_INFO.match(body)
    return strip(body[info.end() :] if info else body)
