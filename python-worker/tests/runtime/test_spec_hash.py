import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import field, spec
from dspy_worker.failures import SignatureMismatch
from dspy_worker.runtime.program.spec_hash import canonical_json, check_spec_hash, spec_hash


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
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number) == text


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
