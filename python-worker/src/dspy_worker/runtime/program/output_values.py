"""Checks what a model answered against the specification and turns it into JSON."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import regex
from pydantic import BaseModel

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
from dspy_worker.runtime.program.annotations import member_name

# A caller's pattern may backtrack without end on a long answer.
PATTERN_TIMEOUT_S = 0.1
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STEP_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


class _Invalid(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, pointer: str, rule: str) -> None:
        super().__init__(rule)
        self.pointer = pointer
        self.rule = rule


def json_outputs(fields: Sequence[SignatureField], values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the outputs as JSON, in the order of the signature; raises `OutputInvalid` naming the bad field."""
    outputs: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.name)
        try:
            outputs[field.name] = _field(field, value, f"/{field.name}")
        except _Invalid as invalid:
            message = (
                f'The model\'s answer is not valid: output "{field.name}" must be {invalid.rule}, '
                f"but is {_shown(value)}. Try again, describe the field better, or use a more capable model."
            )
            item = {
                "pointer": f"/outputs{invalid.pointer}",
                "code": "output_invalid",
                "message": f"Must be {invalid.rule}.",
            }
            raise OutputInvalid(message, details={"errors": [item]}) from invalid
    return outputs


def reasoning_steps(text: str) -> list[str]:
    """Splits free reasoning into its steps: one a line, without bullets and numbers."""
    return [step for line in text.splitlines() if (step := _STEP_MARK.sub("", line).strip())]


def _field(field: SignatureField, value: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    if value is None and field.optional:
        return None
    converted = _convert(field.type, value, pointer)
    if isinstance(field.constraints, Constraints):
        _check(field.constraints, converted, pointer)
    return converted


def _convert(field_type: FieldType, value: Any, pointer: str) -> Any:  # noqa: ANN401
    if isinstance(field_type, str):
        converted = _PRIMITIVES[field_type][1](value)
        if converted is None and field_type != "json":
            raise _Invalid(pointer, _PRIMITIVES[field_type][0])
        return converted
    return _STRUCTURES[type(field_type)](field_type, value, pointer)


def _number(value: Any) -> float | None:  # noqa: ANN401
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None


def _integer(value: Any) -> int | None:  # noqa: ANN401
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _probability(value: Any) -> float | None:  # noqa: ANN401
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None


def _reasoning(value: Any) -> list[str] | None:  # noqa: ANN401
    if isinstance(value, str):
        return reasoning_steps(value)
    return value if isinstance(value, list) and all(isinstance(step, str) for step in value) else None


def _date(value: Any) -> str | None:  # noqa: ANN401
    is_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return value.isoformat() if is_day else None


def _datetime(value: Any) -> str | None:  # noqa: ANN401
    if not isinstance(value, dt.datetime):
        return None
    # A time without a zone is taken for UTC: models rarely say one and the wire form must.
    zoned = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    return zoned.isoformat().replace("+00:00", "Z")


def _url(value: Any) -> str | None:  # noqa: ANN401
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return value if parts and parts.scheme in {"http", "https"} and parts.netloc and " " not in value else None


def _email(value: Any) -> str | None:  # noqa: ANN401
    return value if isinstance(value, str) and _EMAIL.fullmatch(value) else None


def _json(value: Any) -> Any:  # noqa: ANN401
    match value:
        case list():
            return [_json(item) for item in value]
        case dict():
            return {str(name): _json(item) for name, item in value.items()}
        case None | bool() | str() | int():
            return value
        case float() if math.isfinite(value):
            return value
    return str(value)


_PRIMITIVES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "string": ("a text", lambda value: value if isinstance(value, str) else None),
    "int": ("a whole number", _integer),
    "float": ("a number", _number),
    "bool": ("true or false", lambda value: value if isinstance(value, bool) else None),
    "probability": ("a number from 0 to 1", _probability),
    "reasoning": ("a list of reasoning steps", _reasoning),
    "date": ("an ISO 8601 date", _date),
    "datetime": ("an ISO 8601 date and time", _datetime),
    "url": ("an absolute http or https URL", _url),
    "email": ("an e-mail address", _email),
    "json": ("JSON", _json),
    "image": ("a text", lambda _value: None),
}


