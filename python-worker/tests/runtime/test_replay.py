"""Replays on another runner, whose model server is not there: what was recorded is all they have."""

from typing import Any

import orjson
import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.contracts.messages import ModelCallV1, ProgramVersionV1, RecordingV1
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

INPUTS = {"question": "Where?"}
NOBODY = "http://127.0.0.1:9/v1"
QA = spec([field("question")], [field("answer"), field("sure", "probability")])
ANSWER = chat_answer(answer="Paris", sure="90%")


def recorded(version: ProgramVersionV1, script: Script, **members: Any) -> RunResult:
    return Runner().run(job(INPUTS, record=True, **members), version, connection(script.url), ExecutionControl())


def replayed(version: ProgramVersionV1, recording: RecordingV1, inputs: dict[str, Any], **members: Any) -> RunResult:
    heard: list[Any] = []
    run = Runner().run
    return run(
        job(inputs, **members), version, connection(NOBODY), ExecutionControl(), 1, heard.append, recorded=recording
    )


def recording_of(result: RunResult, **members: Any) -> RecordingV1:
    # As it comes back from the execution service: what JSON keeps.
    wire = {"calls": [call.to_wire() for call in result.calls], "outputs": result.outputs, **members}
    return RecordingV1.from_wire(orjson.loads(orjson.dumps(wire)))


def of_the_original(result: RunResult) -> tuple[Any, ...]:
    assert result.status == "succeeded", result.error
    return orjson.dumps(result.outputs), result.recovery, [coercion.to_wire() for coercion in result.coercions]


@pytest.mark.parametrize(
    ("module", "config"),
    [
        ("Predict", {}),
        ("ChainOfThought", {}),
        ("BestOfN", {"attempts": 3, "reward": {"field": "sure"}}),
        ("Majority", {"attempts": 3}),
        ("MultiChainComparison", {"attempts": 3}),
    ],
)
@pytest.mark.parametrize("format_", ["chat", "json", "xml"])
def test_the_outputs_are_the_same_byte_for_byte(module: str, config: dict[str, Any], format_: str) -> None:
    version = program(QA, module=module, config=config)
    members = '"answer": "Paris", "sure": 0.9, "reasoning": "r", "rationale": "r"'
    xml = "<reasoning>r</reasoning><rationale>r</rationale><answer>Paris</answer><sure>0.9</sure>"
    answers = {"json": f"{{{members}}}", "xml": xml}
    reply = answers.get(format_, chat_answer(reasoning="r", rationale="r", answer="Paris", sure="90%"))
    with scripted_model(Script(reply=reply)) as script:
        first = recorded(version, script, format=format_)
        asked = len(script.requests)
    assert len(first.calls) == asked > 0
    again = replayed(version, recording_of(first), INPUTS, format=format_)
    assert of_the_original(again) == of_the_original(first)
    assert again.calls == ()
    assert (again.lm_ms, again.usage.to_wire()) == (0.0, {"promptTokens": 0, "completionTokens": 0, "costUsd": 0.0})


def test_a_question_that_was_not_recorded_ends_the_replay() -> None:
    version = program(QA)
    with scripted_model(Script(reply=ANSWER)) as script:
        recording = recording_of(recorded(version, script))
    other = replayed(version, recording, {"question": "Who?"})
    assert other.status == "failed"
    assert other.error is not None
    assert other.error.code == "replay_diverged"
    assert "something else than was recorded in model call 0" in other.error.message


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (lambda _calls: [], "once more after the 0 calls"),
        (lambda calls: [*calls, {**calls[0], "index": 1}], "after 1 of 2 recorded calls"),
        (lambda calls: [{**calls[0], "completion": chat_answer(answer="Rome", sure="0.9")}], "outputs are not those"),
    ],
)
def test_a_recording_that_does_not_fit_ends_the_replay(change: Any, how: str) -> None:
    version = program(QA)
    with scripted_model(Script(reply=ANSWER)) as script:
        first = recorded(version, script)
    recording = recording_of(first, calls=change([call.to_wire() for call in first.calls]))
    error = replayed(version, recording, INPUTS).error
    assert error is not None
    assert error.code == "replay_diverged"
    assert how in error.message


def test_what_was_asked_again_is_read_again() -> None:
    version, replies = program(QA), iter(["no fields at all", ANSWER])
    with scripted_model(Script(reply=lambda _body: next(replies))) as script:
        first = recorded(version, script, maxRetries=1)
    assert [call.reason for call in first.calls] == ["first", "parse_retry"]
    again = replayed(version, recording_of(first), INPUTS, maxRetries=0)
    assert of_the_original(again) == of_the_original(first)


def test_a_call_that_failed_and_was_made_again_is_passed_over() -> None:
    version = program(QA)
    with scripted_model(Script(reply=ANSWER)) as script:
        first = recorded(version, script)
    answer = first.calls[0].to_wire()
    failed = {**answer, "errorCode": "model_unavailable", "completion": None}
    calls = [failed, {**answer, "index": 1, "reason": "model_retry"}]
    again = replayed(version, recording_of(first, calls=calls), INPUTS)
    assert again.outputs == first.outputs
    assert again.recovery.model_retries == 1
    assert ModelCallV1.from_wire(failed).completion is None
