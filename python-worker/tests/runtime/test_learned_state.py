import json
from pathlib import Path
from typing import Any

import dspy
import pytest

from builders import chat_answer, connection, field, http_tool, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from saved_states import DEMO, INSTRUCTIONS, PLAIN, STATES, loaded, saved, taught
from scripted_model import Script, scripted_model

# A number, so that it can be a reward too.
SIGNATURE = spec([field("question")], [field("answer", "int")])
SETTINGS = {"reward": {"field": "answer"}, "tools": ["weather"]}
DONE = {"next_thought": "I know.", "next_tool_name": "finish", "next_tool_args": "{}"}
ANSWER = chat_answer(rationale="All agree.", reasoning="Its year.", answer="987", **DONE)
MODULES = sorted(PLAIN)


def fixture(module: str) -> Any:
    return json.loads((STATES / f"{module}.json").read_text())


def run(version: ProgramVersionV1, script: Script) -> RunResult:
    runner = Runner(tools=GrantedTools([http_tool()]))
    return runner.run(job({"question": "Of France?"}), version, connection(script.url), ExecutionControl())


@pytest.mark.parametrize("module", MODULES)
def test_the_states_that_the_registry_is_tested_with_are_what_dspy_saves(module: str, tmp_path: Path) -> None:
    state = saved(taught(PLAIN[module]()), tmp_path)
    assert {**fixture(module), "metadata": None} == {**state, "metadata": None}


@pytest.mark.parametrize("module", MODULES)
def test_demos_and_instructions_reach_the_model(module: str) -> None:
    with scripted_model(Script(reply=ANSWER)) as script:
        result = run(program(SIGNATURE, module=module, config=SETTINGS, state=fixture(module)), script)
        prompt = str(script.requests[-1]["messages"])
    assert result.status == "succeeded", result.error
    for words in (INSTRUCTIONS, DEMO["question"], "Madrid", "The name of a city."):
        assert words in prompt


@pytest.mark.parametrize("module", MODULES)
def test_plain_dspy_loads_what_is_kept(module: str, tmp_path: Path) -> None:
    assert loaded(PLAIN[module](), fixture(module), tmp_path).dump_state() == taught(PLAIN[module]()).dump_state()


@pytest.mark.parametrize(("config", "temperature"), [({}, 0.3), ({"temperature": 0.9}, 0.9)])
def test_saved_settings_are_taken_unless_the_program_has_its_own(config: dict[str, float], temperature: float) -> None:
    lm = dspy.LM("openai/gpt-4o", temperature=0.3, max_tokens=77)
    state = {"predict": taught(PLAIN["Predict"](), lm=lm).dump_state()}
    version = program(SIGNATURE, module="ChainOfThought", config=config, state=_with_reasoning(state))
    with scripted_model(Script(reply=ANSWER)) as script:
        assert run(version, script).status == "succeeded"
        sent = script.requests[0]
    assert (sent["temperature"], sent["max_tokens"], sent["model"]) == (temperature, 77, "wire-model")


def test_a_saved_model_brings_no_address_and_no_class() -> None:
    state = fixture("Predict")
    state["lm"] = {"model": "openai/evil", "api_base": "http://127.0.0.1:9", "_dspy_lm_class": "os.system"}
    with scripted_model(Script(reply=ANSWER)) as script:
        assert run(program(SIGNATURE, state=state), script).status == "succeeded"


def test_demos_know_fields_by_their_own_names() -> None:
    signature = spec([field("signature")], [field("answer")])
    plain = dspy.Predict(dspy.Signature("question -> answer"))
    plain.demos = [dspy.Example(signature="How do I sign?", answer="With a pen.")]
    with scripted_model(Script(reply=ANSWER)) as script:
        result = Runner().run(
            job({"signature": "x"}),
            program(signature, state=plain.dump_state()),
            connection(script.url),
            ExecutionControl(),
        )
        prompt = str(script.requests[0]["messages"])
    assert result.status == "succeeded", result.error
    assert "[[ ## field_signature ## ]]\\nHow do I sign?" in prompt


@pytest.mark.parametrize("state", [{"nothing": 1}, {"demos": []}, {"predict": {}}])
@pytest.mark.parametrize("module", MODULES)
def test_a_state_that_does_not_fit_is_refused(module: str, state: dict[str, Any]) -> None:
    with scripted_model() as script:
        result = run(program(SIGNATURE, module=module, config=SETTINGS, state=state), script)
    assert result.error is not None
    assert 'saved state of program "test" version 1' in result.error.message


def _with_reasoning(state: dict[str, Any]) -> dict[str, Any]:
    fields = state["predict"]["signature"]["fields"]
    fields.insert(1, {"prefix": "Reasoning:", "description": "${reasoning}"})
    return state
