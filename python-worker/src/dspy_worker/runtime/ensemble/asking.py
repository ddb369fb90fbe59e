"""Asks several models at the same time, each in a thread of its own."""

import contextvars
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from dspy_worker.runtime.calling.execution import Execution, running

# How long those that were stopped may take to say what they did.
STOPPED_GRACE_S = 1.0

Ask = Callable[[Execution], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ModelRun:
    """What asking one model came to: outputs, or an error.

    Attributes:
        place: The place of the model among those asked, from 0.
        execution: The part of the execution that it was.

    """

    place: int
    execution: Execution
    outputs: Mapping[str, Any] | None = None
    error: BaseException | None = None


def ask_all(asks: Sequence[Ask], execution: Execution, *, until_answer: bool) -> list[ModelRun]:
    """Asks all models and returns what each came to, in the order in which they ended.

    With `until_answer` the others are stopped as soon as one has answered. Raises `ExecutionStopped` when the whole
    execution was stopped, which stops them all.
    """
    ended: SimpleQueue[ModelRun] = SimpleQueue()
    branches = [execution.branch() for _ in asks]
    for place, (ask, branch) in enumerate(zip(asks, branches, strict=True)):
        work = partial(contextvars.copy_context().run, _run, place, ask, branch, ended)
        threading.Thread(target=work, name=f"model-{place}", daemon=True).start()
    runs: list[ModelRun] = []
    while len(runs) < len(branches):
        runs.append(ended.get())
        if until_answer and runs[-1].outputs is not None:
            runs += _stopped(branches, ended, len(branches) - len(runs))
            break
    for run in runs:
        execution.budget.add(run.execution.budget.counts)
    # The parts have the same deadline, which may have struck for them alone.
    execution.control.check_clocks(time.monotonic())
    execution.control.raise_if_stopped()
    return runs


def _run(place: int, ask: Ask, branch: Execution, ended: "SimpleQueue[ModelRun]") -> None:
    running.set(branch)
    try:
        ended.put(ModelRun(place, branch, outputs=ask(branch)))
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for all
        ended.put(ModelRun(place, branch, error=error))


def _stopped(branches: Sequence[Execution], ended: "SimpleQueue[ModelRun]", left: int) -> list[ModelRun]:
    for branch in branches:
        branch.control.stop("cancelled")
    give_up_at, runs = time.monotonic() + STOPPED_GRACE_S, list[ModelRun]()
    try:
        while len(runs) < left:
            runs.append(ended.get(timeout=max(0.0, give_up_at - time.monotonic())))
    except Empty:
        pass
    return runs
