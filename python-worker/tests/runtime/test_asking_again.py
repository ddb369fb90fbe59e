"""Answers that cannot be read: mended, asked for once more, or told to the caller."""

import time
from collections.abc import Callable
from typing import Any

import dspy
import pytest

from builders import chat_answer, connection, enum, field, job, program, spec
from dspy_worker.runtime.program.programs import build_program
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

QA = program(spec([field("question")], [field("answer"), field("sure", "float")]))
SENTIMENT = program(spec([field("review")], [field("sentiment", enum("positive", "negative")), field("why")]))
GOOD = {
    "chat": chat_answer(answer="Paris", sure="0.9"),
    "json": '{"answer": "Paris", "sure": 0.9}',
    "xml": "<answer>Paris</answer><sure>0.9</sure>",
}
MENDABLE = {
    "chat": "**Answer:** Paris\n**Sure:** 0.9",
    "json": "```json\n{'answer': 'Paris', 'sure': 0.9,}\n```",
    "xml": "<answer>Paris & co.</answer><sure>0.9",
}
BAD = "I would rather not say."


def run(script: Script, format_name: str = "chat", version: Any = QA, **members: Any) -> RunResult:
    name = version.signature.inputs[0].name
    execution = job({name: "x"}, **{"format": format_name, "maxRetries": 2, **members})
    return Runner().run(execution, version, connection(script.url), ExecutionControl(deadline=time.monotonic() + 20))


def answers(*texts: str) -> Callable[[dict[str, Any]], str]:
    left = list(texts)
    return lambda _request: left.pop(0)


@pytest.mark.parametrize("format_name", list(MENDABLE))
def test_an_answer_that_can_be_mended_is_not_asked_for_again(format_name: str) -> None:
    with scripted_model(Script(reply=MENDABLE[format_name])) as script:
        result = run(script, format_name)
    assert result.outputs == {"answer": "Paris & co." if format_name == "xml" else "Paris", "sure": 0.9}
    assert len(script.requests) == 1
    assert result.recovery.to_wire() == {"modelRetries": 0, "parseRetries": 0, "repairs": 1}


@pytest.mark.parametrize("format_name", list(GOOD))
def test_an_answer_of_the_form_asked_for_counts_as_nothing(format_name: str) -> None:
    with scripted_model(Script(reply=GOOD[format_name])) as script:
        result = run(script, format_name)
    assert result.outputs == {"answer": "Paris", "sure": 0.9}
    assert result.recovery.to_wire() == {"modelRetries": 0, "parseRetries": 0, "repairs": 0}


@pytest.mark.parametrize("format_name", list(GOOD))
def test_the_model_is_told_what_was_wrong_and_asked_once_more(format_name: str) -> None:
    with scripted_model(Script(reply=answers(BAD, GOOD[format_name]))) as script:
        result = run(script, format_name)
        first, second = (request["messages"] for request in script.requests)
    assert result.outputs == {"answer": "Paris", "sure": 0.9}
    assert second[: len(first)] == first
    assert second[len(first)] == {"role": "assistant", "content": BAD}
    asked = second[-1]
    assert asked["role"] == "user"
    assert asked["content"].startswith("I could not read that. There is no value for the output")
    assert "Respond with" in asked["content"]
    assert result.recovery.to_wire() == {"modelRetries": 0, "parseRetries": 1, "repairs": 0}
    assert [(call.reason, call.error_code) for call in result.calls] == [
        ("first", "output_invalid"),
        ("parse_retry", None),
    ]


def test_an_empty_answer_is_asked_for_again_too() -> None:
    with scripted_model(Script(reply=answers("", GOOD["chat"]))) as script:
        result = run(script)
    assert result.status == "succeeded"
    assert [message["role"] for message in script.requests[1]["messages"]] == ["system", "user", "user"]
    assert "There was no text in it." in script.requests[1]["messages"][-1]["content"]


