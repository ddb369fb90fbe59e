"""The clocks of an execution, in every format, as the model server and the caller see them."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.contracts.messages import CallLimits
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl, call_limits
from scripted_model import Script, full_backlog, scripted_model

FORMATS = ("chat", "json", "xml", "completion")
QA = program(spec([field("question")], [field("answer")]))
STOP_S = 0.25
LONG = {"connectMs": 5_000, "firstTokenMs": 5_000, "idleMs": 5_000, "attemptMs": 5_000}


def run(url: str, format_name: str, control: ExecutionControl, **members: Any) -> RunResult:
    execution = job({"question": "x"}, format=format_name, **members)
    return Runner().run(execution, QA, connection(url), control)


def control_with(**limits: int) -> ExecutionControl:
    return ExecutionControl(limits=call_limits(CallLimits.from_wire({**LONG, **limits})))


def test_the_clocks_of_a_job_are_milliseconds() -> None:
    limits = call_limits(CallLimits(connect_ms=1, first_token_ms=2_000, idle_ms=30, attempt_ms=600_000))
    assert (limits.connect_s, limits.first_token_s, limits.idle_s, limits.attempt_s) == (0.001, 2.0, 0.03, 600.0)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    ("mode", "member", "words"),
    [
        ("hang", "firstTokenMs", "no first token came in 0.2 s"),
        ("drip", "firstTokenMs", "no first token came in 0.2 s"),
        ("hang_mid_stream", "idleMs", "no further token came in 0.2 s"),
        ("hang_mid_json", "idleMs", "no further token came in 0.2 s"),
        ("trickle", "attemptMs", "the answer was not complete in 0.2 s"),
        ("trickle_json", "attemptMs", "the answer was not complete in 0.2 s"),
    ],
)
def test_a_clock_ends_its_call_and_is_named(format_name: str, mode: str, member: str, words: str) -> None:
    control = control_with(**{member: 200})
    with scripted_model(Script(mode=mode)) as script:
        result = run(script.url, format_name, control)
        assert script.closed.wait(5), "the server has to see that nobody listens any more"
        assert script.closed_at - script.arrived_at[0] < 0.2 + STOP_S
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "model_unavailable"
    assert result.error.message.endswith(f"{words}. Allow more with limits.{member}.")
    assert control.stopped is None, "only the call has ended"


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_connect_clock_ends_a_connect_that_hangs(format_name: str) -> None:
    with full_backlog() as url:
        started = time.monotonic()
        result = run(url, format_name, control_with(connectMs=200))
        assert time.monotonic() - started < 0.2 + STOP_S
    assert result.error is not None
    assert result.error.message.endswith("the connection did not stand in 0.2 s. Allow more with limits.connectMs.")


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("mode", ["hang", "hang_mid_stream", "trickle", "hang_mid_json", "trickle_json"])
def test_the_total_clock_ends_the_execution(format_name: str, mode: str) -> None:
    with scripted_model(Script(mode=mode)) as script:
        result = run(script.url, format_name, ExecutionControl(deadline=time.monotonic() + 0.3), maxRetries=2)
        assert script.closed.wait(5)
        assert len(script.requests) == 1
    assert result.status == "timed_out"
    assert result.error is not None
    assert "timeoutMs" in result.error.message


def stopped_after(seconds: float, run_it: Callable[[ExecutionControl], RunResult]) -> tuple[RunResult, float, float]:
    """Stops an execution; gives its result, when it was stopped and how long it took to come back."""
    control = ExecutionControl()
    stopped_at: list[float] = []

    def stop() -> None:
        stopped_at.append(time.monotonic())
        control.stop("cancelled")

    timer = threading.Timer(seconds, stop)
    timer.start()
    result = run_it(control)
    came_back_s = time.monotonic() - stopped_at[0]
    timer.join()
    return result, stopped_at[0], came_back_s


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("mode", ["hang", "hang_mid_stream", "trickle", "hang_mid_json"])
def test_the_model_server_sees_a_stop_at_once(format_name: str, mode: str) -> None:
    with scripted_model(Script(mode=mode)) as script:
        result, stopped_at, came_back_s = stopped_after(
            0.2, lambda control: run(script.url, format_name, control, maxRetries=2)
        )
        assert script.closed.wait(5)
        assert script.closed_at - stopped_at < STOP_S
        assert len(script.requests) == 1
    assert result.status == "cancelled"
    assert came_back_s < STOP_S


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_stop_ends_a_connect_that_hangs(format_name: str) -> None:
    with full_backlog() as url:
        result, _at, came_back_s = stopped_after(0.2, lambda control: run(url, format_name, control, maxRetries=2))
    assert result.status == "cancelled"
    assert came_back_s < STOP_S


@contextlib.contextmanager
def slow_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    released = threading.Event()
    look_up = socket.getaddrinfo

    def wait_first(*args: Any, **options: Any) -> Any:
        released.wait(10)
        return look_up(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", wait_first)
    yield
    released.set()


def test_a_slow_look_up_of_names_holds_up_neither_a_stop_nor_the_connect_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    with slow_resolver(monkeypatch):
        url = "http://localhost:9/v1"
        result, _at, came_back_s = stopped_after(0.2, lambda control: run(url, "chat", control, maxRetries=2))
        assert result.status == "cancelled"
        assert came_back_s < STOP_S
        late = run(url, "chat", control_with(connectMs=200))
        assert late.error is not None
        assert late.error.message.endswith("Allow more with limits.connectMs.")


def test_names_are_looked_up() -> None:
    with scripted_model(Script(reply=chat_answer(answer="Paris"))) as script:
        result = run(script.url.replace("127.0.0.1", "localhost"), "chat", ExecutionControl())
        assert result.outputs == {"answer": "Paris"}
        missing = run("http://no-such-host.invalid/v1", "chat", ExecutionControl())
    assert missing.error is not None
    assert missing.error.code == "model_unavailable"
    assert "gaierror" in missing.error.message
