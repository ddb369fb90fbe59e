"""Writes the one JSON text of a value after RFC 8785 (JCS)."""

import json
import math
from decimal import Decimal
from typing import Any

# ECMAScript writes plain decimals between these powers of ten, exponents outside.
_LARGEST_PLAIN_EXPONENT, _SMALLEST_PLAIN_EXPONENT = 21, -7
_LARGEST_EXACT_INTEGER = 2**53


def canonical_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Writes a JSON value in RFC 8785 form: members in UTF-16 order, numbers as ECMAScript prints them."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return _number(value)
        case list():
            return f"[{','.join(map(canonical_json, value))}]"
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
            members = (f"{json.dumps(name, ensure_ascii=False)}:{canonical_json(value[name])}" for name in names)
            return f"{{{','.join(members)}}}"
    message = f"{type(value).__name__} is not JSON"
    raise TypeError(message)


def _number(value: float) -> str:
    if isinstance(value, int):
        if abs(value) <= _LARGEST_EXACT_INTEGER:
            return str(value)
        value = float(value)
    if not math.isfinite(value):
        message = f"{value} is not JSON"
        raise ValueError(message)
    if value == 0:
        return "0"
    # repr() gives the shortest digits that read back, as ECMAScript does; only their layout differs.
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + int(exponent)
    return ("-" if sign else "") + _layout(digits, point)


def _layout(digits: str, point: int) -> str:
    if _SMALLEST_PLAIN_EXPONENT < point - 1 < _LARGEST_PLAIN_EXPONENT:
        if point <= 0:
            return f"0.{'0' * -point}{digits}"
        if point >= len(digits):
            return digits + "0" * (point - len(digits))
        return f"{digits[:point]}.{digits[point:]}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
