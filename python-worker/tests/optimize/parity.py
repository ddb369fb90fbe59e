"""A task that a scripted model is better at with demos: whether a number is even or odd."""

import re
import threading
from typing import Any

from builders import EXECUTION_ID, MODEL_ID, PROGRAM_ID, chat_answer, connection, enum, field, program, spec
from dspy_worker.contracts.messages import (
    OptimizationCandidate,
    OptimizationExample,
    OptimizationTaskV1,
    OptimizationTrial,
    ProgramVersionV1,
    Usage,
)
from dspy_worker.optimize.result import OptimizationResult
from dspy_worker.optimize.run import Optimizations
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script

SIGNATURE = spec([field("number")], [field("kind", enum("even", "odd"))])
KEY = "sk-very-secret-key"
METRIC = {"kind": "exact", "field": "kind"}


def kind_of(number: int) -> str:
    return "odd" if number % 2 else "even"


def example(inputs: dict[str, Any], outputs: dict[str, Any]) -> OptimizationExample:
    return OptimizationExample(inputs=inputs, outputs=outputs)


def rows(*numbers: int) -> list[OptimizationExample]:
    return [example({"number": f"N{number}"}, {"kind": kind_of(number)}) for number in numbers]


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
        self.trials: list[OptimizationTrial] = []
        self.bests: list[float] = []
        self.said: list[str] = []
        self.stop_after: int | None = None
        self.spends: dict[int, Usage] = {}
        self.lock = threading.Lock()

    def report(self, trial: OptimizationTrial, best: OptimizationCandidate | None) -> None:
        self.trials.append(trial)
        self.bests += [] if best is None else [best.score]
        if len(self.trials) == self.stop_after:
            self.control.stop("cancelled")

    def say(self, text: str) -> None:
        self.said.append(text)

    def spent(self, calls: int, usage: Usage) -> None:
        with self.lock:
            self.spends[calls] = usage

    def run(self, script: Script, name: str, settings: dict[str, Any], **members: Any) -> OptimizationResult:
        version = members.pop("version", None) or program(SIGNATURE)
        model = connection(script.url, pricing={"inputPerMillionUsd": 1.0, "outputPerMillionUsd": 2.0}, apiKey=KEY)
        examples = {split: members.pop(split, rows_) for split, rows_ in (("train", TRAIN), ("validation", VALIDATION))}
        task = OptimizationTaskV1.from_wire(
            {
                "optimizationId": EXECUTION_ID,
                "epoch": 1,
                "programId": PROGRAM_ID,
                "program": "test",
                "version": 1,
                "programHash": "0" * 64,
                "modelId": MODEL_ID,
                "modelVersion": 1,
                "format": "chat",
                "optimizer": {"name": name, "settings": settings},
                "metric": METRIC,
                "seed": 1,
                "threads": 4,
                "limits": {"connectMs": 5_000, "firstTokenMs": 60_000, "idleMs": 30_000, "attemptMs": 120_000},
                "maxRetries": 0,
                **{split: [row.to_wire() for row in rows_] for split, rows_ in examples.items()},
                **members,
            }
        )
        return Optimizations().run(task, version, model, self.control, self)


def improved(version: ProgramVersionV1, result: OptimizationResult) -> ProgramVersionV1:
    assert result.best is not None
    return version.model_copy(update={"state": result.best.state, "hash": "1" * 64})
