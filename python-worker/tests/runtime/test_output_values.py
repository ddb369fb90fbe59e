import datetime as dt
import math
import time
from typing import Any

import pytest

from builders import enum, field, spec
from dspy_worker.contracts.messages import SignatureField
from dspy_worker.failures import OutputInvalid
from dspy_worker.runtime.program.output_values import OutputWriter
from dspy_worker.runtime.program.signatures import build_signature

PERSON = {"kind": "object", "fields": [field("name"), field("born", "date"), field("age", "int", optional=True)]}


def write(outputs: list[SignatureField], values: dict[str, Any]) -> dict[str, Any]:
    return OutputWriter(outputs).write(values)


def fields(type_: Any, **members: Any) -> list[SignatureField]:
    return spec([field("x")], [field("value", type_, **members)]).outputs


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("string", "a", "a"),
        ("int", 3, 3),
        ("int", 3.0, 3),
        ("float", 3, 3),
        ("bool", False, False),
        ("probability", 0.25, 0.25),
        ("reasoning", ["a", "b"], ["a", "b"]),
        ("reasoning", "1. First\n2) Then\n- so\n\n", ["First", "Then", "so"]),
        ("date", dt.date(2024, 5, 2), "2024-05-02"),
        ("datetime", dt.datetime(2024, 5, 2, 10, 30, tzinfo=dt.UTC), "2024-05-02T10:30:00Z"),
        ("url", "https://example.com/a?b", "https://example.com/a?b"),
        ("email", "a@b.example", "a@b.example"),
        ("json", {"a": [1, None, dt.date(2024, 1, 1)]}, {"a": [1, None, "2024-01-01"]}),
        ("json", None, None),
        ({"kind": "list", "items": "date"}, [dt.date(2024, 1, 1)], ["2024-01-01"]),
        ({"kind": "dict", "keys": "string", "values": "int"}, {"a": 1}, {"a": 1}),
        ({"kind": "optional", "of": "int"}, None, None),
        ({"kind": "union", "members": ["int", "string"]}, "7", "7"),
        (enum("a", 1), 1, 1),
        (PERSON, {"name": "Ann", "born": dt.date(1990, 1, 1)}, {"name": "Ann", "born": "1990-01-01"}),
    ],
)
def test_values_become_json(type_: Any, value: Any, expected: Any) -> None:
    assert write(fields(type_), {"value": value}) == {"value": expected}


def test_models_of_objects_become_json() -> None:
    signature = build_signature(spec([field("x")], [field("value", PERSON)])).signature
    person = signature.output_fields["value"].annotation.model_validate({"name": "Ann", "born": "1990-01-01", "age": 3})
    assert write(fields(PERSON), {"value": person}) == {"value": {"name": "Ann", "born": "1990-01-01", "age": 3}}


@pytest.mark.parametrize(
    ("type_", "value", "rule"),
    [
        ("string", None, "a text"),
        ("string", 3, "a text"),
        ("int", 3.5, "a whole number"),
        ("int", True, "a whole number"),
        ("float", math.nan, "a number"),
        ("bool", "true", "true or false"),
        ("probability", 1.01, "a number from 0 to 1"),
        ("reasoning", 1, "a list"),
        ("date", "2 May", "an ISO 8601 date"),
        ("datetime", dt.datetime(2024, 5, 2), "an ISO 8601 date and time with time zone"),  # noqa: DTZ001
        ("url", "javascript:alert(1)", "an absolute http or https URL"),
        ("url", "http://[", "an absolute http or https URL"),
        ("email", "nobody", "an e-mail address"),
        (enum("a", 1), True, "one of a, 1"),
        ({"kind": "list", "items": "int"}, "1", "a list"),
        ({"kind": "dict", "keys": "string", "values": "int"}, [], "an object"),
        ({"kind": "union", "members": ["int", "bool"]}, "x", "a whole number or true or false"),
        (PERSON, "Ann", "an object"),
    ],
)
def test_wrong_values_are_refused_by_name(type_: Any, value: Any, rule: str) -> None:
    with pytest.raises(OutputInvalid) as caught:
        write(fields(type_), {"value": value})
    assert f'output "value" must be {rule}, but is' in caught.value.message
    assert caught.value.details["errors"][0]["pointer"] == "/outputs/value"


def test_the_pointer_leads_to_the_wrong_part() -> None:
    with pytest.raises(OutputInvalid) as caught:
        write(fields({"kind": "list", "items": PERSON}), {"value": [{"name": "Ann", "born": "soon"}]})
    assert caught.value.details["errors"][0]["pointer"] == "/outputs/value/0/born"


@pytest.mark.parametrize(
    ("type_", "constraints", "good", "bad"),
    [
        ("int", {"min": 1, "max": 5}, [1, 5], [0, 6]),
        ("string", {"minLength": 2, "maxLength": 3}, ["ab", "abc"], ["a", "abcd"]),
        ("string", {"pattern": "^[A-Z]"}, ["Ab"], ["ab"]),
        ({"kind": "list", "items": "int"}, {"minItems": 1, "maxItems": 2}, [[1], [1, 2]], [[], [1, 2, 3]]),
    ],
)
def test_constraints_are_checked(type_: Any, constraints: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    nested = {"kind": "constrained", "of": type_, "constraints": constraints}
    for outputs in (fields(type_, constraints=constraints), fields(nested)):
        for value in good:
            assert write(outputs, {"value": value}) == {"value": value}
        for value in bad:
            with pytest.raises(OutputInvalid):
                write(outputs, {"value": value})


def test_patterns_are_looked_for_in_linear_time() -> None:
    started = time.process_time()
    with pytest.raises(OutputInvalid, match=r"a text matching \^\(a\|a\)\*\$"):
        write(fields("string", constraints={"pattern": "^(a|a)*$"}), {"value": "a" * 40 + "b"})
    assert time.process_time() - started < 10


def test_an_optional_output_may_be_missing() -> None:
    assert write(fields("int", optional=True), {}) == {"value": None}
