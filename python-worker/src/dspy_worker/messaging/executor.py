"""Takes jobs through their stages: fetch what they need, run them in a thread, bring the outcome, acknowledge."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import nats.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import MISSING

from dspy_worker.contracts.messages import (
    ExecutionRunV1,
    ExecutionStartedV1,
    ModelConnectionV1,
    ProgramVersionV1,
    RecordingV1,
    WireError,
)
from dspy_worker.contracts.subjects import SIGNAL_EXECUTION_STARTED, token_subject
from dspy_worker.failures import (
    ExecutionStopped,
    ServiceUnavailable,
    StopReason,
    WorkerCrashed,
    WorkerFailure,
)
from dspy_worker.messaging.catalogue import Catalogue, Connections
from dspy_worker.messaging.inputs import with_inputs
from dspy_worker.messaging.outcomes import OutcomeSender, outcome_of
from dspy_worker.messaging.queue.acknowledgement import acknowledge
from dspy_worker.messaging.queue.delivery import MAX_DELIVERIES, Delivery, UnreadableJob, read_delivery
from dspy_worker.messaging.queue.unreadable_jobs import UnreadableJobs
from dspy_worker.messaging.recordings import recording_for
from dspy_worker.messaging.requests import Requests
from dspy_worker.messaging.tokens.token_log import TokenLog
from dspy_worker.messaging.tokens.token_stream import TokenStream
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.streaming.events import Tell
from dspy_worker.runtime.transport.active_call import ExecutionControl, call_limits
from dspy_worker.threads import ThreadTeam
from dspy_worker.tracing import enter_execution

if TYPE_CHECKING:
    from dspy_worker.spans import ExecutionSpan, Tracing

IN_PROGRESS_S = 1.0
WATCH_S = 0.25
SAY_STARTED_AFTER_S = 0.25
# How long a stopped execution's thread may take to come back before the outcome is told without it.
THREAD_GRACE_S = 2.0
FETCH_RETRY_MIN_S, FETCH_RETRY_MAX_S = 0.1, 2.0

Run = Callable[
    [
        ExecutionRunV1,
        ProgramVersionV1,
        ModelConnectionV1,
        ExecutionControl,
        int,
        Tell | None,
        Connections,
        RecordingV1 | None,
    ],
    RunResult,
]


@dataclass(frozen=True, slots=True)
class _Needs:
    """A job with its inputs, and what it runs on."""

    job: ExecutionRunV1
    version: ProgramVersionV1
    connections: Connections
    recording: RecordingV1 | None = None


_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Running:
    """A job this worker holds.

    Attributes:
        message: Its latest delivery, the one to acknowledge.
        give_up_at: Monotonic time from which its thread is not waited for any more.
        tokens: Where it tells what its model says, if anybody wants to know.

    """

    message: Msg
    delivery: Delivery
    control: ExecutionControl
    give_up_at: float
    taken_at: float = field(default_factory=time.monotonic)
    is_started_said: bool = False
    result: "asyncio.Future[RunResult] | None" = None
    tokens: TokenStream | None = None


class Executor:
    """Holds the jobs of this worker."""

    def __init__(  # noqa: PLR0913 - the seams of the worker meet here
        self,
        client: Client,
        *,
        worker_id: str,
        concurrency: int,
        requests: Requests,
        catalogue: Catalogue,
        run: Run,
        to_wire_error: Callable[[BaseException], WireError],
        tracing: "Tracing | None",
    ) -> None:
        """Takes the connection, how many jobs may run at once, and what a job needs on its way."""
        self.executed = 0
        self.on_done: Callable[[], None] = lambda: None
        self._client = client
        self._worker_id = worker_id
        self._requests = requests
        self._token_log = TokenLog(requests)
        self._catalogue = catalogue
        self._outcomes = OutcomeSender(requests)
        self._unreadable = UnreadableJobs(client, requests, worker_id)
        self._run = run
        self._to_wire_error = to_wire_error
        self._tracing = tracing
        self._threads = ThreadTeam()
        self._slots = asyncio.Semaphore(concurrency)
        self._loop = asyncio.get_running_loop()
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_flight(self) -> int:
        """How many jobs are held."""
        return len(self._running)

    def accept(self, message: Msg) -> None:
        """Takes a job from the queue; never raises."""
        try:
            delivery = read_delivery(message)
        except UnreadableJob as unreadable:
            self._spawn(self._settle_unreadable(message, unreadable))
            return
        held = self._running.get(delivery.job.execution_id)
        if held is not None:
            # The queue thought this worker dead while it still runs the job: one run is enough.
            held.message = message
            self.on_done()
            return
        deadline = _deadline(delivery.job)
        control = ExecutionControl(deadline=deadline, limits=call_limits(delivery.job.limits))
        running = _Running(message, delivery, control, deadline + THREAD_GRACE_S)
        self._running[delivery.job.execution_id] = running
        self._spawn(self._execute(running))

    def give_back(self, message: Msg) -> None:
        """Returns a message to the queue, which delivers it at once to another worker."""
        self._spawn(acknowledge(self._client, message, Msg.Ack.Nak))

    def stop(self, execution_id: str, reason: StopReason) -> None:
        """Stops an execution if this worker holds it."""
        if (running := self._running.get(execution_id)) is not None:
            running.control.stop(reason)
            running.give_up_at = min(running.give_up_at, time.monotonic() + THREAD_GRACE_S)

    async def keep_in_progress(self) -> None:
        """Tells the queue every second that the held messages are alive, until cancelled."""
        while True:
            await asyncio.sleep(IN_PROGRESS_S)
            for message in self._messages():
                await acknowledge(self._client, message, Msg.Ack.Progress)

    async def keep_watch(self) -> None:
        """Says which executions have started, and gives up threads that do not come back, until cancelled."""
        while True:
            await asyncio.sleep(WATCH_S)
            now = time.monotonic()
            for running in tuple(self._running.values()):
                if now >= running.give_up_at:
                    _give_up(running)
                if not running.is_started_said and now - running.taken_at >= SAY_STARTED_AFTER_S:
                    running.is_started_said = True
                    await self._say_started(running.delivery)

    async def drain(self, grace_s: float, in_haste: asyncio.Event) -> None:
        """Lets held jobs end, for `grace_s` at most and not at all once `in_haste`; what is left goes back at once."""
        ending = asyncio.get_running_loop().time() + grace_s
        hurried = asyncio.ensure_future(in_haste.wait())
        while self._tasks and not in_haste.is_set() and (left := ending - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait((*self._tasks, hurried), timeout=left, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        left_over, messages = tuple(self._running.values()), self._messages()
        for task in self._tasks:
            task.cancel()
        for running in left_over:
            _log.warning("giving a job back", **running.delivery.log_ids)
            running.control.stop("cancelled")
        for message in messages:
            await acknowledge(self._client, message, Msg.Ack.Nak)

    def _messages(self) -> list[Msg]:
        return [*(running.message for running in self._running.values()), *self._unreadable.held]

    async def _settle_unreadable(self, message: Msg, unreadable: UnreadableJob) -> None:
        try:
            await self._unreadable.settle(message, unreadable.problem)
        finally:
            self.on_done()

    async def _execute(self, running: _Running) -> None:
        delivery = running.delivery
        job = delivery.job
        structlog.contextvars.bind_contextvars(**delivery.log_ids)
        span = self._begin_span(delivery)
        ended_as, error_code = "given_back", None
        try:
            async with self._slots:
                queue_ms = max(0.0, time.time() * 1000 - job.accepted_at_ms)
                running.tokens = self._begin_tokens(delivery)
                result = await self._result(running)
                last_sequence = None if running.tokens is None else await running.tokens.end()
                outcome = outcome_of(delivery, self._worker_id, result, queue_ms, last_sequence)
                await self._outcomes.send(outcome, job.reply_to, span.traceparent if span else delivery.traceparent)
                await acknowledge(self._client, running.message, Msg.Ack.Ack)
            ended_as, error_code = result.status, result.error.code if result.error else None
            self.executed += 1
        finally:
            del self._running[job.execution_id]
            if running.tokens is not None:
                running.tokens.abandon()
            if span is not None:
                span.end(ended_as, error_code)
            self.on_done()

    def _begin_span(self, delivery: Delivery) -> "ExecutionSpan | None":
        if self._tracing is None:
            return None
        job = delivery.job
        attributes: dict[str, str | int] = {
            "execution.id": job.execution_id,
            "execution.attempt": delivery.attempt,
            "program.name": job.program,
            "program.version": job.version,
            "worker.id": self._worker_id,
        }
        span = self._tracing.begin_execution(job.program, delivery.traceparent, attributes)
        enter_execution(span)
        return span

    def _begin_tokens(self, delivery: Delivery) -> TokenStream | None:
        if delivery.job.stream is not True:
            return None
        subject = token_subject(delivery.tenant, delivery.job.execution_id)
        return TokenStream(self._token_log, subject, delivery.attempt)

    async def _result(self, running: _Running) -> RunResult:
        started = time.perf_counter()
        try:
            delivery = running.delivery
            self._refuse_if_crashing(delivery)
            needs = self._known(delivery) or await self._fetch(running)
            tell = None if running.tokens is None else running.tokens.tell
            connection, *others = needs.connections
            running.result = self._threads.run(
                self._run,
                needs.job,
                needs.version,
                connection,
                running.control,
                delivery.attempt,
                tell,
                others,
                needs.recording,
            )
            return await running.result
        except (WorkerFailure, ExecutionStopped) as failure:
            status = failure.reason if isinstance(failure, ExecutionStopped) else "failed"
            worker_ms = (time.perf_counter() - started) * 1000
            return RunResult(status=status, error=self._to_wire_error(failure), worker_ms=worker_ms)
        except Exception as error:  # noqa: BLE001 - the job must have an outcome
            _log.exception("could not run a job")
            return RunResult(status="failed", error=self._to_wire_error(error))

    def _refuse_if_crashing(self, delivery: Delivery) -> None:
        if delivery.number <= MAX_DELIVERIES:
            return
        times = delivery.number - 1
        message = (
            f"The job was delivered {times} times before, and each time its worker ended, gave it back or outlived its "
            f"lease, so worker {self._worker_id} did not run it again (at most {MAX_DELIVERIES} times). Look in the "
            "workers' logs for what ended them, above all a lack of memory, then replay its dead letter."
        )
        raise WorkerCrashed(message, details={"deliveries": times, "worker": self._worker_id})

    def _known(self, delivery: Delivery) -> _Needs | None:
        """Returns what a job needs if all of it is here already, as for nearly every job."""
        job = delivery.job
        known = self._catalogue.known(delivery.tenant, job)
        if known is None or job.inputs is None or job.replay_of is not MISSING:
            return None
        return _Needs(job, *known)

    async def _fetch(self, running: _Running) -> _Needs:
        """Fetches what the job needs, for as long as its time lasts."""
        delivery, delay_s = running.delivery, FETCH_RETRY_MIN_S
        while True:
            running.control.check_clocks(time.monotonic())
            running.control.raise_if_stopped()
            try:
                version = await self._catalogue.program(delivery.tenant, delivery.job)
                connections = await self._catalogue.models(delivery.tenant, delivery.job)
                job = await with_inputs(self._requests, delivery)
                return _Needs(job, version, connections, await recording_for(self._requests, delivery))
            except ServiceUnavailable as unavailable:
                _log.warning("waiting for what a job needs", problem=unavailable.message)
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, FETCH_RETRY_MAX_S)

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

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _give_up(running: _Running) -> None:
    """Ends the wait for a thread that does not notice that its execution was stopped."""
    if running.result is None or running.result.done():
        return
    running.control.stop("timed_out")
    reason = running.control.stopped
    if reason is not None:
        _log.error("a stopped execution does not come back from its thread", **running.delivery.log_ids)
        running.result.set_exception(ExecutionStopped(reason))


def _deadline(job: ExecutionRunV1) -> float:
    """Returns the monotonic time at which the job has to be over."""
    left_s = job.timeout_ms / 1000
    if job.deadline_at is not None:
        with contextlib.suppress(ValueError):
            left_s = min(left_s, datetime.fromisoformat(job.deadline_at).timestamp() - time.time())
    return time.monotonic() + left_s
