"""Tells what JSON brings to every process and column as it is."""

import math
import re
from typing import Any

# Beyond it JavaScript rounds.
MAX_INTEGER = 2**53 - 1
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_carriable_text(text: str) -> bool:
    """Tells whether a text has no U+0000 and no half of a surrogate pair."""
    return "\x00" not in text if text.isascii() else UNSTORABLE.search(text) is None


def is_carriable(value: Any) -> bool:  # noqa: ANN401 - any value
    """Tells whether a value is JSON with no NaN, no integer that a double rounds and no text that cannot be stored."""
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, list):
            left.extend(found)
        elif isinstance(found, dict):
            left.extend(found)
            left.extend(found.values())
        elif not _is_carriable_scalar(found):
            return False
    return True


def is_scalar(value: Any) -> bool:  # noqa: ANN401
    """Tells whether a value is true, false or a number that JSON carries as it is."""
    return isinstance(value, (bool, int, float)) and _is_carriable_scalar(value)


def to_whole(value: Any) -> int | None:  # noqa: ANN401
    """Returns the number as the whole one it is, also when it is written 3.0; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not is_carriable(value):
        return None
    return int(value) if value == int(value) else None


def is_number(value: Any) -> bool:  # noqa: ANN401
    """Tells whether a value is a number that a double can hold, if need be rounded."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _is_carriable_scalar(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, str):
        return is_carriable_text(value)
    if isinstance(value, float):
        return math.isfinite(value) and (abs(value) <= MAX_INTEGER or not value.is_integer())
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= MAX_INTEGER)
