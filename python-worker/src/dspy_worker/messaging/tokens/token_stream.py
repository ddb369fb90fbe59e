"""Publishes what one execution tells, in the order of its numbers."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import orjson
import structlog

from dspy_worker.failures import ServiceUnavailable
from dspy_worker.messaging.tokens.token_buffer import TokenBuffer
from dspy_worker.messaging.tokens.token_log import StoredTokens, TokenLog
from dspy_worker.runtime.streaming.events import Event

# An execution is queued, which is 1, and started, which is 2, before it tells anything.
FIRST_NUMBER = 3
# Between two messages, which nobody sees; what comes meanwhile is told together.
PACE_S = 0.02
# How long an outcome may wait for the last tokens.
FLUSH_S = 2.0
RETRY_MIN_S, RETRY_MAX_S = 0.05, 1.0

_log = structlog.get_logger(__name__)


class _Superseded(Exception):  # noqa: N818 - no error
    """Somebody else tells of the execution now, or it has ended."""


class TokenStream:
    """What one attempt of an execution tells. It never blocks who tells, and gives up as soon as it is superseded."""

    def __init__(self, log: TokenLog, subject: str, attempt: int) -> None:
        """Takes where to store, under which subject, and the number of the attempt; call from the event loop."""
        self._tokens = log
        self._subject = subject
        self._attempt = attempt
        self._loop = asyncio.get_running_loop()
        self._buffer = TokenBuffer()
        self._news, self._ending = asyncio.Event(), asyncio.Event()
        self._number = FIRST_NUMBER
        self._position = 0
        self._is_deaf = False
        self._publishing: asyncio.Task[bool] | None = None
        if attempt > 1:
            self._wake()

    def tell(self, events: Sequence[Event]) -> None:
        """Takes what is new, from any thread."""
        if not self._is_deaf and self._buffer.add(events):
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._hear)

    async def end(self) -> int | None:
        """Stores what is left; returns the number of the last event, None if it is not known for sure."""
        self._is_deaf = True
        self._ending.set()
        try:
            async with asyncio.timeout(FLUSH_S):
                return self._number - 1 if await self._wake() else None
        except TimeoutError:
            _log.warning("the last tokens of an execution were not stored in time")
            return None

    def abandon(self) -> None:
        """Tells nothing more."""
        self._is_deaf = True
        if self._publishing is not None:
            self._publishing.cancel()

    def _hear(self) -> None:
        if not self._is_deaf:
            self._wake()

    def _wake(self) -> "asyncio.Task[bool]":
        self._news.set()
        if self._publishing is None:
            self._publishing = self._loop.create_task(self._publish())
        return self._publishing

    async def _publish(self) -> bool:
        """Stores until the end; returns whether all of it was stored."""
        try:
            if self._attempt > 1:
                await self._take_over()
            while True:
                await self._news.wait()
                self._news.clear()
                while events := self._buffer.take():
                    await self._store(events)
                    await self._pause()
                if self._ending.is_set():
                    return True
        except _Superseded:
            self._is_deaf = True
            _log.info("somebody else tells of the execution now, or it has ended")
            return False
        except Exception:  # noqa: BLE001 - no reason for the execution to fail
            self._is_deaf = True
            _log.exception("tokens cannot be told")
            return False

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PACE_S):
                await self._ending.wait()

    async def _take_over(self) -> None:
        """Goes on behind what earlier attempts told, which is to be forgotten."""
        event = {"type": "restarted", "attempt": self._attempt}
        while True:
            last = await self._last()
            if last is not None:
                message = orjson.loads(last.body)
                self._refuse_if_superseded(message)
                self._number = message["first"] + len(message["events"])
            self._position = 0 if last is None else last.position
            if await self._try_to_store(self._body([event])):
                self._number += 1
                return

    def _refuse_if_superseded(self, message: dict[str, Any]) -> None:
        """Leaves an execution alone that has ended, of which nothing says so, or of which a later attempt tells."""
        attempts = [event["attempt"] for event in message["events"] if event["type"] == "restarted"]
        if not message["events"] or max(attempts, default=0) > self._attempt:
            raise _Superseded

    async def _store(self, events: Sequence[Any]) -> None:
        body = self._body(events)
        while not await self._try_to_store(body):
            last = await self._last()
            if last is not None:
                if last.body != body:
                    raise _Superseded
                # It was stored, and only the answer got lost.
                self._position = last.position
                break
            # All of the execution is gone, with the server's memory or to make room, so there is nobody else either.
            self._position = 0
        self._number += len(events)

    def _body(self, events: Sequence[Any]) -> bytes:
        return orjson.dumps({"first": self._number, "events": events})

    async def _try_to_store(self, body: bytes) -> bool:
        """Stores behind the last message that is known; false if it is not the last one."""
        delay_s = RETRY_MIN_S
        while True:
            try:
                position = await self._tokens.store(self._subject, body, after=self._position)
            except ServiceUnavailable as unavailable:
                _log.debug("tokens not stored yet", problem=unavailable.message)
            else:
                self._position = self._position if position is None else position
                return position is not None
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_MAX_S)

    async def _last(self) -> StoredTokens | None:
        delay_s = RETRY_MIN_S
        while True:
            try:
                return await self._tokens.last(self._subject)
            except ServiceUnavailable as unavailable:
                _log.debug("tokens cannot be read yet", problem=unavailable.message)
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_MAX_S)
