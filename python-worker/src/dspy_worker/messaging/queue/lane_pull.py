"""A standing pull on a JetStream work queue: as many jobs are asked for as there are free threads."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

EXPIRES_S = 30.0
IDLE_HEARTBEAT_S = 5.0
RETRY_MIN_S, RETRY_MAX_S = 0.1, 1.0
_CHECK_S = 1.0
_NANOS = 1_000_000_000

_log = structlog.get_logger(__name__)


class JobFeed:
    """Keeps requests for jobs open at the server, so that a job is pushed the moment it exists.

    One request asks for many jobs and is topped up only when half of them have come, for a request per job
    doubles the work of both sides.
    """

    def __init__(
        self, client: Client, *, stream: str, durable: str, capacity: int, on_job: Callable[[Msg], None]
    ) -> None:
        """Takes the queue to pull from, how many jobs may be held at once, and who takes them."""
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._inbox = client.new_inbox()
        self._capacity = capacity
        self._on_job = on_job
        self._held = 0
        self._asked = 0
        self._heard = time.monotonic()
        self._retry_s = RETRY_MIN_S
        self._stopped = False
        self._subscription: Subscription | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begins to pull; returns at once, also when the queue does not exist yet."""
        self._subscription = await self._client.subscribe(self._inbox, cb=self._receive)
        self._spawn(self._watch())
        await self._ask()

    async def stop(self) -> None:
        """Ends the pull; jobs already on their way still reach `on_job` before this returns."""
        self._stopped = True
        if self._subscription is not None:
            with contextlib.suppress(Exception):  # a lost connection has nothing on its way
                await asyncio.wait_for(self._subscription.drain(), timeout=2)  # type: ignore[no-untyped-call]
        for task in self._tasks:
            task.cancel()

    def done(self) -> None:
        """Says that a job is no longer held, so that another may come."""
        self._held -= 1
        if self._wanted():
            self._spawn(self._ask())

    async def restart(self) -> None:
        """Asks anew after a reconnect: the server has forgotten what it was asked."""
        self._asked = 0
        await self._ask()

    def _wanted(self) -> int:
        free = self._capacity - self._held
        return 0 if self._stopped or self._asked > free // 2 else free - self._asked

    async def _ask(self) -> None:
        if (batch := self._wanted()) <= 0:
            return
        self._asked += batch
        self._heard = time.monotonic()
        body = {"batch": batch, "expires": int(EXPIRES_S * _NANOS), "idle_heartbeat": int(IDLE_HEARTBEAT_S * _NANOS)}
        try:
            await self._client.publish(self._subject, orjson.dumps(body), reply=self._inbox)
        except Exception as error:  # noqa: BLE001 - whatever NATS says, the watch asks again
            self._asked -= batch
            _log.debug("could not ask for jobs", error=str(error))

    async def _receive(self, message: Msg) -> None:
        self._heard = time.monotonic()
        status = (message.headers or {}).get("Status")
        if status is None:
            self._asked = max(0, self._asked - 1)
            self._held += 1
            self._retry_s = RETRY_MIN_S
            self._on_job(message)
            if self._wanted():
                await self._ask()
        elif status != "100":
            await self._settle(status, message.headers or {})

    async def _settle(self, status: str, headers: dict[str, str]) -> None:
        """Takes back what the server will not send for a request that ended."""
        left = headers.get("Nats-Pending-Messages", "")
        self._asked = max(0, self._asked - int(left)) if left.isdigit() else 0
        if status == "408":
            await self._ask()
            return
        # No such queue, a queue that was removed, or a server that is going down: ask less and less often.
        _log.debug("the job queue is not there yet", status=status, description=headers.get("Description"))
        delay, self._retry_s = self._retry_s, min(self._retry_s * 2, RETRY_MAX_S)
        self._spawn(self._ask_later(delay))

    async def _ask_later(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        await self._ask()

    async def _watch(self) -> None:
        """Asks anew when the server has been silent for longer than its heartbeat allows."""
        while not self._stopped:
            await asyncio.sleep(_CHECK_S)
            if self._client.is_connected and time.monotonic() - self._heard > 2 * IDLE_HEARTBEAT_S:
                self._asked = 0
            if self._client.is_connected:
                await self._ask()

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
