from typing import Any

import pytest

from builders import field, spec
from dspy_worker.runtime.result import RunResult
from runtime.modules.asking import ask

SIGNATURE = spec([field("question")], [field("answer"), field("confidence", "probability")])
REWARD = {"reward": {"field": "confidence"}}


def answer(confidence: float, text: str = "") -> dict[str, str]:
    return {"answer": text or f"sure {confidence}", "confidence": str(confidence)}


def best(*replies: str | dict[str, str], **config: Any) -> tuple[RunResult, list[dict[str, Any]]]:
    return ask(SIGNATURE, replies, module="BestOfN", config={**REWARD, **config})


def test_the_answer_with_the_highest_reward_is_taken_whole() -> None:
    result, requests = best(answer(0.2), answer(0.9), answer(0.5))
    assert result.outputs == {"answer": "sure 0.9", "confidence": 0.9}, result.error
    assert len(requests) == len(result.calls) == 3
    assert result.usage.prompt_tokens == 30


def test_the_first_that_is_good_enough_ends_the_search() -> None:
    result, requests = best(answer(0.2), answer(0.8), answer(0.9), attempts=5, threshold=0.8)
    assert result.outputs == {"answer": "sure 0.8", "confidence": 0.8}
    assert len(requests) == 2


def test_a_reward_may_be_a_truth_value_and_have_a_name_that_means_something_to_dspy() -> None:
    signature = spec([field("question")], [field("answer"), field("fields", "bool")])
    replies = [{"answer": said, "field_fields": truth} for said, truth in (("no", "False"), ("yes", "True"))]
    result, _ = ask(signature, replies, module="BestOfN", config={"attempts": 2, "reward": {"field": "fields"}})
    assert result.outputs == {"answer": "yes", "fields": True}, result.error


@pytest.mark.parametrize(("config", "sent"), [({}, 1.0), ({"temperature": 0.4}, 0.4)])
def test_answers_differ_by_the_temperature_of_dspy_unless_the_program_has_its_own(
    config: dict[str, float], sent: float
) -> None:
    _, requests = best(answer(0.1), attempts=2, **config)
    assert [request["temperature"] for request in requests] == [sent, sent]
    assert all("rollout_id" not in request for request in requests)


def test_an_answer_that_cannot_be_read_is_the_worst_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    result, _ = best("what?", answer(0.0, "dull"), "eh?")
    assert result.outputs == {"answer": "dull", "confidence": 0.0}, result.error
    assert not capsys.readouterr().out


def test_no_answer_that_can_be_read_fails_the_execution_every_time_alike() -> None:
    for _ in range(2):
        result, requests = best("what?")
        assert result.error is not None
        assert (result.error.code, len(requests)) == ("output_invalid", 3)
        assert "None of the model's 3 answers" in result.error.message


def test_a_program_without_a_reward_is_refused() -> None:
    result, requests = ask(SIGNATURE, ["x"], module="BestOfN", config={"reward": {"field": "nothing"}})
    assert result.error is not None
    assert (result.error.code, requests) == ("unsupported_option", [])
