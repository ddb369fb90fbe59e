"""Programs whose answers were recorded token by token; as a script, `golden.py > golden.json`, it records them."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import dspy

from builders import connection, enum, field, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.formats.completion_adapter import field_label
from dspy_worker.runtime.program.programs import build_program
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Event
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

FILE = Path(__file__).with_name("golden.json")
FORMATS = ("chat", "json", "completion", "xml")
# About as a tokenizer of a language model cuts a text.
_TOKEN = re.compile(r" ?[A-Za-z]{1,6}|[0-9]{1,3}|\s+|[^\sA-Za-z0-9]{1,2}")


class Case(NamedTuple):
    """A program and what its model answers, by the names of the outputs."""

    name: str
    outputs: list[dict[str, Any]]
    answer: dict[str, Any]
    module: str = "Predict"
    formats: Sequence[str] = FORMATS

    def version(self) -> ProgramVersionV1:
        return program(spec([field("question")], self.outputs), name=self.name, module=self.module)


def _list(items: Any) -> dict[str, Any]:
    return {"kind": "list", "items": items}


def _object(**members: Any) -> dict[str, Any]:
    return {
        "kind": "object",
        "fields": [{"name": name, "type": kind, "optional": False} for name, kind in members.items()],
    }


CASES = (
    Case("qa", [field("answer")], {"answer": 'Grüße aus "Paris" 👋: 3 < 4 & 5 > 4.'}),
    Case(
        "summary",
        [field("title", constraints={"maxLength": 80}), field("body"), field("note", optional=True)],
        {"title": "A [[ strange ## title", "body": "{x}: it ends so.", "note": "see `a\\b`"},
    ),
    Case(
        "numbers",
        [field("count", "int"), field("mean", "float"), field("sure", "probability"), field("unit")],
        {"count": 12, "mean": -0.5, "sure": 0.9, "unit": "km/h"},
    ),
    Case(
        "sentiment",
        [field("label", enum("positive", "negative")), field("why")],
        {"label": "negative", "why": "It broke."},
    ),
    Case(
        "contact",
        [
            field("email", "email"),
            field("site", "url"),
            field("since", "date"),
            field("seen", "datetime"),
            field("name"),
        ],
        {
            "email": "a@example.com",
            "site": "https://example.com/?a=1",
            "since": "2026-01-31",
            "seen": "2026-01-31T10:00:00Z",
            "name": "Ada",
        },
    ),
    Case("tags", [field("tags", _list("string")), field("best")], {"tags": ["a, b", 'say "hi"', "c]"], "best": "c]"}),
    Case(
        "people",
        [field("people", _list(_object(name="string", age="int")))],
        {"people": [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 7}]},
    ),
    Case(
        "scores",
        [field("scores", {"kind": "dict", "keys": "string", "values": "float"}), field("ok", "bool")],
        {"scores": {"speed": 0.5, "price": 1.0}, "ok": True},
    ),
    Case(
        "order",
        [
            field("order", _object(id="string", lines=_list("string"))),
            field("data", "json"),
            field("photo", "image"),
            field("either", {"kind": "union", "members": ["int", "bool"]}),
        ],
        {
            "order": {"id": "x-1", "lines": ["a", "b"]},
            "data": {"k": [1, None]},
            "photo": "https://example.com/a.png",
            "either": 3,
        },
        formats=("chat", "json", "completion"),  # DSPy's XML form has nothing for any JSON
    ),
    Case(
        "capital",
        [field("answer")],
        {"reasoning": "1. It is about France.\n2. Its capital is asked for.", "answer": "Paris"},
        module="ChainOfThought",
    ),
)


def recorded() -> list[dict[str, Any]]:
    """Has every program answered in every format, and tells what was said."""
    return [_record(case, form) for case in CASES for form in case.formats]


def run(
    version: ProgramVersionV1, form: str, reply: Callable[[dict[str, Any]], Sequence[str]]
) -> tuple[RunResult, list[Event]]:
    told: list[Event] = []
    with scripted_model(Script(reply=reply)) as script:
        asked = job({"question": "Why?"}, format=form, programHash=version.hash)
        result = Runner().run(asked, version, connection(script.url), ExecutionControl(), 1, told.extend)
    return result, told


def _record(case: Case, form: str) -> dict[str, Any]:
    answers: list[list[str]] = []

    def reply(request: dict[str, Any]) -> Sequence[str]:
        answers.append(_TOKEN.findall(_answer(case, form, request)))
        return answers[-1]

    result, told = run(case.version(), form, reply)
    events = [[type(event).__name__.lower(), *event] for event in told]
    return {"program": case.name, "format": form, "answers": answers, "told": events, "outputs": result.outputs}


def _answer(case: Case, form: str, request: dict[str, Any]) -> str:
    module = build_program(case.version(), GrantedTools()).module
    ((_, predictor),) = module.named_predictors()
    if form == "completion":
        label = str(request["messages"][-1]["content"]).rsplit("\n", 1)[-1].removesuffix(":")
        (value,) = [value for name, value in case.answer.items() if field_label(name) == label]
        line = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return f" {line.splitlines()[0]}"
    adapter = {"chat": dspy.ChatAdapter, "json": dspy.JSONAdapter, "xml": dspy.XMLAdapter}[form]()
    return str(adapter.format_assistant_message_content(predictor.signature, case.answer))


if __name__ == "__main__":
    json.dump(recorded(), sys.stdout, indent=1, ensure_ascii=False)
