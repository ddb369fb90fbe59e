"""The engine against a scripted server: what is sent, what is read, and how a call is ended from outside."""

import contextlib
import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dspy
import pytest
from dspy import lm15
from dspy.utils import exceptions as dspy_errors

from builders import connection, execution_with
from certificates import self_signed
from dspy_worker.failures import ExecutionStopped
from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.calling.lm import endpoint_of, make_lm
from dspy_worker.runtime.calling.retry import is_transient
from dspy_worker.runtime.transport import http_call
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from dspy_worker.runtime.transport.connections import ConnectionPool
from scripted_model import Script, full_backlog, scripted_model

KEY = "sk-very-secret-key"
PRICES = {"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}
UNBLOCK_S = 0.1


def engine_for(
    url: str, control: ExecutionControl | None = None, pool: ConnectionPool | None = None, **members: Any
) -> ModelEngine:
    endpoint = endpoint_of(connection(url, **{"apiKey": KEY, "pricing": PRICES, **members}))
    return ModelEngine(endpoint, pool=pool or ConnectionPool(), execution=execution_with(control))


def ask(engine: ModelEngine, **config: Any) -> lm15.Response:
    request = lm15.Request("any", messages=(lm15.Message.user("hi"),), config=lm15.Config(**config))
    return engine.complete(request)


@contextlib.contextmanager
def in_thread(engine: ModelEngine) -> Iterator[Callable[[], tuple[BaseException | None, float]]]:
    """Calls the model in a thread; the yielded function joins it and gives its error and when it came."""
    ended: dict[str, Any] = {"error": None, "at": 0.0}

    def call() -> None:
        try:
            ask(engine)
        except BaseException as error:  # noqa: BLE001 - judged by the test
            ended["error"] = error
        ended["at"] = time.monotonic()

    thread = threading.Thread(target=call, daemon=True)
    thread.start()

    def join() -> tuple[BaseException | None, float]:
        thread.join(10)
        assert not thread.is_alive(), "the call is still blocked"
        return ended["error"], ended["at"]

    yield join


@pytest.mark.parametrize("mode", ["stream", "json"])
def test_reads_streams_and_plain_answers(mode: str) -> None:
    with scripted_model(Script(reply="hello", mode=mode)) as script:
        engine = engine_for(script.url)
        response = ask(engine, temperature=0.5, max_tokens=7, stop=("\n",), extensions={"grammar": "root ::= [a]"})
        assert response.text == "hello"
        assert (response.usage.input_tokens, response.usage.output_tokens) == (10, 5)
        prompt, completion, cost = engine._execution.meter.usage
        assert (prompt, completion) == (10, 5)
        assert cost == pytest.approx(20e-6)
        sent = script.requests[0]
        assert sent["model"] == "wire-model"
        assert sent["messages"] == [{"role": "user", "content": "hi"}]
        assert (sent["temperature"], sent["max_tokens"], sent["stop"], sent["grammar"]) == (
            0.5,
            7,
            ["\n"],
            "root ::= [a]",
        )
        assert script.request_headers[0]["Authorization"] == f"Bearer {KEY}"


def test_sends_images_and_json_schemas() -> None:
    with scripted_model() as script:
        image = lm15.ImagePart(url="https://example.com/cat.png")
        request = lm15.Request(
            "any",
            system="be brief",
            messages=(lm15.Message.user([lm15.TextPart("what?"), image]),),
            config=lm15.Config(response_format={"type": "json_schema", "schema": {"type": "object"}, "strict": True}),
        )
        engine_for(script.url).complete(request)
        sent = script.requests[0]
        assert sent["messages"][0] == {"role": "system", "content": "be brief"}
        assert sent["messages"][1]["content"][1] == {
            "type": "image_url",
            "image_url": {"url": "https://example.com/cat.png"},
        }
        schema = sent["response_format"]["json_schema"]
        assert schema == {"name": "response", "schema": {"type": "object"}, "strict": True}


def test_reasoning_models_get_the_setting_they_know() -> None:
    with scripted_model() as script:
        ask(engine_for(script.url, model="o3-mini"), max_tokens=9)
        assert script.requests[0]["max_completion_tokens"] == 9
        assert "max_tokens" not in script.requests[0]


def test_an_unknown_price_is_none() -> None:
    with scripted_model() as script:
        engine = engine_for(script.url, pricing={"inputPerMillionUsd": 1.0, "outputPerMillionUsd": None})
        ask(engine)
        assert engine._execution.meter.usage == (10, 5, None)


def test_keeps_connections_and_survives_one_that_the_server_closed() -> None:
    pool = ConnectionPool()
    with scripted_model() as script:
        for _ in range(3):
            ask(engine_for(script.url, pool=pool))
        assert len(script.peers) == 1
        (kept,) = (connection for idle in pool._idle.values() for connection in idle)
        kept.sock.shutdown(socket.SHUT_RDWR)
        assert ask(engine_for(script.url, pool=pool)).text == "hello"
        assert len(script.peers) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, dspy_errors.LMInvalidRequestError),
        (401, dspy_errors.LMAuthError),
        (403, dspy_errors.LMAuthError),
        (404, dspy_errors.LMInvalidRequestError),
        (429, dspy_errors.LMRateLimitError),
        (500, dspy_errors.LMServerError),
        (503, dspy_errors.LMServerError),
        (302, dspy_errors.LMInvalidRequestError),
    ],
)
def test_statuses_become_dspys_errors(status: int, expected: type[Exception]) -> None:
    body = b'{"error": {"message": "no good: sk-very-secret-key", "code": "why"}}'
    with scripted_model(Script(mode="status", status=status, body=body, headers={"Retry-After": "7"})) as script:
        lm = make_lm(engine_for(script.url))
        with pytest.raises(expected) as caught:
            lm("hi")
        assert len(script.requests) == 1, "no call is retried here"
        assert KEY not in str(caught.value)
        assert "no good: [key]" in str(caught.value)
        assert caught.value.retry_after == 7  # type: ignore[attr-defined]


