"""One execution on a chain of scripted models."""

import threading
import time
from collections.abc import Sequence

import pytest

from builders import chat_answer
from dspy_worker.failures import StopReason
from dspy_worker.runtime.ensemble.in_turn import shared_limits
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.streaming.events import Event, Restarted, Status, Token
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl
from runtime.ensemble.test_together import COST_OF_A_CALL, answering, failing, model_id, run
from scripted_model import Script


def codes_of(result: RunResult) -> list[tuple[str, str | None]]:
    return [(str(call.model), call.error_code) for call in result.calls]


def told_models(result: RunResult) -> Sequence[tuple[str, str]]:
    assert result.error is not None
    return [(model["model"], model["code"]) for model in result.error.details.to_wire()["models"]]


def test_the_next_model_is_asked_at_once_when_one_is_away_and_each_call_is_told_with_its_cost() -> None:
    away, answers, spare = failing(), answering("Paris"), answering("Rome")
    result = run([away, answers, spare], "chain", maxRetries=2)
    assert result.outputs == {"answer": "Paris", "sure": 0.5}, result.error
    assert result.answered_by == model_id(1)
    assert codes_of(result) == [("m0@1", "model_unavailable"), ("m1@1", None)]
    assert [call.cost_usd for call in result.calls] == [None, pytest.approx(COST_OF_A_CALL)]
    assert result.recovery.model_retries == 0
    assert spare.requests == []


def test_a_model_that_answers_is_the_only_one_that_is_asked() -> None:
    answers, spare = answering("Paris", "50%"), answering("Rome")
    result = run([answers, spare], "chain")
    assert (result.answered_by, spare.requests) == (model_id(0), []), result.error
    assert [coercion.pointer for coercion in result.coercions] == ["/outputs/sure"]


@pytest.mark.parametrize(("script", "code"), [(failing(400), "model_error"), (Script(reply="no"), "output_invalid")])
def test_what_would_fail_again_elsewhere_is_not_asked_of_others(script: Script, code: str) -> None:
    spare = answering("Rome")
    result = run([script, spare], "chain", maxRetries=0)
    assert result.error is not None
    assert (result.error.code, spare.requests) == (code, [])


def test_when_all_are_away_the_last_is_asked_again_and_the_error_tells_of_each() -> None:
    result = run([failing(), failing(429), failing()], "chain", maxRetries=1)
    assert result.error is not None
    assert (result.status, result.error.code, result.error.retryable) == ("failed", "model_unavailable", True)
    assert told_models(result) == [(f"m{place}", "model_unavailable") for place in range(3)]
    assert [str(call.model) for call in result.calls] == ["m0@1", "m1@1", "m2@1", "m2@1"]
    assert result.recovery.model_retries == 1


def test_the_end_of_a_chain_tells_why_also_when_the_last_was_not_away() -> None:
    result = run([failing(), failing(400)], "chain", maxRetries=0)
    assert told_models(result) == [("m0", "model_unavailable"), ("m1", "model_error")]


def test_a_model_that_does_not_begin_to_answer_leaves_the_others_their_share_of_the_time() -> None:
    silent, answers = Script(mode="hang"), answering("Paris")
    result = run([silent, answers], "chain", control=ExecutionControl(deadline=time.monotonic() + 3))
    assert result.answered_by == model_id(1), result.error
    assert silent.closed.wait(5)


def test_clocks_are_shared_among_the_models_that_are_left() -> None:
    limits = CallLimits(connect_s=2, first_token_s=60, idle_s=30, attempt_s=120)
    control = ExecutionControl(deadline=time.monotonic() + 30, limits=limits)
    shared = shared_limits(control, 3)
    assert (shared.connect_s, shared.idle_s, shared.attempt_s) == (2, 30, 120)
    assert 5 < shared.first_token_s <= 10
    assert shared_limits(control, 1) == limits
    assert shared_limits(ExecutionControl(limits=limits), 3) == limits


def test_who_follows_forgets_what_a_model_said_that_broke_off() -> None:
    told: list[Event] = []
    broken = Script(mode="cut_late", reply=chat_answer(answer="Rom", sure="0.1"))
    result = run([broken, answering("Paris")], "chain", told=told)
    assert result.answered_by == model_id(1), result.error
    restart = told.index(Restarted(1))
    assert told[restart - 1] == Status('Model "m0" is away; asking "m1".')
    assert any(isinstance(event, Token) for event in told[:restart])
    after = [event.delta for event in told[restart:] if isinstance(event, Token) and event.field == "answer"]
    assert "".join(after) == "Paris"


@pytest.mark.parametrize("reason", ["cancelled", "timed_out"])
def test_a_stop_ends_the_chain(reason: StopReason) -> None:
    hanging, spare = Script(mode="hang"), answering("Rome")
    control = ExecutionControl()

    def stop() -> None:
        hanging.arrived.wait(10)
        control.stop(reason)

    threading.Thread(target=stop, daemon=True).start()
    result = run([hanging, spare], "chain", control=control)
    assert (result.status, spare.requests) == (reason, [])
    assert hanging.closed.wait(5)
