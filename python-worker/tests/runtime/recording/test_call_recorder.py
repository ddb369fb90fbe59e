import time
from datetime import datetime
from typing import Any, get_args

import orjson
import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.contracts.messages import ExecutionOutcomeV1, ModelCallV1
from dspy_worker.runtime.recording import call_recorder
from dspy_worker.runtime.recording.call_recorder import CallNote, CallRecorder
from dspy_worker.runtime.recording.redaction import Redaction
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl
from scripted_model import Script, scripted_model

KEY = "plain-old-key-of-a-model"
PRICES = {"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}
QA = program(spec([field("question")], [field("answer")]))
ANSWER = chat_answer(answer="Paris")


def run(script: Script, control: ExecutionControl | None = None, **members: Any) -> RunResult:
    model = connection(script.url, apiKey=KEY, pricing=PRICES)
    execution = job(members.pop("inputs", {"question": "x"}), **members)
    return Runner().run(execution, QA, model, control or ExecutionControl(), 3)


def noted(*texts: str, completion: str | None = "c") -> CallRecorder:
    recorder = CallRecorder(attempt=1, keeps_texts=True)
    note = recorder.begin("test-model@1", [{"role": "user", "content": text} for text in texts], is_retry=False)
    note.completion = completion
    return recorder


def as_is(text: str) -> str:
    return text


def test_a_call_is_told_as_it_went_over_the_wire() -> None:
    before = time.time()
    with scripted_model(Script(reply=ANSWER)) as script:
        result = run(script)
        sent = script.requests[0]["messages"]
    (call,) = result.calls
    assert call.messages is not None
    assert [message.to_wire() for message in call.messages] == sent
    assert call.completion == ANSWER
    assert call.model == "test-model@1"
    assert (call.index, call.attempt, call.reason, call.error_code, call.finish_reason) == (0, 3, "first", None, "stop")
    assert (call.prompt_tokens, call.completion_tokens) == (10, 5)
    assert call.cost_usd == pytest.approx(20e-6)
    assert call.first_token_ms is not None
    assert 0 < call.first_token_ms <= call.duration_ms <= result.worker_ms
    assert before - 1 < datetime.fromisoformat(call.started_at).timestamp() <= time.time()
    assert not call.truncated
    assert 0 < result.parse_ms < result.worker_ms - result.lm_ms


def test_a_program_that_forbids_recording_tells_only_figures() -> None:
    with scripted_model(Script(reply=ANSWER)) as script:
        (call,) = run(script, record=False).calls
    assert (call.messages, call.completion) == (None, None)
    assert call.prompt_tokens == 10


def test_a_failed_call_tells_what_it_got() -> None:
    with scripted_model(Script(mode="hang_mid_stream")) as script:
        (call,) = run(script, ExecutionControl(limits=CallLimits(idle_s=0.1))).calls
    assert (call.error_code, call.completion, call.finish_reason) == ("model_unavailable", "some", None)
    assert (call.prompt_tokens, call.cost_usd) == (None, None)
    assert call.first_token_ms is not None
    assert call.duration_ms >= 100


def test_a_stopped_call_is_told_too() -> None:
    with scripted_model(Script(mode="hang")) as script:
        result = run(script, ExecutionControl(deadline=time.monotonic() + 0.1))
    assert [call.error_code for call in result.calls] == ["timed_out"]
    assert result.calls[0].completion is None
    assert result.parse_ms == 0


def test_secrets_do_not_leave_the_worker() -> None:
    question = f"Is {KEY} or ghp_{'a' * 36} my key? Authorization: Bearer abcdefghijklmnop"
    with scripted_model(Script(reply=lambda body: f"No sections, but {body['messages'][1]['content']}")) as script:
        result = run(script, inputs={"question": question})
    told = str(result)
    assert result.error is not None
    assert result.error.code == "output_invalid"
    for secret in (KEY, "ghp_a", "abcdefghijklmnop"):
        assert secret not in told
    assert "Is [redacted] or [redacted] my key? Authorization: [redacted]" in told


def test_texts_that_cannot_be_stored_are_replaced() -> None:
    with scripted_model(Script(reply=chat_answer(answer="a\x00b"))) as script:
        result = run(script, inputs={"question": "\x00"})
    assert b"\\u0000" not in orjson.dumps([call.to_wire() for call in result.calls])
    assert result.outputs is None
    assert result.error is not None
    assert "U+0000" in result.error.message


def test_images_are_told_as_they_were_sent() -> None:
    version = program(spec([field("picture", "image")], [field("answer")]))
    with scripted_model(Script(reply=ANSWER)) as script:
        model = connection(script.url)
        inputs = {"picture": "https://example.com/cat.png"}
        (call,) = Runner().run(job(inputs), version, model, ExecutionControl()).calls
    assert call.messages is not None
    assert {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}} in orjson.loads(
        call.messages[1].content
    )


def test_long_texts_are_cut_and_said_to_be() -> None:
    limit = call_recorder.MAX_TEXT_CHARS
    (call,) = noted("a" * (limit - 1), "bcd", "e", completion="f" * (limit + 1)).calls(as_is)
    assert call.messages is not None
    assert [len(message.content) for message in call.messages] == [limit - 1, 1, 0]
    assert len(call.completion or "") == limit
    assert call.truncated
    (whole,) = noted("a" * limit, completion="f" * limit).calls(as_is)
    assert not whole.truncated


def test_all_calls_together_fit_into_one_message() -> None:
    recorder = CallRecorder(attempt=1, keeps_texts=True)
    for _ in range(call_recorder.MAX_CALLS + 20):
        note = recorder.begin("test-model@1", [{"role": "user", "content": "é" * 80_000}], is_retry=False)
        note.completion = "ü" * 80_000
    calls = recorder.calls(as_is)
    assert len(calls) == call_recorder.MAX_CALLS
    texts = sum(len(call.completion or "") + len((call.messages or [])[0].content) for call in calls)
    assert texts <= call_recorder.MAX_TOTAL_CHARS
    assert calls[0].completion == "ü" * 80_000
    assert calls[-1].truncated


def test_the_limits_are_those_of_the_contract() -> None:
    (limits,) = [meta for meta in ExecutionOutcomeV1.model_fields["calls"].metadata if hasattr(meta, "max_length")]
    assert limits.max_length == call_recorder.MAX_CALLS
    assert set(get_args(ModelCallV1.model_fields["reason"].annotation)) == set(get_args(call_recorder.CallReason))


def test_a_secret_at_the_cut_is_hidden_before_the_cut() -> None:
    limit = call_recorder.MAX_TEXT_CHARS
    secret = "sk-abcdefghijklmnop1234"
    (call,) = noted("a" * (limit - 11) + " " + secret).calls(Redaction().clean)
    assert call.messages is not None
    assert call.messages[0].content.endswith("a [redacted]")


def test_the_first_token_is_noted_once() -> None:
    note = CallNote("test-model@1", "first", [])
    note.note_first_token()
    first = note.first_token_s
    note.note_first_token()
    assert note.first_token_s == first
