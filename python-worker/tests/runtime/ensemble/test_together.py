"""One execution on several scripted models."""

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from builders import MODEL_ID, chat_answer, connection, field, job, program, spec
from dspy_worker.failures import StopReason
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Event, Status
from dspy_worker.runtime.transport.active_call import ExecutionControl, call_limits
from scripted_model import Script, scripted_model

SIGNATURE = spec([field("question")], [field("answer"), field("sure", "probability")])
PRICES = {"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}
COST_OF_A_CALL = 20e-6


def model_id(place: int) -> str:
    return f"{MODEL_ID[:-1]}{place}"


def answering(answer: str, sure: str = "0.5", **members: Any) -> Script:
    return Script(reply=chat_answer(answer=answer, sure=sure), **members)


def failing(status: int = 503) -> Script:
    return Script(mode="status", status=status, body=b'{"error": "no"}')


def run(
    scripts: Sequence[Script],
    strategy: str,
    fields: Sequence[str] = (),
    *,
    control: ExecutionControl | None = None,
    told: list[Event] | None = None,
    **members: Any,
) -> RunResult:
    with ExitStack() as stack:
        served = [stack.enter_context(scripted_model(script)) for script in scripts]
        places = range(len(served))
        connections = [
            connection(
                served[place].url, id=model_id(place), name=f"m{place}", apiKey=f"key-of-model-{place}", pricing=PRICES
            )
            for place in places
        ]
        models = [{"id": model_id(place), "version": 1, "name": f"m{place}", "format": "chat"} for place in places]
        ensemble = {"strategy": strategy, "fields": list(fields), "models": models}
        asked = job({"question": "x"}, ensemble=ensemble, **members)
        control = control or ExecutionControl(limits=call_limits(asked.limits))
        tell = None if told is None else told.extend
        version = program(SIGNATURE)
        return Runner().run(asked, version, connections[0], control, 1, tell, connections[1:])


def test_the_first_valid_answer_wins_and_the_others_are_stopped() -> None:
    slow, bad, quick = Script(mode="hang"), Script(reply="no answer at all"), answering("Paris")
    result = run([slow, bad, quick], "first")
    assert result.outputs == {"answer": "Paris", "sure": 0.5}, result.error
    assert result.answered_by == model_id(2)
    assert result.status == "succeeded"
    assert result.error is None
    assert result.worker_ms < 5_000
    assert slow.closed.wait(5)


def test_the_calls_of_all_models_are_told_and_added_up() -> None:
    result = run([answering("Rome"), answering("Paris"), answering("paris")], "vote", ["answer"])
    assert result.outputs == {"answer": "Paris", "sure": 0.5}, result.error
    assert result.answered_by == model_id(1)
    assert sorted(str(call.model) for call in result.calls) == ["m0@1", "m1@1", "m2@1"]
    assert [call.index for call in result.calls] == [0, 1, 2]
    assert result.usage.prompt_tokens == 30
    assert result.usage.completion_tokens == 15
    assert result.usage.cost_usd == pytest.approx(3 * COST_OF_A_CALL)


def test_models_are_asked_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=10)

    def met(request: dict[str, Any]) -> str:
        both.wait()
        return chat_answer(answer=request["model"], sure="0.5")

    result = run([Script(reply=met), Script(reply=met)], "vote", ["answer"])
    assert result.status == "succeeded", result.error


def test_the_best_is_the_answer_with_the_highest_value() -> None:
    result = run([answering("Rome", "0.3"), answering("Paris", "90%"), answering("Oslo", "0.6")], "best", ["sure"])
    assert result.outputs == {"answer": "Paris", "sure": 0.9}, result.error
    assert result.answered_by == model_id(1)
    assert {coercion.pointer for coercion in result.coercions} == {"/outputs/sure"}


def test_what_was_mended_in_an_answer_that_is_not_taken_is_not_told() -> None:
    result = run([answering("Rome", "30%"), answering("Paris", "0.9")], "best", ["sure"])
    assert result.answered_by == model_id(1), result.error
    assert result.coercions == ()


@pytest.mark.parametrize(("strategy", "fields"), [("first", []), ("vote", ["answer"]), ("best", ["sure"])])
def test_models_that_fail_do_not_matter_while_one_answers(strategy: str, fields: list[str]) -> None:
    result = run([failing(), failing(400), answering("Paris")], strategy, fields)
    assert result.outputs == {"answer": "Paris", "sure": 0.5}, result.error
    assert result.answered_by == model_id(2)
    codes = {str(call.model): call.error_code for call in result.calls}
    assert codes["m2@1"] is None
    if strategy != "first":
        assert (codes["m0@1"], codes["m1@1"]) == ("model_unavailable", "model_error")


def test_each_model_has_its_own_retries() -> None:
    flaky = [answering(answer, mode=lambda number: "cut" if number == 0 else "stream") for answer in ("Rome", "Rome")]
    result = run(flaky, "vote", ["answer"], maxRetries=1)
    assert result.status == "succeeded", result.error
    assert result.recovery.model_retries == 2
    assert len(result.calls) == 4


def test_when_all_fail_the_error_tells_of_each_without_their_keys() -> None:
    said = Script(mode="status", status=503, body=b'{"error": "key-of-model-0 and key-of-model-1"}')
    result = run([failing(400), said], "vote", ["answer"])
    assert result.status == "failed"
    assert result.answered_by is None
    assert result.error is not None
    assert result.error.code == "model_unavailable"
    assert result.error.retryable
    assert '"m0": ' in result.error.message
    assert '"m1": ' in result.error.message
    assert "key-of-model" not in result.error.model_dump_json()
    models = result.error.details.to_wire()["models"]
    assert [(model["model"], model["code"]) for model in models] == [("m0", "model_error"), ("m1", "model_unavailable")]


@pytest.mark.parametrize("reason", ["cancelled", "timed_out"])
def test_a_stop_reaches_all(reason: StopReason) -> None:
    hanging = [Script(mode="hang"), Script(mode="hang")]
    control = ExecutionControl()

    def stop() -> None:
        for script in hanging:
            script.arrived.wait(10)
        control.stop(reason)

    threading.Thread(target=stop, daemon=True).start()
    result = run(hanging, "vote", ["answer"], control=control)
    assert result.status == reason
    assert result.error is not None
    assert all(script.closed.wait(5) for script in hanging)


def test_the_time_limit_ends_all() -> None:
    hanging = [Script(mode="hang"), Script(mode="hang")]
    result = run(hanging, "first", control=ExecutionControl(deadline=time.monotonic() + 0.2))
    assert result.status == "timed_out"
    assert all(script.closed.wait(5) for script in hanging)


def test_who_follows_is_told_how_many_are_asked_and_gets_no_tokens() -> None:
    told: list[Event] = []
    result = run([answering("Rome"), answering("Rome")], "vote", ["answer"], told=told)
    assert result.status == "succeeded", result.error
    assert told == [Status("Asking 2 models.")]
