"""Runs one job with DSPy in the calling thread."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import dspy

from dspy_worker.contracts.messages import ExecutionRunV1, ModelConnectionV1, ProgramVersionV1, Usage
from dspy_worker.errors import to_wire_error
from dspy_worker.failures import ExecutionStopped, WorkerFailure
from dspy_worker.runtime.active_call import ExecutionControl
from dspy_worker.runtime.adapters import adapter_for
from dspy_worker.runtime.clock_watch import ClockWatch
from dspy_worker.runtime.connections import ConnectionPool
from dspy_worker.runtime.endpoint import ModelEndpoint
from dspy_worker.runtime.engine import ModelEngine
from dspy_worker.runtime.lm import endpoint_of, make_lm
from dspy_worker.runtime.lru import LruCache
from dspy_worker.runtime.meter import CallMeter
from dspy_worker.runtime.programs import Program, build_program
from dspy_worker.runtime.result import RunResult

MAX_PROGRAMS = 512
MAX_ENDPOINTS = 512
# DSPy otherwise keeps every call in process-wide lists, and logs inputs that do not look like their type.
_CONTEXT = {"disable_history": True, "trace": None, "warn_on_type_mismatch": False}

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs; one instance serves all threads of the worker."""

    def __init__(self, pool: ConnectionPool | None = None, clocks: ClockWatch | None = None) -> None:
        """Takes the connections and the clocks that all executions share."""
        self._pool = pool or ConnectionPool()
        self._clocks = clocks or ClockWatch()
        self._programs: LruCache[str, Program] = LruCache(MAX_PROGRAMS)
        self._endpoints: LruCache[tuple[str, str, int], ModelEndpoint] = LruCache(MAX_ENDPOINTS)

    def run(
        self,
        job: ExecutionRunV1,
        version: ProgramVersionV1,
        connection: ModelConnectionV1,
        control: ExecutionControl,
    ) -> RunResult:
        """Runs one job to its end, whatever that is; only the end of the process keeps this from returning."""
        started = time.perf_counter()
        meter = CallMeter()
        outcome: dict[str, Any]
        try:
            outcome = {"status": "succeeded", "outputs": self._outputs(job, version, connection, control, meter)}
        except ExecutionStopped as stopped:
            outcome = {"status": stopped.reason, "error": to_wire_error(stopped)}
        except Exception as error:  # noqa: BLE001 - every failure of a program is an outcome
            wire = to_wire_error(error)
            if wire.code == "worker_unexpected" and not isinstance(error, WorkerFailure):
                _log.exception("execution failed unexpectedly", extra={"executionId": job.execution_id})
            outcome = {"status": "failed", "error": wire}
        prompt_tokens, completion_tokens, cost_usd = meter.usage
        return RunResult(
            **outcome,
            usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, cost_usd=cost_usd),
            worker_ms=(time.perf_counter() - started) * 1000,
            lm_ms=meter.lm_ms,
        )

    def _outputs(
        self,
        job: ExecutionRunV1,
        version: ProgramVersionV1,
        connection: ModelConnectionV1,
        control: ExecutionControl,
        meter: CallMeter,
    ) -> Mapping[str, Any]:
        control.raise_if_stopped()
        program = self._programs.get_or_make(version.hash, lambda: build_program(version))
        key = (version.tenant, connection.id, connection.version)
        endpoint = self._endpoints.get_or_make(key, lambda: endpoint_of(connection))
        engine = ModelEngine(endpoint, pool=self._pool, control=control, meter=meter)
        lm = make_lm(engine, **program.settings)
        adapter = adapter_for(job.format, endpoint)
        with self._clocks.watching(control), dspy.context(lm=lm, adapter=adapter, **_CONTEXT):
            outputs = program.call(job.inputs)
        control.raise_if_stopped()
        return outputs
