"""The score of one example by a metric that `checkMetric` of `libs/metrics` found sound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dspy_worker.metrics.kinds.json_match import json_match
from dspy_worker.metrics.kinds.numeric import numeric
from dspy_worker.metrics.kinds.same import same
from dspy_worker.metrics.kinds.words import contains, normalized, token_f1

COMPOSITE = "composite"

_FIELD_KINDS: Mapping[str, Callable[[Any, Any, Mapping[str, Any]], float]] = MappingProxyType(
    {
        "exact": same,
        "normalized": normalized,
        "contains": contains,
        "token_f1": token_f1,
        "numeric": numeric,
        "json": json_match,
        "label": same,
    }
)
# What looks at what an answer took: the figure, and the setting that limits it.
_RUN_KINDS = MappingProxyType({"cost": ("cost_usd", "limitUsd"), "latency": ("total_ms", "limitMs")})
# What another program says, which is not asked here.
_JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class ScoredExample:
    """What one example is scored by.

    Attributes:
        answer: None if the program gave none.
        cost_usd: None if the price of the model is not known.
        total_ms: None if nobody measured it.

    """

    expected: Mapping[str, Any]
    answer: Mapping[str, Any] | None
    cost_usd: float | None = None
    total_ms: float | None = None


def score_example(metric: Mapping[str, Any], example: ScoredExample) -> float | None:
    """Returns the score from 0 to 1: 0 if there is no answer, None if the metric looks at what is not known.

    Raises `ValueError` for a metric that was not checked.
    """
    if example.answer is None:
        return 0.0
    kind = metric["kind"]
    if kind == COMPOSITE:
        return _weighted_mean(metric, example)
    if kind == _JUDGE:
        return None
    if kind in _RUN_KINDS:
        used, limit = _RUN_KINDS[kind]
        return _share_left(getattr(example, used), metric[limit])
    if kind not in _FIELD_KINDS:
        raise ValueError(f'A metric of kind "{kind}" was not checked before it was used.')
    field = metric.get("field", "")
    if field not in example.expected:
        return None
    return _FIELD_KINDS[kind](example.expected[field], example.answer.get(field), metric)


def looks_at_runs(metric: Mapping[str, Any]) -> bool:
    """Tells whether a metric, or a part of it, needs more than an answer: what it took, or what a judge says of it."""
    if metric["kind"] == COMPOSITE:
        return any(looks_at_runs(part["metric"]) for part in metric["parts"])
    return metric["kind"] in _RUN_KINDS or metric["kind"] == _JUDGE


def _weighted_mean(metric: Mapping[str, Any], example: ScoredExample) -> float | None:
    total, weights = 0.0, 0.0
    for part in metric["parts"]:
        score = score_example(part["metric"], example)
        if score is None:
            return None
        total += part["weight"] * score
        weights += part["weight"]
    return total / weights


def _share_left(used: float | None, limit: float) -> float | None:
    return None if used is None else min(1.0, max(0.0, 1 - used / limit))
