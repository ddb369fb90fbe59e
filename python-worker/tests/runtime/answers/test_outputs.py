"""Which answers are read, as what, and whether they had to be mended for it."""

import datetime as dt
import time
from typing import Any, Literal

import dspy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import chat_answer, enum, execution_with, field, spec
from dspy_worker.runtime.answers.forms import headed_sections, json_members
from dspy_worker.runtime.answers.outputs import OutputReader, Reading, Unreadable
from dspy_worker.runtime.formats.adapters import ChatFormat, JsonFormat
from dspy_worker.runtime.program.signatures import build_signature

PERSON = {"kind": "object", "fields": [field("first_name"), field("mood", enum("happy", "sad"), optional=True)]}
TAGS = {"kind": "list", "items": "string"}


def signature(*outputs: dict[str, Any]) -> type[dspy.Signature]:
    return build_signature(spec([field("question")], list(outputs))).signature


def read(answer: str, *outputs: dict[str, Any], is_cut: bool = False) -> Reading:
    return OutputReader(signature(*outputs)).read(answer, headed_sections(answer), is_cut=is_cut)


def read_json(answer: str, *outputs: dict[str, Any], is_cut: bool = False) -> Reading:
    return OutputReader(signature(*outputs)).read(answer, json_members(answer), is_cut=is_cut)


QA = (field("answer"), field("sure", "float"))
MEANT = {"answer": "Paris", "sure": 0.9}


@pytest.mark.parametrize(
    "answer",
    [
        "[[ ## Answer ## ]]\nParis\n\n[[ ## SURE ## ]]\n0.9\n\n[[ ## completed ## ]]",
        "[[ ## answer ]]\nParis\n[[ ## sure ]]\n0.9",
        "[[answer]]\nParis\n[[sure]]\n0.9",
        "## answer ##\nParis\n## sure ##\n0.9\n## completed ##\nthat is all",
        "## Answer\nParis\n\n## Sure\n0.9",
        "**Answer:** Paris\n\n**Sure:** 0.9",
        "**answer**: Paris\n**sure**: 0.9",
        "**Answer: Paris**\n**Sure: 0.9**",
        "Sure, here you are.\n\nAnswer: Paris\nSure: 0.9",
        "- `answer`: Paris\n- `sure`: 0.9",
        '{"answer": "Paris", "sure": 0.9}',
        'Of course!\n```json\n{"answer": "Paris", "sure": 0.9}\n```\nAnything else?',
        "{'answer': 'Paris', 'sure': 0.9,}",
        '{"Answer": "Paris", "SURE": "0.9"',
        'The {best} answer is {"answer": "Paris", "sure": 0.9}.',
        "<answer>Paris</answer><sure>0.9</sure>",
        "<Answer>\nParis\n<sure>0.9",
        "[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\n**0.9**",
        "[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\n`0.9`.",
        "[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\n```json\n0.9\n```",
    ],
)
def test_forms_like_the_one_asked_for_are_mended(answer: str) -> None:
    for reading in (read(answer, *QA), read_json(answer + "\n", *QA) if not answer.startswith('{"a') else None):
        if reading is not None:
            assert reading.values == MEANT
            assert reading.is_mended or reading.coercions


@pytest.mark.parametrize(
    "answer",
    [chat_answer(answer="Paris", sure="0.9"), "Let me see.\n[[ ## answer ## ]] Paris\n[[ ## sure ## ]]\n 0.9 "],
)
def test_the_form_asked_for_needs_no_mending(answer: str) -> None:
    assert read(answer, *QA) == Reading(MEANT, is_mended=False, coercions=[])


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I do not know.",
        "Paris",
        "[[ ## answer ## ]]\nParis",
        "[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\nvery",
        "[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\n",
        "Answer: Paris\nAnswer: Rome\nSure: 0.9",
        '{"answer": "Paris"}',
        '{"answer": "Paris", "sure": }',
        '{"answer": "Paris", "sure": "9 of 10"}',
        "{" * 3000,
    ],
)
def test_what_is_not_there_is_not_invented(answer: str) -> None:
    with pytest.raises(Unreadable):
        read(answer, *QA)


def test_the_problem_is_told() -> None:
    with pytest.raises(Unreadable, match=r'^There is no value for the output "sure".$'):
        read("[[ ## answer ## ]]\nParis", *QA)
    with pytest.raises(Unreadable, match=r'^There is no value for the outputs "answer", "sure".$'):
        read("I do not know.", *QA)
    with pytest.raises(Unreadable, match="cannot be 'very'"):
        read("[[ ## answer ## ]]\nParis\n[[ ## sure ## ]]\nvery", *QA)


