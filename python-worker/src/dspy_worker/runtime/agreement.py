"""What most of several answers agree on."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import dspy
from dspy.predict.aggregation import default_normalize

Answer = TypeVar("Answer")


def most_agreed(answers: Sequence[Answer], key: Callable[[Answer], Hashable | None]) -> Answer:
    """Returns the first of the answers whose key most have, by `dspy.majority`; the earlier wins a tie.

    An answer without a key has no vote, unless none has one.
    """
    votes = [{"answer": answer, "key": key(answer)} for answer in answers]
    elected: Answer = dspy.majority(votes, normalize=None, field="key")["answer"]
    return elected


def agreement_key(value: Any, *, is_text: bool) -> str | None:  # noqa: ANN401 - any output
    """Returns what equal values have in common, None for a text that says nothing.

    DSPy's normalization drops case and punctuation, which makes -1 and 1 the same: it is for texts alone.
    """
    if not is_text:
        return repr(value)
    normalized: str | None = default_normalize(value)
    return normalized
