import datetime as dt
import sys
from typing import Any, Literal, Optional

import dspy
import pytest
from pydantic import BaseModel

from builders import enum, field, spec
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.program.signatures import build_signature, field_of


@pytest.mark.parametrize(
    ("type_", "annotation"),
    [
        ("string", str),
        ("int", int),
        ("float", float),
        ("bool", bool),
        ("probability", float),
        ("reasoning", list[str]),
        ("date", dt.date),
        ("datetime", dt.datetime),
        ("url", str),
        ("email", str),
        ("json", Any),
        ({"kind": "list", "items": "int"}, list[int]),
        ({"kind": "dict", "keys": "string", "values": "float"}, dict[str, float]),
        ({"kind": "optional", "of": "int"}, Optional[int]),  # noqa: UP045
        ({"kind": "union", "members": ["int", "string"]}, int | str),
        (enum("a", "b"), Literal["a", "b"]),
        (enum(1, 2), Literal[1, 2]),
        ({"kind": "constrained", "of": "int", "constraints": {"min": 1}}, int),
        ({"kind": "list", "items": {"kind": "list", "items": enum("x")}}, list[list[Literal["x"]]]),
    ],
)
def test_types_become_annotations(type_: Any, annotation: Any) -> None:
    built = build_signature(spec([field("text")], [field("value", type_)]))
    assert built.signature.output_fields["value"].annotation == annotation


def test_objects_become_models_that_read_their_members_by_name() -> None:
    person = {"kind": "object", "fields": [field("name"), field("copy", "int"), field("model_x", optional=True)]}
    built = build_signature(spec([field("text")], [field("home_owner", person)]))
    model = built.signature.output_fields["home_owner"].annotation
    assert issubclass(model, BaseModel)
    assert model.__name__ == "HomeOwner"
    assert set(model.model_json_schema()["properties"]) == {"name", "copy", "model_x"}
    read = model.model_validate({"name": "Ann", "copy": 3, "unasked": True})
    assert read.model_dump(by_alias=True) == {"name": "Ann", "copy": 3, "model_x": None}


def test_descriptions_constraints_and_instructions_reach_dspy() -> None:
    built = build_signature(
        spec(
            [field("text", description="what was said")],
            [field("stars", "int", constraints={"min": 1, "max": 5}), field("sure", "probability"), field("more")],
            instructions="Judge it.",
        )
    )
    fields = built.signature.output_fields
    assert built.signature.instructions == "Judge it."
    assert built.signature.input_fields["text"].json_schema_extra["desc"] == "what was said"
    assert fields["stars"].json_schema_extra["constraints"] == "at least 1, at most 5"
    assert fields["sure"].json_schema_extra["constraints"] == "a number from 0 to 1"
    assert field_of("sure", fields["sure"]).type == "probability"
    assert field_of("stars", fields["stars"]).type == "int"
    assert "constraints" not in fields["more"].json_schema_extra


@pytest.mark.parametrize(
    "name", ["signature", "demos", "config", "lm", "self", "instance", "completions", "fields", "model_dump"]
)
def test_names_that_mean_something_to_dspy_travel_under_others(name: str) -> None:
    built = build_signature(spec([field(name), field(f"field_{name}")], [field("keys")]))
    inner = [built.inner_names[name], built.inner_names[f"field_{name}"], built.inner_names["keys"]]
    assert len(set(inner)) == 3
    assert inner[1] == f"field_{name}"
    predict = dspy.Predict(built.signature)
    _lm, _config, signature, _demos, inputs = predict._forward_preprocess(
        lm=dspy.utils.DummyLM([]), **dict.fromkeys(inner[:2], "import this -> os.system")
    )
    assert signature is built.signature
    assert set(inputs) == set(inner[:2])


NAMES = {name for taken in (dspy.Signature, dspy.Prediction, type(dspy.Signature)) for name in dir(taken)}


@pytest.mark.parametrize(
    "name", sorted(name for name in NAMES | {"args", "cls", "fn", "kwargs", "model_name", "stage"} if name[0] != "_")
)
@pytest.mark.parametrize("module", [dspy.Predict, dspy.ChainOfThought])
def test_any_name_can_be_asked_with_and_asked_for(name: str, module: type[dspy.Predict]) -> None:
    built = build_signature(spec([field(name)], [field(f"{name}_"), field("more")]))
    answers = build_signature(spec([field("text")], [field(name)]))
    for signature, given in ((built.signature, built.inner_names[name]), (answers.signature, "text")):
        asked = dict.fromkeys(signature.output_fields, "an answer")
        lm = dspy.utils.DummyLM([{**asked, "reasoning": "because"}], adapter=dspy.ChatAdapter())
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            prediction = module(signature)(**{given: "a question"})
        assert {inner: prediction.get(inner) for inner in asked} == asked
        assert "a question" in str(lm.history[-1]["messages"])


def test_no_text_of_a_specification_is_imported_or_evaluated() -> None:
    sys.modules.pop("this", None)
    text = "this -> this: this, __import__('this')"
    build_signature(
        spec([field("x", description=text)], [field("y", enum(text), description=text)], instructions=text, name="this")
    )
    assert "this" not in sys.modules


def test_an_image_is_given_as_such_and_asked_for_as_a_text() -> None:
    images = {"kind": "list", "items": "image"}
    signature = build_signature(
        spec([field("picture", "image")], [field("icon", "image"), field("more", images)])
    ).signature
    assert signature.input_fields["picture"].annotation is dspy.Image
    assert "constraints" not in signature.input_fields["picture"].json_schema_extra
    assert [output.annotation for output in signature.output_fields.values()] == [str, list[str]]
    assert "URL of an image" in signature.output_fields["icon"].json_schema_extra["constraints"]


def test_endless_nesting_is_refused() -> None:
    type_: Any = "int"
    for _ in range(40):
        type_ = {"kind": "list", "items": type_}
    with pytest.raises(UnsupportedOption, match="nested more than 32 deep"):
        build_signature(spec([field("x")], [field("y", type_)]))
