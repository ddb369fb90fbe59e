"""The parsers of answers that come in, against the readers of whole answers, for any text and any way to cut it."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dspy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dspy_worker.runtime.answers.forms import headed_sections, json_members, tagged_sections
from dspy_worker.runtime.calling.teller import AnswerParser
from dspy_worker.runtime.streaming.chat_parser import ChatParser
from dspy_worker.runtime.streaming.completion_parser import CompletionParser
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.json_parser import JsonParser
from dspy_worker.runtime.streaming.xml_parser import XmlParser
from runtime.streaming.told import Told, read, split

FIELDS: Mapping[str, StreamedField] = {
    "answer": StreamedField("answer", "text"),
    "note": StreamedField("note", "text", optional=True),
    "reasoning": StreamedField("reasoning", "steps"),
    "tags": StreamedField("tags", "items"),
    "scores": StreamedField("scores", "members"),
}
PARSERS: Mapping[str, Callable[[], AnswerParser]] = {
    "chat": lambda: ChatParser(FIELDS),
    "json": lambda: JsonParser(FIELDS),
    "xml": lambda: XmlParser(FIELDS),
    **{f"completion of {name}": lambda field=field: CompletionParser(field) for name, field in FIELDS.items()},  # type: ignore[misc]
}
PIECES = [
    "[[ ## answer ## ]]", "[[ ## note ## ]]", "[[ ## tags ## ]]", "[[ ## other ## ]]", "[[ ##", "## ]]", "[[",
    '{"answer": "', '", "tags": ["', '"]}', '{"', '": {"', "}", "]", "[", ",", ":", '"', "\\", "\\\\", '\\"', "\\u00e9",
    "\\ud83d", "\\ude00", "\\n", "\\x", "😀", "<answer>", "</answer>", "<note>", "</note>", "<tags>", "<", "</",
    "&amp;", "&am", "&#", "&#65;", "&#99999999999;", ";", "```json\n", "```", "\n", "\r", "\r\n", "\u2028", " ", "\t",
    "\x1c", "none", "None", "1. ", "a", "true", "12", "-1e5", "null", "Here it is: ", "\ud83d",
]  # fmt: skip
WILD = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=24).map("".join)
CUTS = st.lists(st.integers(0, 10_000), max_size=30)
TEXT = st.lists(
    st.one_of(st.sampled_from([piece for piece in PIECES if piece != "\ud83d"]), st.text(max_size=5)), max_size=8
)
VALUE = TEXT.map("".join)
ANSWER_ONLY = dspy.make_signature({"question": (str, dspy.InputField()), "answer": (str, dspy.OutputField())})


@pytest.mark.parametrize("form", PARSERS)
@given(text=WILD, cuts=CUTS)
def test_no_text_is_refused_and_the_cuts_do_not_matter(form: str, text: str, cuts: list[int]) -> None:
    whole = read(PARSERS[form](), [text])
    assert read(PARSERS[form](), split(text, cuts)).key() == whole.key()
    assert read(PARSERS[form](), list(text)).key() == whole.key()


@pytest.mark.parametrize("form", PARSERS)
@pytest.mark.parametrize(
    ("begin", "flood"),
    [
        ("", " "),
        ("[[ ## answer ## ]]\n", "\n"),
        ("[[ ## answer ## ]]\nx", " "),
        ('{"answer": "x"', " "),
        ('{"answer": "', "\\"),
        ('{"tags": ["x"', "\n"),
        ("<answer>", "&"),
        ("<answer>", "<"),
        (" none", " "),
    ],
)
def test_a_model_that_repeats_itself_costs_no_more_than_it_says(form: str, begin: str, flood: str) -> None:
    began = time.process_time()
    read(PARSERS[form](), [begin, *([flood] * 50_000)])
    assert time.process_time() - began < 10


@given(text=WILD)
@example("  [[ ## answer ## ]] x \ny")
@example("[[ ## answer ## ]] a  \n b \r\n\r\n[[ ## answer ## ]]\nc")
def test_chat_tells_what_the_sections_hold(text: str) -> None:
    found = headed_sections(text)
    expected = {} if found is None else {name: text for name, text in found.values.items() if text}
    told = read(ChatParser(FIELDS), list(text)).texts
    assert told == {name: storable(expected[name]) for name in ("answer", "note") if name in expected}


@given(text=WILD)
def test_xml_tells_what_the_tags_hold(text: str) -> None:
    found = tagged_sections(text, ["answer"])
    if found is not None:
        told = read(XmlParser({"answer": FIELDS["answer"]}), list(text)).texts
        assert told.get("answer", "") == storable(found.values.get("answer", ""))


@given(
    answer=VALUE,
    note=VALUE,
    cuts=CUTS,
    before=st.sampled_from(["", "Here: ", "{x} ```json\n", '{"x"} ']),
    ascii=st.booleans(),
)
def test_json_tells_what_the_members_hold(answer: str, note: str, cuts: list[int], before: str, ascii: bool) -> None:  # noqa: A002
    text = json.dumps({"other": {"answer": ["}", '"']}, "answer": answer, "note": note}, ensure_ascii=ascii)
    found = json_members(text)
    assert found is not None
    told = read(JsonParser(FIELDS), split(before + text + "\n```", cuts)).texts
    assert told == {
        name: value.replace("\0", "\ufffd") for name, value in found.values.items() if name != "other" and value
    }


@given(
    items=st.lists(st.recursive(st.none() | st.booleans() | st.integers(-99, 99) | VALUE, st.lists, max_leaves=6)),
    cuts=CUTS,
)
def test_parts_of_a_list_are_its_items_in_every_form(items: list[Any], cuts: list[int]) -> None:
    items = json.loads(json.dumps(items).replace("\\u0000", ""))
    text = json.dumps(items, ensure_ascii=False)
    expected = [("tags", f"/{index}", item) for index, item in enumerate(items)]
    forms: list[tuple[AnswerParser, str]] = [
        (JsonParser(FIELDS), f'{{"tags": {text}}}'),
        (CompletionParser(FIELDS["tags"]), f" {text}"),
    ]
    if not any(end in text for end in "\u2028\u2029\x85"):
        forms.append((ChatParser(FIELDS), f"[[ ## tags ## ]]\n```json\n{text}\n```\n"))
    for parser, answer in forms:
        assert read(parser, split(answer, cuts)).parts == expected


@pytest.mark.parametrize(
    ("adapter", "form", "written"),
    [
        (dspy.ChatAdapter(), "chat", "[[ ## answer ## ]]\n{}\n\n[[ ## completed ## ]]"),
        (dspy.JSONAdapter(), "json", '{{"answer": {}}}'),
        (dspy.XMLAdapter(), "xml", "<answer>\n{}\n</answer>"),
    ],
)
@given(value=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40), cuts=CUTS)
def test_the_text_is_the_one_that_dspy_reads(
    adapter: dspy.Adapter, form: str, written: str, value: str, cuts: list[int]
) -> None:
    escaped = {"chat": value, "json": json.dumps(value), "xml": value.replace("&", "&amp;").replace("<", "&lt;")}[form]
    answer = written.format(escaped)
    assert (
        read(PARSERS[form](), split(answer, cuts)).texts.get("answer", "")
        == adapter.parse(ANSWER_ONLY, answer)["answer"]
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" Paris\nFrance: no", "Paris"),
        ("\n\n Paris ", "Paris"),
        ("none", ""),
        (" None \nx", ""),
        ("nonetheless", "nonetheless"),
        ("no", "no"),
    ],
)
def test_completion_reads_one_line_and_the_word_for_nothing(text: str, told: str) -> None:
    assert read(CompletionParser(FIELDS["note"]), list(text)).texts.get("note", "") == told


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("chat", "[[ ## reasoning ## ]]\n1. France.\n\n2. Its capital.\n\n[[ ## completed ## ]]"),
        ("json", '{"reasoning": "1. France.\\n\\n2. Its capital."}'),
        ("xml", "<reasoning>\n- France.\n- Its capital.</reasoning>"),
    ],
)
def test_reasoning_is_told_step_by_step(form: str, text: str) -> None:
    told = read(PARSERS[form](), list(text))
    assert told.parts == [("reasoning", "/0", "France."), ("reasoning", "/1", "Its capital.")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('{"scores": {"a/b": 1, "c~": {"d": [2]}}}', [("scores", "/a~1b", 1), ("scores", "/c~0", {"d": [2]})]),
        ('{"tags": "[1, 2]"}', []),
        ('{"tags": {"a": 1}}', []),
        ('{"tags": [1, NaN, 2]}', [("tags", "/0", 1)]),
        ('{"tags": [9007199254740993, 2]}', [("tags", "/1", 2)]),
        ('{"tags": [1, 2', [("tags", "/0", 1)]),
        ('{"answer": 5, "Tags": ["a "quoted" b"]}', [("tags", "/0", 'a "quoted" b')]),
    ],
)
def test_parts_are_complete_and_of_the_right_kind(text: str, parts: Sequence[tuple[str, str, Any]]) -> None:
    assert read(JsonParser(FIELDS), list(text)) == Told(parts=list(parts))


def test_a_part_is_told_when_it_closes_and_a_text_as_soon_as_it_is_no_marker() -> None:
    json_parser, chat = JsonParser(FIELDS), ChatParser(FIELDS)
    assert Told().hear(json_parser.feed('{"tags": ["a"')).parts == []
    assert Told().hear(json_parser.feed(",")).parts == [("tags", "/0", "a")]
    assert Told().hear(json_parser.feed('"b"], "answer": "He')).texts == {"answer": "He"}
    assert Told().hear(chat.feed("[[ ## answer ## ]]\nHe")).texts == {"answer": "He"}
    assert chat.feed("\n[[ ##") == []
    assert Told().hear(chat.feed(" no ,")).texts == {"answer": "\n[[ ## no ,"}


def storable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
