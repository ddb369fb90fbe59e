"""Gives values the types of their fields. The twin in Node is libs/signature/src/coercion/coerce.ts."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from dspy_worker.runtime.coercion.coercion import Coerced, Coercion, mended
from dspy_worker.runtime.coercion.formatted import (
    coerce_date,
    coerce_datetime,
    coerce_email,
    coerce_image,
    coerce_text,
    coerce_url,
)
from dspy_worker.runtime.coercion.numbers import coerce_float, coerce_int, coerce_probability
from dspy_worker.runtime.coercion.words import coerce_bool, coerce_enum, is_null_word
from dspy_worker.runtime.texts.json_text import read_json_text
from dspy_worker.runtime.texts.list_text import is_single_item, read_lines, read_steps
from dspy_worker.runtime.texts.text_marks import plain
from dspy_worker.runtime.values.canonical_json import canonical_json
from dspy_worker.runtime.values.carriable import is_carriable, is_carriable_text
from dspy_worker.runtime.values.limits import is_within

_INT_KEY = re.compile(r"0|-?[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a list around it takes the place of one that would be put around it.

    Attributes:
        is_cut: Whether the answer was broken off, so that what is open must not be closed.

    """

    pointer: str
    in_list: bool = False
    is_cut: bool = False

    def member(self, name: str, *, in_list: bool = False) -> "Place":
        """Returns the place of a member or an item."""
        escaped = name.replace("~", "~0").replace("/", "~1")
        return Place(f"{self.pointer}/{escaped}", in_list, self.is_cut)


def coerce_field(field: SignatureField, raw: Any, pointer: str, *, is_cut: bool = False) -> Coerced:  # noqa: ANN401
    """Gives a JSON value the type of its field, by rules that leave nothing to guess, and says what was changed.

    A value that is of its type is not changed; one that cannot be made so is left, for strict validation to judge.
    """
    return _coerce_field(field, raw, Place(pointer, is_cut=is_cut))


