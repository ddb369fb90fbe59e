"""Tells whether values of the right type keep to their constraints."""

from typing import Any

from dspy_worker.contracts.messages import Constraints
from dspy_worker.runtime.lru import LruCache
from dspy_worker.runtime.values.patterns import Pattern

_MAX_PATTERNS = 1024

_patterns: LruCache[str, Pattern] = LruCache(_MAX_PATTERNS)


def pattern_of(text: str) -> Pattern:
    """Returns the matcher of a pattern, which is made once for each."""
    return _patterns.get_or_make(text, lambda: Pattern(text))


def is_within(value: Any, limits: Constraints) -> bool:  # noqa: ANN401 - any JSON value
    """Tells whether a value keeps to what of the constraints is about values of its type."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _is_between(value, limits.min, limits.max)
    if isinstance(value, list):
        return _is_between(len(value), limits.min_items, limits.max_items)
    if not isinstance(value, str):
        return True
    has_pattern = not isinstance(limits.pattern, str) or pattern_of(limits.pattern).is_in(value)
    return has_pattern and _is_between(len(value), limits.min_length, limits.max_length)


def _is_between(value: float, low: object, high: object) -> bool:
    is_low = isinstance(low, (int, float)) and value < low
    return not is_low and not (isinstance(high, (int, float)) and value > high)
