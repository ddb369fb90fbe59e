"""Ten programs with outputs of all types, in all formats, whose model answers token by token as was recorded."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from runtime.streaming.golden import CASES, FILE, run
from runtime.streaming.told import Told

RECORDED = json.loads(FILE.read_text())
BY_NAME = {case.name: case for case in CASES}


def test_all_programs_and_formats_were_recorded() -> None:
    assert [(row["program"], row["format"]) for row in RECORDED] == [
        (case.name, form) for case in CASES for form in case.formats
    ]


@pytest.mark.parametrize("row", RECORDED, ids=lambda row: f"{row['program']}-{row['format']}")
def test_tells_what_was_recorded(row: dict[str, Any]) -> None:
    version = BY_NAME[row["program"]].version()
    answers: Iterator[list[str]] = iter(row["answers"])
    result, told = run(version, row["format"], lambda _request: next(answers))
    assert result.status == "succeeded"
    assert result.outputs == row["outputs"]
    assert [[type(event).__name__.lower(), *event] for event in told] == row["told"]
    heard = Told().hear(told)
    assert heard.restarts == 0
    outputs = result.outputs or {}
    strings = [field["name"] for field in BY_NAME[row["program"]].outputs if field["type"] == "string"]
    assert heard.texts == {name: outputs[name] for name in strings}
    for name, pointer, value in heard.parts:
        key = pointer.removeprefix("/")
        assert outputs[name][int(key) if key.isdecimal() else key] == value
