"""Reads single values, as text or as JSON, by the type that a signature gives them."""

import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, TypeAdapter

from dspy_worker.runtime.answers.forms import MAX_MENDED_CHARS, plain_name
from dspy_worker.runtime.answers.lenient_json import read_lenient

_FENCE = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_AROUND, _AFTER = " \t\r\n*_`\"'", ".,;:!"


class ValueReader:
    """Reads the values of one output."""

    def __init__(self, annotation: Any) -> None:  # noqa: ANN401 - an annotation has no type of its own
        """Takes the annotation of the output in the DSPy signature."""
        self._annotation = annotation
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
        # Any text is a value of these, so that a text around the value cannot be told from it.
        self.is_open = any(member in (str, Any) for member in members)
        self._allows_none = NoneType in members
        self._is_text_or_none = str in members and self._allows_none

    def read(self, raw: Any, *, is_cut: bool) -> tuple[Any, bool]:  # noqa: ANN401
        """Returns the value and whether it had to be mended; raises `ValueError` if it is none of the type."""
        if self._annotation is str:
            return (raw if isinstance(raw, str) else str(raw)), False
        if self._is_text_or_none and isinstance(raw, str):
            return self._adapter.validate_python(raw), False
        failure: ValueError | None = None
        for candidate, is_mended in self._candidates(raw, is_cut=is_cut):
            try:
                return self._adapter.validate_python(candidate), is_mended
            except ValueError as error:
                failure = failure or error
        raise failure or ValueError

    def _candidates(self, raw: Any, *, is_cut: bool) -> Iterator[tuple[Any, bool]]:  # noqa: ANN401
        """Gives what the value may be, and whether that takes mending, the likeliest first."""
        if not isinstance(raw, str):
            yield raw, False
            yield _with_members(raw, self._annotation), True
            return
        text = raw.strip()
        if get_origin(self._annotation) is Literal:
            yield _unquoted(text), False
        if (value := _json(text)) is not _NO_JSON:
            yield value, False
        if len(raw) <= MAX_MENDED_CHARS and (value := _lenient(text, is_cut=is_cut)) is not _NO_JSON:
            yield value, True
            yield _with_members(value, self._annotation), True
        yield raw, False
        if self.is_open or len(raw) > MAX_MENDED_CHARS:
            return
        if text == "" and self._allows_none:
            yield None, True
        bare = text.strip(_AROUND).rstrip(_AFTER).strip(_AROUND)
        if (value := _json(bare)) is not _NO_JSON:
            yield value, True
        yield bare, True
        yield _with_members(bare, self._annotation), True


class _NoJson:
    """Stands for a text that is no JSON, as None is one."""


_NO_JSON = _NoJson()
_PYTHON_WORDS: dict[str, Any] = {"None": None, "True": True, "False": False}


def _json(text: str) -> Any:  # noqa: ANN401
    """Reads JSON, and Python's three words, in which DSPy writes and asks for values."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _PYTHON_WORDS.get(text, _NO_JSON)


def _lenient(text: str, *, is_cut: bool) -> Any:  # noqa: ANN401
    """Reads a text that is, or has in a code fence, JSON of a form that can be mended."""
    fence = _FENCE.search(text)
    body = (fence[1] if fence else text).strip()
    if not body.startswith(("{", "[")):
        return _json(body) if fence else _NO_JSON
    try:
        return read_lenient(body, 0, is_cut=is_cut)[0]
    except ValueError:
        return _NO_JSON


def _unquoted(text: str) -> str:
    """Returns the member of an enumeration as models like to write it: in quotes, or as the type it is."""
    if text.startswith(("Literal[", "str[")) and text.endswith("]"):
        text = text[text.find("[") + 1 : -1]
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _with_members(value: Any, annotation: Any) -> Any:  # noqa: ANN401, PLR0911 - one return for each kind of type
    """Puts the members of enumerations and objects in the place of their look-alikes, wherever they are in the type."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _member(value, args) if isinstance(value, str) else value
    if origin in (Union, UnionType):
        for arg in args:
            if (found := _with_members(value, arg)) != value:
                return found
        return value
    if origin is list and isinstance(value, list):
        return [_with_members(item, args[0]) for item in value]
    if origin is dict and isinstance(value, dict):
        return {_with_members(name, args[0]): _with_members(item, args[1]) for name, item in value.items()}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, dict):
        return _with_fields(value, annotation)
    return value


def _with_fields(value: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    names = {plain_name(name): name for name in fields}
    named: dict[str, Any] = {}
    # A name that is right counts more than one that is like it.
    for given in sorted(value, key=lambda given: given not in fields):
        name = given if given in fields else names.get(plain_name(given), given)
        named.setdefault(name, _with_members(value[given], fields.get(name, Any)))
    return named


def _member(text: str, members: tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Finds the one member that is meant, but for case and what is not a letter or a digit."""
    if text in members:
        return text
    plain = plain_name(text)
    meant = [member for member in members if plain_name(str(member)) == plain] if plain else []
    return meant[0] if len(meant) == 1 else text
