"""Reads a JSON value as one of a field, by strict validation and, before it, what mending it takes."""

from collections.abc import Iterable, Sequence
from typing import Any

from dspy_worker.contracts.messages import SignatureField
from dspy_worker.runtime.coercion.coerce import coerce_field
from dspy_worker.runtime.coercion.coercion import Coerced, Coercion
from dspy_worker.runtime.validation.field_check import Fault, FieldCheck


class NotOfType(ValueError):  # noqa: N818 - reads as what it is
    """What was found is no value of its type and cannot be made one without guessing."""

    def __init__(self, faults: Sequence[Fault], pointer: str) -> None:
        """Takes what is wrong, and where the value is."""
        places = [fault.pointer.removeprefix(pointer)[1:] for fault in faults]
        said = [f"{place or 'it'} must be {fault.rule}" for place, fault in zip(places, faults, strict=True)]
        super().__init__(", ".join(said))
        self.faults = faults


class JsonReader:
    """Reads the values of one field."""

    def __init__(self, field: SignatureField, pointer: str, *, is_strict: bool) -> None:
        """Takes the field, where its value is, and whether nothing may be mended."""
        self.pointer = pointer
        self._field = field
        self._is_strict = is_strict
        self._check = FieldCheck(field)
        self.is_valid = self._check.is_valid

    def read(self, raw: Any, *, is_cut: bool = False) -> tuple[Any, Sequence[Coercion]]:  # noqa: ANN401
        """Returns the value and what was mended; raises `NotOfType`."""
        if self.is_valid(raw):
            return raw, ()
        return self.first([self.coerced(raw, is_cut=is_cut)], raw)

    def coerced(self, raw: Any, *, is_cut: bool) -> Coerced:  # noqa: ANN401
        """Returns what a value can be mended to."""
        return coerce_field(self._field, raw, self.pointer, is_cut=is_cut)

    def first(self, readings: Iterable[Coerced], raw: Any) -> tuple[Any, Sequence[Coercion]]:  # noqa: ANN401
        """Returns the first reading that is valid; raises `NotOfType` with what is wrong with the raw value."""
        unfit: Coerced | None = None
        for reading in readings:
            is_allowed = not (self._is_strict and reading.coercions)
            if is_allowed and reading.fits and self.is_valid(reading.value):
                return reading.value, reading.coercions
            unfit = unfit or (reading if is_allowed else None)
        raise NotOfType(self._check.faults(unfit.value if unfit else raw, self.pointer), self.pointer)
