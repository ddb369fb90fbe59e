"""What became of one example of an evaluation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What became of one example."""

    index: int
    """Its place, from 0."""
    example_id: str
    """The same for the same inputs and expected outputs; in a dataset it is the id of the example."""
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    execution_id: str | None
    status: str
    answer: Mapping[str, Any] | None
    score: float | None
    """From 0 to 1; None if it cannot be known."""
    cost_usd: float | None
    total_ms: float | None
    error_code: str | None
    judgements: Sequence[Mapping[str, Any]] | None
    """What each judge said; None without a judge."""


_TOLD = (
    "index",
    "exampleId",
    "inputs",
    "expected",
    "executionId",
    "status",
    "answer",
    "score",
    "costUsd",
    "totalMs",
    "errorCode",
    "judgements",
)


def to_evaluation_result(line: str) -> EvaluationResult:
    """A result as it is sent."""
    row = json.loads(line)
    return EvaluationResult(*(row[name] for name in _TOLD))
