"""Reads words that stand for values. The twin in Node is libs/signature/src/coercion/words.ts."""

import re
from collections.abc import Sequence
from typing import Any

from dspy_worker.runtime.coercion.coercion import Coerced, mended
from dspy_worker.runtime.coercion.numbers import read_number
from dspy_worker.runtime.texts.json_text import unfenced
from dspy_worker.runtime.texts.text_marks import bare, plain
from dspy_worker.runtime.values.canonical_json import canonical_json
from dspy_worker.runtime.values.carriable import is_carriable, is_scalar

_BOOL_WORDS = {"true": True, "yes": True, "false": False, "no": False}
# DSPy writes an enumeration as Literal["a"], and models repeat it.
_ECHO = re.compile(r"(?:Literal|str)\[(.*)\]", re.DOTALL)


def coerce_bool(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401 - any JSON value
    """Reads a yes or no."""
    if not isinstance(raw, str):
        return Coerced(raw, fits=isinstance(raw, bool))
    value = _BOOL_WORDS.get(bare(unfenced(raw)).lower())
    return Coerced(raw, fits=False) if value is None else mended(pointer, raw, value, "bool_from_word")


def is_null_word(text: str) -> bool:
    """Tells whether a text is a word for nothing."""
    return bare(text).lower() in ("", "null", "none")


def coerce_enum(values: Sequence[str | float | bool], raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Finds the value that is meant, if it is the only one."""
    allowed = [value for value in values if is_carriable(value)]
    for value in allowed:
        if _is_same(value, raw):
            return Coerced(value, fits=True)
    meant = _members_like(allowed, raw) if isinstance(raw, str) else _texts_of(allowed, raw)
    return mended(pointer, raw, meant[0], "enum_member") if len(meant) == 1 else Coerced(raw, fits=False)


def _is_same(value: str | float | bool, raw: Any) -> bool:  # noqa: ANN401, FBT001 - a value of an enumeration
    if isinstance(value, (str, bool)) or isinstance(raw, (str, bool)):
        return type(value) is type(raw) and value == raw
    return bool(value == raw)


def _members_like(values: Sequence[str | float | bool], raw: str) -> list[str | float | bool]:
    text = unfenced(raw)
    echo = _ECHO.fullmatch(text)
    text = bare(echo[1] if echo else text)
    if text in [value for value in values if isinstance(value, str)]:
        return [text]
    return [value for value in values if _is_like(value, text, plain(text))]


def _is_like(value: str | float | bool, text: str, plain_text: str) -> bool:  # noqa: FBT001
    if isinstance(value, str):
        return plain_text != "" and plain(value) == plain_text
    return text.lower() == str(value).lower() if isinstance(value, bool) else read_number(text, is_whole=True) == value


def _texts_of(values: Sequence[str | float | bool], raw: Any) -> list[str | float | bool]:  # noqa: ANN401
    text = canonical_json(raw) if is_scalar(raw) else None
    return [value for value in values if isinstance(value, str) and value == text]
