"""One of several answers of a module that DSPy lets go on when one fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dspy
from dspy.utils.exceptions import AdapterParseError

from dspy_worker.failures import OutputInvalid

_UNREADABLE = "unreadable"


class Attempt(dspy.Predict):  # type: ignore[misc]
    """A `dspy.Predict` for `dspy.BestOfN` and `dspy.Refine`, which print every error and go on.

    An answer that cannot be read is the worst of all instead, and any other failure ends the module: a model that
    is not there is not asked again.
    """

    def forward(self, **inputs: Any) -> dspy.Prediction:  # noqa: ANN401 - any input
        """Asks once; raises `Failed` for all but an answer that cannot be read."""
        try:
            return super().forward(**inputs)
        except AdapterParseError as error:
            return dspy.Prediction(**{_UNREADABLE: str(error)})
        except Exception as error:
            raise Failed(error) from error


class Failed(BaseException):
    """What ended an attempt; no `Exception`, so that DSPy lets it pass."""

    def __init__(self, cause: Exception) -> None:
        """Takes the error that it stands for."""
        super().__init__()
        self.cause = cause


def is_unreadable(answer: dspy.Prediction) -> bool:
    """Tells whether an attempt gave no answer, but what DSPy shows in its place."""
    return set(answer.keys()) == {_UNREADABLE}


@contextmanager
def attempting() -> Iterator[None]:
    """Runs a block of DSPy's with attempts in it, which needs a trace; raises what ended an attempt."""
    try:
        with dspy.context(trace=[]):
            yield
    except Failed as failed:
        raise failed.cause from None


def chosen(best: dspy.Prediction | None, attempts: int) -> dspy.Prediction:
    """Returns the best of the answers; raises `OutputInvalid` if DSPy found none, for none could be read."""
    if best is None:
        message = (
            f"None of the model's {attempts} answers could be read as the outputs; its calls show what they were. Try "
            "again, choose another format, or use a more capable model."
        )
        raise OutputInvalid(message)
    return best
