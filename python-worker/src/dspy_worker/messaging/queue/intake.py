"""Pulls jobs from the lanes of this worker, never more than it may hold."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from dspy_worker.contracts.messages import LaneName
from dspy_worker.contracts.subjects import worker_durable
from dspy_worker.messaging.queue.lane_pull import LanePull
from dspy_worker.messaging.queue.lane_shares import LANES, share_of

# The queue's ack_wait: after it, what was delivered is somebody else's.
STALLED_AFTER_S = 5.0
_CHECK_S = 1.0

_log = structlog.get_logger(__name__)


class Intake:
    """The open pulls of a worker and the count of what it holds."""

    def __init__(  # noqa: PLR0913 - what there is to know about the queue
        self,
        client: Client,
        *,
        pool: str,
        lanes: frozenset[LaneName],
        capacity: int,
        accept: Callable[[Msg], None],
        give_back: Callable[[Msg], None],
    ) -> None:
        """Takes the queue to pull from, how many jobs may be held at once, and who takes them or gives them back."""
        self._capacity = capacity
        self._accept = accept
        self._give_back = give_back
        self._held = 0
        self._is_open = False
        self._watching: asyncio.Future[None] | None = None
        self._pulls = {
            lane: LanePull(
                client,
                worker_durable(pool, lane),
                share_of(lane, lanes, capacity),
                on_job=partial(self._receive, lane),
                on_change=self._fill,
            )
            for lane in LANES
            if lane in lanes
        }
        self._lowest_first = tuple(reversed(self._pulls.values()))

    async def open(self) -> None:
        """Begins to pull; returns at once, also when the queue does not exist yet."""
        self._is_open = True
        await self.renew()
        self._watching = asyncio.ensure_future(self._watch())

    async def renew(self) -> None:
        """Asks anew: after a reconnect or a long stop nobody knows what the server still holds ready."""
        for pull in self._pulls.values():
            await pull.open()
        self._fill()

    async def close(self, timeout_s: float) -> None:
        """Ends the pulls; jobs on their way are given back."""
        self._is_open = False
        if self._watching is not None:
            self._watching.cancel()
        await asyncio.gather(*(pull.close(timeout_s) for pull in self._pulls.values()))

    def done(self) -> None:
        """Says that a job is no longer held, so that another may come."""
        self._held -= 1
        self._fill()

    def _receive(self, lane: LaneName, message: Msg) -> None:
        # What was asked when a slot was free may come when it is taken. Batch then waits here for the next one, but
        # an interactive job must not wait behind batch.
        if not self._is_open or (lane == "interactive" and self._held >= self._capacity):
            self._give_back(message)
            return
        self._held += 1
        self._accept(message)

    def _fill(self) -> None:
        if not self._is_open:
            return
        free = self._capacity - self._held
        # The lowest first: of what is promised to it, nothing may be promised to the others.
        for pull in self._lowest_first:
            pull.fill(free)
            free -= pull.promised

    async def _watch(self) -> None:
        ticked = time.monotonic()
        while True:
            await asyncio.sleep(_CHECK_S)
            now, before = time.monotonic(), ticked
            # What came while this process was stopped is with another worker by now: asking anew drops it unread, for
            # a timer that is due runs before what has just been received gets here.
            if now - before > STALLED_AFTER_S or any(pull.is_lost(now) for pull in self._pulls.values()):
                _log.warning("asking for jobs anew: requests got no answer, or this process was stopped")
                await self.renew()
            ticked = now
