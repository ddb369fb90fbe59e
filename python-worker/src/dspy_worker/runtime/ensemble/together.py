"""One execution on several models: all are asked, and one answer is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dspy_worker.contracts.messages import Ensemble, SignatureField
from dspy_worker.errors import to_wire_error
from dspy_worker.failures import WorkerFailure
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.ensemble.asking import Ask, ModelRun, ask_all
from dspy_worker.runtime.ensemble.choice import ModelAnswer, choose


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """The outputs of an execution and the id of the model that they are of."""

    outputs: Mapping[str, Any]
    model_id: str


class NoModelAnswered(WorkerFailure):
    """All of several models failed."""

    def __init__(self, ensemble: Ensemble, runs: Sequence[ModelRun]) -> None:
        """Tells of all; the code is of the first model that may do better next time, else of the first."""
        in_order = sorted(runs, key=lambda run: run.place)
        errors = [to_wire_error(run.error) for run in in_order if run.error is not None]
        names = [ensemble.models[run.place].name for run in in_order]
        telling = next((error for error in errors if error.retryable), errors[0])
        said = " ".join(f'"{name}": {error.message}' for name, error in zip(names, errors, strict=True))
        models = [{"model": name, "code": error.code} for name, error in zip(names, errors, strict=True)]
        super().__init__(f"None of the {len(names)} models answered. {said}", details={"models": models})
        self.code = telling.code
        self.retryable = telling.retryable


def ask_together(
    ensemble: Ensemble, fields: Sequence[SignatureField], asks: Sequence[Ask], execution: Execution
) -> TakenAnswer:
    """Asks all models of an ensemble and returns the answer that its strategy takes.

    `fields` are the outputs of the program, and `asks` ask the models in their order. Models that fail have no say
    while one answers; raises `NoModelAnswered` when none does, and `ExecutionStopped`.
    """
    if execution.teller is not None:
        execution.teller.say(f"Asking {len(asks)} models.")
    runs = ask_all(asks, execution, until_answer=ensemble.strategy == "first")
    answers = [ModelAnswer(run.place, run.outputs) for run in runs if run.outputs is not None]
    if not answers:
        raise NoModelAnswered(ensemble, runs)
    taken = choose(ensemble, fields, answers)
    execution.coercions.note(next(run.execution.coercions.noted for run in runs if run.place == taken.place))
    return TakenAnswer(taken.outputs, ensemble.models[taken.place].id)
