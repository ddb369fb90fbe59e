"""A pull on the work queue of one lane, kept open so that a job is pushed the moment it exists."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from dspy_worker.contracts.subjects import STREAM_JOBS
from dspy_worker.messaging.queue.lane_shares import NOTHING, Share, Wanted, wanted

# Below the queue's ack_wait of 5 s: what a stopped worker held must not be delivered to its own standing request.
EXPIRES_S = 4.0
# Every request is ended by the server when it expires, so a longer silence means that requests were lost.
LOST_AFTER_S = EXPIRES_S + 1.0
RETRY_MIN_S, RETRY_MAX_S = 0.1, 1.0
_NANOS = 1_000_000_000

_log = structlog.get_logger(__name__)


class LanePull:
    """The requests for jobs of one lane."""

    def __init__(  # noqa: PLR0913 - what there is to know about a consumer
        self,
        client: Client,
        durable: str,
        share: Share,
        *,
        on_job: Callable[[Msg], None],
        on_change: Callable[[], None],
        stream: str = STREAM_JOBS,
    ) -> None:
        """Takes the consumer of a stream, the lane's share, who takes its jobs and who is told that it can ask."""
        self.asked = 0
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._share = share
        self._on_job = on_job
        self._on_change = on_change
        self._inbox = ""
        self._found = False
        self._heard = time.monotonic()
        self._retry_s = RETRY_MIN_S
        self._is_pausing = False
        self._subscription: Subscription | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Begins to listen, forgetting whatever was asked before: answers to that have nobody any more."""
        old, self._inbox = self._subscription, self._client.new_inbox()
        self.asked, self._found = 0, False
        if old is not None:
            with contextlib.suppress(Exception):  # a lost connection has taken it away already
                await old.unsubscribe()
        self._subscription = await self._client.subscribe(self._inbox, cb=self._receive)

    async def close(self, timeout_s: float) -> None:
        """Takes the requests back; jobs already on their way still reach `on_job` before this returns."""
        if self._subscription is not None:
            with contextlib.suppress(Exception):  # a lost connection has nothing on its way
                await asyncio.wait_for(self._subscription.drain(), timeout_s)  # type: ignore[no-untyped-call]
        for task in self._tasks:
            task.cancel()

    def fill(self, free: int) -> None:
        """Asks for as many jobs as the lane may take of the free slots."""
        want = wanted(self._share, free=free, asked=self.asked, found=self._found)
        if want is not NOTHING and not self._is_pausing:
            self.asked += want.jobs
            self._spawn(self._ask(want, self._inbox))

    @property
    def promised(self) -> int:
        """Jobs that may come at this very moment, as the request for them does not wait."""
        return self.asked if self._found and self._share.is_leftover else 0

    def is_lost(self, now: float) -> bool:
        """Tells whether requests are open that the server no longer answers."""
        return self.asked > 0 and now - self._heard > LOST_AFTER_S

    async def _ask(self, want: Wanted, inbox: str) -> None:
        self._heard = time.monotonic()
        rule = {"expires": int(EXPIRES_S * _NANOS)} if want.waits else {"no_wait": True}
        try:
            await self._client.publish(self._subject, orjson.dumps({"batch": want.jobs, **rule}), reply=inbox)
        except Exception as error:  # noqa: BLE001 - whatever NATS says, the request is as good as lost
            _log.debug("could not ask for jobs", error=str(error))

    async def _receive(self, message: Msg) -> None:
        self._heard = time.monotonic()
        headers = message.headers
        if headers is None or (status := headers.get("Status")) is None:
            self.asked = max(0, self.asked - 1)
            self._found = True
            self._retry_s = RETRY_MIN_S
            self._on_job(message)
        else:
            self._settle(status, headers)
        self._on_change()

    def _settle(self, status: str, headers: dict[str, str]) -> None:
        """Takes back what the server will not send for a request that ended."""
        left = headers.get("Nats-Pending-Messages", "")
        self.asked = max(0, self.asked - int(left)) if left.isdigit() else 0
        self._found = False
        if status in {"404", "408"}:
            return
        # No such queue, a queue that was removed, or a server that is going down: ask less and less often.
        _log.debug("the job queue is not there yet", status=status, description=headers.get("Description"))
        delay_s, self._retry_s = self._retry_s, min(self._retry_s * 2, RETRY_MAX_S)
        self._is_pausing = True
        self._spawn(self._end_pause(delay_s))

    async def _end_pause(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        await self.open()
        self._is_pausing = False
        self._on_change()

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
