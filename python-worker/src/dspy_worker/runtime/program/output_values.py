"""Checks what a program answered against the specification and turns it into JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from dspy_worker.contracts.messages import SignatureField
from dspy_worker.failures import OutputInvalid
from dspy_worker.runtime.coercion.coerce import coerce_field
from dspy_worker.runtime.program.annotations import annotation_of, holds_json, is_json_itself
from dspy_worker.runtime.texts.list_text import read_steps
from dspy_worker.runtime.validation.field_check import Fault, FieldCheck, fault_items

_MAX_SHOWN = 200


class OutputWriter:
    """Writes the outputs of one program as JSON."""

    def __init__(self, fields: Sequence[SignatureField]) -> None:
        """Takes the outputs; raises `UnsupportedOption` for what this worker cannot check."""
        self._writers = tuple(map(_ValueWriter, fields))

    def write(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the outputs in the order of the signature; raises `OutputInvalid` naming the bad field."""
        return {writer.name: writer.write(values.get(writer.name)) for writer in self._writers}


class _ValueWriter:
    def __init__(self, field: SignatureField) -> None:
        self.name = field.name
        self._field = field
        self._check = FieldCheck(field)
        is_plain = is_json_itself(field.type) and not holds_json(field.type)
        self._adapter: TypeAdapter[Any] | None = None if is_plain else TypeAdapter(annotation_of(field, image=str))

    def write(self, value: Any) -> Any:  # noqa: ANN401 - as a module left it
        written = self._json(value)
        if self._check.is_valid(written):
            return written
        # What JSON has one form for, Python may have two of, such as 3.0 for 3.
        same = coerce_field(self._field, written, "")
        if same.fits and not same.coercions and self._check.is_valid(same.value):
            return same.value
        raise self._refusal(value, self._check.faults(written, f"/outputs/{self.name}"))

    def _json(self, value: Any) -> Any:  # noqa: ANN401
        if self._field.type == "reasoning" and isinstance(value, str):
            # ChainOfThought asks for a text.
            return read_steps(value)
        if self._adapter is None:
            return value
        try:
            return self._adapter.dump_python(value, mode="json", by_alias=True, warnings=False)
        except PydanticSerializationError:
            return value

    def _refusal(self, value: Any, faults: Sequence[Fault]) -> OutputInvalid:  # noqa: ANN401
        rules = ", ".join(fault.rule for fault in faults)
        message = (
            f'The model\'s answer is not valid: output "{self.name}" must be {rules}, but is {_shown(value)}. '
            "Try again, describe the field better, or use a more capable model."
        )
        return OutputInvalid(message, details={"errors": fault_items(faults)})


def _shown(value: Any) -> str:  # noqa: ANN401
    text = "missing" if value is None else repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