def test_a_full_context_has_an_error_of_its_own() -> None:
    body = b'{"error": {"message": "too long", "code": "context_length_exceeded"}}'
    with scripted_model(Script(mode="status", status=400, body=body)) as script, pytest.raises(lm15.ContextLengthError):
        ask(engine_for(script.url))


@pytest.mark.parametrize("mode", ["cut", "garbage"])
def test_broken_answers_are_transport_errors(mode: str) -> None:
    with scripted_model(Script(mode=mode)) as script, pytest.raises(lm15.TransportError, match=r"could not be used"):
        ask(engine_for(script.url))


@pytest.mark.parametrize("mode", ["stream", "json"])
def test_an_answer_that_is_too_large_is_given_up_for_good(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_call, "MAX_ANSWER_BYTES", 1000)
    with scripted_model(Script(mode=mode, reply="x" * 2000)) as script:
        with pytest.raises(lm15.ProviderError, match="sent more than"):
            ask(engine_for(script.url))
        assert not is_transient(lm15.ProviderError())


def test_a_server_that_is_not_there_is_a_transport_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(lm15.TransportError, match="ConnectionRefused"):
        ask(engine_for(f"http://127.0.0.1:{port}/v1"))


@pytest.mark.parametrize("mode", ["hang", "hang_mid_stream", "drip"])
@pytest.mark.parametrize("tls", [False, True])
def test_stopping_the_execution_ends_its_call_at_once(mode: str, tls: bool) -> None:
    server_tls, client_tls = self_signed() if tls else (None, None)
    control = ExecutionControl()
    with scripted_model(Script(mode=mode), server_tls) as script:
        engine = engine_for(script.url, control, ConnectionPool(client_tls))
        with in_thread(engine) as join:
            assert script.arrived.wait(5)
            time.sleep(0.05)  # so that the thread is blocked in the read, not on its way there
            stopped_at = time.monotonic()
            control.stop("cancelled")
            error, ended_at = join()
        assert isinstance(error, ExecutionStopped)
        assert error.reason == "cancelled"
        assert ended_at - stopped_at < UNBLOCK_S
        assert script.closed.wait(5), "the server has to see that nobody listens any more"
        assert script.closed_at - stopped_at < UNBLOCK_S


