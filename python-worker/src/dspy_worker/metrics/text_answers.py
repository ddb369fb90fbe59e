"""What metrics of texts have in common."""

from collections.abc import Callable
from typing import Any

from dspy_worker.metrics.normalized_text import normalized_words
from dspy_worker.runtime.values.canonical_json import canonical_json


def is_same_json(first: Any, second: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tells whether two JSON values are the same, whatever the order of their keys."""
    return canonical_json(first) == canonical_json(second)


def score_words(expected: Any, given: Any, score: Callable[[list[str], list[str]], float]) -> float:  # noqa: ANN401
    """Scores a text against the text expected, or against the best of a list of right ones.

    Other values have no words: they are right if they are the same.
    """
    if not isinstance(given, str):
        return float(is_same_json(expected, given))
    words = normalized_words(given)
    texts = [text for text in (expected if isinstance(expected, list) else [expected]) if isinstance(text, str)]
    return max((score(normalized_words(text), words) for text in texts), default=0.0)
