import json
from pathlib import Path
from typing import Any

import pytest

from dspy_worker.metrics.score_example import ScoredExample, looks_at_runs, score_example

FIXTURES = Path(__file__).parents[3] / "libs" / "metrics" / "fixtures"
ROWS: list[dict[str, Any]] = json.loads((FIXTURES / "scores.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['metric']['kind']}: {row['name']}")
def test_the_worker_scores_as_the_services_do(row: dict[str, Any]) -> None:
    example = ScoredExample(row["expected"], row["answer"], row["costUsd"], row["totalMs"])
    score = score_example(row["metric"], example)
    assert score == (None if row["score"] is None else pytest.approx(row["score"], abs=1e-12))


def test_a_metric_that_nobody_checked_is_not_used() -> None:
    with pytest.raises(ValueError, match="was not checked"):
        score_example({"kind": "bleu"}, ScoredExample({}, {}))


def test_what_looks_at_runs_is_found_in_composites() -> None:
    exact, cost = {"kind": "exact", "field": "answer"}, {"kind": "cost", "limitUsd": 1}
    both = {"kind": "composite", "parts": [{"weight": 1, "metric": exact}, {"weight": 1, "metric": cost}]}
    assert [looks_at_runs(metric) for metric in (exact, cost, both)] == [False, True, True]
