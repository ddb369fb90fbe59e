"""Runs one optimisation in the calling thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import dspy

from dspy_worker.contracts.messages import ModelConnectionV1, OptimizerV1, ProgramVersionV1, Usage, Validation
from dspy_worker.failures import ExecutionStopped, UnsupportedOption
from dspy_worker.optimize.calls import RunAdapter, RunCalls, RunEngine
from dspy_worker.optimize.examples import ExampleMetric, Row, to_examples
from dspy_worker.optimize.optimizers.optimizers import find_optimizer
from dspy_worker.optimize.optimizers.task import Task
from dspy_worker.optimize.run_log import RunLog
from dspy_worker.optimize.trials import Candidate, Trial, TrialLog
from dspy_worker.runtime.calling.lm import endpoint_of, make_lm
from dspy_worker.runtime.program.programs import build_program
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from dspy_worker.runtime.transport.connections import ConnectionPool

# An answer that cannot be read is a score of 0; how many of them are too many is for the metric to say.
_ANY_NUMBER_OF_ERRORS = 2**31


@dataclass(frozen=True, slots=True)
class OptimizationTask:
    """What to optimise: no member of it holds a test example.

    Attributes:
        format: In which a model is asked: `chat`, `json`, `xml` or `completion`.
        metric: Its definition, checked by `libs/metrics`.
        threads: Examples that are asked at the same time.
        max_retries: How often one model call may be made again.

    """

    version: ProgramVersionV1
    connection: ModelConnectionV1
    format: str
    optimizer: OptimizerV1
    metric: Mapping[str, Any]
    train: Sequence[Row]
    validation: Sequence[Row]
    seed: int
    threads: int = 4
    max_retries: int = 2


@dataclass(frozen=True, slots=True)
class OptimizationResult:
    """The end of a run.

    Attributes:
        status: `stopped` if it was ended on request; the best until then is there all the same.
        parent: The program as it was, scored on validation; None if the run was stopped before that.
        best: The best candidate on validation, which may be the parent itself.

    """

    status: Literal["succeeded", "stopped"]
    parent: Candidate | None
    best: Candidate | None
    usage: Usage
    calls: int


class Optimizations:
    """Runs optimisations; one instance serves all threads of the worker."""

    def __init__(
        self, pool: ConnectionPool | None = None, clocks: ClockWatch | None = None, tools: GrantedTools | None = None
    ) -> None:
        """Takes what optimisations share with executions: connections, clocks and tools."""
        self._pool = pool or ConnectionPool()
        self._clocks = clocks or ClockWatch()
        self._tools = tools or GrantedTools()

    def run(
        self,
        task: OptimizationTask,
        control: ExecutionControl,
        report: Callable[[Trial], None],
        say: Callable[[str], None],
    ) -> OptimizationResult:
        """Runs to the end, or until `control` is stopped.

        `report` is called after each trial, `say` with what DSPy warns of, both in threads of the run. Raises the
        model's error once it does not answer any more, and `UnsupportedOption` for what cannot be optimised.
        """
        if not task.train or not task.validation:
            message = "An optimisation needs at least one training and one validation example."
            raise UnsupportedOption(message)
        optimizer = find_optimizer(task.optimizer)
        program = build_program(task.version, self._tools)
        endpoint = endpoint_of(task.connection)
        calls = RunCalls(control, max_retries=task.max_retries, has_strict_outputs=_has_strict_outputs(task.version))
        lm = make_lm(RunEngine(endpoint, pool=self._pool, calls=calls), **program.settings)
        given = Task(
            student=program.module,
            trainset=to_examples(program, task.train),
            valset=to_examples(program, task.validation),
            metric=ExampleMetric(program, task.metric),
            seed=task.seed,
            threads=task.threads,
            lm=lm,
            json_adapter=RunAdapter("json", endpoint, calls),
        )
        log = TrialLog(program, given.valset, calls, report)
        log.planned = optimizer.planned_trials(task.optimizer.settings)
        settings = {
            "lm": lm,
            "adapter": RunAdapter(task.format, endpoint, calls),
            "trace": None,
            "callbacks": [log],
            "max_errors": _ANY_NUMBER_OF_ERRORS,
            "disable_history": True,
            "warn_on_type_mismatch": False,
        }
        status: Literal["succeeded", "stopped"] = "succeeded"
        try:
            with self._clocks.watching(control), dspy.context(**settings), RunLog(lm, say):
                if not optimizer.scores_parent:
                    _score(given.student, given)
                candidate = optimizer.compile(task.optimizer.settings, given)
                if not log.has_scored(candidate):
                    _score(candidate, given)
        except ExecutionStopped:
            if calls.failure is not None:
                raise calls.failure from None
            status = "stopped"
        return OptimizationResult(status, log.parent, log.best, calls.usage, calls.count)


def _score(module: dspy.Module, task: Task) -> None:
    dspy.Evaluate(devset=list(task.valset), metric=task.metric.score, num_threads=task.threads)(module)


def _has_strict_outputs(version: ProgramVersionV1) -> bool:
    validation = version.config.validation
    return isinstance(validation, Validation) and validation.outputs == "strict"
