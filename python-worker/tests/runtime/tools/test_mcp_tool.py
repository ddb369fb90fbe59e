import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from builders import chat_answer, connection, execution_with, field, job, program, spec
from dspy_worker.failures import ExecutionStopped, ServiceUnavailable
from dspy_worker.runtime.calling.execution import running
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.tools.declarations import McpTool
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from mcp_server import McpServer, mcp_server
from runtime.modules.asking import prompt_of
from scripted_model import Script, scripted_model

SECRET = "a-secret-of-the-server"
ENVIRONMENT = {"DSPY_NEST_TOOL_SECRET_T": SECRET}


@pytest.fixture(scope="module")
def server() -> Iterator[McpServer]:
    with mcp_server() as server:
        yield server


@pytest.fixture
def control() -> Iterator[ExecutionControl]:
    control = ExecutionControl()
    token = running.set(execution_with(control))
    with ClockWatch().watching(control):
        yield control
    running.reset(token)


def tools_at(url: str, name: str = "weather", **members: Any) -> GrantedTools:
    wire = {
        "name": name,
        "kind": "mcp",
        "url": url,
        "headers": {"X-Key": "${DSPY_NEST_TOOL_SECRET_T}"},
        "trusted": True,
        **members,
    }
    return GrantedTools([McpTool.model_validate(wire)], ENVIRONMENT)


def observed(url: str, name: str, **members: Any) -> str:
    (made,) = tools_at(url, name, **members).of("p", [name])
    return str(made())


def test_the_server_says_what_a_tool_is_and_answers_it(server: McpServer, control: ExecutionControl) -> None:
    (made,) = tools_at(server.url, "outside", tool="weather").of("p", ["outside"])
    assert (made.name, made.desc, made.args["city"]["type"]) == ("outside", "The weather of a city.", "string")
    assert made(city="Oslo") == "warm in Oslo"
    assert "is not of type 'string'" in made(city=3)
    assert SECRET in server.keys


def test_a_failure_of_the_tool_is_told_without_the_secret(server: McpServer, control: ExecutionControl) -> None:
    server.keys.add(SECRET)
    seen = observed(server.url, "fail")
    assert seen.startswith("The tool failed. It said: ")
    assert "no such thing as" in seen
    assert "[redacted]" in seen
    assert SECRET not in seen


def test_a_long_answer_is_cut_and_one_beyond_all_measure_ends_the_call(
    server: McpServer, control: ExecutionControl
) -> None:
    (made,) = tools_at(server.url, maxBytes=4).of("p", ["weather"])
    assert made(city="Oslo") == "warm\n(cut after 4 bytes)"
    assert "more than 4194304 bytes" in observed(server.url, "much")


def test_a_tool_has_its_own_time(server: McpServer, control: ExecutionControl) -> None:
    began = time.monotonic()
    (made,) = tools_at(server.url, "wait", timeoutMs=2_000).of("p", ["wait"])
    assert made() == "The tool failed. It did not answer within 2000 ms."
    assert time.monotonic() - began < 10


def test_a_stop_ends_the_call_at_once(server: McpServer, control: ExecutionControl) -> None:
    (made,) = tools_at(server.url, "wait").of("p", ["wait"])
    server.waiting.clear()

    def stop() -> None:
        server.waiting.wait(10)
        control.stop("cancelled")

    threading.Thread(target=stop).start()
    began = time.monotonic()
    with pytest.raises(ExecutionStopped):
        made()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tool": "nothing"}, 'The server has no tool "nothing".'),
        ({"trusted": False}, "It must not be called where it is."),
        ({"url": "http://127.0.0.1:9/mcp"}, "It does not answer: "),
    ],
)
def test_a_tool_that_is_not_there_fails_the_execution_which_may_be_tried_again(
    change: dict[str, Any], said: str, server: McpServer, control: ExecutionControl
) -> None:
    with pytest.raises(ServiceUnavailable) as unavailable:
        tools_at(**{"url": server.url, **change}).of("p", ["weather"])
    assert said in unavailable.value.message


def test_another_path_of_the_server_is_no_tool(server: McpServer, control: ExecutionControl) -> None:
    with pytest.raises(ServiceUnavailable, match='The tool "weather" is not there'):
        tools_at(server.url.replace("/mcp", "/other")).of("p", ["weather"])


def test_a_program_calls_the_server_when_its_model_says_so(server: McpServer) -> None:
    server.cities.clear()
    replies = iter(
        [
            chat_answer(next_thought="Look.", next_tool_name="weather", next_tool_args='{"city": "Rome"}'),
            chat_answer(next_thought="I know.", next_tool_name="finish", next_tool_args="{}"),
            chat_answer(reasoning="It is warm.", answer="warm"),
        ]
    )
    version = program(spec([field("question")], [field("answer")]), module="ReAct", config={"tools": ["weather"]})
    with scripted_model(Script(reply=lambda _request: next(replies))) as script:
        runner = Runner(tools=tools_at(server.url))
        result = runner.run(job({"question": "How is it?"}), version, connection(script.url), ExecutionControl())
    assert result.outputs == {"answer": "warm"}, result.error
    assert server.cities == ["Rome"]
    assert "The weather of a city." in prompt_of(script.requests[0])
    assert "warm in Rome" in prompt_of(script.requests[1])
