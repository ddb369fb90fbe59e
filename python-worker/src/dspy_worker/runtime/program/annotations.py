"""Turns the types of a specification into Python annotations, by a closed table: no text is evaluated or imported."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Optional, Union, get_args, get_origin

import dspy
from pydantic import BaseModel, ConfigDict, Field, create_model

from dspy_worker.contracts.messages import (
    ConstrainedType,
    DictType,
    EnumType,
    FieldType,
    ListType,
    ObjectType,
    OptionalType,
    SignatureField,
    UnionType,
)
from dspy_worker.failures import UnsupportedOption

# Deeper types are refused by the signature language; the limit here only guards this process.
MAX_NESTING = 32

_PRIMITIVES: dict[str, Any] = {
    "string": str,
    "int": int,
    "float": float,
    "bool": bool,
    "probability": float,
    "reasoning": list[str],
    "date": dt.date,
    "datetime": dt.datetime,
    "url": str,
    "email": str,
    "json": Any,
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a signature a type stands: below which field, how deep, and what an image is there."""

    name: str
    image: Any
    depth: int = 0


def annotation_of(field: SignatureField, image: Any = dspy.Image) -> Any:  # noqa: ANN401 - an annotation has no type of its own
    """Returns the Python annotation of a field, in which images are of type `image`.

    Raises `UnsupportedOption` for a type this worker does not know.
    """
    annotation = _annotation(field.type, _Place(field.name, image))
    return Optional[annotation] if field.optional else annotation  # noqa: UP045 - a form DSPy reads


def type_of(annotation: Any) -> FieldType:  # noqa: ANN401 - see above
    """Returns the type behind the annotation of a field that a DSPy module adds; one that none has is a text."""
    origin, of = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return EnumType(kind="enum", values=list(of))
    if origin is dict:
        return DictType(kind="dict", keys="string", values="json" if of[1] is Any else "string")
    return "string"


def is_json_itself(field_type: FieldType) -> bool:
    """Tells whether values of a type are in Python what they are as JSON."""
    if isinstance(field_type, ObjectType) or (isinstance(field_type, DictType) and field_type.keys == "int"):
        return False
    return field_type not in ("date", "datetime", "image") and all(map(is_json_itself, parts_of(field_type)))


def holds_json(field_type: FieldType) -> bool:
    """Tells whether any JSON may be in a value of a type."""
    return field_type == "json" or any(map(holds_json, parts_of(field_type)))


def parts_of(field_type: FieldType) -> Sequence[FieldType]:
    """Returns the types of which a type is made, but for the names in dicts."""
    match field_type:
        case ListType():
            return [field_type.items]
        case DictType():
            return [field_type.values]
        case OptionalType() | ConstrainedType():
            return [field_type.of]
        case UnionType():
            return field_type.members
        case ObjectType():
            return [member.type for member in field_type.fields]
    return ()


def member_name(index: int) -> str:
    """Names the attribute behind the n-th member of an object, whose own name may mean something to pydantic."""
    return f"member_{index}"


def _annotation(field_type: FieldType, place: _Place) -> Any:  # noqa: ANN401 - see above
    if place.depth > MAX_NESTING:
        message = f'The type of "{place.name}" is nested more than {MAX_NESTING} deep. Make it flatter.'
        raise UnsupportedOption(message)
    if isinstance(field_type, str):
        return place.image if field_type == "image" else _PRIMITIVES[field_type]
    build: Callable[[Any, _Place], Any] = _BUILDERS[type(field_type)]
    return build(field_type, replace(place, depth=place.depth + 1))


def _dict(field_type: DictType, place: _Place) -> Any:  # noqa: ANN401
    return dict[_annotation(field_type.keys, place), _annotation(field_type.values, place)]  # type: ignore[misc]


def _union(field_type: UnionType, place: _Place) -> Any:  # noqa: ANN401
    return Union[tuple(_annotation(member, place) for member in field_type.members)]  # noqa: UP007


def _object(field_type: ObjectType, place: _Place) -> type[BaseModel]:
    members: dict[str, Any] = {}
    for index, member in enumerate(field_type.fields):
        annotation = _annotation(member.type, replace(place, name=member.name))
        description = member.description if isinstance(member.description, str) else None
        field = Field(alias=member.name, description=description)
        if member.optional:
            annotation = Optional[annotation]  # noqa: UP045
            field = Field(default=None, alias=member.name, description=description)
        members[member_name(index)] = (annotation, field)
    title = "".join(part.capitalize() for part in re.findall(r"[A-Za-z0-9]+", place.name)) or "Object"
    return create_model(title, __config__=ConfigDict(extra="ignore", populate_by_name=False), **members)


_BUILDERS: dict[type, Callable[[Any, _Place], Any]] = {
    ListType: lambda t, place: list[_annotation(t.items, place)],  # type: ignore[misc]
    DictType: _dict,
    OptionalType: lambda t, place: Optional[_annotation(t.of, place)],  # noqa: UP045
    UnionType: _union,
    EnumType: lambda t, _place: Literal[tuple(t.values)],
    ObjectType: _object,
    # Constraints are told to the model in words and checked on the answer; the shape is that of the inner type.
    ConstrainedType: lambda t, place: _annotation(t.of, place),
}
