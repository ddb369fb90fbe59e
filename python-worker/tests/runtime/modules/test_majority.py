from collections.abc import Sequence
from typing import Any

import pytest

from builders import field, spec
from dspy_worker.runtime.result import RunResult
from runtime.modules.asking import ask


def vote(answers: Sequence[str], kind: str = "string", **config: Any) -> tuple[RunResult, list[dict[str, Any]]]:
    signature = spec([field("question")], [field("why"), field("answer", kind)])
    replies = [{"why": f"attempt {number}", "answer": answer} for number, answer in enumerate(answers)]
    return ask(signature, replies, module="Majority", config=config)


@pytest.mark.parametrize(
    ("answers", "kind", "outputs"),
    [
        (["Rome", "Paris", "Paris"], "string", {"why": "attempt 1", "answer": "Paris"}),
        (["Rome", "paris.", "Paris"], "string", {"why": "attempt 1", "answer": "paris."}),
        (["Rome", "Paris", "Oslo"], "string", {"why": "attempt 0", "answer": "Rome"}),
        (["1", "-1", "-1"], "int", {"why": "attempt 1", "answer": -1}),
        (["1.5", "15", "15"], "float", {"why": "attempt 1", "answer": 15.0}),
    ],
)
def test_the_first_of_the_most_frequent_answers_is_taken_whole(
    answers: list[str], kind: str, outputs: dict[str, Any]
) -> None:
    result, requests = vote(answers, kind)
    assert result.outputs == outputs, result.error
    assert len(requests) == len(answers)
    assert result.usage.to_wire()["promptTokens"] == 10 * len(answers)


@pytest.mark.parametrize(("config", "sent"), [({}, 0.7), ({"temperature": 0.4}, 0.4)])
def test_it_asks_as_often_and_as_warmly_as_it_is_told(config: dict[str, Any], sent: float) -> None:
    result, requests = vote(["Paris"], attempts=5, **config)
    assert result.status == "succeeded", result.error
    assert [request["temperature"] for request in requests] == [sent] * 5


def test_an_attempt_that_fails_fails_the_execution() -> None:
    result, _ = vote(["1", "many", "1"], "int")
    assert result.status == "failed"