def test_stopping_before_and_between_calls_forbids_the_next() -> None:
    control = ExecutionControl()
    with scripted_model() as script:
        engine = engine_for(script.url, control)
        ask(engine)
        control.stop("timed_out")
        with pytest.raises(ExecutionStopped):
            ask(engine)
        assert len(script.requests) == 1


def test_a_late_stop_does_not_hit_the_next_user_of_the_connection() -> None:
    pool, first = ConnectionPool(), ExecutionControl()
    with scripted_model() as script:
        ask(engine_for(script.url, first, pool))
        first.stop("cancelled")
        assert ask(engine_for(script.url, None, pool)).text == "hello"
        assert len(script.peers) == 1


def test_stopping_ends_a_connect_that_hangs() -> None:
    control = ExecutionControl()
    with full_backlog() as url, in_thread(engine_for(url, control)) as join:
        time.sleep(0.1)
        stopped_at = time.monotonic()
        control.stop("cancelled")
        error, ended_at = join()
    assert isinstance(error, ExecutionStopped)
    assert ended_at - stopped_at < UNBLOCK_S


@pytest.mark.parametrize(
    ("mode", "limits", "words"),
    [
        ("hang", CallLimits(first_token_s=0.2), "no first token came in 0.2 s"),
        ("drip", CallLimits(first_token_s=0.2, idle_s=0.05), "no first token came in 0.2 s"),
        ("hang_mid_stream", CallLimits(first_token_s=5, idle_s=0.2), "no further token came in 0.2 s"),
        ("hang_mid_stream", CallLimits(attempt_s=0.2), "the answer was not complete in 0.2 s"),
    ],
)
def test_clocks_end_a_call(mode: str, limits: CallLimits, words: str) -> None:
    control, clocks = ExecutionControl(limits=limits), ClockWatch()
    with scripted_model(Script(mode=mode)) as script, clocks.watching(control):
        started = time.monotonic()
        with pytest.raises(lm15.TimeoutError, match=words):
            ask(engine_for(script.url, control))
        assert time.monotonic() - started < 0.2 + 3 * UNBLOCK_S
        assert control.stopped is None, "only the call has ended"


def test_the_connect_clock_ends_a_connect_that_hangs() -> None:
    control = ExecutionControl(limits=CallLimits(connect_s=0.2))
    with full_backlog() as url, ClockWatch().watching(control), pytest.raises(lm15.TimeoutError, match="did not stand"):
        ask(engine_for(url, control))


def test_the_deadline_of_the_execution_stops_it() -> None:
    control = ExecutionControl(deadline=time.monotonic() + 0.2)
    with scripted_model(Script(mode="hang")) as script, ClockWatch().watching(control):
        with pytest.raises(ExecutionStopped) as caught:
            ask(engine_for(script.url, control))
        assert caught.value.reason == "timed_out"


def test_stops_at_random_moments_leak_nothing_and_hit_nobody_else() -> None:
    """Races the stop of one execution against connects, answers and the reuse of its connection by another."""
    pool = ConnectionPool()
    with scripted_model() as script:
        before = len(threading.enumerate())
        for step in range(150):
            control = ExecutionControl()
            with in_thread(engine_for(script.url, control, pool)) as join:
                time.sleep(step % 30 * 0.0001)
                control.stop("cancelled")
                error, _at = join()
            assert error is None or isinstance(error, ExecutionStopped)
            assert ask(engine_for(script.url, None, pool)).text == "hello"
            assert not control._calls
        assert sum(len(idle) for idle in pool._idle.values()) <= 2
        assert len(threading.enumerate()) <= before + len(script.peers)


def test_the_key_is_in_no_text_of_the_engine(tmp_path: Path) -> None:
    with scripted_model() as script:
        engine = engine_for(script.url)
        lm = make_lm(engine)
        program = dspy.Predict("question -> answer")
        program.lm = lm
        with pytest.raises(TypeError, match="cannot be saved"):
            program.save(tmp_path / "program.json")
        for thing in (engine, engine.endpoint, lm, vars(lm), lm.kwargs):
            assert KEY not in repr(thing)
    gc.collect()
