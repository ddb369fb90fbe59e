"""The worker builds the signature that DSPy makes of the same text, but for the deliberate differences."""

import inspect
import types
from collections import Counter
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import dspy
import orjson
import pytest

from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.runtime.program.signatures import build_signature
from dspy_worker.runtime.program.spec_hash import check_spec_hash

FIXTURES = Path(__file__).parents[3] / "libs" / "signature" / "fixtures"


def rows_of(name: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (FIXTURES / name).read_bytes().splitlines()]


GIVEN = rows_of("dspy-signatures.jsonl")
ROWS = [*GIVEN, *rows_of("dspy-more-signatures.jsonl")]
READINGS = {row["signature"]: row for row in rows_of("dspy-readings.jsonl")}
DIFFERENCES = orjson.loads((FIXTURES / "dspy-differences.json").read_bytes())
REFUSED, READ = (
    {text for difference in DIFFERENCES[side] for text in difference["texts"]} for side in ("refused", "read")
)


def shown(annotation: Any) -> str:
    """Writes an annotation as the rows do."""
    if annotation is Any:
        return "typing.Any"
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Union or origin is types.UnionType:
        others = [arg for arg in args if arg is not type(None)]
        if len(args) == 2 and len(others) == 1:
            return f"Optional[{shown(others[0])}]"
        return f"Union[{', '.join(map(shown, args))}]"
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, args))}]"
    if args:
        name = getattr(annotation, "_name", None) or origin.__name__
        return f"{name}[{', '.join(map(shown, args))}]"
    return str(annotation.__name__) if annotation.__module__ == "builtins" else inspect.formatannotation(annotation)


def fields_of(fields: dict[str, Any]) -> list[list[str]]:
    return [[name, shown(field.annotation)] for name, field in fields.items()]


def plain(fields: list[list[str]]) -> list[list[str]]:
    """Reads the spellings of the same type as one."""
    bare = {"list": "list[typing.Any]", "dict": "dict[str, typing.Any]"}
    return [
        [name, bare.get(type_, type_).replace("List[", "list[").replace("Dict[", "dict[")] for name, type_ in fields
    ]


def built(spec: dict[str, Any]) -> type[dspy.Signature]:
    read = SignatureSpec.from_wire(spec)
    check_spec_hash(read)
    return build_signature(read).signature


def verdict(row: dict[str, Any]) -> str:
    text, spec = row["signature"], READINGS[row["signature"]].get("spec")
    if text in REFUSED | READ:
        return "deliberate" if row["ok"] == (text in REFUSED) == (spec is None) else "disagree"
    if spec is None or not row["ok"]:
        return "disagree" if row["ok"] or spec is not None else "agree"
    signature = built(spec)
    same = (
        fields_of(signature.input_fields) == plain(row["inputs"])
        and fields_of(signature.output_fields) == plain(row["outputs"])
        and signature.instructions == row["instructions"]
    )
    return "agree" if same else "disagree"


def test_the_table() -> None:
    verdicts = {row["signature"]: verdict(row) for row in ROWS}
    assert [text for text, found in verdicts.items() if found == "disagree"] == []
    assert Counter(verdicts[row["signature"]] for row in GIVEN) == {"agree": 68, "deliberate": 25}
    assert Counter(verdicts.values()) == {"agree": 170, "deliberate": 62}


def read_by_dspy(row: dict[str, Any]) -> type[dspy.Signature]:
    # `dspy.Signature` would look for types among the names of this file too.
    signature: type[dspy.Signature] = dspy.make_signature(row["signature"])
    return signature


@pytest.mark.parametrize("row", [row for row in ROWS if row["ok"]], ids=lambda row: row["signature"])
def test_dspy_still_says_what_the_rows_say(row: dict[str, Any]) -> None:
    signature = read_by_dspy(row)
    # The one row whose annotation was written as a value.
    inputs = [[name, "NoneType" if type_ == "None" else type_] for name, type_ in row["inputs"]]
    assert fields_of(signature.input_fields) == inputs
    assert fields_of(signature.output_fields) == row["outputs"]
    assert signature.instructions == row["instructions"]


@pytest.mark.parametrize("row", [row for row in ROWS if not row["ok"]], ids=lambda row: row["signature"])
def test_dspy_still_refuses_what_it_refused(row: dict[str, Any]) -> None:
    # SyntaxError, ValueError, TypeError and pydantic's own.
    with pytest.raises(Exception, match=r"\S"):
        read_by_dspy(row)


AGREEING = [row for row in ROWS if row["ok"] and row["signature"] not in REFUSED]


@pytest.mark.parametrize("row", AGREEING, ids=lambda row: row["signature"])
def test_prompts_name_and_describe_the_fields_alike(row: dict[str, Any]) -> None:
    ours, theirs = built(READINGS[row["signature"]]["spec"]), read_by_dspy(row)
    for name, field in theirs.fields.items():
        extra, expected = ours.fields[name].json_schema_extra, field.json_schema_extra
        assert [extra["prefix"], extra["desc"]] == [expected["prefix"], expected["desc"]]
