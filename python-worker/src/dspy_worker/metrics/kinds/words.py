"""Texts compared by their normalised words: `normalized`, `contains` and `token_f1`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dspy_worker.metrics.text_answers import score_words


def normalized(expected: Any, given: Any, _metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns 1 if the answer has the same words in the same order (SQuAD's exact match)."""
    return score_words(expected, given, lambda right, words: float(right == words))


def contains(expected: Any, given: Any, _metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns 1 if the words expected stand in the answer, side by side; no words are found in no words only."""
    return score_words(expected, given, lambda right, words: float(_holds(words, right)))


def token_f1(expected: Any, given: Any, _metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns the harmonic mean of precision and recall over words (SQuAD's F1)."""
    return score_words(expected, given, _overlap)


def _holds(words: Sequence[str], right: Sequence[str]) -> bool:
    if not right:
        return not words
    return f" {' '.join(right)} " in f" {' '.join(words)} "


def _overlap(right: Sequence[str], words: Sequence[str]) -> float:
    if not right or not words:
        return float(len(right) == len(words))
    shared = (Counter(right) & Counter(words)).total()
    # 2PR / (P + R), without the rounding of two divisions.
    return 2 * shared / (len(right) + len(words))
