"""What holds for every module, whatever it does with its answers."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from builders import chat_answer, connection, field, http_tool, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.modules.modules import MODULES, OF_ONE_ANSWER
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Event, Status
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl
from scripted_model import Script, scripted_model

# For whatever a module asks: an attempt, a comparison, advice, a turn.
OUTPUTS = {
    "rationale": "Yes.",
    "reasoning": "Its year.",
    "answer": "987",
    "discussion": "Fine.",
    "advice": "{}",
    "next_thought": "I know.",
    "next_tool_name": "finish",
    "next_tool_args": "{}",
}
ANSWER = chat_answer(**OUTPUTS)
# How many calls are open at the same time.
AT_ONCE = {"Majority": 3, "MultiChainComparison": 3}
SEVERAL = sorted(set(MODULES) - OF_ONE_ANSWER)


def version_of(module: str) -> ProgramVersionV1:
    # A number, so that it can be a reward too.
    signature = spec([field("question")], [field("answer", "int")])
    return program(signature, module=module, config={"reward": {"field": "answer"}, "tools": ["weather"]})


def runner() -> Runner:
    return Runner(tools=GrantedTools([http_tool()]))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_call_is_counted_and_recorded(module: str) -> None:
    with scripted_model(Script(reply=ANSWER)) as script:
        result = runner().run(job({"question": "x"}), version_of(module), connection(script.url), ExecutionControl())
    assert result.status == "succeeded", result.error
    assert len(result.calls) == len(script.requests) > 0
    assert all(call.completion == ANSWER and call.error_code is None for call in result.calls)
    assert result.usage.prompt_tokens == 10 * len(script.requests)


@pytest.mark.parametrize("module", SEVERAL)
def test_only_the_calls_are_told_of_what_has_no_answer_before_its_end(module: str) -> None:
    told: list[Event] = []

    def tell(events: Sequence[Event]) -> None:
        told.extend(events)

    with scripted_model(Script(reply=ANSWER)) as script:
        result = runner().run(
            job({"question": "x"}), version_of(module), connection(script.url), ExecutionControl(), tell=tell
        )
    assert result.status == "succeeded", result.error
    assert told == [Status(f"Model call {number}.") for number in range(1, len(script.requests) + 1)]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_cancelled_execution_ends_in_its_open_call_and_asks_no_more(module: str) -> None:
    control = ExecutionControl()
    with scripted_model(Script(reply=ANSWER, mode="hang")) as script:

        def cancel() -> None:
            script.arrived.wait(5)
            control.stop("cancelled")

        threading.Thread(target=cancel).start()
        began = time.monotonic()
        result = runner().run(job({"question": "x"}), version_of(module), connection(script.url), control)
    assert result.status == "cancelled"
    assert len(script.requests) <= AT_ONCE.get(module, 1)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("module", sorted(MODULES))
def test_the_time_of_an_execution_is_that_of_all_its_calls(module: str) -> None:
    calls_before = 0 if module in OF_ONE_ANSWER else 1
    calls = AT_ONCE.get(module, calls_before + 1)
    control = ExecutionControl(deadline=time.monotonic() + 60)

    def mode(number: int) -> str:
        if number < calls_before:
            return "stream"
        control.deadline = time.monotonic()
        return "hang"

    with scripted_model(Script(reply=ANSWER, mode=mode)) as script:
        result = runner().run(job({"question": "x"}), version_of(module), connection(script.url), control)
    assert result.status == "timed_out", result.error
    assert calls_before < len(script.requests) <= calls


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_model_that_does_not_answer_is_asked_no_more(module: str) -> None:
    control = ExecutionControl(limits=CallLimits(first_token_s=0.1))
    with scripted_model(Script(reply=ANSWER, mode="hang")) as script:
        result = runner().run(job({"question": "x"}), version_of(module), connection(script.url), control)
    assert result.error is not None
    assert result.error.code == "model_unavailable"
    assert len(script.requests) <= AT_ONCE.get(module, 1)


def _json(_request: dict[str, Any]) -> str:
    as_json = {name: json.loads(text) if text[0] in "{9" else text for name, text in OUTPUTS.items()}
    return json.dumps(as_json)


def _xml(_request: dict[str, Any]) -> str:
    return "\n".join(f"<{name}>{text}</{name}>" for name, text in OUTPUTS.items())


def _completion(request: dict[str, Any]) -> str:
    """Goes on behind the label of the output that is asked for."""
    label = request["messages"][-1]["content"].rsplit("\n", 1)[-1].strip().rstrip(":")
    return " " + OUTPUTS[label.lower().replace(" ", "_")]


@pytest.mark.parametrize(("format_", "reply"), [("json", _json), ("xml", _xml), ("completion", _completion)])
@pytest.mark.parametrize("module", sorted(MODULES))
def test_it_asks_in_every_format(module: str, format_: str, reply: Callable[[dict[str, Any]], str]) -> None:
    with scripted_model(Script(reply=reply)) as script:
        asked = job({"question": "x"}, format=format_)
        result = runner().run(asked, version_of(module), connection(script.url), ExecutionControl())
    assert result.outputs is not None, result.error
    assert result.outputs["answer"] == 987
