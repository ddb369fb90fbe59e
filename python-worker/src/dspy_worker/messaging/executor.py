"""Takes jobs through their stages: fetch what they need, run them in a thread, bring the outcome, acknowledge."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import nats.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from dspy_worker.contracts.messages import (
    ExecutionOutcomeV1,
    ExecutionRunV1,
    ExecutionStartedV1,
    ModelConnectionV1,
    ProgramVersionV1,
    WireError,
)
from dspy_worker.contracts.subjects import SIGNAL_EXECUTION_STARTED
from dspy_worker.failures import (
    ExecutionStopped,
    ServiceUnavailable,
    StopReason,
    WorkerCrashed,
    WorkerFailure,
)
from dspy_worker.messaging.catalogue import Catalogue
from dspy_worker.messaging.delivery import MAX_DELIVERIES, Delivery, UnreadableJob, read_delivery
from dspy_worker.messaging.outcomes import OutcomeSender
from dspy_worker.runtime.active_call import ExecutionControl
from dspy_worker.runtime.result import RunResult
from dspy_worker.threads import ThreadTeam

IN_PROGRESS_S = 1.0
SAY_STARTED_AFTER_S = 0.25
# How long a stopped execution's thread may take to come back before the outcome is told without it.
THREAD_GRACE_S = 2.0
FETCH_RETRY_MIN_S, FETCH_RETRY_MAX_S = 0.1, 2.0

Run = Callable[[ExecutionRunV1, ProgramVersionV1, ModelConnectionV1, ExecutionControl], RunResult]

_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Running:
    """A job this worker holds; `message` is its latest delivery, the one to acknowledge."""

    message: Msg
    delivery: Delivery
    control: ExecutionControl
    result: "asyncio.Future[RunResult] | None" = None
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Executor:
    """Holds the jobs of this worker."""

    def __init__(  # noqa: PLR0913 - the seams of the worker meet here
        self,
        client: Client,
        *,
        worker_id: str,
        catalogue: Catalogue,
        outcomes: OutcomeSender,
        run: Run,
        to_wire_error: Callable[[BaseException], WireError],
    ) -> None:
        """Takes the connection and what a job needs on its way."""
        self.executed = 0
        self.on_done: Callable[[], None] = lambda: None
        self._client = client
        self._worker_id = worker_id
        self._catalogue = catalogue
        self._outcomes = outcomes
        self._run = run
        self._to_wire_error = to_wire_error
        self._threads = ThreadTeam()
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False

    @property
    def in_flight(self) -> int:
        """How many jobs are held."""
        return len(self._running)

    def accept(self, message: Msg) -> None:
        """Takes a job from the queue; never raises."""
        if self._draining:
            self._spawn(self._reply(message, Msg.Ack.Nak))
            self.on_done()
            return
        try:
            delivery = read_delivery(message)
        except UnreadableJob as unreadable:
            # It would come back unreadable for ever. Whoever sent it is not known, so the log is all there is.
            _log.error("refused a message that is no job", subject=message.subject, problem=str(unreadable))
            self._spawn(self._reply(message, Msg.Ack.Term))
            self.on_done()
            return
        held = self._running.get(delivery.job.execution_id)
        if held is not None:
            # The queue thought this worker dead while it still runs the job: one run is enough.
            held.message = message
            self.on_done()
            return
        running = _Running(message, delivery, ExecutionControl(deadline=_deadline(delivery.job)))
        self._running[delivery.job.execution_id] = running
        self._spawn(self._execute(running))

    def stop(self, execution_id: str, reason: StopReason) -> None:
        """Stops an execution if this worker holds it."""
        if (running := self._running.get(execution_id)) is not None:
            running.control.stop(reason)
            running.timers.append(asyncio.get_running_loop().call_later(THREAD_GRACE_S, _give_up, running))

    async def keep_in_progress(self) -> None:
        """Tells the queue every second that the held jobs are alive, until cancelled."""
        while True:
            await asyncio.sleep(IN_PROGRESS_S)
            for running in tuple(self._running.values()):
                await self._reply(running.message, Msg.Ack.Progress)

    async def drain(self, grace_s: float) -> None:
        """Lets held jobs end, but not longer than `grace_s`; what is left goes back to the queue at once."""
        self._draining = True
        ending = asyncio.get_running_loop().time() + grace_s
        while self._tasks and (left := ending - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(tuple(self._tasks), timeout=left)
        for running in tuple(self._running.values()):
            _log.warning("giving a job back", executionId=running.delivery.job.execution_id)
            await self._reply(running.message, Msg.Ack.Nak)
        for task in tuple(self._tasks):
            task.cancel()
        for running in tuple(self._running.values()):
            running.control.stop("cancelled")

    async def _execute(self, running: _Running) -> None:
        delivery = running.delivery
        job = delivery.job
        structlog.contextvars.bind_contextvars(executionId=job.execution_id, traceId=delivery.trace_id)
        loop = asyncio.get_running_loop()
        queue_ms = max(0.0, time.time() * 1000 - job.accepted_at_ms)
        say_started = loop.call_later(SAY_STARTED_AFTER_S, lambda: self._spawn(self._say_started(delivery)))
        running.timers.append(say_started)
        try:
            result = await self._result(running)
            say_started.cancel()
            if await self._outcomes.send(self._outcome(delivery, result, queue_ms), job.reply_to, delivery.traceparent):
                await self._reply(running.message, Msg.Ack.Ack)
            self.executed += 1
        finally:
            for timer in running.timers:
                timer.cancel()
            del self._running[job.execution_id]
            self.on_done()

    async def _result(self, running: _Running) -> RunResult:
        started = time.perf_counter()
        try:
            _refuse_if_crashing(running.delivery)
            version, connection = await self._fetch(running)
            running.result = self._threads.run(self._run, running.delivery.job, version, connection, running.control)
            self._watch_deadline(running)
            return await running.result
        except (WorkerFailure, ExecutionStopped) as failure:
            status = failure.reason if isinstance(failure, ExecutionStopped) else "failed"
            worker_ms = (time.perf_counter() - started) * 1000
            return RunResult(status=status, error=self._to_wire_error(failure), worker_ms=worker_ms)
        except Exception as error:  # noqa: BLE001 - the job must have an outcome
            _log.exception("could not run a job")
            return RunResult(status="failed", error=self._to_wire_error(error))

    async def _fetch(self, running: _Running) -> tuple[ProgramVersionV1, ModelConnectionV1]:
        """Fetches what the job needs, for as long as its time lasts."""
        delivery, delay_s = running.delivery, FETCH_RETRY_MIN_S
        while True:
            running.control.check_clocks(time.monotonic())
            running.control.raise_if_stopped()
            try:
                version = await self._catalogue.program(delivery.tenant, delivery.job)
                return version, await self._catalogue.model(delivery.tenant, delivery.job)
            except ServiceUnavailable as unavailable:
                _log.warning("waiting for the registry", problem=unavailable.message)
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, FETCH_RETRY_MAX_S)

    def _watch_deadline(self, running: _Running) -> None:
        if running.control.deadline is None:
            return
        delay_s = max(0.0, running.control.deadline - time.monotonic()) + THREAD_GRACE_S
        running.timers.append(asyncio.get_running_loop().call_later(delay_s, _give_up, running))

    def _outcome(self, delivery: Delivery, result: RunResult, queue_ms: float) -> ExecutionOutcomeV1:
        return ExecutionOutcomeV1(
            execution_id=delivery.job.execution_id,
            tenant=delivery.tenant,
            epoch=delivery.job.epoch,
            attempt=delivery.attempt,
            worker=self._worker_id,
            status=result.status,
            outputs=result.outputs,
            error=result.error,
            coercions=list(result.coercions),
            usage=result.usage,
            queue_ms=queue_ms,
            worker_ms=result.worker_ms,
            lm_ms=result.lm_ms,
            parse_ms=result.parse_ms,
            recovery=result.recovery,
            calls=list(result.calls),
        )

    async def _say_started(self, delivery: Delivery) -> None:
        started = ExecutionStartedV1(
            execution_id=delivery.job.execution_id,
            tenant=delivery.tenant,
            epoch=delivery.job.epoch,
            attempt=delivery.attempt,
            worker=self._worker_id,
        )
        with contextlib.suppress(nats.errors.Error):
            await self._client.publish(SIGNAL_EXECUTION_STARTED, orjson.dumps(started.to_wire()))

    async def _reply(self, message: Msg, verb: bytes) -> None:
        # Without an answer on purpose: whatever is lost here, the queue delivers again.
        with contextlib.suppress(nats.errors.Error):
            await self._client.publish(message.reply, verb)

    def _spawn(self, coroutine: Awaitable[None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refuse_if_crashing(delivery: Delivery) -> None:
    if delivery.number > MAX_DELIVERIES:
        message = (
            f"The execution ended its worker, or outlived its lease, {MAX_DELIVERIES} times. "
            "Look for what it has in common with others that did, or for a lack of memory."
        )
        raise WorkerCrashed(message)


def _give_up(running: _Running) -> None:
    """Ends the wait for a thread that does not notice that its execution was stopped."""
    if running.result is None or running.result.done():
        return
    running.control.stop("timed_out")
    reason = running.control.stopped
    if reason is not None:
        _log.error("a stopped execution does not come back from its thread")
        running.result.set_exception(ExecutionStopped(reason))


def _deadline(job: ExecutionRunV1) -> float:
    """Returns the monotonic time at which the job has to be over."""
    left_s = job.timeout_ms / 1000
    if job.deadline_at is not None:
        with contextlib.suppress(ValueError):
            left_s = min(left_s, datetime.fromisoformat(job.deadline_at).timestamp() - time.time())
    return time.monotonic() + left_s
