"""Runs one job with DSPy in the calling thread."""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import dspy

from dspy_worker.contracts.messages import (
    Ensemble,
    ExecutionRunV1,
    ModelConnectionV1,
    ProgramVersionV1,
    RecordingV1,
    Usage,
    Validation,
    WireError,
)
from dspy_worker.errors import to_wire_error
from dspy_worker.failures import ExecutionStopped, WorkerFailure
from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.calling.execution import Execution, running
from dspy_worker.runtime.calling.lm import endpoint_of, make_lm
from dspy_worker.runtime.calling.meter import CallMeter
from dspy_worker.runtime.calling.recording import RecordedBudget, Recording
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.calling.replay_engine import ReplayEngine
from dspy_worker.runtime.calling.teller import Teller
from dspy_worker.runtime.ensemble.in_turn import ask_in_turn
from dspy_worker.runtime.ensemble.together import ask_together
from dspy_worker.runtime.formats.adapters import adapter_for
from dspy_worker.runtime.lru import LruCache
from dspy_worker.runtime.modules.side_by_side import in_turn
from dspy_worker.runtime.program.programs import Program, build_program
from dspy_worker.runtime.recording.call_recorder import CallRecorder
from dspy_worker.runtime.recording.coercion_log import CoercionLog
from dspy_worker.runtime.recording.redaction import Redaction
from dspy_worker.runtime.recording.storable import storable_text
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.streaming.events import Tell
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.runtime.transport.endpoint import ModelEndpoint

