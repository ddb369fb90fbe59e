"""Takes optimisations from their queue, one at a time, and brings what came of them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from dspy_worker.contracts.messages import (
    ModelConnectionV1,
    OptimizationJobV1,
    OptimizationOrderedSignalV1,
    OptimizationOutcomeV1,
    OptimizationTaskV1,
    ProgramVersionV1,
    WireError,
)
from dspy_worker.contracts.subjects import (
    REQUEST_OPTIMIZATION_COMPLETE,
    REQUEST_OPTIMIZATION_TASK_GET,
    SIGNAL_OPTIMIZATION_ORDERED,
    STREAM_OPTIMIZATIONS,
    optimization_durable,
)
from dspy_worker.failures import RequestRefused, ServiceUnavailable, WorkerCrashed
from dspy_worker.messaging.catalogue import Catalogue
from dspy_worker.messaging.optimizations.reporter import Order, Reporter
from dspy_worker.messaging.queue.acknowledgement import acknowledge
from dspy_worker.messaging.queue.delivery import delivery_number
from dspy_worker.messaging.queue.lane_pull import LanePull
from dspy_worker.messaging.queue.lane_shares import Share
from dspy_worker.messaging.requests import Requests
from dspy_worker.optimize.result import OptimizationResult, Telling
from dspy_worker.runtime.transport.active_call import ExecutionControl, call_limits
from dspy_worker.threads import ThreadTeam

# A run that ended so many workers is not begun again.
MAX_DELIVERIES = 3
TICK_S = 1.0
RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0

Optimize = Callable[
    [OptimizationTaskV1, ProgramVersionV1, ModelConnectionV1, ExecutionControl, Telling], OptimizationResult
]

_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Held:
    """The run that this worker holds; `message` is its latest delivery, the one to acknowledge."""

    message: Msg
    job: OptimizationJobV1
    tenant: str
    number: int
    control: ExecutionControl = field(default_factory=ExecutionControl)
    is_dropped: bool = False
    reporter: Reporter | None = None

    @property
    def attempt(self) -> int:
        return self.job.epoch - 1 + self.number


class OptimizationWork:
    """Holds at most one optimisation."""

    def __init__(  # noqa: PLR0913 - the seams of the worker meet here
        self,
        client: Client,
        *,
        worker_id: str,
        pool: str,
        requests: Requests,
        catalogue: Catalogue,
        optimize: Optimize,
        to_wire_error: Callable[[BaseException], WireError],
        versions: Mapping[str, str],
    ) -> None:
        """Takes the connection, whom to ask, and what runs an optimisation in the thread that calls it."""
        self._client = client
        self._worker_id = worker_id
        self._requests = requests
        self._catalogue = catalogue
        self._optimize = optimize
        self._to_wire_error = to_wire_error
        self._versions = dict(versions)
        self._threads = ThreadTeam()
        self._held: _Held | None = None
        self._is_open = False
        self._tasks: set[asyncio.Task[None]] = set()
        share = Share(window=1, reserve=0, is_leftover=False)
        durable = optimization_durable(pool)
        self._pull = LanePull(
            client, durable, share, on_job=self._accept, on_change=self._fill, stream=STREAM_OPTIMIZATIONS
        )

    async def open(self) -> None:
        """Begins to pull; returns at once, also when the queue does not exist yet."""
        self._is_open = True
        await self._client.subscribe(SIGNAL_OPTIMIZATION_ORDERED, cb=self._hear)
        await self.renew()

    async def renew(self) -> None:
        """Asks anew, after a reconnect."""
        if self._is_open:
            await self._pull.open()
            self._fill()

    async def keep_lease(self) -> None:
        """Tells the queue every second that the held run is alive, and asks anew if requests were lost."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TICK_S)
            if self._held is not None:
                await acknowledge(self._client, self._held.message, Msg.Ack.Progress)
            if self._pull.is_lost(loop.time()):
                await self.renew()

    async def close(self, timeout_s: float) -> None:
        """Ends the pull and gives the held run back at once: another worker begins it again."""
        self._is_open = False
        await self._pull.close(timeout_s)
        held, tasks = self._held, tuple(self._tasks)
        if held is not None:
            _log.warning("giving an optimisation back", optimizationId=held.job.optimization_id)
            held.is_dropped = True
            held.control.stop("cancelled")
        for task in tasks:
            task.cancel()
        if held is not None:
            await acknowledge(self._client, held.message, Msg.Ack.Nak)

    def _fill(self) -> None:
        if self._is_open and self._held is None:
            self._pull.fill(1)

    def _accept(self, message: Msg) -> None:
        try:
            event = orjson.loads(message.data)
            job, tenant = OptimizationJobV1.from_wire(event["data"]), str(event["tenant"])
        except (ValueError, KeyError, TypeError, ValidationError):
            _log.exception("a message in the queue is no optimisation", subject=message.subject)
            self._spawn(acknowledge(self._client, message, Msg.Ack.Term))
            return
        held = self._held
        if held is not None and held.job.optimization_id == job.optimization_id:
            # The queue thought this worker dead while it still runs it: one run is enough.
            held.message = message
        elif held is not None or not self._is_open:
            self._spawn(acknowledge(self._client, message, Msg.Ack.Nak))
        else:
            self._held = _Held(message, job, tenant, delivery_number(message.reply))
            self._spawn(self._work(self._held))

    async def _hear(self, message: Msg) -> None:
        try:
            signal = OptimizationOrderedSignalV1.from_wire(orjson.loads(message.data))
        except (ValueError, ValidationError):
            _log.warning("refused a signal that is not of the contract")
            return
        held = self._held
        if held is not None and held.reporter is not None and held.job.optimization_id == signal.optimization_id:
            held.reporter.ask_now()

    async def _work(self, held: _Held) -> None:
        structlog.contextvars.bind_contextvars(optimizationId=held.job.optimization_id)
        try:
            result = await self._result(held)
            if not held.is_dropped:
                await self._complete(held, result)
            await acknowledge(self._client, held.message, Msg.Ack.Ack)
        finally:
            self._held = None
            self._fill()

    async def _result(self, held: _Held) -> OptimizationResult:
        try:
            self._refuse_if_crashing(held)
            task = await self._task(held)
            version = await self._insisting(lambda: self._catalogue.program(held.tenant, task))
            (connection,) = await self._insisting(lambda: self._catalogue.models(held.tenant, task))
            return await self._run(held, task, version, connection)
        except Exception as error:  # noqa: BLE001 - the run must have an outcome
            wire = self._to_wire_error(error)
            _log.warning("an optimisation failed", code=wire.code, exc_info=wire.code == "worker_unexpected")
            return OptimizationResult("failed", error=wire)

    async def _task(self, held: _Held) -> OptimizationTaskV1:
        body = orjson.dumps(held.job.to_wire())
        data = await self._insisting(
            lambda: self._requests.ask(REQUEST_OPTIMIZATION_TASK_GET, body, tenant=held.tenant)
        )
        return OptimizationTaskV1.from_wire(data)

    async def _run(
        self, held: _Held, task: OptimizationTaskV1, version: ProgramVersionV1, connection: ModelConnectionV1
    ) -> OptimizationResult:
        held.control = control = ExecutionControl(limits=call_limits(task.limits))

        def obey(order: Order) -> None:
            if order != "go_on":
                held.is_dropped = held.is_dropped or order == "drop"
                control.stop("cancelled")

        held.reporter = reporter = Reporter(self._requests, held.tenant, self._names(held), obey)
        telling = asyncio.ensure_future(reporter.keep_telling())
        try:
            return await self._threads.run(self._optimize, task, version, connection, control, reporter)
        finally:
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling
            await reporter.tell_rest()

    async def _complete(self, held: _Held, result: OptimizationResult) -> None:
        outcome = OptimizationOutcomeV1.model_validate(
            {
                **self._names(held),
                "status": result.status,
                "parent": result.parent,
                "best": result.best,
                "error": result.error,
                "usage": result.usage,
                "calls": result.calls,
                "versions": self._versions,
            }
        )
        body = orjson.dumps(outcome.to_wire())
        try:
            await self._insisting(lambda: self._requests.ask(REQUEST_OPTIMIZATION_COMPLETE, body, tenant=held.tenant))
        except RequestRefused as refusal:
            # Running it again would end in the same refusal.
            _log.exception("outcome refused", code=refusal.code)

    async def _insisting(self, ask: Callable[[], Coroutine[None, None, Any]]) -> Any:  # noqa: ANN401 - any answer
        """Asks until somebody answers."""
        delay_s = RETRY_MIN_S
        while True:
            try:
                return await ask()
            except ServiceUnavailable as unavailable:
                _log.warning("waiting for what an optimisation needs", problem=unavailable.message)
            except RequestRefused as refusal:
                if not refusal.retryable:
                    raise
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_MAX_S)

    def _refuse_if_crashing(self, held: _Held) -> None:
        if held.number > MAX_DELIVERIES:
            message = (
                f"The optimisation was begun {held.number - 1} times before, and each time its worker ended or gave it "
                f"back (at most {MAX_DELIVERIES} times). Look in the workers' logs for what ended them, above all a "
                "lack of memory, and begin it again with fewer threads or examples."
            )
            raise WorkerCrashed(message, details={"deliveries": held.number - 1, "worker": self._worker_id})

    def _names(self, held: _Held) -> dict[str, object]:
        return {
            "optimization_id": held.job.optimization_id,
            "epoch": held.job.epoch,
            "attempt": held.attempt,
            "worker": self._worker_id,
        }

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
