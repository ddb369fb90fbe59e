import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from builders import execution_with, http_tool
from dspy_worker.failures import ExecutionStopped
from dspy_worker.runtime.calling.execution import running
from dspy_worker.runtime.tools.called_tool import ToolFailed
from dspy_worker.runtime.tools.declarations import HttpTool
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.tools.http_tool import request_of
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from tool_server import Asked, tool_server

SECRET = "a-secret-of-the-tool"
ENVIRONMENT = {"DSPY_NEST_TOOL_SECRET_T": SECRET}
ARGS = {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "default": 3}}


def declared(url: str, **members: Any) -> HttpTool:
    return http_tool(url, args=ARGS, **members)


@pytest.fixture
def control() -> Iterator[ExecutionControl]:
    control = ExecutionControl()
    token = running.set(execution_with(control))
    with ClockWatch().watching(control):
        yield control
    running.reset(token)


def observed(tool: HttpTool, **args: Any) -> str:
    (made,) = GrantedTools([tool], ENVIRONMENT).of("p", ["weather"])
    return str(made(**args))


@pytest.mark.parametrize(
    ("url", "method", "args", "target", "body"),
    [
        ("http://h/{city}", "GET", {"city": "São Paulo/?#"}, "/S%C3%A3o%20Paulo%2F%3F%23?days=3", None),
        ("http://h/w?k=v", "GET", {"city": "a&b", "days": 1}, "/w?k=v&city=a%26b&days=1", None),
        ("http://h", "DELETE", {"city": "x"}, "/?city=x&days=3", None),
        ("http://h/{city}", "POST", {"city": "x", "days": 2}, "/x", b'{"days":2}'),
    ],
)
def test_arguments_stand_in_the_url_the_query_or_the_body(
    url: str, method: str, args: dict[str, Any], target: str, body: bytes | None
) -> None:
    request = request_of(declared(url, method=method), args)
    assert (request.method, request.target, request.body, request.server.host) == (method, target, body, "h")


@pytest.mark.parametrize("args", [{"city": ".."}, {"city": "x" * 70_000}])
def test_arguments_that_lead_elsewhere_or_are_too_long_are_refused(args: dict[str, Any]) -> None:
    with pytest.raises(ToolFailed):
        request_of(declared("http://h/{city}/now"), args)


def test_the_answer_is_what_the_model_sees(control: ExecutionControl) -> None:
    with tool_server(lambda _asked: (200, {"Content-Type": "application/json"}, b'{"sun": true}')) as server:
        headers = {"Authorization": "Bearer ${DSPY_NEST_TOOL_SECRET_T}"}
        assert observed(declared(f"{server.url}/{{city}}", headers=headers), city="Oslo") == '{"sun": true}'
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("GET", "/Oslo?days=3")
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({}, "'city' is a required property"),
        ({"city": 3}, "$.city: 3 is not of type 'string'"),
        ({"city": "x", "days": 0}, "less than the minimum"),
        ({"city": "x", "mood": "y"}, "'mood' was unexpected"),
    ],
)
def test_arguments_that_do_not_fit_are_told_and_nothing_is_called(
    args: dict[str, Any], said: str, control: ExecutionControl
) -> None:
    with tool_server() as server:
        assert said in observed(declared(server.url), **args)
        assert server.asked == []


def test_no_answer_shows_the_secret(control: ExecutionControl) -> None:
    def echo(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        return 401, {}, f"bad key {asked.headers['X-Key']}".encode()

    with tool_server(echo) as server:
        seen = observed(declared(server.url, headers={"X-Key": "${DSPY_NEST_TOOL_SECRET_T}"}), city="x")
    assert seen == "The tool failed. It answered with the HTTP status 401: bad key [redacted]"


def test_a_redirect_is_not_followed(control: ExecutionControl) -> None:
    with tool_server() as other, tool_server(lambda _asked: (302, {"Location": other.url}, b"")) as server:
        assert "HTTP status 302" in observed(declared(server.url), city="x")
        assert other.asked == []


def test_a_long_answer_is_cut_and_one_that_is_no_text_is_not_shown(control: ExecutionControl) -> None:
    with tool_server(lambda _asked: (200, {}, b"x" * 1_000_000)) as server:
        assert observed(declared(server.url, maxBytes=10), city="x") == "xxxxxxxxxx\n(cut after 10 bytes)"
    with tool_server(lambda _asked: (200, {}, b"x" * 10)) as server:
        assert observed(declared(server.url, maxBytes=10), city="x") == "xxxxxxxxxx"
    with tool_server(lambda _asked: (200, {"Content-Type": "image/png"}, b"\x89PNG")) as server:
        assert "image/png, which is no text" in observed(declared(server.url), city="x")


def test_a_server_that_is_not_there_or_answers_nonsense_is_an_observation(control: ExecutionControl) -> None:
    with tool_server() as server:
        gone = server.url
    assert "It does not answer: ConnectionRefusedError." in observed(declared(gone), city="x")


def test_a_tool_has_its_own_time(control: ExecutionControl) -> None:
    hold = threading.Event()
    with tool_server(lambda _asked: (hold.wait(5), (200, {}, b"late"))[1]) as server:
        began = time.monotonic()
        assert (
            observed(declared(server.url, timeoutMs=100), city="x")
            == "The tool failed. It did not answer within 100 ms."
        )
        assert time.monotonic() - began < 3
        hold.set()


def test_a_stop_ends_the_call_at_once(control: ExecutionControl) -> None:
    hold = threading.Event()
    with tool_server(lambda _asked: (hold.wait(5), (200, {}, b"late"))[1]) as server:

        def stop() -> None:
            server.arrived.wait(5)
            control.stop("cancelled")

        threading.Thread(target=stop).start()
        with pytest.raises(ExecutionStopped):
            observed(declared(server.url), city="x")
        hold.set()


def test_a_private_address_is_called_only_when_the_operator_trusts_it(control: ExecutionControl) -> None:
    with tool_server() as server:
        assert "It must not be called where it is." in observed(declared(server.url, trusted=False), city="x")
        assert server.asked == []
