"""Turns the types of a specification into Python annotations, by a closed table: no text is evaluated or imported."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Literal, Optional, Union

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
    "image": dspy.Image,
}


def annotation_of(field: SignatureField) -> Any:  # noqa: ANN401 - an annotation has no type of its own
    """Returns the Python annotation of a field; raises `UnsupportedOption` for a type this worker does not know."""
    annotation = _annotation(field.type, field.name, 0)
    return Optional[annotation] if field.optional else annotation  # noqa: UP045 - a form DSPy reads


def member_name(index: int) -> str:
    """Names the attribute behind the n-th member of an object, whose own name may mean something to pydantic."""
    return f"member_{index}"


def _annotation(field_type: FieldType, name: str, depth: int) -> Any:  # noqa: ANN401 - see above
    if depth > MAX_NESTING:
        message = f'The type of "{name}" is nested more than {MAX_NESTING} deep. Make it flatter.'
        raise UnsupportedOption(message)
    if isinstance(field_type, str):
        return _PRIMITIVES[field_type]
    build: Callable[[Any, str, int], Any] = _BUILDERS[type(field_type)]
    return build(field_type, name, depth + 1)


def _dict(field_type: DictType, name: str, depth: int) -> Any:  # noqa: ANN401
    return dict[_annotation(field_type.keys, name, depth), _annotation(field_type.values, name, depth)]  # type: ignore[misc]


def _union(field_type: UnionType, name: str, depth: int) -> Any:  # noqa: ANN401
    return Union[tuple(_annotation(member, name, depth) for member in field_type.members)]  # noqa: UP007


def _object(field_type: ObjectType, name: str, depth: int) -> type[BaseModel]:
    members: dict[str, Any] = {}
    for index, member in enumerate(field_type.fields):
        annotation = _annotation(member.type, member.name, depth)
        description = member.description if isinstance(member.description, str) else None
        field = Field(alias=member.name, description=description)
        if member.optional:
            annotation = Optional[annotation]  # noqa: UP045
            field = Field(default=None, alias=member.name, description=description)
        members[member_name(index)] = (annotation, field)
    title = "".join(part.capitalize() for part in re.findall(r"[A-Za-z0-9]+", name)) or "Object"
    return create_model(title, __config__=ConfigDict(extra="ignore", populate_by_name=False), **members)


_BUILDERS: dict[type, Callable[[Any, str, int], Any]] = {
    ListType: lambda t, name, depth: list[_annotation(t.items, name, depth)],  # type: ignore[misc]
    DictType: _dict,
    OptionalType: lambda t, name, depth: Optional[_annotation(t.of, name, depth)],  # noqa: UP045
    UnionType: _union,
    EnumType: lambda t, _name, _depth: Literal[tuple(t.values)],
    ObjectType: _object,
    # Constraints are told to the model in words and checked on the answer; the shape is that of the inner type.
    ConstrainedType: lambda t, name, depth: _annotation(t.of, name, depth),
}
