"""Reads all outputs of a signature from one answer."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import dspy
from dspy.adapters.utils import annotation_allows_none

from dspy_worker.runtime.answers.forms import Found, mended_forms
from dspy_worker.runtime.answers.values import ValueReader
from dspy_worker.runtime.coercion.coercion import Coercion
from dspy_worker.runtime.lru import LruCache
from dspy_worker.runtime.program.signatures import field_of
from dspy_worker.runtime.validation.field_check import Fault
from dspy_worker.runtime.validation.json_reader import NotOfType

_MAX_SIGNATURES = 1024
_MAX_SHOWN = 200
# By these rules anything that was said could be the only output.
_OF_ANY_TEXT = frozenset({"list_from_single", "steps_from_text"})


class Unreadable(Exception):  # noqa: N818 - reads as what it is
    """An answer in which an output is missing or is no value of its type; the message names it."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        """Takes the message, and where what is wrong."""
        super().__init__(message)
        self.faults = faults


class Reading(NamedTuple):
    """The outputs by their names in DSPy, whether the form of the answer was mended, and what was in the values."""

    values: Mapping[str, Any]
    is_mended: bool
    coercions: Sequence[Coercion] = ()


class OutputReader:
    """Reads the outputs of one signature."""

    def __init__(self, signature: type[dspy.Signature], *, is_strict: bool = False) -> None:
        """Takes the signature as DSPy has it, and whether no value may be mended."""
        fields = signature.output_fields
        self._readers = {
            name: ValueReader(field_of(name, info), info.annotation, is_strict=is_strict)
            for name, info in fields.items()
        }
        self._optional = frozenset(name for name, field in fields.items() if annotation_allows_none(field.annotation))

    def read(self, answer: str, found: Found | None, *, is_cut: bool) -> Reading:
        """Reads the outputs from what the expected form found in the answer, else from the answer as it is.

        `is_cut` says that the answer was broken off. Raises `Unreadable`.
        """
        try:
            return self._read(found, is_mended=False, is_cut=is_cut)
        except Unreadable:
            for mended in mended_forms(answer, tuple(self._readers), is_cut=is_cut):
                if (reading := self._mended(mended, is_cut=is_cut)) is not None:
                    return reading
            if len(self._readers) == 1 and (reading := self._alone(answer, is_cut=is_cut)) is not None:
                return reading
            raise

    def value(
        self,
        name: str,
        raw: Any,  # noqa: ANN401 - text or JSON
        *,
        is_text: bool,
        is_cut: bool,
    ) -> tuple[Any, Sequence[Coercion]]:
        """Reads the value of one output and tells what was mended; raises `Unreadable`."""
        try:
            return self._readers[name].read(raw, is_text=is_text, is_cut=is_cut)
        except NotOfType as error:
            message = f'The output "{name}" cannot be {str(raw)[:_MAX_SHOWN]!r}: {error}.'
            raise Unreadable(message, error.faults) from error

    def _read(self, found: Found | None, *, is_mended: bool, is_cut: bool) -> Reading:
        given = found.values if found else {}
        missing = [name for name in self._readers if name not in given and name not in self._optional]
        if found is None or not given or missing:
            names = ", ".join(f'"{name}"' for name in missing or self._readers)
            message = f"There is no value for the output{'s' * (len(missing) > 1)} {names}."
            raise Unreadable(message)
        values: dict[str, Any] = dict.fromkeys(self._readers)
        coercions: list[Coercion] = []
        for name in self._readers:
            if name in given:
                values[name], mended = self.value(name, given[name], is_text=found.are_texts, is_cut=is_cut)
                coercions.extend(mended)
        return Reading(values, is_mended, coercions)

    def _mended(self, found: Found, *, is_cut: bool) -> Reading | None:
        try:
            return self._read(found, is_mended=True, is_cut=is_cut)
        except Unreadable:
            return None

    def _alone(self, answer: str, *, is_cut: bool) -> Reading | None:
        """Takes the whole answer for the only output, if its type tells it from any other text."""
        ((name, reader),) = self._readers.items()
        reading = None if reader.is_open else self._mended(Found({name: answer}, are_texts=True), is_cut=is_cut)
        is_any = reading is not None and any(coercion.rule in _OF_ANY_TEXT for coercion in reading.coercions)
        return None if is_any else reading


_readers: Mapping[bool, LruCache[type, OutputReader]] = {mode: LruCache(_MAX_SIGNATURES) for mode in (False, True)}


def reader_of(signature: type[dspy.Signature], *, is_strict: bool) -> OutputReader:
    """Returns the reader of a signature's outputs, which is made once for each."""
    return _readers[is_strict].get_or_make(signature, lambda: OutputReader(signature, is_strict=is_strict))
