"""Numbers that are as near as asked."""

import math
import re
from collections.abc import Mapping
from typing import Any

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# What JavaScript takes off the ends of a text that is read as a number.
_SPACE = "".join(["\t\n\v\f\r \xa0\u1680", *map(chr, range(0x2000, 0x200B)), "\u2028\u2029\u202f\u205f\u3000\ufeff"])
_DEFAULT_RELATIVE = 1e-9


def numeric(expected: Any, given: Any, metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns 1 if the answer is within `absolute`, or within the share `relative` of what was expected."""
    right, found = _number_of(expected), _number_of(given)
    if right is None or found is None:
        return 0.0
    tolerance = max(metric.get("absolute", 0), metric.get("relative", _DEFAULT_RELATIVE) * abs(right))
    return float(abs(found - right) <= tolerance)


def _number_of(value: Any) -> float | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip(_SPACE)):
        value = value.strip(_SPACE)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
