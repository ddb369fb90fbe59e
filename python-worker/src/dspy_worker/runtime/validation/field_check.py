"""Checks strictly whether values are of the types of fields, by validators of pydantic's core built once for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, ValidationError, core_schema

from dspy_worker.contracts.messages import (
    ConstrainedType,
    Constraints,
    DictType,
    EnumType,
    FieldType,
    ListType,
    ObjectType,
    OptionalType,
    SignatureField,
    UnionType,
)
from dspy_worker.failures import OutputInvalid
from dspy_worker.runtime.coercion.coerce import coerce_field
from dspy_worker.runtime.program.annotations import holds_json, parts_of
from dspy_worker.runtime.values.canonical_json import canonical_json
from dspy_worker.runtime.values.carriable import MAX_INTEGER, UNSTORABLE, is_carriable, is_carriable_text
from dspy_worker.runtime.values.formats import is_date, is_datetime, is_email, is_image, is_url
from dspy_worker.runtime.values.limits import pattern_of

MAX_FAULTS = 20
_KEY_MARK = "[key]"
_WORDS = {"list_type": "a list", "dict_type": "an object", "missing": "given", "extra_forbidden": "left out"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a value that is not what it must be."""

    pointer: str
    rule: str


def fault_items(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Returns what is wrong as the items of an error."""
    return [
        {"pointer": fault.pointer, "code": OutputInvalid.code, "message": f"Must be {fault.rule}."} for fault in faults
    ]


class FieldCheck:
    """The strict check of the values of one field. Numbers are as JSON has them: 3.0 is not yet 3.

    Attributes:
        is_valid: Tells whether a value is JSON of the type.

    """

    def __init__(self, field: SignatureField) -> None:
        """Takes the field; raises `UnsupportedOption` for a pattern this worker cannot look for."""
        self._field = field
        self._has_shape: Callable[[Any], bool] = SchemaValidator(_field_schema(field, _unsaid)).isinstance_python
        self.is_valid: Callable[[Any], bool] = self._has_shape
        # Nearly all values are right: what says why one is not is made when there is one.
        self._wordy: SchemaValidator | None = None
        self._holds_json = holds_json(field.type)
        if self._holds_json:
            self.is_valid = self._is_json
        elif _holds_text(field.type):
            self.is_valid = self._is_text

    def faults(self, value: Any, pointer: str) -> list[Fault]:  # noqa: ANN401
        """Returns what is wrong with a value, and where."""
        self._wordy = self._wordy or SchemaValidator(_field_schema(self._field, _said))
        try:
            self._wordy.validate_python(value)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)[:MAX_FAULTS]
            return [Fault(pointer + _pointer(fault["loc"]), _rule(fault["type"])) for fault in found]
        if (place := _find_unstorable(value, pointer)) is not None:
            return [Fault(place, "text of well-formed Unicode without U+0000")]
        is_right = not self._holds_json or self._is_exact(value)
        return [] if is_right else [Fault(pointer, _PRIMITIVE_WORDS["json"])]

    def _is_text(self, value: Any) -> bool:  # noqa: ANN401
        return self._has_shape(value) and _is_storable(value)

    def _is_json(self, value: Any) -> bool:  # noqa: ANN401
        return self._is_text(value) and self._is_exact(value)

    def _is_exact(self, value: Any) -> bool:  # noqa: ANN401
        """Tells whether no number in what may be any JSON would be another one on its way."""
        return coerce_field(self._field, value, "").fits


def _rule(error_type: str) -> str:
    return _WORDS.get(error_type, error_type)


def _pointer(loc: Sequence[int | str]) -> str:
    names = (str(part).replace("~", "~0").replace("/", "~1") for part in loc if part != _KEY_MARK)
    return "".join(f"/{name}" for name in names)


def _is_storable(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, str):
        return is_carriable_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return True
    try:
        return b"\\u0000" not in orjson.dumps(value) or _find_unstorable(value, "") is None
    except TypeError:  # half of a surrogate pair, or an integer beyond 64 bits
        return _find_unstorable(value, "") is None


def _find_unstorable(value: Any, pointer: str) -> str | None:  # noqa: ANN401
    """Returns where a text is that cannot be stored; of a name the place of what it stands in."""
    if isinstance(value, str):
        return None if is_carriable_text(value) else pointer
    members = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, member in members:
        is_name = not isinstance(name, str) or UNSTORABLE.search(name) is None
        place = _find_unstorable(member, pointer + _pointer([name])) if is_name else pointer
        if place is not None:
            return place
    return None


_Say = Callable[[CoreSchema, str], CoreSchema]


def _said(schema: CoreSchema, words: str) -> CoreSchema:
    return core_schema.custom_error_schema(schema, custom_error_type=words, custom_error_message=words)


def _unsaid(schema: CoreSchema, _words: str) -> CoreSchema:
    return schema


def _tested(test: Callable[[Any], bool], words: str, schema: CoreSchema) -> CoreSchema:
    def check(value: Any) -> Any:  # noqa: ANN401
        if not test(value):
            raise PydanticCustomError(words, words)
        return value

    return core_schema.no_info_after_validator_function(check, schema)


_TEXT = core_schema.str_schema(strict=True)
_PRIMITIVES: Mapping[str, CoreSchema] = {
    "string": _TEXT,
    "int": core_schema.int_schema(strict=True, ge=-MAX_INTEGER, le=MAX_INTEGER),
    "float": core_schema.float_schema(strict=True, allow_inf_nan=False),
    "bool": core_schema.bool_schema(strict=True),
    "probability": core_schema.float_schema(strict=True, allow_inf_nan=False, ge=0, le=1),
    "date": _tested(is_date, "date", _TEXT),
    "datetime": _tested(is_datetime, "datetime", _TEXT),
    "url": _tested(is_url, "url", _TEXT),
    "email": _tested(is_email, "email", _TEXT),
    "json": core_schema.any_schema(),
    "image": _tested(is_image, "image", _TEXT),
}
_PRIMITIVE_WORDS: Mapping[str, str] = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "probability": "a number from 0 to 1",
    "reasoning": "a list of reasoning steps",
    "date": "an ISO 8601 date",
    "datetime": "an ISO 8601 date and time with time zone",
    "url": "an absolute http or https URL",
    "email": "an e-mail address",
    "json": "JSON whose integers are at most 2^53 - 1",
    "image": "an http or https URL or a data URI of an image",
}


def _field_schema(field: SignatureField, say: _Say) -> CoreSchema:
    schema = _schema(field.type, say)
    if isinstance(field.constraints, Constraints):
        schema = _limited(schema, field.constraints)
    return core_schema.nullable_schema(schema) if field.optional else schema


def _schema(field_type: FieldType, say: _Say) -> CoreSchema:
    if field_type == "reasoning":
        return core_schema.list_schema(_schema("string", say), strict=True)
    if isinstance(field_type, str):
        return say(_PRIMITIVES[field_type], _PRIMITIVE_WORDS[field_type])
    return _STRUCTURES[type(field_type)](field_type, say)


def _enum(field_type: EnumType, say: _Say) -> CoreSchema:
    if all(isinstance(value, str) for value in field_type.values):
        return say(core_schema.literal_schema(list(field_type.values)), _words(field_type))
    # Python takes True for 1.
    allowed = [(type(value), value) for value in field_type.values]
    return _tested(lambda value: (type(value), value) in allowed, _words(field_type), core_schema.any_schema())


def _dict(field_type: DictType, say: _Say) -> CoreSchema:
    if field_type.keys == "int":
        keys: CoreSchema = core_schema.str_schema(strict=True, pattern="^(?:0|-?[1-9][0-9]*)$")
    else:
        keys = _schema(field_type.keys, say)
    keys = say(keys, "a name its type allows")
    return core_schema.dict_schema(keys, _schema(field_type.values, say), strict=True)


def _object(field_type: ObjectType, say: _Say) -> CoreSchema:
    members = {
        member.name: core_schema.typed_dict_field(_field_schema(member, say), required=not member.optional)
        for member in field_type.fields
    }
    return core_schema.typed_dict_schema(members, extra_behavior="forbid", strict=True)


def _union(field_type: UnionType, say: _Say) -> CoreSchema:
    members: list[CoreSchema | tuple[CoreSchema, str]] = [_schema(member, say) for member in field_type.members]
    return say(core_schema.union_schema(members, mode="left_to_right"), _words(field_type))


_STRUCTURES: Mapping[type, Callable[[Any, _Say], CoreSchema]] = {
    ListType: lambda t, say: core_schema.list_schema(_schema(t.items, say), strict=True),
    DictType: _dict,
    OptionalType: lambda t, say: core_schema.nullable_schema(_schema(t.of, say)),
    UnionType: _union,
    EnumType: _enum,
    ObjectType: _object,
    ConstrainedType: lambda t, say: _limited(_schema(t.of, say), t.constraints),
}


def _holds_text(field_type: FieldType) -> bool:
    """Tells whether values of a type may hold a text that cannot be stored."""
    if isinstance(field_type, EnumType):
        return not is_carriable(field_type.values)
    if isinstance(field_type, DictType) and field_type.keys != "int":
        return True
    return field_type in ("string", "reasoning", "json", "image") or any(map(_holds_text, parts_of(field_type)))


def _words(field_type: FieldType) -> str:
    """Says what values of a type are."""
    if isinstance(field_type, str):
        return _PRIMITIVE_WORDS[field_type]
    return _STRUCTURE_WORDS[type(field_type)](field_type)


_STRUCTURE_WORDS: dict[type, Callable[[Any], str]] = {
    ListType: lambda _: "a list",
    DictType: lambda _: "an object",
    OptionalType: lambda t: f"{_words(t.of)} or null",
    UnionType: lambda t: " or ".join(map(_words, t.members)),
    EnumType: lambda t: f"one of {', '.join(map(_shown, t.values))}",
    ObjectType: lambda _: "an object",
    ConstrainedType: lambda t: _words(t.of),
}


def _shown(value: str | float | bool) -> str:  # noqa: FBT001 - a value of an enumeration
    return value if isinstance(value, str) else canonical_json(value)


def _limited(schema: CoreSchema, limits: Constraints) -> CoreSchema:
    for limit, words, test in (
        (limits.min, "at least {}", lambda value, limit: value >= limit),
        (limits.max, "at most {}", lambda value, limit: value <= limit),
        (limits.min_length, "at least {} characters long", lambda value, limit: len(value) >= limit),
        (limits.max_length, "at most {} characters long", lambda value, limit: len(value) <= limit),
        (limits.min_items, "a list of at least {} items", lambda value, limit: len(value) >= limit),
        (limits.max_items, "a list of at most {} items", lambda value, limit: len(value) <= limit),
    ):
        if isinstance(limit, (int, float)):
            schema = _tested(_bound(test, limit), words.format(canonical_json(limit)), schema)
    if isinstance(limits.pattern, str):
        schema = _tested(pattern_of(limits.pattern).is_in, f"a text matching {limits.pattern}", schema)
    return schema


def _bound(test: Callable[[Any, float], bool], limit: float) -> Callable[[Any], bool]:
    return lambda value: test(value, limit)
