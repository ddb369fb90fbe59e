import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dspy_worker.runtime.texts.lenient_json import NotJson, read_lenient

FIXTURES = Path(__file__).parents[4] / "libs" / "signature" / "fixtures" / "mended-json.jsonl"
ROWS = [json.loads(line) for line in FIXTURES.read_text().splitlines()]
# A quote that something of the structure follows cannot be told from one that ends its text.
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.none() | st.booleans() | st.integers(-(2**53), 2**53)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def documents(leaf: st.SearchStrategy[Any], names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    inner = st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
    )
    return st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)


def read(text: str, *, is_cut: bool = False) -> Any:
    return read_lenient(text, 0, is_cut=is_cut)[0]


@given(documents(WHOLE | FLOATS | TEXTS, TEXTS), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_json_is_read_as_it_is(document: Any, is_ascii: bool, indent: Any) -> None:
    text = json.dumps(document, ensure_ascii=is_ascii, indent=indent)
    assert read(text) == document
    assert read(text, is_cut=True) == document


@given(documents(WHOLE, st.from_regex("[a-z ]{1,5}", fullmatch=True)))
def test_what_python_prints_is_read(document: Any) -> None:
    assert read(repr(document)) == document


@given(documents(WHOLE | TEXTS, TEXTS), st.data())
def test_an_answer_that_breaks_off_holds_nothing_that_was_not_said(document: Any, data: st.DataObject) -> None:
    text = json.dumps(document, ensure_ascii=False)
    prefix = text[: data.draw(st.integers(1, len(text) - 1))]
    said = [spelt(leaf) for leaf in leaves(document)]
    try:
        found = list(leaves(read(prefix)))
    except NotJson:
        found = []
    for leaf in found:
        assert any(whole.startswith(spelt(leaf)) for whole in said), leaf
    with pytest.raises(NotJson):
        read(prefix, is_cut=True)


def spelt(leaf: Any) -> str:
    return leaf if isinstance(leaf, str) else json.dumps(leaf)


def leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            yield from value
            for item in value.values():
                yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)
        case _:
            yield value


@given(st.text(alphabet="{}[]:,\"'\\ atrue0.-\n“”", max_size=60), st.booleans())
def test_any_text_is_read_or_refused(text: str, is_cut: bool) -> None:
    try:
        read(text, is_cut=is_cut)
    except ValueError:
        return


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:30])
def test_forms_of_models_are_mended_and_guesses_refused_as_in_node(row: dict[str, Any]) -> None:
    if "refused" in row:
        with pytest.raises(NotJson):
            read(row["text"])
    else:
        assert read(row["text"]) == row["value"]


@pytest.mark.parametrize(
    "piece", ['"', '" ', '"a', "'", "\\", '\\"', "[", "{", '{"a":', "a ", " ", ",", '"a",', "“", '{"a":"', "{a"]
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    text = '{"a": "' + piece * (200_000 // len(piece))
    started = time.process_time()
    with pytest.raises(ValueError):
        read(text + '" "', is_cut=True)
    assert time.process_time() - started < 10
