"""A worker of its own process whose programs misbehave as no real one could be made to: `odd_worker.py <behaviour>`."""

import asyncio
import logging
import os
import signal
import sys
import time

import uvloop

from dspy_worker.contracts.messages import ErrorDetails, WireError
from dspy_worker.failures import WorkerFailure
from dspy_worker.logs import Redactor, configure_logs
from dspy_worker.messaging.recycling import Ceilings
from dspy_worker.messaging.worker import WorkerOptions, work
from dspy_worker.optimize.result import OptimizationResult
from dspy_worker.runtime.result import RunResult
from dspy_worker.settings import read_settings
from dspy_worker.tracing import start_tracing

_eaten: list[bytes] = []


def die(*_job: object) -> RunResult:
    os._exit(9)


def eat(*_job: object) -> RunResult:
    """Takes memory, and never comes back."""
    _eaten.append(b"x" * (400 * 1024 * 1024))
    time.sleep(60)
    return RunResult(status="succeeded", outputs={})


def echo(*_job: object) -> RunResult:
    return RunResult(status="succeeded", outputs={"answer": "Paris"})


def say(*_job: object) -> RunResult:
    logging.getLogger("program").warning("it runs")
    return echo()


def sleep(*_job: object) -> RunResult:
    time.sleep(float(os.environ.get("SLEEP_S", "1")))
    return echo()


def to_wire_error(error: BaseException) -> WireError:
    code = error.code if isinstance(error, WorkerFailure) else "worker_unexpected"
    details = error.details if isinstance(error, WorkerFailure) else {}
    return WireError(code=code, message=str(error), retryable=False, details=ErrorDetails.from_wire(details))


async def serve(behaviour: str) -> None:
    settings, ended = read_settings(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    options = WorkerOptions(
        nats_url=settings.nats_url,
        pool=settings.pool,
        lanes=settings.lanes,
        concurrency=settings.concurrency,
        optimizer_versions={},
        drain_grace_s=settings.drain_grace_s,
        ceilings=Ceilings.of(settings.max_executions, settings.max_rss_mb),
        versions={"worker": "odd"},
        modules=[],
        formats=[],
    )
    run = {"die": die, "eat": eat, "echo": echo, "say": say, "sleep": sleep}[behaviour]
    await work(
        options,
        run=run,
        optimize=lambda *_task: OptimizationResult("failed"),
        to_wire_error=to_wire_error,
        on_secret=lambda _secret: None,
        ended=ended,
        tracing=start_tracing(),
    )


if __name__ == "__main__":
    configure_logs("info", Redactor())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1]))
    sys.stderr.flush()
    os._exit(0)