def _list(field_type: ListType, value: Any, pointer: str) -> list[Any]:  # noqa: ANN401
    if not isinstance(value, list):
        raise _Invalid(pointer, "a list")
    return [_convert(field_type.items, item, f"{pointer}/{index}") for index, item in enumerate(value)]


def _dict(field_type: DictType, value: Any, pointer: str) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise _Invalid(pointer, "an object")
    return {
        str(_convert(field_type.keys, name, f"{pointer}/{name}")): _convert(
            field_type.values, item, f"{pointer}/{name}"
        )
        for name, item in value.items()
    }


def _enum(field_type: EnumType, value: Any, pointer: str) -> Any:  # noqa: ANN401
    for allowed in field_type.values:
        if allowed == value and type(allowed) is type(value):
            return allowed
    raise _Invalid(pointer, f"one of {', '.join(map(str, field_type.values))}")


def _object(field_type: ObjectType, value: Any, pointer: str) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, (dict, BaseModel)):
        raise _Invalid(pointer, "an object")
    result = {}
    for index, member in enumerate(field_type.fields):
        found = value.get(member.name) if isinstance(value, dict) else getattr(value, member_name(index), None)
        result[member.name] = _field(member, found, f"{pointer}/{member.name}")
    return result


def _union(field_type: UnionType, value: Any, pointer: str) -> Any:  # noqa: ANN401
    rules = []
    for member in field_type.members:
        try:
            return _convert(member, value, pointer)
        except _Invalid as invalid:
            rules.append(invalid.rule)
    raise _Invalid(pointer, " or ".join(rules))


def _constrained(field_type: ConstrainedType, value: Any, pointer: str) -> Any:  # noqa: ANN401
    converted = _convert(field_type.of, value, pointer)
    _check(field_type.constraints, converted, pointer)
    return converted


_STRUCTURES: dict[type, Callable[[Any, Any, str], Any]] = {
    ListType: _list,
    DictType: _dict,
    OptionalType: lambda t, value, pointer: None if value is None else _convert(t.of, value, pointer),
    UnionType: _union,
    EnumType: _enum,
    ObjectType: _object,
    ConstrainedType: _constrained,
}


def _check(constraints: Constraints, value: Any, pointer: str) -> None:  # noqa: ANN401
    size = len(value) if isinstance(value, (str, list)) else None
    length = size if isinstance(value, str) else None
    items = size if isinstance(value, list) else None
    for limit, actual, is_lower, words in (
        (constraints.min, _number(value), True, "at least {}"),
        (constraints.max, _number(value), False, "at most {}"),
        (constraints.min_length, length, True, "at least {} characters long"),
        (constraints.max_length, length, False, "at most {} characters long"),
        (constraints.min_items, items, True, "a list of at least {} items"),
        (constraints.max_items, items, False, "a list of at most {} items"),
    ):
        if isinstance(limit, (int, float)) and actual is not None and (actual < limit if is_lower else actual > limit):
            raise _Invalid(pointer, words.format(f"{limit:g}"))
    if isinstance(constraints.pattern, str) and isinstance(value, str):
        _check_pattern(constraints.pattern, value, pointer)


def _check_pattern(pattern: str, value: str, pointer: str) -> None:
    try:
        if regex.search(pattern, value, timeout=PATTERN_TIMEOUT_S) is not None:
            return
    except (TimeoutError, regex.error):
        raise _Invalid(pointer, f"something that {pattern} can be checked on in time") from None
    raise _Invalid(pointer, f"a text matching {pattern}")


def _shown(value: Any) -> str:  # noqa: ANN401
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"  # noqa: PLR2004 - enough to recognise it
