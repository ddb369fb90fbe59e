"""Reads all outputs of a signature from one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dspy
from dspy.adapters.utils import annotation_allows_none

from dspy_worker.runtime.answers.forms import Raw, mended_forms
from dspy_worker.runtime.answers.values import ValueReader
from dspy_worker.runtime.lru import LruCache

_MAX_SIGNATURES = 1024
_MAX_SHOWN = 200


class Unreadable(Exception):  # noqa: N818 - reads as what it is
    """An answer in which an output is missing or is no value of its type; the message names it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The outputs, by name, and whether the answer's form had to be mended."""

    values: Mapping[str, Any]
    is_mended: bool


class OutputReader:
    """Reads the outputs of one signature."""

    def __init__(self, signature: type[dspy.Signature]) -> None:
        """Takes the signature as DSPy has it."""
        fields = signature.output_fields
        self._readers = {name: ValueReader(field.annotation) for name, field in fields.items()}
        self._optional = frozenset(name for name, field in fields.items() if annotation_allows_none(field.annotation))

    def read(self, answer: str, found: Raw | None, *, is_cut: bool) -> Reading:
        """Reads the outputs from what the expected form found in the answer, else from the answer as it is.

        `is_cut` says that the answer was broken off. Raises `Unreadable`.
        """
        try:
            return self._read(found, is_cut=is_cut)
        except Unreadable:
            for mended in mended_forms(answer, tuple(self._readers), is_cut=is_cut):
                if (reading := self._mended(mended, is_cut=is_cut)) is not None:
                    return reading
            if len(self._readers) == 1 and (reading := self._alone(answer, is_cut=is_cut)) is not None:
                return reading
            raise

    def value(self, name: str, raw: Any, *, is_cut: bool) -> tuple[Any, bool]:  # noqa: ANN401 - text or JSON
        """Reads the value of one output and tells whether it had to be mended; raises `Unreadable`."""
        try:
            return self._readers[name].read(raw, is_cut=is_cut)
        except ValueError as error:
            message = f'The output "{name}" cannot be {str(raw)[:_MAX_SHOWN]!r}.'
            raise Unreadable(message) from error

    def _read(self, found: Raw | None, *, is_cut: bool) -> Reading:
        values: dict[str, Any] = {}
        is_mended = False
        missing = [name for name in self._readers if name not in (found or {}) and name not in self._optional]
        if not found or missing:
            names = ", ".join(f'"{name}"' for name in missing or self._readers)
            message = f"There is no value for the output{'s' * (len(missing) > 1)} {names}."
            raise Unreadable(message)
        for name in self._readers:
            if name in found:
                values[name], was_mended = self.value(name, found[name], is_cut=is_cut)
                is_mended = is_mended or was_mended
            else:
                values[name] = None
        return Reading(values, is_mended)

    def _mended(self, found: Raw, *, is_cut: bool) -> Reading | None:
        try:
            return Reading(self._read(found, is_cut=is_cut).values, is_mended=True)
        except Unreadable:
            return None

    def _alone(self, answer: str, *, is_cut: bool) -> Reading | None:
        """Takes the whole answer for the only output, if its type tells it from any other text."""
        ((name, reader),) = self._readers.items()
        return None if reader.is_open else self._mended({name: answer}, is_cut=is_cut)


_readers: LruCache[type, OutputReader] = LruCache(_MAX_SIGNATURES)


def reader_of(signature: type[dspy.Signature]) -> OutputReader:
    """Returns the reader of a signature's outputs, which is made once for each."""
    return _readers.get_or_make(signature, lambda: OutputReader(signature))