MAX_PROGRAMS = 512
MAX_ENDPOINTS = 512
# DSPy otherwise keeps every call in process-wide lists, and logs inputs that do not look like their type.
CONTEXT = {"disable_history": True, "trace": None, "warn_on_type_mismatch": False}

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs; one instance serves all threads of the worker."""

    def __init__(
        self,
        pool: ConnectionPool | None = None,
        clocks: ClockWatch | None = None,
        redaction: Redaction | None = None,
        tools: GrantedTools | None = None,
    ) -> None:
        """Takes what all executions share: connections, clocks, what is hidden in what they tell, and tools."""
        self._tools = tools or GrantedTools()
        self._pool = pool or ConnectionPool()
        self._clocks = clocks or ClockWatch()
        self._redaction = redaction or Redaction()
        self._programs: LruCache[str, Program] = LruCache(MAX_PROGRAMS)
        self._endpoints: LruCache[tuple[str, str, int], ModelEndpoint] = LruCache(MAX_ENDPOINTS)

    def run(  # noqa: PLR0913, PLR0917 - what one run differs in from another
        self,
        job: ExecutionRunV1,
        version: ProgramVersionV1,
        connection: ModelConnectionV1,
        control: ExecutionControl,
        attempt: int = 1,
        tell: Tell | None = None,
        others: Sequence[ModelConnectionV1] = (),
        recorded: RecordingV1 | None = None,
    ) -> RunResult:
        """Runs one job to its end, whatever that is; only the end of the process keeps this from returning.

        `tell` is called in this thread with what the model has said of the outputs so far. `others` are the models of
        the job's ensemble after the first. With `recorded`, of one model, that answers in its place, and the outputs
        have to be the same again.
        """
        connections = (connection, *others)
        started = time.perf_counter()

        def clean(text: str) -> str:
            return self._clean(text, connections)

        recording = None if recorded is None else Recording(recorded, clean)
        execution = Execution(
            control,
            CallMeter(),
            RecoveryBudget(job.max_retries) if recording is None else RecordedBudget(recording),
            CallRecorder(attempt=attempt, keeps_texts=job.record),
            CoercionLog(keeps_contents=job.record),
            has_strict_outputs=_has_strict_outputs(version),
            teller=None if tell is None else Teller(tell, attempt),
        )
        outcome: dict[str, Any]
        token = running.set(execution)
        try:
            outcome = {"status": "succeeded", **self._answer(job, version, connections, execution, recording)}
        except ExecutionStopped as stopped:
            outcome = {"status": stopped.reason, "error": to_wire_error(stopped)}
        except Exception as error:  # noqa: BLE001 - every failure of a program is an outcome
            cause = error if recording is None else recording.failure or error
            outcome = {"status": "failed", "error": self._failure(cause, job, connections)}
        finally:
            running.reset(token)
        parse_ms = execution.meter.since_answer_ms
        prompt_tokens, completion_tokens, cost_usd = execution.meter.usage
        return RunResult(
            **outcome,
            usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, cost_usd=cost_usd),
            lm_ms=execution.meter.lm_ms,
            parse_ms=parse_ms,
            recovery=execution.budget.counts,
            coercions=execution.coercions.listed(clean),
            calls=execution.recorder.calls(clean) if recording is None else (),
            worker_ms=(time.perf_counter() - started) * 1000,
        )

    def _answer(
        self,
        job: ExecutionRunV1,
        version: ProgramVersionV1,
        connections: Sequence[ModelConnectionV1],
        execution: Execution,
        recording: Recording | None,
    ) -> Mapping[str, Any]:
        execution.control.raise_if_stopped()
        program = self._programs.get_or_make(version.hash, lambda: build_program(version, self._tools))
        inputs, ensemble = job.inputs or {}, job.ensemble
        if not isinstance(ensemble, Ensemble):
            question = _Question(program, inputs, job.format)
            return {"outputs": self._outputs(question, version.tenant, connections[0], execution, recording)}
        asks = [
            partial(self._outputs, _Question(program, inputs, model.format), version.tenant, connection)
            for model, connection in zip(ensemble.models, connections, strict=True)
        ]
        if ensemble.strategy == "chain":
            taken = ask_in_turn(ensemble, asks, execution)
        else:
            taken = ask_together(ensemble, version.signature.outputs, asks, execution)
        return {"outputs": taken.outputs, "answered_by": taken.model_id}

    def _outputs(
        self,
        question: "_Question",
        tenant: str,
        connection: ModelConnectionV1,
        execution: Execution,
        recording: Recording | None = None,
    ) -> Mapping[str, Any]:
        """Asks one model in the calling thread."""
        program = question.program
        if execution.teller is not None:
            execution.teller.begin(program.streamed)
        key = (tenant, connection.id, connection.version)
        endpoint = self._endpoints.get_or_make(key, lambda: endpoint_of(connection))
        engine = (
            ModelEngine(endpoint, pool=self._pool, execution=execution)
            if recording is None
            else ReplayEngine(endpoint, pool=self._pool, execution=execution, recording=recording)
        )
        lm = make_lm(engine, **program.settings)
        adapter = adapter_for(question.format, endpoint, execution)
        with (
            self._clocks.watching(execution.control),
            nullcontext() if recording is None else in_turn(),
            dspy.context(lm=lm, adapter=adapter, **CONTEXT),
        ):
            outputs = program.call(question.inputs)
        if recording is not None:
            recording.check(outputs)
        execution.control.raise_if_stopped()
        if execution.teller is not None:
            execution.teller.finish(outputs)
        return outputs

    def _failure(self, error: Exception, job: ExecutionRunV1, connections: Sequence[ModelConnectionV1]) -> WireError:
        wire = to_wire_error(error)
        if wire.code == "worker_unexpected" and not isinstance(error, WorkerFailure):
            _log.exception("execution failed unexpectedly", extra={"executionId": job.execution_id})
        # The message may quote the model.
        message = storable_text(self._clean(wire.message, connections))
        return wire.model_copy(update={"message": message})

    def _clean(self, text: str, connections: Sequence[ModelConnectionV1]) -> str:
        for connection in connections:
            text = self._redaction.clean(text, connection.api_key)
        return text


@dataclass(frozen=True, slots=True)
class _Question:
    program: Program
    inputs: Mapping[str, Any]
    format: str


def _has_strict_outputs(version: ProgramVersionV1) -> bool:
    validation = version.config.validation
    return isinstance(validation, Validation) and validation.outputs == "strict"
