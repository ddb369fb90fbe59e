"""What is tried again, when, and how often at most."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from dspy import lm15
from hypothesis import given
from hypothesis import strategies as st

from builders import chat_answer, connection, enum, field, job, program, spec
from dspy_worker.failures import ExecutionStopped
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.calling.retry import MAX_BACK_OFF_S, call_with_retries, next_delay_s
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl
from dspy_worker.runtime.transport.http_call import retry_after_s
from scripted_model import Script, scripted_model

QA = program(spec([field("question")], [field("answer")]))
ANSWER = chat_answer(answer="Paris")
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def run(script: Script, control: ExecutionControl | None = None, **members: Any) -> RunResult:
    execution = job({"question": "x"}, **{"maxRetries": 2, **members})
    return Runner().run(execution, QA, connection(script.url), control or ExecutionControl())


def first(bad: int, mode: str) -> Callable[[int], str]:
    return lambda number: mode if number < bad else "stream"


@given(
    failures=st.integers(1, 100),
    retry_after=st.none() | st.floats(0, 1e9),
    left=st.none() | st.floats(-10, 1e6),
    draw=st.floats(0, 1),
)
def test_a_wait_is_bounded_and_never_outlasts_the_execution(
    failures: int, retry_after: float | None, left: float | None, draw: float
) -> None:
    delay = next_delay_s(failures, retry_after_s=retry_after, left_s=left, draw=draw)
    if delay is None:
        assert left is not None
        assert max(retry_after or 0.0, MAX_BACK_OFF_S) >= left
    else:
        assert (retry_after or 0.0) <= delay <= max(retry_after or 0.0, MAX_BACK_OFF_S)
        assert left is None or delay < left


def test_the_back_off_doubles_up_to_its_cap() -> None:
    delays = [next_delay_s(n, retry_after_s=None, left_s=None, draw=1.0) for n in range(1, 9)]
    assert delays == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert next_delay_s(4, retry_after_s=None, left_s=None, draw=0.25) == 0.5


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("²", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, expected: float | None) -> None:
    assert retry_after_s(header, NOW.timestamp()) == expected


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with scripted_model(Script(reply=ANSWER, mode=first(2, "status"), status=status)) as script:
        result = run(script)
    assert result.outputs == {"answer": "Paris"}
    assert len(script.requests) == 3
    assert result.recovery.to_wire() == {"modelRetries": 2, "parseRetries": 0, "repairs": 0}
    assert [call.reason for call in result.calls] == ["first", "model_retry", "model_retry"]
    assert [call.error_code for call in result.calls] == ["model_unavailable", "model_unavailable", None]
    assert script.requests[0] == script.requests[1] == script.requests[2]


@pytest.mark.parametrize("mode", ["cut", "garbage"])
def test_a_broken_answer_is_asked_for_again(mode: str) -> None:
    with scripted_model(Script(reply=ANSWER, mode=first(1, mode))) as script:
        result = run(script)
    assert result.status == "succeeded"
    assert result.recovery.model_retries == 1


def test_a_call_that_ran_out_of_time_is_made_again() -> None:
    with scripted_model(Script(reply=ANSWER, mode=first(1, "hang"))) as script:
        result = run(script, ExecutionControl(limits=CallLimits(first_token_s=0.1)))
    assert result.status == "succeeded"
    assert result.recovery.model_retries == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_what_would_fail_again_is_not_tried_again(status: int) -> None:
    with scripted_model(Script(mode="status", status=status, headers={"Retry-After": "0"})) as script:
        result = run(script)
    assert result.error is not None
    assert result.error.code == "model_error"
    assert len(script.requests) == 1
    assert result.recovery.model_retries == 0


def test_the_budget_is_shared_by_all_calls_of_an_execution() -> None:
    three = program(spec([field("question")], [field("a", enum("x")), field("b", enum("x")), field("c", enum("x"))]))
    # Each of the three calls of the completion format fails once before it is answered.
    mode = lambda number: "status" if number % 2 == 0 else "stream"  # noqa: E731
    with scripted_model(Script(reply=" x", mode=mode, status=503)) as script:
        enough = Runner().run(
            job({"question": "x"}, format="completion", maxRetries=3), three, connection(script.url), ExecutionControl()
        )
        script.requests.clear()
        too_few = Runner().run(
            job({"question": "x"}, format="completion", maxRetries=2), three, connection(script.url), ExecutionControl()
        )
    assert enough.status == "succeeded"
    assert enough.recovery.model_retries == 3
    assert too_few.status == "failed"
    assert too_few.recovery.model_retries == 2
    assert len(script.requests) == 5


def test_a_retry_after_is_waited_for() -> None:
    headers = {"Retry-After": "0.4"}
    with scripted_model(Script(reply=ANSWER, mode=first(1, "status"), status=429, headers=headers)) as script:
        result = run(script, ExecutionControl(deadline=time.monotonic() + 10))
    assert result.status == "succeeded"
    assert script.arrived_at[1] - script.arrived_at[0] >= 0.4


@pytest.mark.parametrize("as_date", [False, True])
def test_a_retry_after_beyond_the_deadline_ends_the_execution_at_once(as_date: bool) -> None:
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True) if as_date else "30"
    with scripted_model(Script(mode="status", status=429, headers={"Retry-After": header})) as script:
        started = time.monotonic()
        result = run(script, ExecutionControl(deadline=started + 5))
        assert time.monotonic() - started < 1
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "model_unavailable"
    assert 25 < result.error.details.to_wire()["retryAfterS"] <= 30
    assert result.recovery.model_retries == 0
    assert len(script.requests) == 1


@pytest.mark.parametrize("reason", ["cancelled", "timed_out"])
def test_a_stop_ends_the_wait_between_two_calls(reason: Any) -> None:
    with scripted_model(Script(mode="status", status=503, headers={"Retry-After": "30"})) as script:
        control = ExecutionControl()
        stopped_at: list[float] = []

        def stop() -> None:
            assert script.arrived.wait(5)
            time.sleep(0.1)  # so that the answer has come and the wait has begun
            stopped_at.append(time.monotonic())
            control.stop(reason)

        thread = threading.Thread(target=stop)
        thread.start()
        result = run(script, control)
        came_back_at = time.monotonic()
        thread.join()
    assert result.status == reason
    assert came_back_at - stopped_at[0] < 0.25
    assert len(script.requests) == 1


def test_a_stop_before_the_wait_is_noticed() -> None:
    control = ExecutionControl()

    def fail(_is_retry: bool) -> None:
        control.stop("cancelled")
        raise lm15.TransportError

    started = time.monotonic()
    with pytest.raises(ExecutionStopped):
        call_with_retries(fail, control, RecoveryBudget(1), draw=lambda: 1.0)
    assert time.monotonic() - started < 0.2
