"""A task that a scripted model is better at with demos: whether a number is even or odd."""

import re
import threading
from typing import Any

from pydantic import TypeAdapter

from builders import chat_answer, connection, enum, field, program, spec
from dspy_worker.contracts.messages import OptimizerV1, ProgramVersionV1
from dspy_worker.optimize.examples import Row
from dspy_worker.optimize.run import OptimizationResult, Optimizations, OptimizationTask
from dspy_worker.optimize.trials import Trial
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script

SIGNATURE = spec([field("number")], [field("kind", enum("even", "odd"))])
METRIC = {"kind": "exact", "field": "kind"}


def kind_of(number: int) -> str:
    return "odd" if number % 2 else "even"


def rows(*numbers: int) -> list[Row]:
    return [Row({"number": f"N{number}"}, {"kind": kind_of(number)}) for number in numbers]


TRAIN, VALIDATION = rows(*range(100, 120)), rows(*range(200, 210))


def shown_demos(body: dict[str, Any]) -> int:
    return sum(message["role"] == "assistant" for message in body["messages"])


def asked_number(body: dict[str, Any]) -> int:
    found = re.search(r"N(\d+)", body["messages"][-1]["content"])
    assert found is not None
    return int(found[1])


def right_with_demos(body: dict[str, Any], needed: int = 2) -> str:
    """Knows the answer after some demos; before, it says that all are even."""
    return chat_answer(kind=kind_of(asked_number(body)) if shown_demos(body) >= needed else "even")


class Run:
    """One optimisation, and what it told."""

    def __init__(self) -> None:
        self.control = ExecutionControl()
        self.trials: list[Trial] = []
        self.said: list[str] = []
        self.stop_after: int | None = None
        self.lock = threading.Lock()

    def report(self, trial: Trial) -> None:
        self.trials.append(trial)
        if len(self.trials) == self.stop_after:
            self.control.stop("cancelled")

    def run(self, script: Script, name: str, settings: dict[str, Any], **members: Any) -> OptimizationResult:
        pricing = {"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}
        task = OptimizationTask(
            **{
                "version": program(SIGNATURE),
                "connection": connection(script.url, pricing=pricing),
                "format": "chat",
                "optimizer": optimizer(name, settings),
                "metric": METRIC,
                "train": TRAIN,
                "validation": VALIDATION,
                "seed": 1,
                "max_retries": 0,
                **members,
            }
        )
        return Optimizations().run(task, self.control, self.report, self.said.append)


def optimizer(name: str, settings: dict[str, Any]) -> OptimizerV1:
    read: OptimizerV1 = TypeAdapter(OptimizerV1).validate_python(
        {"name": name, "settings": settings}, by_alias=True, by_name=False
    )
    return read


def improved(version: ProgramVersionV1, result: OptimizationResult) -> ProgramVersionV1:
    assert result.best is not None
    return version.model_copy(update={"state": result.best.state, "hash": "1" * 64})
