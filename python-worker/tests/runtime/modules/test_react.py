import datetime as dt
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import pytest

from builders import chat_answer, connection, enum, field, http_tool, job, program, spec
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Event, Status
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from runtime.modules.asking import prompt_of
from scripted_model import Script, scripted_model
from tool_server import ToolServer, tool_server

SIGNATURE = spec(
    [field("question"), field("on", "date")], [field("mood", enum("good", "bad")), field("degrees", "int")]
)
DONE = chat_answer(next_thought="I know.", next_tool_name="finish", next_tool_args="{}")
ANSWER = chat_answer(reasoning="It is warm.", mood="good", degrees="21")


def calls(city: str, name: str = "weather") -> str:
    return chat_answer(next_thought="Look.", next_tool_name=name, next_tool_args=f'{{"city": "{city}"}}')


def run(
    replies: Sequence[str], *, server: ToolServer, told: list[Event] | None = None, **config: Any
) -> tuple[RunResult, list[dict[str, Any]]]:
    tool = http_tool(f"{server.url}/{{city}}", programs=["test"])
    texts = cycle(replies)
    with scripted_model(Script(reply=lambda _request: next(texts))) as script:
        version = program(SIGNATURE, module="ReAct", config={"tools": ["weather"], **config})
        inputs = {"question": "How is it?", "on": dt.date(2026, 1, 2).isoformat()}
        result = Runner(tools=GrantedTools([tool])).run(
            job(inputs),
            version,
            connection(script.url),
            ExecutionControl(),
            tell=None if told is None else told.extend,
        )
        return result, script.requests


def test_the_model_calls_tools_until_it_can_answer() -> None:
    told: list[Event] = []
    with tool_server(lambda asked: (200, {}, f"warm in {asked.target}".encode())) as server:
        result, requests = run([calls("Oslo"), DONE, ANSWER], server=server, told=told)
    assert result.outputs == {"mood": "good", "degrees": 21}, result.error
    assert [asked.target for asked in server.asked] == ["/Oslo"]
    first, second, last = map(prompt_of, requests)
    assert "weather, whose description is <desc>The weather of a city.</desc>" in first
    assert "warm in /Oslo" in second
    assert "warm in /Oslo" in last
    assert told == [Status("Model call 1."), Status("Tool weather."), Status("Model call 2."), Status("Model call 3.")]
    assert len(result.calls) == 3


def test_turns_are_limited() -> None:
    with tool_server() as server:
        result, requests = run([calls("Oslo"), calls("Rome"), ANSWER], server=server, maxIters=2)
    assert result.outputs == {"mood": "good", "degrees": 21}, result.error
    assert (len(server.asked), len(requests)) == (2, 3)


def test_a_tool_that_there_is_not_is_no_answer_that_can_be_read() -> None:
    with tool_server() as server:
        result, _ = run([calls("Oslo", name="shell")], server=server)
    assert result.error is not None
    assert (result.error.code, server.asked) == ("output_invalid", [])
    assert "next_tool_name" in result.error.message


def test_what_a_tool_is_told_wrong_is_an_observation_without_a_traceback() -> None:
    wrong = chat_answer(next_thought="?", next_tool_name="weather", next_tool_args='{"town": 1}')
    with tool_server() as server:
        result, requests = run([wrong, DONE, ANSWER], server=server)
    assert result.status == "succeeded", result.error
    assert "'city' is a required property" in prompt_of(requests[1])
    assert "Traceback" not in prompt_of(requests[1])
    assert ".py" not in prompt_of(requests[1])


@pytest.mark.parametrize("tools", [["shell"], ["weather", "shell"]])
def test_a_program_has_only_what_it_was_granted(tools: list[str]) -> None:
    with tool_server() as server:
        result, requests = run([DONE], server=server, tools=tools)
    assert result.error is not None
    assert (result.error.code, requests) == ("unsupported_option", [])
    assert 'The tool "shell" is not granted to program "test"' in result.error.message


def test_a_tool_is_granted_to_the_programs_that_are_named() -> None:
    tool = http_tool(name="t", programs=["other"])
    tools = GrantedTools([tool])
    assert [made.name for made in tools.of("other", ["t"])] == ["t"]
    with pytest.raises(Exception, match="is not granted"):
        tools.of("test", ["t"])


def test_a_declared_reasoning_is_answered() -> None:
    replies = cycle([DONE, chat_answer(reasoning='["one", "two"]', answer="x")])
    signature = spec([field("question")], [field("reasoning", "reasoning"), field("answer")])
    version = program(signature, module="ReAct", config={"tools": ["weather"]})
    with scripted_model(Script(reply=lambda _request: next(replies))) as script:
        runner = Runner(tools=GrantedTools([http_tool()]))
        result = runner.run(job({"question": "x"}), version, connection(script.url), ExecutionControl())
    assert result.outputs == {"reasoning": ["one", "two"], "answer": "x"}, result.error
