"""Tells the optimization service how a run goes, and hears what is to become of it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import orjson
import structlog

from dspy_worker.contracts.messages import (
    OptimizationCandidate,
    OptimizationMessage,
    OptimizationOrderV1,
    OptimizationProgressV1,
    OptimizationTrial,
    Usage,
)
from dspy_worker.contracts.subjects import REQUEST_OPTIMIZATION_PROGRESS
from dspy_worker.failures import RequestRefused, ServiceUnavailable
from dspy_worker.messaging.requests import Requests
from dspy_worker.optimize.result import UNKNOWN_USAGE

# News are told this often; without any, the order is asked for less often.
REPORT_S, ASK_S = 0.5, 2.0
# Kept while the service is away, and sent at a time; of messages the oldest are dropped first.
MAX_WAITING_MESSAGES, MAX_REPORTED = 1_000, 200

Order = Literal["go_on", "stop", "drop"]

_log = structlog.get_logger(__name__)


class Reporter:
    """Collects what threads of one run say, and brings it to the service."""

    def __init__(self, requests: Requests, tenant: str, run: dict[str, object], obey: Callable[[Order], None]) -> None:
        """Takes the members that name the attempt, and who is told each order."""
        self._requests = requests
        self._tenant = tenant
        self._run = run
        self._obey = obey
        # Appending and taking at the other end is safe between threads.
        self._trials: deque[OptimizationTrial] = deque()
        self._messages: deque[OptimizationMessage] = deque(maxlen=MAX_WAITING_MESSAGES)
        self._best: OptimizationCandidate | None = None
        self._spent: tuple[int, Usage] = (0, UNKNOWN_USAGE)
        self._told_calls = 0
        self._told_at = 0.0
        self._wanted = asyncio.Event()

    def report(self, trial: OptimizationTrial, best: OptimizationCandidate | None) -> None:
        """Takes a trial, and the best candidate if that is a new one; from any thread."""
        self._trials.append(trial)
        if best is not None:
            self._best = best

    def say(self, text: str) -> None:
        """Takes a message for the log of the run; from any thread."""
        self._messages.append(OptimizationMessage(at=datetime.now(UTC).isoformat(), text=text))

    def spent(self, calls: int, usage: Usage) -> None:
        """Takes how many answers there were, and what they used; from any thread."""
        self._spent = (calls, usage)

    def ask_now(self) -> None:
        """There is another order: it is asked for at once."""
        self._wanted.set()

    async def keep_telling(self) -> None:
        """Tells what is new and asks for the order, until cancelled."""
        while True:
            await self.tell()
            try:
                await asyncio.wait_for(self._wanted.wait(), REPORT_S)
            except TimeoutError:
                continue
            self._wanted.clear()
            self._told_at = 0.0

    async def tell_rest(self) -> None:
        """Tells all that is left, however long the service is away; what it refuses for good stays untold."""
        while not await self.tell():  # noqa: ASYNC110 - nothing tells that the service is back
            await asyncio.sleep(REPORT_S)

    @property
    def _has_news(self) -> bool:
        return bool(self._trials or self._messages or self._best or self._spent[0] > self._told_calls)

    async def tell(self) -> bool:
        """Tells what is new, and goes on with it next time if the service is away; returns whether that is all."""
        if not self._has_news and time.monotonic() - self._told_at < ASK_S:
            return True
        calls, usage = self._spent
        trials, messages = list(self._trials)[:MAX_REPORTED], list(self._messages)[:MAX_REPORTED]
        best = self._best
        told = OptimizationProgressV1.model_validate(
            {**self._run, "trials": trials, "messages": messages, "best": best, "calls": calls, "usage": usage}
        )
        try:
            body = orjson.dumps(told.to_wire())
            answer = await self._requests.ask(REQUEST_OPTIMIZATION_PROGRESS, body, tenant=self._tenant)
        except (ServiceUnavailable, RequestRefused) as problem:
            _log.warning("progress not taken yet", problem=problem.message)
            return isinstance(problem, RequestRefused) and not problem.retryable
        self._forget(len(trials), messages, best)
        self._told_calls = calls
        self._told_at = time.monotonic()
        self._obey(OptimizationOrderV1.from_wire(answer).order)
        return not self._has_news

    def _forget(self, trials: int, messages: list[OptimizationMessage], best: OptimizationCandidate | None) -> None:
        for _ in range(trials):
            self._trials.popleft()
        # Some of them may have been dropped meanwhile to make room.
        for message in messages:
            if self._messages and self._messages[0] is message:
                self._messages.popleft()
        if self._best is best:
            self._best = None
