"""A worker on NATS, from connecting to the last heartbeat."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import nats.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from dspy_worker.contracts.messages import ExecutionCancelSignalV1, WireError
from dspy_worker.contracts.subjects import SIGNAL_EXECUTION_CANCEL, STREAM_JOBS, worker_durable
from dspy_worker.messaging.catalogue import Catalogue
from dspy_worker.messaging.connection import connect
from dspy_worker.messaging.executor import Executor, Run
from dspy_worker.messaging.heartbeat import Heartbeat
from dspy_worker.messaging.job_feed import JobFeed
from dspy_worker.messaging.outcomes import OutcomeSender

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What one worker is told about itself; `drain_grace_s` is how long running jobs may take after SIGTERM."""

    nats_url: str
    pool: str
    lane: str
    concurrency: int
    drain_grace_s: float
    versions: dict[str, str]
    modules: list[str]
    formats: list[str]


async def work(
    options: WorkerOptions,
    *,
    run: Run,
    to_wire_error: Callable[[BaseException], WireError],
    on_secret: Callable[[str], None],
    ended: asyncio.Event,
) -> None:
    """Works until `ended` is set, then finishes what it holds and says goodbye."""
    worker_id = f"{socket.gethostname()}-{os.getpid()}-{os.urandom(3).hex()}"[:200]
    feed: JobFeed | None = None

    async def ask_again() -> None:
        if feed is not None:
            await feed.restart()

    client = await _connected(connect(options.nats_url, worker_id, ask_again), ended)
    if client is None:
        return
    executor = Executor(
        client,
        worker_id=worker_id,
        catalogue=Catalogue(client, on_secret),
        outcomes=OutcomeSender(client),
        run=run,
        to_wire_error=to_wire_error,
    )
    feed = JobFeed(
        client,
        stream=STREAM_JOBS,
        durable=worker_durable(options.pool, options.lane),
        capacity=options.concurrency,
        on_job=executor.accept,
    )
    executor.on_done = feed.done
    heartbeat = _heartbeat(client, options, worker_id, executor)
    await client.subscribe(SIGNAL_EXECUTION_CANCEL, cb=_canceller(executor))
    await feed.start()
    loops = [asyncio.ensure_future(loop) for loop in (heartbeat.keep_beating(), executor.keep_in_progress())]
    _log.info("worker ready", worker=worker_id, concurrency=options.concurrency)
    await ended.wait()
    _log.info("worker draining", inFlight=executor.in_flight)
    heartbeat.status = "draining"
    await heartbeat.beat()
    await feed.stop()
    await executor.drain(options.drain_grace_s)
    for loop in loops:
        loop.cancel()
    heartbeat.status = "stopped"
    await heartbeat.beat()
    await _close(client)
    _log.info("worker stopped", executed=executor.executed)


async def _connected(connecting: Coroutine[None, None, Client], ended: asyncio.Event) -> Client | None:
    """Returns the connection, or None if the worker is to end before there is one."""
    client, ending = asyncio.ensure_future(connecting), asyncio.ensure_future(ended.wait())
    await asyncio.wait((client, ending), return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if client.done():
        return client.result()
    client.cancel()
    return None


def _heartbeat(client: Client, options: WorkerOptions, worker_id: str, executor: Executor) -> Heartbeat:
    return Heartbeat(
        client,
        worker_id=worker_id,
        pool=options.pool,
        lanes=[options.lane],
        concurrency=options.concurrency,
        versions=options.versions,
        modules=options.modules,
        formats=options.formats,
        load=lambda: (executor.in_flight, executor.executed),
    )


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
    with contextlib.suppress(nats.errors.Error, asyncio.TimeoutError, TimeoutError):
        if client.is_connected:
            await client.flush(timeout=2)
    with contextlib.suppress(nats.errors.Error, asyncio.TimeoutError, TimeoutError):
        await asyncio.wait_for(client.close(), timeout=2)
