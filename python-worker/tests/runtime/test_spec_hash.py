import json
import math
import re
import struct
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import field, spec
from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.failures import SignatureMismatch
from dspy_worker.runtime.program.spec_hash import check_spec_hash, spec_hash
from dspy_worker.runtime.values.canonical_json import canonical_json

FIXTURES = Path(__file__).parents[3] / "libs" / "signature" / "fixtures"


def rows_of(name: str) -> list[Any]:
    return [orjson.loads(line) for line in (FIXTURES / name).read_bytes().splitlines()]


def double(bits: str) -> float:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    return float(number)


@pytest.mark.parametrize("row", rows_of("hashed-specs.jsonl"), ids=lambda row: row["definition"][:60])
def test_hashes_are_those_of_the_language(row: dict[str, Any]) -> None:
    read = SignatureSpec.from_wire(row)
    assert read.to_wire() == row
    assert spec_hash(read) == row["hash"]
    check_spec_hash(read)


def test_numbers_have_the_texts_of_ecmascript() -> None:
    rows = rows_of("number-texts.jsonl")
    assert len(rows) > 900
    assert [[bits, canonical_json(double(bits))] for bits, _ in rows] == rows


# The forms of ECMAScript's Number::toString, by the size of the number.
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]*[1-9])?")
_SCIENTIFIC = re.compile(
    r"-?[1-9](?:\.[0-9]*[1-9])?e(?:\+(?:2[1-9]|[3-9][0-9]|[1-3][0-9]{2})|-(?:[7-9]|[1-9][0-9]|[1-3][0-9]{2}))"
)


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_any_number_reads_back_from_its_shortest_digits_in_the_form_of_ecmascript(bits: int) -> None:
    (number,) = struct.unpack(">d", bits.to_bytes(8))
    if not math.isfinite(number):
        return
    text = canonical_json(number)
    assert float(text) == number
    form = _PLAIN if number == 0 or 1e-6 <= abs(number) < 1e21 else _SCIENTIFIC
    assert form.fullmatch(text)
    digits = len(Decimal(text).normalize().as_tuple().digits)
    assert digits <= 17
    assert digits == 1 or float(f"{number:.{digits - 2}e}") != number, "no shorter text is the same number"


@pytest.mark.parametrize(
    ("bits", "text"),
    [  # RFC 8785, appendix B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(bits: str, text: str) -> None:
    assert canonical_json(double(bits)) == text


def test_members_are_sorted_by_utf16_units_and_strings_escaped_as_little_as_possible() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    written = canonical_json(dict.fromkeys(names))
    assert list(json.loads(written)) == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical_json('€$\x0f\nA\'B"\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\"/"'


@given(st.recursive(st.none() | st.booleans() | st.text() | st.floats(allow_nan=False, allow_infinity=False), st.lists))
def test_what_is_written_reads_back(value: Any) -> None:
    assert json.loads(canonical_json(value), parse_int=float) == value


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(ValueError):
        canonical_json(math.inf)
    with pytest.raises(TypeError):
        canonical_json(object())


def test_the_hash_covers_everything_but_name_and_version() -> None:
    one = spec([field("a")], [field("b", "int", constraints={"min": 1})])
    assert spec_hash(one.model_copy(update={"name": "Other", "version": 9})) == one.hash
    assert spec_hash(one.model_copy(update={"instructions": "x"})) != one.hash
    assert spec_hash(one.model_copy(update={"inputs": []})) != one.hash


def test_a_changed_specification_is_refused() -> None:
    good = spec([field("a")], [field("b")])
    check_spec_hash(good)
    with pytest.raises(SignatureMismatch, match='Signature "Test" version 1 has the hash'):
        check_spec_hash(good.model_copy(update={"definition": "other"}))


@pytest.mark.parametrize("row", rows_of("hashed-specs.jsonl"), ids=lambda row: row["definition"][:60])
def test_every_change_of_content_changes_the_hash(row: dict[str, Any]) -> None:
    for name in ("definition", "instructions"):
        changed = SignatureSpec.from_wire({**row, name: row.get(name, "") + " "})
        with pytest.raises(SignatureMismatch):
            check_spec_hash(changed)
    first, *others = row["inputs"]
    for change in ({"optional": not first["optional"]}, {"name": "other"}, {"description": "other"}):
        with pytest.raises(SignatureMismatch):
            check_spec_hash(SignatureSpec.from_wire({**row, "inputs": [{**first, **change}, *others]}))
