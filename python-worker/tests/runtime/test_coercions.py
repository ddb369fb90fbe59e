"""What an execution tells of the values that were mended in its answers."""

from typing import Any

import pytest

from builders import chat_answer, connection, enum, field, job, program, spec
from dspy_worker.runtime.recording.redaction import Redaction
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

OUTPUTS = [field("mood", enum("happy", "angry")), field("sure", "probability"), field("note")]
MENDED = chat_answer(mood="Happy!", sure="90 %", note="fine")
KEY = "sk-very-secret-key"


def run(reply: Any, outputs: list[dict[str, Any]] = OUTPUTS, **members: Any) -> RunResult:
    config = members.pop("config", {})
    module = members.pop("module", "Predict")
    redaction = members.pop("redaction", Redaction())
    version = program(spec([field("text")], outputs), config=config, module=module)
    with scripted_model(Script(reply=reply)) as script:
        model = connection(script.url, apiKey=KEY)
        return Runner(redaction=redaction).run(job({"text": "x"}, **members), version, model, ExecutionControl())


def told(result: RunResult) -> list[dict[str, Any]]:
    return [coercion.to_wire() for coercion in result.coercions]


def test_each_change_is_told() -> None:
    result = run(MENDED)
    assert result.outputs == {"mood": "happy", "sure": 0.9, "note": "fine"}
    assert told(result) == [
        {"pointer": "/outputs/mood", "from": "Happy!", "to": "happy", "rule": "enum_member"},
        {"pointer": "/outputs/sure", "from": "90 %", "to": 0.9, "rule": "probability_from_percent"},
    ]
    assert result.recovery.repairs == 1


def test_a_right_answer_tells_of_nothing() -> None:
    result = run(chat_answer(mood="happy", sure="0.9", note="**42**"))
    assert result.outputs == {"mood": "happy", "sure": 0.9, "note": "**42**"}
    assert (result.coercions, result.recovery.repairs) == ((), 0)


@pytest.mark.parametrize(
    ("form", "reply"),
    [
        ("json", '{"mood": "happy", "sure": "0.9", "note": 42}'),
        ("xml", "<mood>happy</mood>\n<sure>90%</sure><note>42</note>"),
        ("chat", chat_answer(mood='"happy"', sure="90%", note="42")),
    ],
)
def test_what_a_form_writes_as_text_is_no_coercion(form: str, reply: str) -> None:
    result = run(reply, format=form)
    assert result.outputs == {"mood": "happy", "sure": 0.9, "note": "42"}
    rules = {"json": ["number_from_text", "text_from_scalar"]}.get(form, ["probability_from_percent"])
    assert [coercion.rule for coercion in result.coercions] == rules


def test_values_of_nested_tags_are_read_as_texts() -> None:
    outputs = [field("tags", {"kind": "list", "items": "int"})]
    result = run("<tags><item>1</item><item>2</item></tags>", outputs, format="xml")
    assert result.outputs == {"tags": [1, 2]}


def test_the_completion_form_tells_too() -> None:
    replies = iter([" Happy!\n", " 90%\n", " fine\n"])
    result = run(lambda _body: next(replies), format="completion")
    assert [(coercion.pointer, coercion.rule) for coercion in result.coercions] == [
        ("/outputs/mood", "enum_member"),
        ("/outputs/sure", "probability_from_percent"),
    ]
    assert result.recovery.repairs == 2


def test_the_steps_that_chain_of_thought_asks_for_as_text_are_no_coercion() -> None:
    reply = chat_answer(reasoning="1. First.\n2. Then.", note="fine")
    result = run(reply, [field("note")], module="ChainOfThought")
    assert result.outputs == {"reasoning": ["First.", "Then."], "note": "fine"}
    assert result.coercions == ()


def test_strict_outputs_are_asked_for_again_and_then_refused() -> None:
    strict = {"validation": {"outputs": "strict"}}
    result = run(MENDED, config=strict, maxRetries=1)
    assert (result.status, result.outputs, result.coercions) == ("failed", None, ())
    assert result.error is not None
    assert result.error.code == "output_invalid"
    (item,) = result.error.details.to_wire()["errors"]
    assert item == {
        "pointer": "/outputs/mood",
        "code": "output_invalid",
        "message": "Must be one of happy, angry.",
    }
    assert result.recovery.parse_retries == 1
    assert run(chat_answer(mood="happy", sure="0.9", note="x"), config=strict).status == "succeeded"


def test_a_value_beyond_its_limits_is_asked_for_again() -> None:
    replies = iter([chat_answer(stars="9"), chat_answer(stars="5")])
    outputs = [field("stars", "int", constraints={"max": 5})]
    result = run(lambda _body: next(replies), outputs, maxRetries=1)
    assert result.outputs == {"stars": 5}
    assert result.calls[1].messages is not None
    assert "cannot be '9': it must be at most 5" in result.calls[1].messages[-1].content


def test_contents_are_not_kept_where_nothing_is_recorded() -> None:
    result = run(MENDED, record=False)
    assert result.outputs == {"mood": "happy", "sure": 0.9, "note": "fine"}
    assert told(result) == [
        {"pointer": "/outputs/mood", "from": None, "to": None, "rule": "enum_member"},
        {"pointer": "/outputs/sure", "from": None, "to": None, "rule": "probability_from_percent"},
    ]


def test_secrets_are_taken_out() -> None:
    outputs = [field("tags", {"kind": "list", "items": "string"}), field("mail", "email")]
    reply = chat_answer(tags=f"['{KEY}', 'b',]", mail="<ann@example.com>")
    result = run(reply, outputs, redaction=Redaction(["emails"]))
    assert result.outputs == {"tags": [KEY, "b"], "mail": "ann@example.com"}
    assert told(result) == [
        {"pointer": "/outputs/tags", "from": "['[redacted]', 'b',]", "to": '["[redacted]","b"]', "rule": "json_mended"},
        {"pointer": "/outputs/mail", "from": "<[redacted]>", "to": "[redacted]", "rule": "trimmed"},
    ]


def test_very_many_are_told_in_part() -> None:
    outputs = [field("numbers", {"kind": "list", "items": "int"})]
    result = run(chat_answer(numbers=str([str(number) for number in range(200)]).replace("'", '"')), outputs)
    assert len(result.coercions) == 101
    assert told(result)[-1] == {"pointer": "", "from": None, "to": 100, "rule": "not_listed"}
