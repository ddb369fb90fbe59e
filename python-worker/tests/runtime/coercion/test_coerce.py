"""The coercions of the shared fixtures, which the execution service makes of inputs too."""

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import enum, field, spec
from dspy_worker.contracts.messages import SignatureField
from dspy_worker.runtime.coercion.coerce import coerce_field
from dspy_worker.runtime.coercion.coercion import list_coercions
from dspy_worker.runtime.validation.field_check import FieldCheck
from dspy_worker.runtime.validation.json_reader import JsonReader, NotOfType
from dspy_worker.runtime.values.canonical_json import canonical_json

FIXTURES = Path(__file__).parents[4] / "libs" / "signature" / "fixtures" / "coercions.jsonl"
ROWS = [json.loads(line) for line in FIXTURES.read_text().splitlines()]
FIELDS = [row["field"] for row in ROWS]
ITEMS = {"kind": "list", "items": "int"}


def output(members: dict[str, Any]) -> SignatureField:
    return spec([field("x")], [{"name": "value", **members}]).outputs[0]


def of_type(type_: Any) -> SignatureField:
    return output(field("value", type_))


def outcome(row: dict[str, Any]) -> dict[str, Any]:
    reader = JsonReader(output(row["field"]), "/value", is_strict=row["mode"] == "strict")
    try:
        value, coercions = reader.read(row["raw"])
    except NotOfType as refused:
        return {"valid": False, "errors": sorted({fault.pointer for fault in refused.faults})}
    return {"valid": True, "value": value, "coercions": [told.to_wire() for told in list_coercions(coercions)]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_values_are_coerced_as_in_node(row: dict[str, Any]) -> None:
    expected = {name: row[name] for name in row if name in ("valid", "value", "coercions", "errors")}
    # In this form True is not 1.
    assert canonical_json(outcome(row)) == canonical_json(expected)


TEXTS = st.text(alphabet="aAb1290.,-+%\"'`*_{}[]:/ \n\x00é😀\ud800TZ", max_size=14)
WRITTEN = st.sampled_from([row["raw"] for row in ROWS if len(str(row["raw"])) < 60])
LEAVES = st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats(width=32) | TEXTS | WRITTEN
RAW = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


@settings(deadline=None)
@given(st.sampled_from(FIELDS), RAW)
def test_what_was_coerced_is_valid_and_nothing_more_is_changed(members: dict[str, Any], raw: Any) -> None:
    target = output(members)
    check = FieldCheck(target)
    first = coerce_field(target, raw, "/value")
    assert first.fits == check.is_valid(first.value)
    if first.fits:
        second = coerce_field(target, first.value, "/value")
        assert (second.fits, list(second.coercions)) == (True, [])
        assert canonical_json(second.value) == canonical_json(first.value)
        list_coercions(first.coercions)
    if check.is_valid(raw):
        assert first.fits
        assert not first.coercions
        assert canonical_json(first.value) == canonical_json(raw)


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf, 10**400, 2**53])
@pytest.mark.parametrize("type_", ["int", "json", "string", {"kind": "list", "items": "json"}])
def test_numbers_that_json_does_not_carry_are_refused(type_: Any, raw: Any) -> None:
    coerced = coerce_field(of_type(type_), raw, "")
    assert not coerced.fits
    assert not FieldCheck(of_type(type_)).is_valid(coerced.value)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (ITEMS, "[1, 2"),
        (ITEMS, "- 1\n- 2"),
        (ITEMS, "1"),
        (ITEMS, "```json\n[1, 2]"),
        ("reasoning", "First.\nThen"),
        ({"kind": "dict", "keys": "string", "values": "int"}, "{'a': 1"),
    ],
)
def test_an_answer_that_was_cut_off_is_not_taken_for_whole(type_: Any, text: str) -> None:
    assert coerce_field(of_type(type_), text, "").fits
    assert not coerce_field(of_type(type_), text, "", is_cut=True).fits


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        (ITEMS, "- 1\n" * 25_000),
        (ITEMS, "- 1\n" * 25_000 + "x"),
        ("int", " " * 200_000 + "x" + " " * 200_000),
        (ITEMS, "```" * 60_000),
        (ITEMS, "```json\n[" + "1," * 40_000),
        ("date", '"' * 200_000),
        ("float", "1" * 200_000),
        ("float", "1" + ",000" * 50_000 + "x"),
        ("url", f"https://{'a.' * 100_000} "),
        ("email", "a." * 100_000 + "@"),
        (enum("a", "b"), ".!" * 100_000),
        ("reasoning", "1. \n" * 50_000),
        (ITEMS, ["1"] * 40_000),
        ({"kind": "object", "fields": [field("a_b", "int")]}, {f"x{index}": index for index in range(50_000)}),
        (ITEMS, "[" * 100_000),
    ],
)
def test_large_values_take_linear_time(type_: Any, raw: Any) -> None:
    started = time.process_time()
    coerce_field(of_type(type_), raw, "")
    assert time.process_time() - started < 10
