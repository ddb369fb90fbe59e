"""Builds DSPy signatures from specifications."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dspy
from pydantic.fields import FieldInfo

from dspy_worker.contracts.messages import ConstrainedType, Constraints, FieldType, SignatureField, SignatureSpec
from dspy_worker.runtime.images import IMAGE_RULE
from dspy_worker.runtime.program.annotations import annotation_of, type_of

# What DSPy's call machinery takes for itself: an input `signature`, say, would be read as signature text, which DSPy
# evaluates. Such an input travels under another name inside DSPy only; all others are asked for by their own.
_OF_THE_CALL = frozenset(
    {"completions", "config", "demos", "instance", "lm", "logprobs", "new_signature", "prediction", "self", "signature"}
)
# Properties of a signature class, and what pydantic builds it with.
_OF_THE_CLASS = frozenset({"fields", "input_fields", "instructions", "output_fields", "signature"}) | {
    name for name in dir(dspy.Signature) if name.startswith("model_")
}
# Pydantic warns of fields such as `copy`, which it and DSPy then treat like any other.
warnings.filterwarnings("ignore", 'Field name "[^"]*" in "[^"]*" shadows an attribute in parent', UserWarning)

_CONSTRAINT_WORDS = {
    "min": "at least {}",
    "max": "at most {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "pattern": "matching the regular expression {}",
    "min_items": "at least {} items",
    "max_items": "at most {} items",
}
_FIELD_MARK = "dspy_nest_field"
_TYPE_WORDS = {
    "probability": "a number from 0 to 1",
    "reasoning": "the steps of the reasoning, one item each",
    "date": "an ISO 8601 date",
    "datetime": "an ISO 8601 date and time with time zone",
    "url": "an absolute http or https URL",
    "email": "an e-mail address",
}
_OUTPUT_WORDS = {**_TYPE_WORDS, "image": IMAGE_RULE}


@dataclass(frozen=True, slots=True)
class BuiltSignature:
    """A DSPy signature and the names its fields have inside DSPy, by their own names."""

    signature: type[dspy.Signature]
    inner_names: Mapping[str, str]


def build_signature(spec: SignatureSpec) -> BuiltSignature:
    """Builds a DSPy signature from a specification; raises `UnsupportedOption` for what the worker cannot do."""
    inner_names = _inner_names(spec)
    fields: dict[str, tuple[Any, Any]] = {}
    for field in spec.inputs:
        fields[inner_names[field.name]] = (annotation_of(field), _dspy_field(field, dspy.InputField, _TYPE_WORDS))
    for field in spec.outputs:
        # What a model answers is text, so an image is only referred to.
        made = _dspy_field(field, dspy.OutputField, _OUTPUT_WORDS)
        fields[inner_names[field.name]] = (annotation_of(field, image=str), made)
    instructions = spec.instructions if isinstance(spec.instructions, str) else None
    signature = dspy.make_signature(fields, instructions, signature_name=spec.name)
    return BuiltSignature(signature, inner_names)


def field_of(name: str, info: FieldInfo) -> SignatureField:
    """Returns the specification's field behind one of a DSPy signature's, or behind one that DSPy added."""
    extra = info.json_schema_extra
    field = extra.get(_FIELD_MARK) if isinstance(extra, dict) else None
    return (
        field
        if isinstance(field, SignatureField)
        else SignatureField(name=name, type=type_of(info.annotation), optional=False)
    )


def _inner_names(spec: SignatureSpec) -> dict[str, str]:
    names = {field.name: _OF_THE_CALL | _OF_THE_CLASS for field in spec.inputs}
    names |= {field.name: _OF_THE_CLASS for field in spec.outputs}
    return {name: _inner_name(name, taken, names) for name, taken in names.items()}


def _inner_name(name: str, taken: frozenset[str], names: Mapping[str, object]) -> str:
    inner = name
    while inner in taken or (inner != name and inner in names):
        inner = f"field_{inner}"
    return inner


def _dspy_field(
    field: SignatureField,
    make: Any,  # noqa: ANN401 - DSPy's field functions are untyped
    type_words: Mapping[str, str],
) -> Any:  # noqa: ANN401
    description = field.description if isinstance(field.description, str) else None
    made = make(desc=description) if description else make()
    made.json_schema_extra[_FIELD_MARK] = field
    if words := _constraint_words(field, type_words):
        made.json_schema_extra["constraints"] = words
    return made


def _constraint_words(field: SignatureField, type_words: Mapping[str, str]) -> str:
    field_type: FieldType = field.type
    words = []
    constraints = [field.constraints] if isinstance(field.constraints, Constraints) else []
    while isinstance(field_type, ConstrainedType):
        constraints.append(field_type.constraints)
        field_type = field_type.of
    if isinstance(field_type, str) and field_type in type_words:
        words.append(type_words[field_type])
    for found in constraints:
        words.extend(
            phrase.format(value)
            for name, phrase in _CONSTRAINT_WORDS.items()
            if isinstance(value := getattr(found, name), (int, float, str))
        )
    return ", ".join(words)
