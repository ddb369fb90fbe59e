"""Notes what was mended in the answers of an execution."""

from collections.abc import Callable, Sequence
from typing import Any

from dspy_worker.contracts import messages
from dspy_worker.runtime.coercion.coercion import NOT_LISTED, Coercion, list_coercions
from dspy_worker.runtime.values.canonical_json import canonical_json


class CoercionLog:
    """The coercions of one execution's answers; safe to use from several threads."""

    def __init__(self, *, keeps_contents: bool) -> None:
        """Takes whether the values before and after are kept: they are contents, like prompts and completions."""
        self._keeps_contents = keeps_contents
        self._coercions: list[Coercion] = []

    def note(self, coercions: Sequence[Coercion]) -> None:
        """Takes what was mended in one answer."""
        self._coercions.extend(coercions)

    def branch(self) -> "CoercionLog":
        """Returns an empty log for one of several answers, of which only one will stand."""
        return CoercionLog(keeps_contents=self._keeps_contents)

    @property
    def noted(self) -> Sequence[Coercion]:
        """What was mended so far."""
        return self._coercions

    def listed(self, clean: Callable[[str], str]) -> tuple[messages.Coercion, ...]:
        """Returns the coercions for the outcome; `clean` takes out of each text what must not leave the worker."""
        return tuple(self._recorded(coercion, clean) for coercion in list_coercions(self._coercions))

    def _recorded(self, coercion: messages.Coercion, clean: Callable[[str], str]) -> messages.Coercion:
        if coercion.rule == NOT_LISTED:
            return coercion
        contents = {"from_": _cleaned(coercion.from_, clean), "to": _cleaned(coercion.to, clean)}
        kept = contents if self._keeps_contents else dict.fromkeys(contents)
        return coercion.model_copy(update=kept)


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return clean(value)
    text = canonical_json(value)
    return value if (cleaned := clean(text)) == text else cleaned
