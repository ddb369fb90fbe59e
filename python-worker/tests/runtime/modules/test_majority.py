from collections.abc import Sequence
from threading import Barrier
from typing import Any

import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from runtime.modules.asking import ask
from scripted_model import Script, scripted_model


def vote(answers: Sequence[str], kind: str = "string", **config: Any) -> tuple[RunResult, list[dict[str, Any]]]:
    signature = spec([field("question")], [field("why"), field("answer", kind)])
    replies = [{"why": f"attempt {number}", "answer": answer} for number, answer in enumerate(answers)]
    return ask(signature, replies, module="Majority", config=config)


@pytest.mark.parametrize(
    ("answers", "kind", "winners"),
    [
        (["Rome", "Paris", "Paris"], "string", ["Paris"]),
        (["Rome", "paris.", "Paris"], "string", ["paris.", "Paris"]),
        (["Rome", "Paris", "Oslo"], "string", ["Rome", "Paris", "Oslo"]),
        (["1", "-1", "-1"], "int", ["-1"]),
        (["1.5", "15", "15"], "float", ["15"]),
    ],
)
def test_the_first_of_the_most_frequent_answers_is_taken_whole(
    answers: list[str], kind: str, winners: list[str]
) -> None:
    result, requests = vote(answers, kind)
    assert result.outputs is not None, result.error
    # Attempts are made at once, so that who gets which answer differs; calls are recorded in their order.
    said = [call.completion or "" for call in result.calls]
    first = next(text for text in said if any(f"[[ ## answer ## ]]\n{winner}\n" in text for winner in winners))
    assert f"[[ ## why ## ]]\n{result.outputs['why']}\n" in first
    assert f"[[ ## answer ## ]]\n{result.outputs['answer']}".removesuffix(".0") in first
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


def test_attempts_are_made_at_once_and_their_calls_are_recorded_together() -> None:
    all_here = Barrier(10, timeout=10)

    def reply(request: dict[str, Any]) -> str:
        if "could not read that" in str(request["messages"]):
            return chat_answer(answer="1")
        all_here.wait()
        return "what?"

    version = program(spec([field("question")], [field("answer", "int")]), module="Majority", config={"attempts": 10})
    with scripted_model(Script(reply=reply)) as script:
        runner = Runner()
        result = runner.run(job({"question": "x"}, maxRetries=10), version, connection(script.url), ExecutionControl())
    assert result.outputs == {"answer": 1}, result.error
    assert [call.reason for call in result.calls] == ["first", "parse_retry"] * 10
    assert [call.error_code for call in result.calls] == ["output_invalid", None] * 10
    assert result.recovery.parse_retries == 10
    assert result.usage.prompt_tokens == 200