def _coerce_field(field: SignatureField, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    if field.optional and raw is None:
        return Coerced(raw, fits=True)
    coerced = _coerce(field.type, raw, place)
    if isinstance(field.constraints, Constraints):
        coerced = _limited(coerced, field.constraints)
    return _or_nothing(coerced, raw, place) if field.optional else coerced


def _coerce(field_type: FieldType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    if field_type == "reasoning":
        return _coerce_reasoning(raw, place)
    if isinstance(field_type, str):
        return _PRIMITIVES[field_type](raw, place.pointer)
    return _STRUCTURES[type(field_type)](field_type, raw, place)


def _json(raw: Any, _pointer: str) -> Coerced:  # noqa: ANN401
    return Coerced(raw, fits=is_carriable(raw))


_PRIMITIVES: dict[str, Callable[[Any, str], Coerced]] = {
    "string": coerce_text,
    "int": coerce_int,
    "float": coerce_float,
    "bool": coerce_bool,
    "probability": coerce_probability,
    "date": coerce_date,
    "datetime": coerce_datetime,
    "url": coerce_url,
    "email": coerce_email,
    "json": _json,
    "image": coerce_image,
}


def _of_json(raw: Any, place: Place, kind: type, inner: Callable[[Any], Coerced]) -> Coerced:  # noqa: ANN401
    """Coerces what is, or is the text of, a list or an object."""
    if isinstance(raw, kind):
        return inner(raw)
    found = read_json_text(raw, is_cut=place.is_cut) if isinstance(raw, str) else None
    if found is None or not isinstance(found.value, kind):
        return Coerced(raw, fits=False)
    return _wholly(raw, place, found.value, found.rule, inner)


def _wholly(raw: Any, place: Place, value: Any, rule: str, inner: Callable[[Any], Coerced]) -> Coerced:  # noqa: ANN401
    """Takes a value for another, if then all of it fits."""
    coerced = inner(value)
    if not coerced.fits:
        return Coerced(raw, fits=False)
    first = Coercion(place.pointer, raw, value, rule)
    return Coerced(coerced.value, fits=True, coercions=(first, *coerced.coercions))


def _items(items: FieldType, values: Sequence[Any], place: Place) -> Coerced:
    coerced = [_coerce(items, value, place.member(str(index), in_list=True)) for index, value in enumerate(values)]
    coercions = [coercion for item in coerced for coercion in item.coercions]
    return Coerced([item.value for item in coerced], all(item.fits for item in coerced), coercions)


def _coerce_list(field_type: ListType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    def inner(values: Sequence[Any]) -> Coerced:
        return _items(field_type.items, values, place)

    read = _of_json(raw, place, list, inner)
    if read.fits or isinstance(raw, list):
        return read
    if isinstance(raw, str) and not place.is_cut and (lines := read_lines(raw)) is not None:
        return _wholly(raw, place, lines, "list_from_lines", inner)
    return _wholly(raw, place, [raw], "list_from_single", inner) if _is_single(field_type.items, raw, place) else read


def _is_single(items: FieldType, raw: Any, place: Place) -> bool:  # noqa: ANN401
    if raw is None or place.in_list or place.is_cut or _is_list_type(items):
        return False
    return not isinstance(raw, str) or not is_open(items) or is_single_item(raw)


def _coerce_reasoning(raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    def inner(values: Sequence[Any]) -> Coerced:
        return _items("string", values, place)

    read = _of_json(raw, place, list, inner)
    if read.fits or not isinstance(raw, str) or place.is_cut:
        return read
    steps = read_steps(raw)
    return _wholly(raw, place, steps, "steps_from_text", inner) if steps else read


def _is_list_type(field_type: FieldType) -> bool:
    """Tells whether values of a type are lists, or may be."""
    if isinstance(field_type, (OptionalType, ConstrainedType)):
        return _is_list_type(field_type.of)
    if isinstance(field_type, UnionType):
        return any(map(_is_list_type, field_type.members))
    return field_type == "reasoning" or isinstance(field_type, ListType)


def is_open(field_type: FieldType) -> bool:
    """Tells whether any text is a value of a type."""
    if isinstance(field_type, (OptionalType, ConstrainedType)):
        return is_open(field_type.of)
    if isinstance(field_type, UnionType):
        return any(map(is_open, field_type.members))
    return field_type in ("string", "json")


def _coerce_optional(field_type: OptionalType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    return Coerced(None, fits=True) if raw is None else _or_nothing(_coerce(field_type.of, raw, place), raw, place)


def _or_nothing(coerced: Coerced, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    if coerced.fits or not isinstance(raw, str) or not is_null_word(raw):
        return coerced
    return mended(place.pointer, raw, None, "null_from_text")


def _coerce_union(field_type: UnionType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    """Gives the one value that the members make of it; the value as it is, if it is one of a member's."""
    readings = [_coerce(member, raw, place) for member in field_type.members]
    fitting = [reading for reading in readings if reading.fits]
    for reading in fitting:
        if not reading.coercions:
            return reading
    is_clear = len({canonical_json(reading.value) for reading in fitting}) == 1
    return fitting[0] if is_clear else Coerced(raw, fits=False)


def _coerce_constrained(field_type: ConstrainedType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    return _limited(_coerce(field_type.of, raw, place), field_type.constraints)


def _limited(coerced: Coerced, limits: Constraints) -> Coerced:
    is_beyond = coerced.fits and not is_within(coerced.value, limits)
    return replace(coerced, fits=False) if is_beyond else coerced


def _key(keys: FieldType, name: str) -> str | None:
    """Returns the name of a member as the type of the keys has it, or None."""
    if keys == "int":
        return name if _INT_KEY.fullmatch(name) else None
    if keys == "string":
        return name if is_carriable_text(name) else None
    found = _coerce(keys, name, Place(""))
    return found.value if found.fits and isinstance(found.value, str) else None


def _coerce_dict(field_type: DictType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    return _of_json(raw, place, dict, lambda value: _entries(field_type, value, place))


def _entries(field_type: DictType, raw: dict[str, Any], place: Place) -> Coerced:
    coercions: list[Coercion] = []
    entries: dict[str, Any] = {}
    fits = True
    for name, value in raw.items():
        key = _key(field_type.keys, name)
        at = place.member(name if key is None else key)
        if key not in (None, name):
            if key in raw or key in entries:
                return Coerced(raw, fits=False)
            coercions.append(Coercion(at.pointer, name, key, "member_name"))
        inner = _coerce(field_type.values, value, at)
        coercions.extend(inner.coercions)
        fits = fits and inner.fits and key is not None
        entries[name if key is None else key] = inner.value
    return Coerced(entries, fits, coercions)


def _coerce_object(field_type: ObjectType, raw: Any, place: Place) -> Coerced:  # noqa: ANN401
    return _of_json(raw, place, dict, lambda value: _members(field_type.fields, value, place))


def _members(fields: Sequence[SignatureField], raw: dict[str, Any], place: Place) -> Coerced:
    named = _named(fields, raw, place)
    if named is None:
        return Coerced(raw, fits=False)
    given, coercions = named
    members: dict[str, Any] = {}
    fits = True
    for field in fields:
        if field.name not in given:
            fits = fits and field.optional
            continue
        inner = _coerce_field(field, given[field.name], place.member(field.name))
        coercions.extend(inner.coercions)
        fits = fits and inner.fits
        members[field.name] = inner.value
    return Coerced(members, fits, coercions)


def _named(
    fields: Sequence[SignatureField], raw: dict[str, Any], place: Place
) -> tuple[dict[str, Any], list[Coercion]] | None:
    """Returns the members by the names of the fields; None when it is not clear which is meant for which field."""
    names = {field.name for field in fields}
    given = {name: value for name, value in raw.items() if name in names}
    coercions: list[Coercion] = []
    if len(given) == len(raw):
        return given, coercions
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for field in fields:
        alike[plain(field.name)].append(field.name)
    for name in (name for name in raw if name not in names):
        meant = alike.get(plain(name), [])
        if len(meant) > 1 or (meant and meant[0] in given and meant[0] not in raw):
            return None
        if not meant or meant[0] in raw:
            coercions.append(Coercion(place.member(name).pointer, raw[name], None, "member_dropped"))
        else:
            coercions.append(Coercion(place.member(meant[0]).pointer, name, meant[0], "member_name"))
            given[meant[0]] = raw[name]
    return given, coercions


_STRUCTURES: dict[type, Callable[[Any, Any, Place], Coerced]] = {
    ListType: _coerce_list,
    DictType: _coerce_dict,
    OptionalType: _coerce_optional,
    UnionType: _coerce_union,
    EnumType: lambda field_type, raw, place: coerce_enum(field_type.values, raw, place.pointer),
    ObjectType: _coerce_object,
    ConstrainedType: _coerce_constrained,
}
