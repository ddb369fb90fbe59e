"""The same JSON value: `exact`, and `label`, which differ in what many scores are added up to."""

from collections.abc import Mapping
from typing import Any

from dspy_worker.metrics.text_answers import is_same_json


def same(expected: Any, given: Any, _metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns 1 if the answer is the same JSON value: letter by letter, the order of keys aside."""
    return float(is_same_json(expected, given))
