"""Builds DSPy signatures from specifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dspy
from pydantic.fields import FieldInfo

from dspy_worker.contracts.messages import ConstrainedType, Constraints, FieldType, SignatureField, SignatureSpec
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.program.annotations import annotation_of

# Names that DSPy's call machinery takes for itself. As an input `signature`, say, would be read as signature text,
# which DSPy evaluates; such a field travels under another name inside DSPy only.
_PRIVILEGED = frozenset(
    {"args", "cls", "config", "demos", "fn", "instance", "kwargs", "lm", "logprobs", "new_signature", "prediction",
     "self", "signature", "stage", "_trace"}
)  # fmt: skip
_TAKEN = _PRIVILEGED | frozenset(dir(dspy.Signature)) | frozenset(dir(dspy.Prediction))

_CONSTRAINT_WORDS = {
    "min": "at least {}",
    "max": "at most {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "pattern": "matching the regular expression {}",
    "min_items": "at least {} items",
    "max_items": "at most {} items",
}
_PROBABILITY_MARK = "dspy_nest_probability"
_TYPE_WORDS = {
    "probability": "a number from 0 to 1",
    "reasoning": "the steps of the reasoning, one item each",
    "date": "an ISO 8601 date",
    "datetime": "an ISO 8601 date and time with time zone",
    "url": "an absolute http or https URL",
    "email": "an e-mail address",
}


@dataclass(frozen=True, slots=True)
class BuiltSignature:
    """A DSPy signature and the names its fields have inside DSPy, by their own names."""

    signature: type[dspy.Signature]
    inner_names: Mapping[str, str]


def build_signature(spec: SignatureSpec) -> BuiltSignature:
    """Builds a DSPy signature from a specification; raises `UnsupportedOption` for what the worker cannot do."""
    inner_names = _inner_names([field.name for field in (*spec.inputs, *spec.outputs)])
    fields: dict[str, tuple[Any, Any]] = {}
    for field in spec.inputs:
        fields[inner_names[field.name]] = (annotation_of(field), _dspy_field(field, dspy.InputField))
    for field in spec.outputs:
        if field.type == "image":
            message = f'Output "{field.name}" is an image, which no text model can give. Use another type.'
            raise UnsupportedOption(message)
        fields[inner_names[field.name]] = (annotation_of(field), _dspy_field(field, dspy.OutputField))
    instructions = spec.instructions if isinstance(spec.instructions, str) else None
    signature = dspy.make_signature(fields, instructions, signature_name=spec.name)
    return BuiltSignature(signature, inner_names)


def is_probability(field: FieldInfo) -> bool:
    """Tells a probability from any other float among a DSPy signature's fields."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get(_PROBABILITY_MARK) is True


def _inner_names(names: list[str]) -> dict[str, str]:
    inner_names: dict[str, str] = {}
    for name in names:
        inner = name
        while inner in _TAKEN or inner.startswith("model_") or (inner != name and inner in names):
            inner = f"field_{inner}"
        inner_names[name] = inner
    return inner_names


def _dspy_field(field: SignatureField, make: Any) -> Any:  # noqa: ANN401 - DSPy's field functions are untyped
    description = field.description if isinstance(field.description, str) else None
    made = make(desc=description) if description else make()
    if field.type == "probability":
        made.json_schema_extra[_PROBABILITY_MARK] = True
    if words := _constraint_words(field):
        made.json_schema_extra["constraints"] = words
    return made


def _constraint_words(field: SignatureField) -> str:
    field_type: FieldType = field.type
    words = []
    constraints = [field.constraints] if isinstance(field.constraints, Constraints) else []
    while isinstance(field_type, ConstrainedType):
        constraints.append(field_type.constraints)
        field_type = field_type.of
    if isinstance(field_type, str) and field_type in _TYPE_WORDS:
        words.append(_TYPE_WORDS[field_type])
    for found in constraints:
        words.extend(
            phrase.format(value)
            for name, phrase in _CONSTRAINT_WORDS.items()
            if isinstance(value := getattr(found, name), (int, float, str))
        )
    return ", ".join(words)
