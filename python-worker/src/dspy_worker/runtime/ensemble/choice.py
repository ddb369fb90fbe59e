"""Decides which of the answers of several models is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dspy_worker.contracts.messages import Ensemble, SignatureField
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.agreement import agreement_key, most_agreed


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The valid outputs of one model, and its place in the order of the models, from 0."""

    place: int
    outputs: Mapping[str, Any]


def choose(ensemble: Ensemble, fields: Sequence[SignatureField], answers: Sequence[ModelAnswer]) -> ModelAnswer:
    """Returns the answer that is taken of one or more, which are in the order in which they came.

    `fields` are the outputs of the program. Of answers that are as good as each other, the earlier model's is taken.
    """
    if ensemble.strategy == "first":
        return answers[0]
    in_order = sorted(answers, key=lambda answer: answer.place)
    deciding = [_named(name, fields) for name in ensemble.fields]
    if ensemble.strategy == "best":
        return max(in_order, key=lambda answer: float(answer.outputs[deciding[0].name]))
    return most_agreed(in_order, lambda answer: _vote(answer.outputs, deciding))


def _named(name: str, fields: Sequence[SignatureField]) -> SignatureField:
    for field in fields:
        if field.name == name:
            return field
    message = f'The program has no output "{name}" to choose an answer by. Name its outputs in config.multi.fields.'
    raise UnsupportedOption(message)


def _vote(outputs: Mapping[str, Any], fields: Sequence[SignatureField]) -> tuple[str | None, ...] | None:
    keys = tuple(agreement_key(outputs[field.name], is_text=_is_text(field, outputs)) for field in fields)
    return None if all(key is None for key in keys) else keys


def _is_text(field: SignatureField, outputs: Mapping[str, Any]) -> bool:
    return field.type == "string" and isinstance(outputs[field.name], str)
