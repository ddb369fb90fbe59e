import contextlib
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dspy
import pytest

from builders import chat_answer, connection, enum, field, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

KEY = "sk-very-secret-key"
QA = program(spec([field("question")], [field("answer"), field("sure", "probability")]))
ANSWER = chat_answer(answer="Paris", sure="0.9")


def run(version: ProgramVersionV1, inputs: dict[str, Any], script: Script, **members: Any) -> RunResult:
    model = {name: members.pop(name) for name in ("json_schema", "pricing", "name") if name in members}
    control = members.pop("control", None) or ExecutionControl()
    return Runner().run(job(inputs, **members), version, connection(script.url, apiKey=KEY, **model), control)


def test_runs_a_program_and_says_what_it_took() -> None:
    prices = {"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}
    with scripted_model(Script(reply=ANSWER)) as script:
        result = run(QA, {"question": "x"}, script, pricing=prices)
        prompt = script.requests[0]["messages"]
    assert result.status == "succeeded"
    assert result.outputs == {"answer": "Paris", "sure": 0.9}
    assert result.usage.to_wire() == {"promptTokens": 10, "completionTokens": 5, "costUsd": pytest.approx(20e-6)}
    assert 0 < result.lm_ms < result.worker_ms
    assert "[[ ## question ## ]]" in prompt[1]["content"], "DSPy's own chat prompt"
    assert "a number from 0 to 1" in prompt[0]["content"]


def test_settings_of_the_program_reach_the_model() -> None:
    version = program(QA.signature, config={"temperature": 0.3, "maxTokens": 11, "topP": 0.7})
    with scripted_model(Script(reply=ANSWER)) as script:
        run(version, {"question": "x"}, script)
        request = script.requests[0]
    assert (request["temperature"], request["max_tokens"], request["top_p"]) == (0.3, 11, 0.7)


@pytest.mark.parametrize(("json_schema", "sent"), [(True, "json_schema"), (False, None)])
def test_the_json_format_sends_a_schema_only_if_the_model_takes_one(json_schema: bool, sent: str | None) -> None:
    with scripted_model(Script(reply='{"answer": "Paris", "sure": 0.9}')) as script:
        result = run(QA, {"question": "x"}, script, format="json", json_schema=json_schema)
        assert result.outputs == {"answer": "Paris", "sure": 0.9}
        assert script.requests[0].get("response_format", {}).get("type") == sent


def test_the_xml_format() -> None:
    with scripted_model(Script(reply="<answer>Paris</answer><sure>0.9</sure>")) as script:
        assert run(QA, {"question": "x"}, script, format="xml").outputs == {"answer": "Paris", "sure": 0.9}


def test_chain_of_thought_adds_its_reasoning() -> None:
    version = program(spec([field("question")], [field("answer")]), module="ChainOfThought")
    with scripted_model(Script(reply=chat_answer(reasoning="1. France.\n2. Its capital.", answer="Paris"))) as script:
        result = run(version, {"question": "x"}, script)
    assert result.outputs == {"reasoning": ["France.", "Its capital."], "answer": "Paris"}


def test_declared_reasoning_comes_first_but_stays_where_it_was_declared() -> None:
    outputs = [field("answer"), field("reasoning", "reasoning")]
    version = program(spec([field("question")], outputs), module="ChainOfThought")
    with scripted_model(Script(reply=chat_answer(reasoning='["a", "b"]', answer="Paris"))) as script:
        result = run(version, {"question": "x"}, script)
        system = script.requests[0]["messages"][0]["content"]
    assert result.outputs == {"answer": "Paris", "reasoning": ["a", "b"]}
    assert system.index("[[ ## reasoning ## ]]") < system.index("[[ ## answer ## ]]")


def test_defaults_and_absent_optional_inputs() -> None:
    inputs = [field("a"), field("style", default="short"), field("extra", "int", optional=True)]
    with scripted_model(Script(reply=chat_answer(b="x"))) as script:
        result = run(program(spec(inputs, [field("b")])), {"a": "1", "extra": None}, script)
        user = script.requests[0]["messages"][1]["content"]
    assert result.status == "succeeded"
    assert "[[ ## style ## ]]\nshort" in user
    assert "extra" not in user


def test_images_travel_as_references() -> None:
    with scripted_model(Script(reply=chat_answer(what="cat"))) as script:
        version = program(spec([field("picture", "image")], [field("what")]))
        result = run(version, {"picture": "https://example.com/cat.png"}, script)
        content = script.requests[0]["messages"][1]["content"]
        refused = run(version, {"picture": "/etc/passwd"}, script)
    assert result.outputs == {"what": "cat"}
    assert {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}} in content
    assert refused.status == "failed"
    assert len(script.requests) == 1


def test_demos_of_a_saved_state_are_used_and_its_model_is_not() -> None:
    plain = dspy.Predict("question -> answer, sure")
    plain.demos = [dspy.Example(question="The capital of Spain?", answer="Madrid", sure="1.0")]
    state = {
        **plain.dump_state(),
        "lm": {"model": "openai/evil", "api_base": "http://127.0.0.1:9", "class": "os:system"},
    }
    with scripted_model(Script(reply=ANSWER)) as script:
        result = run(program(QA.signature, state=state), {"question": "x"}, script)
        assert result.status == "succeeded", result.error
        assert "Madrid" in str(script.requests[0]["messages"])


