"""Reads numbers as people write them. The twin in Node is libs/signature/src/coercion/numbers.ts."""

import math
import re
from collections.abc import Callable
from typing import Any

from dspy_worker.runtime.coercion.coercion import Coerced, mended
from dspy_worker.runtime.texts.json_text import unfenced
from dspy_worker.runtime.texts.text_marks import bare
from dspy_worker.runtime.values.carriable import is_number, to_whole

_MAX_DIGITS = 400
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
# 1.234 to half of the world; a whole number can only be 1234.
_ONE_GROUP = re.compile("[^,]*,[^,.]*")


def read_number(text: str, *, is_whole: bool) -> float | None:
    """Reads a number; `is_whole` tells that it has no fraction, which makes a single comma clear."""
    if len(text) > _MAX_DIGITS:
        return None
    if _NUMBER.fullmatch(text):
        return _finite(text)
    if not _GROUPED.fullmatch(text) or (not is_whole and _ONE_GROUP.fullmatch(text)):
        return None
    return _finite(text.replace(",", ""))


def coerce_int(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401 - any JSON value
    """Reads a whole number; 3.0 is the number 3 in JSON, and no coercion."""
    return _coerce(raw, pointer, to_whole, is_whole=True)


def coerce_float(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads a number."""
    return _coerce(raw, pointer, _to_float, is_whole=False)


def coerce_probability(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads a probability, also with a percent sign. A bare 90 could be anything, and is not taken for 90 %."""
    text = bare(unfenced(raw)) if isinstance(raw, str) else ""
    if not text.endswith("%"):
        return _coerce(raw, pointer, to_probability, is_whole=False)
    digits = bare(text[:-1])
    is_decimal = len(digits) <= _MAX_DIGITS and _DECIMAL.fullmatch(digits)
    value = to_probability(_finite(f"{digits}e-2")) if is_decimal else None
    return Coerced(raw, fits=False) if value is None else mended(pointer, raw, value, "probability_from_percent")


def to_probability(value: Any) -> float | None:  # noqa: ANN401
    """Returns the number if it is one from 0 to 1."""
    return value if is_number(value) and 0 <= value <= 1 else None


def _coerce(raw: Any, pointer: str, to_value: Callable[[Any], float | None], *, is_whole: bool) -> Coerced:  # noqa: ANN401
    is_text = isinstance(raw, str)
    value = to_value(read_number(bare(unfenced(raw)), is_whole=is_whole) if is_text else raw)
    if value is None:
        return Coerced(raw, fits=False)
    return mended(pointer, raw, value, "number_from_text") if is_text else Coerced(value, fits=True)


def _to_float(value: Any) -> float | None:  # noqa: ANN401
    # An integer that a double cannot hold is the nearest one that it can, as in JavaScript.
    return (value if abs(value) <= 2**53 else float(value)) if is_number(value) else None


def _finite(text: str) -> float | None:
    value = float(text)
    # Minus zero is zero in JSON.
    return value + 0.0 if math.isfinite(value) else None
