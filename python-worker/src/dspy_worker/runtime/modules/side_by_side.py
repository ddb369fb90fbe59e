"""Runs what an execution does at the same time."""

import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from dspy_worker.runtime.recording.call_recorder import being_attempt

Result = TypeVar("Result")


_in_turn: ContextVar[bool] = ContextVar("in_turn", default=False)


@contextmanager
def in_turn() -> Iterator[None]:
    """Makes attempts of the block one after the other, in their order: that of their recorded calls."""
    token = _in_turn.set(True)
    try:
        yield
    finally:
        _in_turn.reset(token)


def side_by_side(attempts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Runs all attempts, the first in this thread and each other in one of its own; returns what they came to.

    Each has the context variables of the caller, and so its execution and DSPy's settings. All are waited for; then
    the first failure, in the order of the attempts, is raised.
    """
    outcomes: list[tuple[list[Result], BaseException | None]] = [([], None) for _ in attempts]

    def run(number: int) -> None:
        try:
            with being_attempt(number):
                outcomes[number] = ([attempts[number]()], None)
        except BaseException as error:  # noqa: BLE001 - it belongs to who waits for all
            outcomes[number] = ([], error)

    if _in_turn.get():
        for number in range(len(attempts)):
            run(number)
    else:
        _at_once(run, len(attempts))
    for _, error in outcomes:
        if error is not None:
            raise error
    return [result for found, _ in outcomes for result in found]


def _at_once(run: Callable[[int], None], count: int) -> None:
    # Daemons, so that one that never comes back does not keep the process from ending.
    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, number), daemon=True)
        for number in range(1, count)
    ]
    for thread in threads:
        thread.start()
    run(0)
    for thread in threads:
        thread.join()