@pytest.mark.parametrize("answer", ['{"answer": "Par', '{"answer": "Paris", "sure": 0.9', "<answer>Paris<sure>0.9"])
def test_an_answer_that_was_cut_off_is_not_closed(answer: str) -> None:
    with pytest.raises(Unreadable):
        read_json(answer, *QA, is_cut=True)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        (enum("positive", "negative"), "Positive.", "positive"),
        (enum("positive", "negative"), "**NEGATIVE**", "negative"),
        (enum("very good", "bad"), "very_good", "very good"),
        (enum("a", "A"), "A", "A"),
        (enum(1, 2), "2", 2),
        ("bool", "True.", True),
        ("int", "**42**", 42),
        ("date", "`2024-05-02`", dt.date(2024, 5, 2)),
        (TAGS, "['a', 'b',]", ["a", "b"]),
        (TAGS, '```\n["a"]\n```', ["a"]),
        ({"kind": "list", "items": enum("x", "y")}, '["X", "y."]', ["x", "y"]),
        ({"kind": "dict", "keys": "string", "values": "int"}, "{'a': 1}", {"a": 1}),
        ({"kind": "optional", "of": enum("x", "y")}, "X", "x"),
        ({"kind": "optional", "of": "int"}, "None", None),
        ({"kind": "optional", "of": "int"}, "", None),
        ("json", "{'a': [1, True]}", {"a": [1, True]}),
        ("json", "See [1].", "See [1]."),
        ({"kind": "union", "members": ["int", "string"]}, "**7**", "**7**"),
        ({"kind": "union", "members": ["int", "string"]}, "7", 7),
    ],
)  # fmt: skip
def test_values_are_mended_by_their_type(type_: Any, text: str, expected: Any) -> None:
    assert read(chat_answer(value=text), field("value", type_)).values == {"value": expected}


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (enum("positive", "negative"), "rather positive"),
        (enum("positive", "negative"), ""),
        (enum("ab", "a b"), "A B"),
        ("int", "four"),
        ("int", ".5."),
        ("bool", "maybe"),
        (TAGS, "a, b"),
        (TAGS, "See [one] and two"),
    ],
)
def test_values_are_not_guessed(type_: Any, text: str) -> None:
    with pytest.raises(Unreadable):
        read(chat_answer(value=text), field("value", type_))


def test_objects_with_names_of_another_case_are_read() -> None:
    reading = read(chat_answer(who='{"First Name": "Ann", "mood": "Happy!"}'), field("who", PERSON))
    who = reading.values["who"]
    assert who.model_dump(by_alias=True) == {"first_name": "Ann", "mood": "happy"}
    assert [(found.pointer, found.rule) for found in reading.coercions] == [
        ("/outputs/who/first_name", "member_name"),
        ("/outputs/who/mood", "enum_member"),
    ]


@pytest.mark.parametrize(
    ("type_", "answer", "expected"),
    [(enum("positive", "negative"), "Positive.", "positive"), ("float", " 0.5\n", 0.5), (TAGS, '["a"]', ["a"])],
)
def test_a_closed_output_may_stand_alone(type_: Any, answer: str, expected: Any) -> None:
    reading = read(answer, field("value", type_))
    assert reading.values == {"value": expected}
    assert reading.is_mended


def test_an_open_output_may_not_stand_alone() -> None:
    for type_ in ("string", "json"):
        with pytest.raises(Unreadable):
            read("Surely Paris.", field("value", type_))


def test_optional_outputs_may_be_missing_but_not_all_of_the_answer() -> None:
    outputs = (field("a", "int", optional=True), field("b", "int", optional=True))
    assert read("[[ ## a ## ]]\n1", *outputs).values == {"a": 1, "b": None}
    with pytest.raises(Unreadable):
        read("I do not know.", *outputs)


@pytest.mark.parametrize(
    "piece", ["{", "[", '{"answer": "', "<answer>", "**Answer:** x\n", "[" * 9 + "\n", "- - ", "`", "a "]
)
def test_hostile_answers_take_linear_time(piece: str) -> None:
    answer = piece * (200_000 // len(piece))
    started = time.process_time()
    with pytest.raises(Unreadable):
        read(answer, *QA)
    assert time.process_time() - started < 10


OUTPUTS = st.fixed_dictionaries(
    {
        "text": st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "count": st.integers(1 - 2**53, 2**53 - 1),
        "flag": st.booleans(),
        "day": st.dates(),
        "team": st.sampled_from(["red", "blue"]),
        "tags": st.lists(st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=8), max_size=3),
        "maybe": st.none() | st.integers(0, 9),
    }
)
TYPED = signature(
    field("text"),
    field("number", "float"),
    field("count", "int"),
    field("flag", "bool"),
    field("day", "date"),
    field("team", enum("red", "blue")),
    field("tags", TAGS),
    field("maybe", "int", optional=True),
)


@given(OUTPUTS)
def test_what_dspy_writes_is_read_as_dspy_reads_it(outputs: dict[str, Any]) -> None:
    for ours, dspys in (
        (ChatFormat(execution_with(), use_json_adapter_fallback=False), dspy.ChatAdapter()),
        (JsonFormat(execution_with()), dspy.JSONAdapter()),
    ):
        answer = dspys.format_assistant_message_content(TYPED, outputs)
        read_by_us = ours.parse(TYPED, answer)
        assert read_by_us == outputs
        assert ours.execution.budget.counts.repairs == 0
        if not any(mark in str(outputs) for mark in "\"'`{}[]\\"):  # which DSPy mends, and sometimes spoils
            assert read_by_us == dspys.parse(TYPED, answer)


def test_literals_of_python_are_what_the_test_thinks() -> None:
    assert TYPED.output_fields["team"].annotation == Literal["red", "blue"]
