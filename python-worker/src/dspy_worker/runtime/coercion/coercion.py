"""What is told of a value that was mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dspy_worker.contracts import messages
from dspy_worker.runtime.values.canonical_json import canonical_json
from dspy_worker.runtime.values.carriable import UNSTORABLE, is_carriable

# How many coercions an execution tells of, and how much of a value.
MAX_LISTED = 100
MAX_SHOWN_CHARS = 500
NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class Coercion:
    """One value that was mended: where, from what, to what and by which rule."""

    pointer: str
    before: Any
    after: Any
    rule: str


@dataclass(frozen=True, slots=True)
class Coerced:
    """What a value came to; `fits` tells whether it is of its type now, and if not it is left to be judged."""

    value: Any
    fits: bool
    coercions: Sequence[Coercion] = ()


def mended(pointer: str, before: Any, after: Any, rule: str) -> Coerced:  # noqa: ANN401 - JSON
    """Returns a value in the place of another."""
    return Coerced(after, fits=True, coercions=(Coercion(pointer, before, after, rule),))


def list_coercions(coercions: Sequence[Coercion]) -> list[messages.Coercion]:
    """Returns the coercions as an execution tells them: the last entry says how many more there were."""
    told = [
        _told(_cut(found.pointer), _shown(found.before), _shown(found.after), found.rule)
        for found in coercions[:MAX_LISTED]
    ]
    more = len(coercions) - MAX_LISTED
    return [*told, _told("", None, more, NOT_LISTED)] if more > 0 else told


def _told(pointer: str, before: Any, after: Any, rule: str) -> messages.Coercion:  # noqa: ANN401
    return messages.Coercion(pointer=pointer, from_=before, to=after, rule=rule)


def _shown(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return _cut(UNSTORABLE.sub("\ufffd", value))
    if not is_carriable(value):
        return None
    text = canonical_json(value)
    return _cut(text) if len(text) > MAX_SHOWN_CHARS else value


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"