@pytest.mark.parametrize("format_name", [*GOOD, "completion"])
def test_an_answer_is_asked_for_again_only_once(format_name: str) -> None:
    version = SENTIMENT if format_name == "completion" else QA
    with scripted_model(Script(reply=BAD)) as script:
        result = run(script, format_name, version, maxRetries=10)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "output_invalid"
    assert repr(BAD)[1:-1] in result.error.message
    assert len(script.requests) == 2
    assert result.recovery.parse_retries == 1
    assert [call.error_code for call in result.calls] == ["output_invalid", "output_invalid"]


@pytest.mark.parametrize("format_name", [*GOOD, "completion"])
def test_without_budget_nothing_is_asked_again(format_name: str) -> None:
    version = SENTIMENT if format_name == "completion" else QA
    with scripted_model(Script(reply=BAD)) as script:
        result = run(script, format_name, version, maxRetries=0)
    assert result.error is not None
    assert result.error.code == "output_invalid"
    assert len(script.requests) == 1
    assert result.recovery.parse_retries == 0


def test_both_kinds_of_retry_share_one_budget() -> None:
    # Busy, unreadable, busy: the third retry is not paid for any more.
    modes = ["status", "stream", "status", "stream"]
    with scripted_model(Script(reply=BAD, mode=lambda number: modes[number], status=503)) as script:
        result = run(script)
    assert result.error is not None
    assert result.error.code == "model_unavailable"
    assert [call.reason for call in result.calls] == ["first", "model_retry", "parse_retry"]
    assert result.recovery.to_wire() == {"modelRetries": 1, "parseRetries": 1, "repairs": 0}


def test_a_document_goes_on_with_what_was_wrong() -> None:
    with scripted_model(Script(reply=answers(" rather so\n", " Positive.\n", " Because.\n"))) as script:
        result = run(script, "completion", SENTIMENT)
        prompts = [request["messages"][0]["content"] for request in script.requests]
    assert result.outputs == {"sentiment": "positive", "why": "Because."}
    assert prompts[1] == (
        f"{prompts[0]} rather so\n\n"
        "The output \"sentiment\" cannot be 'rather so': it must be one of positive, negative. "
        "For each review, decide if the sentiment is positive or negative. For each review, write the why."
        "\n\nSentiment:"
    )
    assert prompts[2].endswith("Review: x\nSentiment: positive\nWhy:")
    assert result.recovery.to_wire() == {"modelRetries": 0, "parseRetries": 1, "repairs": 1}
    assert [call.reason for call in result.calls] == ["first", "parse_retry", "first"]


def test_a_cut_off_answer_is_not_closed_but_asked_for_again() -> None:
    cut = Script(reply=answers('{"answer": "Par', GOOD["json"]), finish_reason="length")
    with scripted_model(cut) as script:
        result = run(script, "json")
    assert result.outputs == {"answer": "Paris", "sure": 0.9}
    assert result.calls[0].finish_reason == "length"
    assert result.recovery.to_wire() == {"modelRetries": 0, "parseRetries": 1, "repairs": 0}


def test_a_long_answer_is_repeated_in_part() -> None:
    with scripted_model(Script(reply=answers("no " * 20_000, GOOD["chat"]))) as script:
        assert run(script).status == "succeeded"
    assert len(script.requests[1]["messages"][2]["content"]) == 8_000


def test_the_prompt_is_dspys_own() -> None:
    built = build_program(QA, GrantedTools())
    adapters = {"chat": dspy.ChatAdapter(), "json": dspy.JSONAdapter(), "xml": dspy.XMLAdapter()}
    for format_name, adapter in adapters.items():
        with scripted_model(Script(reply=GOOD[format_name])) as script:
            for _ in range(2):
                run(script, format_name)
            expected = adapter.format(built.module.signature, [], {"question": "x"})
        assert [request["messages"] for request in script.requests] == [expected, expected]
