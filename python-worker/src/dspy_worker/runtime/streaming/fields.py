"""Which outputs can be told while they come in, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dspy_worker.contracts.messages import (
    ConstrainedType,
    DictType,
    FieldType,
    ListType,
    ObjectType,
    OptionalType,
    SignatureField,
)

# As text; the lines of a text, each one step; the elements of a list; the members of a dict or an object.
Kind = Literal["text", "steps", "items", "members"]


@dataclass(frozen=True, slots=True)
class StreamedField:
    """An output that can be told while it comes in, by its name in the signature."""

    name: str
    kind: Kind
    optional: bool = False


def streamed_fields(
    outputs: Sequence[SignatureField], inner_names: Mapping[str, str], texts: Sequence[str]
) -> dict[str, StreamedField]:
    """Returns what can be told of the outputs, by their names inside DSPy.

    `texts` names those that the model is asked for as a text whatever their type is.
    """
    found = {}
    for field in outputs:
        kind = _kind(field.type)
        if kind == "items" and field.type == "reasoning" and field.name in texts:
            kind = "steps"
        if kind is not None:
            is_optional = field.optional or isinstance(field.type, OptionalType)
            found[inner_names[field.name]] = StreamedField(field.name, kind, is_optional)
    return found


def _kind(field_type: FieldType) -> Kind | None:
    match field_type:
        case "string":
            return "text"
        case "reasoning" | ListType():
            return "items"
        case DictType() | ObjectType():
            return "members"
        case OptionalType() | ConstrainedType():
            return _kind(field_type.of)
    return None
