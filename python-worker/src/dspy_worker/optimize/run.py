"""Runs one optimisation in the calling thread."""

import logging
from typing import Any, Literal

import dspy

from dspy_worker.contracts.messages import (
    ModelConnectionV1,
    OptimizationTaskV1,
    ProgramVersionV1,
    Validation,
    WireError,
)
from dspy_worker.errors import to_wire_error
from dspy_worker.failures import ExecutionStopped, WorkerFailure
from dspy_worker.optimize.calls import RunAdapter, RunCalls, RunEngine
from dspy_worker.optimize.examples import ExampleMetric, to_examples
from dspy_worker.optimize.optimizers.optimizers import Optimizer, find_optimizer
from dspy_worker.optimize.optimizers.task import Task
from dspy_worker.optimize.result import OptimizationResult, Telling
from dspy_worker.optimize.run_log import RunLog
from dspy_worker.optimize.trials import TrialLog
from dspy_worker.runtime.calling.lm import endpoint_of, make_lm
from dspy_worker.runtime.program.programs import build_program
from dspy_worker.runtime.recording.redaction import Redaction
from dspy_worker.runtime.recording.storable import storable_text
from dspy_worker.runtime.runner import CONTEXT
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from dspy_worker.runtime.transport.connections import ConnectionPool

# An answer that cannot be read is a score of 0; how many of them are too many is for the metric to say.
_SETTINGS = {**CONTEXT, "max_errors": 2**31}

_log = logging.getLogger(__name__)


class Optimizations:
    """Runs optimisations; one instance serves all threads of the worker."""

    def __init__(
        self,
        pool: ConnectionPool | None = None,
        clocks: ClockWatch | None = None,
        redaction: Redaction | None = None,
        tools: GrantedTools | None = None,
    ) -> None:
        """Takes what optimisations share with executions: connections, clocks, what is hidden, and tools."""
        self._redaction = redaction or Redaction()
        self._pool = pool or ConnectionPool()
        self._clocks = clocks or ClockWatch()
        self._tools = tools or GrantedTools()

    def run(
        self,
        task: OptimizationTaskV1,
        version: ProgramVersionV1,
        connection: ModelConnectionV1,
        control: ExecutionControl,
        telling: Telling,
    ) -> OptimizationResult:
        """Runs to the end, whatever that is, or until `control` is stopped."""
        strict = _has_strict_outputs(version)
        calls = RunCalls(control, telling.spent, max_retries=task.max_retries, has_strict_outputs=strict)
        log: TrialLog | None = None
        error: WireError | None = None
        status: Literal["succeeded", "stopped", "failed"] = "succeeded"
        try:
            optimizer = find_optimizer(task.optimizer)
            program = build_program(version, self._tools)
            endpoint = endpoint_of(connection)
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
            log = TrialLog(program, given.valset, calls, telling)
            log.planned = optimizer.planned_trials(task.optimizer.settings)
            adapter = RunAdapter(task.format, endpoint, calls)
            settings = {**_SETTINGS, "lm": lm, "adapter": adapter, "callbacks": [log]}
            with self._clocks.watching(control), dspy.context(**settings), RunLog(lm, telling.say):
                _optimize(optimizer, task.optimizer.settings, given, log)
        except ExecutionStopped:
            status = "stopped"
        except Exception as failure:  # noqa: BLE001 - every failure of a run is an outcome
            status, error = "failed", self._failure(failure, task, connection)
        if calls.failure is not None:
            status, error = "failed", self._failure(calls.failure, task, connection)
        parent, best = (None, None) if log is None else (log.parent, log.best)
        count, usage = calls.spent
        return OptimizationResult(status, parent, best, error, usage, count)

    def _failure(self, error: Exception, task: OptimizationTaskV1, connection: ModelConnectionV1) -> WireError:
        wire = to_wire_error(error)
        if wire.code == "worker_unexpected" and not isinstance(error, WorkerFailure):
            _log.exception("optimisation failed unexpectedly", extra={"optimizationId": task.optimization_id})
        # The message may quote the model.
        message = storable_text(self._redaction.clean(wire.message, connection.api_key))
        return wire.model_copy(update={"message": message})


def _optimize(optimizer: Optimizer, settings: Any, task: Task, log: TrialLog) -> None:  # noqa: ANN401 - its own settings
    if not optimizer.scores_parent:
        _score(task.student, task)
    candidate = optimizer.compile(settings, task)
    if not log.has_scored(candidate):
        _score(candidate, task)


def _score(module: dspy.Module, task: Task) -> None:
    dspy.Evaluate(devset=list(task.valset), metric=task.metric.score, num_threads=task.threads)(module)


def _has_strict_outputs(version: ProgramVersionV1) -> bool:
    validation = version.config.validation
    return isinstance(validation, Validation) and validation.outputs == "strict"
