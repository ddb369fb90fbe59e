from typing import Any

import pytest

from builders import chat_answer, field, spec
from dspy_worker.runtime.result import RunResult
from runtime.modules.asking import ask, prompt_of

SIGNATURE = spec([field("question")], [field("answer"), field("confidence", "probability")])
ADVICE = chat_answer(discussion="It guessed.", advice='{"self": "Look it up."}')


def answer(confidence: float) -> dict[str, str]:
    return {"answer": f"sure {confidence}", "confidence": str(confidence)}


def refine(*replies: str | dict[str, str], **config: Any) -> tuple[RunResult, list[dict[str, Any]]]:
    return ask(SIGNATURE, replies, module="Refine", config={"reward": {"field": "confidence"}, **config})


def test_an_attempt_is_told_what_the_model_advises_on_those_before() -> None:
    result, requests = refine(answer(0.2), ADVICE, answer(0.9), attempts=5, threshold=0.8)
    assert result.outputs == {"answer": "sure 0.9", "confidence": 0.9}, result.error
    first, advised, second = map(prompt_of, requests)
    assert "hint_" not in first
    assert "[[ ## hint_ ## ]]\nLook it up." in second
    for words in (
        "The reward is the value of the output `confidence`",
        "sure 0.2",
        "[[ ## target_threshold ## ]]\n0.8",
    ):
        assert words in advised
    assert "def __init__" not in advised
    assert [request.get("temperature") for request in requests] == [1.0, None, 1.0]


def test_without_a_threshold_the_best_of_all_attempts_is_taken() -> None:
    result, requests = refine(answer(0.2), ADVICE, answer(0.9), ADVICE, answer(0.5))
    assert result.outputs == {"answer": "sure 0.9", "confidence": 0.9}, result.error
    assert len(requests) == len(result.calls) == 5


@pytest.mark.parametrize("advice", ["I would rather not.", chat_answer(discussion="", advice='{"other": "x"}')])
def test_advice_that_is_of_no_use_is_gone_without(advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    result, requests = refine(answer(0.2), advice, answer(0.9), attempts=2)
    assert result.outputs == {"answer": "sure 0.9", "confidence": 0.9}, result.error
    assert "Look it up" not in prompt_of(requests[-1])
    assert not capsys.readouterr().out


def test_an_answer_that_cannot_be_read_is_advised_on_too() -> None:
    result, requests = refine("what?", ADVICE, answer(0.9), attempts=2)
    assert result.outputs == {"answer": "sure 0.9", "confidence": 0.9}, result.error
    assert "what?" in prompt_of(requests[1])


def test_no_answer_that_can_be_read_fails_the_execution_every_time_alike() -> None:
    for _ in range(2):
        result, requests = refine("what?")
        assert result.error is not None
        assert (result.error.code, len(requests)) == ("output_invalid", 5)
