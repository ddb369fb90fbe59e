import datetime as dt
import subprocess
import sys
from typing import Any, Literal

import dspy
import pytest
from dspy.adapters import utils
from pydantic import TypeAdapter

from builders import execution_with
from dspy_worker.runtime.formats.adapters import ChatFormat

PROMPT = """
import dspy
signature = dspy.Signature("question, count: int, tags: list[str] -> answer, sure: float, flag: bool")
demos = [{"question": "q", "count": 1, "tags": ["a"], "answer": "b", "sure": 0.5, "flag": True}]
print(dspy.ChatAdapter().format(signature, demos, {"question": "x", "count": 2, "tags": []}))
"""


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize("annotation", [str, int, float, bool])
def test_schemas_of_plain_types_are_kept(annotation: Any) -> None:
    assert utils.TypeAdapter(annotation) is utils.TypeAdapter(annotation)


@pytest.mark.parametrize("annotation", [list[str], Literal["a"], int | str, str | int, None, dt.date])
def test_other_types_go_the_old_way(annotation: Any) -> None:
    assert utils.TypeAdapter(annotation).json_schema() == TypeAdapter(annotation).json_schema()
    assert utils.TypeAdapter(annotation) is not utils.TypeAdapter(annotation)


def test_types_made_of_plain_ones_are_written_as_before() -> None:
    assert utils.serialize_for_json(Text("a")) == "a"
    assert utils.serialize_for_json(dt.date(2024, 1, 2)) == "2024-01-02"


def test_prompts_are_those_of_an_unchanged_dspy() -> None:
    unchanged = subprocess.run([sys.executable, "-c", PROMPT], capture_output=True, text=True, check=True).stdout
    signature = dspy.Signature("question, count: int, tags: list[str] -> answer, sure: float, flag: bool")
    demos = [{"question": "q", "count": 1, "tags": ["a"], "answer": "b", "sure": 0.5, "flag": True}]
    ours = ChatFormat(execution_with(), use_json_adapter_fallback=False)
    assert f"{ours.format(signature, demos, {'question': 'x', 'count': 2, 'tags': []})}\n" == unchanged
