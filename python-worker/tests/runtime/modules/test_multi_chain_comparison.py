from typing import Any

import pytest

from builders import field, spec
from runtime.modules.asking import ask, prompt_of

SIGNATURE = spec([field("question")], [field("why"), field("answer")])
ATTEMPTS = [{"reasoning": f"go {way}\nand on", "why": "w", "answer": way} for way in ("left", "right", "up")]
VERDICT = {"rationale": "They disagree.", "why": "most", "answer": "right"}


def test_the_answer_is_what_came_out_of_comparing_the_attempts() -> None:
    result, requests = ask(SIGNATURE, [*ATTEMPTS, VERDICT], module="MultiChainComparison")
    assert result.outputs == {"why": "most", "answer": "right"}, result.error
    assert len(requests) == len(result.calls) == 4
    for way in ("left", "right", "up"):
        assert f"I'm trying to go {way} and on I'm not sure but my prediction is {way}" in prompt_of(requests[-1])


def test_a_declared_reasoning_is_compared_and_answered() -> None:
    signature = spec([field("question")], [field("reasoning", "reasoning"), field("answer")])
    replies = [{**reply, "reasoning": '["one", "two"]'} for reply in [*ATTEMPTS[:2], VERDICT]]
    result, requests = ask(signature, replies, module="MultiChainComparison", config={"attempts": 2})
    assert result.outputs == {"reasoning": ["one", "two"], "answer": "right"}, result.error
    assert "I'm trying to one two I'm not sure but my prediction is left" in prompt_of(requests[-1])


@pytest.mark.parametrize(("config", "sent"), [({}, 0.7), ({"temperature": 0.4}, 0.4)])
def test_it_asks_as_often_and_as_warmly_as_it_is_told(config: dict[str, Any], sent: float) -> None:
    attempts = [ATTEMPTS[0]] * 5
    config = {"attempts": 5, **config}
    result, requests = ask(SIGNATURE, [*attempts, VERDICT], module="MultiChainComparison", config=config)
    assert result.status == "succeeded", result.error
    assert [request["temperature"] for request in requests] == [sent] * 6


def test_an_attempt_that_fails_fails_the_execution() -> None:
    result, _ = ask(SIGNATURE, [ATTEMPTS[0], "what?"], module="MultiChainComparison")
    assert result.error is not None
    assert result.error.code == "output_invalid"
