from typing import Any

import dspy
import pytest
from dspy.utils.exceptions import AdapterParseError

from builders import connection, enum, execution_with, field, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.formats.completion_adapter import CompletionAdapter, field_label
from dspy_worker.runtime.formats.grammars import line_grammar
from dspy_worker.runtime.program.signatures import build_signature
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

SENTIMENT = spec([field("review")], [field("sentiment", enum("positive", "negative"))])


def run(version: ProgramVersionV1, inputs: dict[str, Any], url: str, *, grammar: bool = True) -> RunResult:
    execution = job(inputs, format="completion")
    return Runner().run(execution, version, connection(url, grammar=grammar), ExecutionControl())


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("review", "Review"),
        ("due_date", "Due date"),
        ("dueDate", "Due date"),
        ("HTTPStatus", "HTTP status"),
        ("x1", "X 1"),
    ],
)
def test_names_become_headings(name: str, label: str) -> None:
    assert field_label(name) == label


def test_the_document_the_model_goes_on_writing() -> None:
    signature = build_signature(
        spec(
            [field("ticket_text"), field("tags", {"kind": "list", "items": "string"})],
            [field("team", enum("a", "b")), field("urgent", "bool"), field("summary")],
        )
    ).signature
    demos = [{"ticket_text": "one\n two", "tags": [], "team": "b", "urgent": True, "summary": "s"}]
    inputs = {"ticket_text": "three", "tags": ["x"], "team": "a"}
    (message,) = CompletionAdapter(execution_with(), use_grammar=True).format(signature, demos, inputs)
    assert message["content"] == (
        "For each ticket text and tags, decide if the team is a or b. "
        "For each ticket text and tags, decide if it is urgent: true or false. "
        "For each ticket text and tags, write the summary.\n\n"
        "Ticket text: one two\nTags: []\nTeam: b\nUrgent: true\nSummary: s\n\n"
        'Ticket text: three\nTags: ["x"]\nTeam: a\nUrgent:'
    )  # fmt: skip


def test_written_instructions_take_the_place_of_ours() -> None:
    signature = build_signature(spec([field("a")], [field("b")], instructions="Translate.")).signature
    (message,) = CompletionAdapter(execution_with(), use_grammar=False).format(signature, [], {"a": "x"})
    assert message["content"] == "Translate.\n\nA: x\nB:"


def test_asks_one_output_after_another_and_holds_closed_types_by_grammar() -> None:
    answers = {"Sentiment:": " negative\n", "Sure:": " 0.5\n", "Why:": " It hurts.\nReview: more"}
    signature = spec(
        [field("review")],
        [field("sentiment", enum("positive", "negative")), field("sure", "probability"), field("why")],
    )
    with scripted_model(
        Script(reply=lambda body: answers[body["messages"][0]["content"].rsplit("\n", 1)[1]])
    ) as script:
        result = run(program(signature), {"review": "ouch"}, script.url)
    assert result.outputs == {"sentiment": "negative", "sure": 0.5, "why": "It hurts."}
    assert [request["messages"][0]["content"].rsplit("\n", 2)[1:] for request in script.requests] == [
        ["Review: ouch", "Sentiment:"],
        ["Sentiment: negative", "Sure:"],
        ["Sure: 0.5", "Why:"],
    ]
    assert script.requests[0]["grammar"] == 'root ::= " " ("positive" | "negative") "\\n"'
    assert script.requests[0]["stop"] == ["\n"]
    assert script.requests[0]["temperature"] == 0
    assert result.usage.prompt_tokens == 30


def test_without_grammar_the_member_that_was_meant_is_found() -> None:
    with scripted_model(Script(reply=' "Positive".\n\nReview: x')) as script:
        result = run(program(SENTIMENT), {"review": "good"}, script.url, grammar=False)
    assert result.outputs == {"sentiment": "positive"}
    assert "grammar" not in script.requests[0]


def test_values_that_do_not_fit_on_a_line_are_asked_for_by_schema() -> None:
    signature = spec([field("text")], [field("tags", {"kind": "list", "items": "string"})])
    with scripted_model(Script(reply=' [\n"a",\n"b"]')) as script:
        result = run(program(signature), {"text": "x"}, script.url)
    assert result.outputs == {"tags": ["a", "b"]}
    assert script.requests[0]["response_format"]["json_schema"]["schema"]["type"] == "array"
    assert "stop" not in script.requests[0]


@pytest.mark.parametrize("answer", ["", "  \n", " neither"])
def test_an_answer_that_fits_nothing_is_refused(answer: str) -> None:
    with scripted_model(Script(reply=answer)) as script:
        result = run(program(SENTIMENT), {"review": "x"}, script.url)
    assert result.error is not None
    assert result.error.code == "output_invalid"
    assert '"sentiment"' in result.error.message


def test_an_answer_without_a_known_field_is_refused() -> None:
    with pytest.raises(AdapterParseError):
        CompletionAdapter(execution_with(), use_grammar=True).parse(build_signature(SENTIMENT).signature, "Mood: good")


def test_settings_of_the_program_win() -> None:
    with scripted_model(Script(reply=" positive")) as script:
        run(program(SENTIMENT, config={"temperature": 0.9, "maxTokens": 3, "topP": 0.5}), {"review": "x"}, script.url)
    request = script.requests[0]
    assert (request["temperature"], request["max_tokens"], request["top_p"]) == (0.9, 3, 0.5)


def test_fields_with_one_heading_are_told_apart() -> None:
    signature = build_signature(spec([field("dueDate"), field("due_date")], [field("x")])).signature
    (message,) = CompletionAdapter(execution_with(), use_grammar=True).format(
        signature, [], {"dueDate": "1", "due_date": "2"}
    )
    assert "Due date: 1\ndue_date: 2\nX:" in message["content"]


@pytest.mark.parametrize(
    ("type_", "optional", "grammar"),
    [
        ("string", False, 'root ::= " " ([^\\n]+) "\\n"'),
        ("bool", False, 'root ::= " " ("true" | "false") "\\n"'),
        ("int", True, 'root ::= " " ("none" | "-"? [0-9]{1,15}) "\\n"'),
        (enum('say "hi"', "a\\b", 12), False, 'root ::= " " ("say \\"hi\\"" | "a\\\\b" | "12") "\\n"'),
        ("json", False, None),
        ({"kind": "union", "members": ["int", "string"]}, False, None),
    ],
)
def test_grammars(type_: Any, optional: bool, grammar: str | None) -> None:
    signature = build_signature(spec([field("x")], [field("y", type_, optional=optional)])).signature
    assert line_grammar(signature.output_fields["y"].annotation) == grammar


def test_none_is_a_word_for_optional_outputs() -> None:
    with scripted_model(Script(reply=" none\n")) as script:
        result = run(program(spec([field("x")], [field("y", "int", optional=True)])), {"x": "1"}, script.url)
    assert result.outputs == {"y": None}


def test_is_an_adapter_of_dspy() -> None:
    assert isinstance(CompletionAdapter(execution_with(), use_grammar=True), dspy.Adapter)