def test_a_state_that_does_not_fit_is_refused() -> None:
    with scripted_model() as script:
        result = run(program(QA.signature, state={"nothing": 1}), {"question": "x"}, script)
    assert result.error is not None
    assert 'saved state of program "test" version 1' in result.error.message


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("I do not know.", "could not be read as the outputs"),
        (chat_answer(answer="x", sure="7"), "a number from 0 to 1"),
    ],
)
def test_a_model_that_answers_garbage(reply: str, words: str) -> None:
    with scripted_model(Script(reply=reply)) as script:
        result = run(QA, {"question": "x"}, script)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "output_invalid"
    assert words in result.error.message
    assert result.usage.prompt_tokens, "what was used is told also when it was in vain"


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [(401, "model_error", False), (400, "model_error", False), (429, "model_unavailable", True),
     (500, "model_unavailable", True)],
)  # fmt: skip
def test_refusals_of_the_model_server(status: int, code: str, retryable: bool) -> None:
    body = f'{{"error": {{"message": "bad key {KEY}"}}}}'.encode()
    with scripted_model(Script(mode="status", status=status, body=body, headers={"Retry-After": "3"})) as script:
        result = run(QA, {"question": "x"}, script)
    assert result.error is not None
    assert (result.error.code, result.error.retryable) == (code, retryable)
    assert KEY not in str(result)
    assert "To fix" not in result.error.message
    assert result.error.details.to_wire() == {"retryAfterS": 3, "httpStatus": status}


def test_a_wrong_hash_an_unknown_format_and_a_wrong_address_are_refused() -> None:
    changed = QA.signature.model_copy(update={"hash": "f" * 64})
    with scripted_model() as script:
        codes = [
            run(program(changed), {"question": "x"}, script).error,
            run(QA, {"question": "x"}, script, format="auto").error,
            Runner().run(job({}), QA, connection("ftp://example.com"), ExecutionControl()).error,
            Runner().run(job({}), QA, connection(script.url, apiKey="a\r\nb"), ExecutionControl()).error,
        ]
    assert [error and error.code for error in codes] == ["signature_mismatch"] + 3 * ["unsupported_option"]
    assert not script.requests


def stop_once_asked(script: Script, control: ExecutionControl) -> None:
    while not script.requests:
        time.sleep(0.01)
    control.stop("cancelled")


@pytest.mark.parametrize(("deadline_s", "status"), [(None, "cancelled"), (1.5, "timed_out")])
def test_a_stopped_execution_says_why(deadline_s: float | None, status: str) -> None:
    control = ExecutionControl(deadline=None if deadline_s is None else time.monotonic() + deadline_s)
    with scripted_model(Script(mode="hang")) as script:
        if deadline_s is None:
            threading.Thread(target=stop_once_asked, args=(script, control)).start()
        result = run(QA, {"question": "x"}, script, control=control)
    assert result.status == status
    assert result.error is not None
    assert result.error.code == status
    assert result.lm_ms > 0


def test_executions_side_by_side_keep_their_own_model_and_inputs() -> None:
    runner = Runner()

    def echo(body: dict[str, Any]) -> str:
        question = body["messages"][1]["content"].split("\n")[1]
        return chat_answer(answer=f"{body['model']}:{question}", sure="1")

    with scripted_model(Script(reply=echo)) as script, ThreadPoolExecutor(16) as threads:

        def one(number: int) -> bool:
            model = connection(script.url, version=number % 4 + 1, model=f"m{number % 4}")
            result = runner.run(job({"question": f"q{number}"}), QA, model, ExecutionControl())
            return result.outputs == {"answer": f"m{number % 4}:q{number}", "sure": 1.0}

        assert all(threads.map(one, range(200)))


def test_nothing_of_an_execution_stays_behind(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted_model(Script(reply=ANSWER)) as script:
        run(QA, {"question": "a secret question"}, script)
    assert dspy.settings.lm is None
    assert not dspy.settings.trace
    assert "a secret question" not in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("name", ["signature", "lm", "self", "instance", "demos", "config", "copy", "schema", "items"])
def test_any_name_can_be_an_input_and_an_output(name: str) -> None:
    version = program(spec([field(name, enum("this -> that", "x"))], [field(f"{name}_"), field("class")]))
    inner: dict[str, str] = {}

    def answer(body: dict[str, Any]) -> str:
        system = body["messages"][0]["content"]
        for outer in (f"{name}_", "class"):
            inner[outer] = next(n for n in (outer, f"field_{outer}") if f"[[ ## {n} ## ]]" in system)
        return chat_answer(**dict.fromkeys(inner.values(), "yes"))

    with scripted_model(Script(reply=answer)) as script, contextlib.suppress(StopIteration):
        result = run(version, {name: "this -> that"}, script)
    assert result.outputs == {f"{name}_": "yes", "class": "yes"}
