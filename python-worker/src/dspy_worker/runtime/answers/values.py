"""Reads single values, as text or as JSON, by the type that a signature gives them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
from pydantic import TypeAdapter

from dspy_worker.contracts.messages import (
    ConstrainedType,
    EnumType,
    FieldType,
    OptionalType,
    SignatureField,
    UnionType,
)
from dspy_worker.runtime.coercion.coerce import is_open
from dspy_worker.runtime.coercion.coercion import Coerced, Coercion
from dspy_worker.runtime.program.annotations import is_json_itself, parts_of
from dspy_worker.runtime.texts.json_text import read_json_text
from dspy_worker.runtime.texts.text_marks import strip
from dspy_worker.runtime.validation.json_reader import JsonReader

_PYTHON_WORDS: dict[str, Any] = {"None": None, "True": True, "False": False}


class ValueReader:
    """Reads the values of one output."""

    def __init__(self, field: SignatureField, annotation: Any, *, is_strict: bool) -> None:  # noqa: ANN401
        """Takes the output, its annotation in the DSPy signature, and whether nothing may be mended."""
        self.name = field.name
        self.is_open = is_open(field.type)
        self._json = JsonReader(field, f"/outputs/{field.name}", is_strict=is_strict)
        # Such a text is a value whatever it looks like.
        self._is_text = _core(field.type) == "string"
        self._takes_text = not self.is_open and _takes_text(field.type)
        self._python = None if is_json_itself(field.type) else _python_reader(field.type, annotation)

    def read(self, raw: Any, *, is_text: bool, is_cut: bool) -> tuple[Any, Sequence[Coercion]]:  # noqa: ANN401
        """Returns the value as DSPy has it and what was mended; raises `NotOfType`.

        `is_text` tells a text in which any value is written from JSON, where a text is a text.
        """
        is_written = is_text and not self._is_text
        read = self._read_text(strip(raw), is_cut=is_cut) if is_written else self._json.read(raw, is_cut=is_cut)
        return read if self._python is None else (self._python(read[0]), read[1])

    def _read_text(self, text: str, *, is_cut: bool) -> tuple[Any, Sequence[Coercion]]:
        if self._takes_text and self._json.is_valid(text):
            return text, ()
        value = _json(text)
        if value is not _NO_JSON and self._json.is_valid(value):
            return value, ()
        return self._json.first(self._readings(text, value, is_cut=is_cut), text if value is _NO_JSON else value)

    def _readings(self, text: str, value: Any, *, is_cut: bool) -> Iterator[Coerced]:  # noqa: ANN401
        """Gives what the text may mean, the likeliest first; `value` is what it is as JSON."""
        if isinstance(value, (list, dict)) or not (self.is_open or value is _NO_JSON):
            yield self._json.coerced(value, is_cut=is_cut)
        # As a value the text would be one whatever it is; here it may be JSON that has to be mended.
        if self.is_open and (found := read_json_text(text, is_cut=is_cut)) is not None:
            first = Coercion(self._json.pointer, text, found.value, found.rule)
            coerced = self._json.coerced(found.value, is_cut=is_cut)
            yield replace(coerced, coercions=(first, *coerced.coercions))
        yield self._json.coerced(text, is_cut=is_cut)


class _NoJson:
    """Stands for a text that is no JSON, as None is one."""


_NO_JSON = _NoJson()


def _json(text: str) -> Any:  # noqa: ANN401
    """Reads JSON, and Python's three words, in which DSPy writes and asks for values."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _PYTHON_WORDS.get(text, _NO_JSON)


def _core(field_type: FieldType) -> FieldType:
    return _core(field_type.of) if isinstance(field_type, (OptionalType, ConstrainedType)) else field_type


def _takes_text(field_type: FieldType) -> bool:
    """Tells whether a text may be a value of a type."""
    match field_type:
        case str():
            return field_type in ("date", "datetime", "url", "email", "image")
        case EnumType():
            return any(isinstance(value, str) for value in field_type.values)
        case OptionalType() | ConstrainedType() | UnionType():
            return any(map(_takes_text, parts_of(field_type)))
    return False


def _python_reader(field_type: FieldType, annotation: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Returns what makes of valid JSON what DSPy has: dates and objects are more than texts and dicts there."""
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    if not _has_union(field_type):
        return adapter.validate_python
    # Strictly and from JSON, or a day would be taken for a time where both may be.
    return lambda value: adapter.validate_json(orjson.dumps(value), strict=True)


def _has_union(field_type: FieldType) -> bool:
    return isinstance(field_type, UnionType) or any(map(_has_union, parts_of(field_type)))
