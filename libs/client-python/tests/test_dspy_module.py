import asyncio
import copy
import pickle
from pathlib import Path
from typing import Any, Literal

import dspy
import pytest
from dspy_nest import Client, NotFoundError
from dspy_nest.dspy_module import to_signature
from scripted_platform import EXECUTION, Answer, platform

SPEC: dict[str, Any] = {
    "name": "Qa",
    "version": 3,
    "instructions": "Be short.",
    "inputs": [
        {"name": "question", "type": "string", "description": "What to answer.", "optional": False},
        {"name": "count", "type": "int", "constraints": {"min": 1}, "default": 2, "optional": False},
        {"name": "photo", "type": "image", "optional": True},
    ],
    "outputs": [
        {"name": "label", "type": {"kind": "enum", "values": ["a", 1]}, "optional": False},
        {"name": "scores", "type": {"kind": "dict", "keys": "string", "values": "probability"}, "optional": False},
        {"name": "steps", "type": "reasoning", "optional": False},
        {
            "name": "parts",
            "type": {
                "kind": "list",
                "items": {
                    "kind": "object",
                    "fields": [
                        {"name": "at", "type": "date", "optional": False},
                        {"name": "note", "type": {"kind": "constrained", "of": "string"}, "optional": True},
                    ],
                },
            },
            "optional": False,
        },
        {
            "name": "either",
            "type": {"kind": "union", "members": ["int", {"kind": "optional", "of": "string"}]},
            "optional": True,
        },
    ],
}


class Outer(dspy.Module):  # type: ignore[misc] # DSPy has no types
    def __init__(self, remote: Any) -> None:
        super().__init__()
        self.ask = dspy.Predict("question -> query")
        self.remote = remote

    def forward(self, question: str) -> Any:
        return self.remote(question=question)


def test_a_module_calls_the_program_and_has_no_state_and_no_key(tmp_path: Path) -> None:
    with platform(Answer()) as scripted, Client(scripted.url, api_key="secret") as client:
        outer = Outer(client.program("qa").as_module())
        assert outer(question="Why?").answer == "Because."
        assert asyncio.run(outer.remote.acall(question="Why?")).answer == "Because."
        assert [name for name, _ in outer.named_predictors()] == ["ask"]
        assert set(outer.dump_state()) - {"metadata"} == {"ask"}
        outer.save(tmp_path / "state.json")
        assert "secret" not in (tmp_path / "state.json").read_text()
        pickled = pickle.dumps(outer.remote)
        assert b"secret" not in pickled
        lost = pickle.loads(pickled)
        with pytest.raises(RuntimeError, match="has lost its client"):
            lost(question="Why?")
        lost.connect(client.program("qa"))
        assert lost(question="Why?").answer == "Because."


def test_a_module_is_copied_with_its_client_as_optimisers_do() -> None:
    with platform(Answer()) as scripted, Client(scripted.url) as client:
        outer = Outer(client.program("qa").as_module())
        for copied in (copy.deepcopy(outer), outer.deepcopy(), outer.reset_copy()):
            assert copied.remote is not outer.remote
            assert copied(question="Why?").answer == "Because."


def test_a_module_is_measured_by_dspy() -> None:
    with platform(Answer()) as scripted, Client(scripted.url) as client:
        examples = [
            dspy.Example(question="Why?", answer=answer).with_inputs("question") for answer in ("Because.", "No")
        ]
        evaluate = dspy.Evaluate(
            devset=examples, metric=lambda example, prediction, _=None: example.answer == prediction.answer
        )
        assert evaluate(client.program("qa").as_module()).score == 50.0


def test_a_signature_of_the_platform_is_one_of_dspy() -> None:
    signature = to_signature(SPEC)
    assert (signature.__name__, signature.instructions) == ("Qa", "Be short.")
    inputs, outputs = signature.input_fields, signature.output_fields
    assert inputs["question"].json_schema_extra["desc"] == "What to answer."
    assert (inputs["count"].annotation, inputs["count"].default) == (int, 2)
    assert inputs["photo"].annotation == dspy.Image | None
    assert outputs["label"].annotation == Literal["a", 1]
    assert outputs["scores"].annotation == dict[str, float]
    assert outputs["steps"].annotation == list[str]
    assert outputs["either"].annotation == int | str | None
    (part,) = outputs["parts"].annotation.__args__
    assert part(at="2026-01-05").model_dump() == {"at": "2026-01-05", "note": None}
    dspy.Predict(signature)


def test_the_signature_is_that_of_the_version() -> None:
    program = {**EXECUTION, "signature": "Qa", "signatureVersion": 3}
    with platform(Answer(body=program), Answer(body={"items": [SPEC]})) as scripted, Client(scripted.url) as client:
        assert client.program("qa").signature().__name__ == "Qa"
        paths = [asked.path.replace("%5B", "[").replace("%5D", "]") for asked in scripted.asked]
        assert paths == ["/v1/programs/qa", "/v1/signatures/Qa/versions?filter[version][eq]=3"]
    nothing = Answer(body={"items": []})
    with platform(nothing) as scripted, Client(scripted.url) as client, pytest.raises(NotFoundError):
        client.program("qa", version=7).spec()
