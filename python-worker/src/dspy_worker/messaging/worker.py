"""A worker on NATS, from connecting to the last heartbeat."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from dspy_worker.contracts.messages import ExecutionCancelSignalV1, LaneName, WireError
from dspy_worker.contracts.subjects import SIGNAL_EXECUTION_CANCEL
from dspy_worker.contracts.timings import HEARTBEAT_INTERVAL_MS
from dspy_worker.messaging.catalogue import Catalogue
from dspy_worker.messaging.connection import connect
from dspy_worker.messaging.executor import Executor, Run
from dspy_worker.messaging.heartbeat import Heartbeat
from dspy_worker.messaging.optimizations.optimization_work import OptimizationWork, Optimize
from dspy_worker.messaging.queue.intake import Intake
from dspy_worker.messaging.recycling import Ceilings
from dspy_worker.messaging.requests import Requests
from dspy_worker.threads import ThreadTeam

if TYPE_CHECKING:
    from dspy_worker.spans import Tracing

# Each of the few steps of saying goodbye may take this long, on top of the grace of running jobs.
STEP_S = 0.4

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What one worker is told about itself; `drain_grace_s` is how long running jobs may take after SIGTERM."""

    nats_url: str
    pool: str
    lanes: frozenset[LaneName]
    concurrency: int
    drain_grace_s: float
    ceilings: Ceilings
    versions: dict[str, str]
    optimizer_versions: dict[str, str]
    modules: list[str]
    formats: list[str]


async def work(  # noqa: PLR0913 - what the two sides of the worker know of each other
    options: WorkerOptions,
    *,
    run: Run,
    optimize: Optimize,
    to_wire_error: Callable[[BaseException], WireError],
    on_secret: Callable[[str], None],
    ended: asyncio.Event,
    tracing: "Tracing | None" = None,
) -> None:
    """Works until `ended` is set or a ceiling is reached, then finishes what it holds and says goodbye."""
    worker_id = f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}"[:200]
    workers: list[_Worker] = []

    async def ask_again() -> None:
        for worker in workers:
            await worker.intake.renew()
            await worker.optimizations.renew()

    client = await _connected(connect(options.nats_url, worker_id, ask_again), ended)
    if client is None:
        return
    requests = Requests(client)
    await requests.open()
    catalogue = Catalogue(requests, on_secret)
    executor = Executor(
        client,
        worker_id=worker_id,
        concurrency=options.concurrency,
        requests=requests,
        catalogue=catalogue,
        run=run,
        to_wire_error=to_wire_error,
        tracing=tracing,
    )
    optimizations = OptimizationWork(
        client,
        worker_id=worker_id,
        pool=options.pool,
        requests=requests,
        catalogue=catalogue,
        optimize=optimize,
        to_wire_error=to_wire_error,
        versions=options.optimizer_versions,
    )
    worker = _Worker(client, options, worker_id, executor, optimizations)
    workers.append(worker)
    await worker.serve(ended)
    if tracing is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ThreadTeam().run(tracing.close), STEP_S)


class _Worker:
    """The connected parts of a worker."""

    def __init__(
        self,
        client: Client,
        options: WorkerOptions,
        worker_id: str,
        executor: Executor,
        optimizations: OptimizationWork,
    ) -> None:
        self._client = client
        self.optimizations = optimizations
        self._options = options
        self._executor = executor
        self._in_haste = asyncio.Event()
        self.intake = Intake(
            client,
            pool=options.pool,
            lanes=options.lanes,
            capacity=options.concurrency,
            accept=executor.accept,
            give_back=executor.give_back,
        )
        executor.on_done = self.intake.done
        self._heartbeat = Heartbeat(
            client,
            worker_id=worker_id,
            pool=options.pool,
            lanes=sorted(options.lanes),
            concurrency=options.concurrency,
            versions=options.versions,
            modules=options.modules,
            formats=options.formats,
            load=lambda: (executor.in_flight, executor.executed),
        )

    async def serve(self, ended: asyncio.Event) -> None:
        """Works until `ended`, then leaves in good order."""
        executor = self._executor
        loops = [
            asyncio.ensure_future(loop)
            for loop in (
                self._keep_beating(ended),
                executor.keep_in_progress(),
                executor.keep_watch(),
                self.optimizations.keep_lease(),
            )
        ]
        await self._client.subscribe(SIGNAL_EXECUTION_CANCEL, cb=_canceller(executor))
        await self.intake.open()
        await self.optimizations.open()
        _log.info("worker ready", worker=self._heartbeat.worker_id, concurrency=self._options.concurrency)
        await ended.wait()
        _log.info("worker draining", inFlight=executor.in_flight)
        self._heartbeat.status = "draining"
        await self._heartbeat.beat()
        await self.intake.close(STEP_S)
        await self.optimizations.close(STEP_S)
        await executor.drain(self._options.drain_grace_s, self._in_haste)
        for loop in loops:
            loop.cancel()
        self._heartbeat.status = "stopped"
        await self._heartbeat.beat()
        await _close(self._client)
        _log.info("worker stopped", executed=executor.executed)

    async def _keep_beating(self, ended: asyncio.Event) -> None:
        """Beats, and ends the worker at its ceilings."""
        while True:
            beat = await self._heartbeat.beat()
            reached = self._options.ceilings.reached(beat.executed, beat.rss_bytes)
            if reached != "no" and not ended.is_set():
                _log.info("making room for a fresh process", executed=beat.executed, rssBytes=beat.rss_bytes)
                ended.set()
            if reached == "at_once":
                self._in_haste.set()
            await asyncio.sleep(HEARTBEAT_INTERVAL_MS / 1000)


async def _connected(connecting: Coroutine[None, None, Client], ended: asyncio.Event) -> Client | None:
    """Returns the connection, or None if the worker is to end before there is one."""
    client, ending = asyncio.ensure_future(connecting), asyncio.ensure_future(ended.wait())
    await asyncio.wait((client, ending), return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if client.done():
        return client.result()
    client.cancel()
    return None


def _canceller(executor: Executor) -> Callable[[Msg], Coroutine[None, None, None]]:
    async def cancel(message: Msg) -> None:
        try:
            signal = ExecutionCancelSignalV1.from_wire(orjson.loads(message.data))
        except (ValueError, ValidationError):
            _log.warning("refused a cancel signal that is not of the contract")
            return
        executor.stop(signal.execution_id, signal.reason)

    return cancel


async def _close(client: Client) -> None:
    # With NATS away the client raises whatever its transport raises; there is nothing left to save by then.
    with contextlib.suppress(Exception):
        if client.is_connected:
            await client.flush(timeout=STEP_S)  # type: ignore[arg-type]
    with contextlib.suppress(Exception):
        await asyncio.wait_for(client.close(), timeout=STEP_S)
