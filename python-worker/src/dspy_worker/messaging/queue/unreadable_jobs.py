"""Messages in the queue that are no jobs: told to the execution service, and only then taken out."""

import asyncio
from collections.abc import Collection

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from dspy_worker.contracts.messages import UnreadableJobV1
from dspy_worker.contracts.subjects import REQUEST_JOB_UNREADABLE
from dspy_worker.failures import RequestRefused, ServiceUnavailable
from dspy_worker.messaging.queue.acknowledgement import acknowledge
from dspy_worker.messaging.requests import Requests

RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0
_MAX_PROBLEM, _MAX_SUBJECT = 2_000, 500
# What cannot be read names no tenant either.
_TENANT = "default"

_log = structlog.get_logger(__name__)


class UnreadableJobs:
    """The unreadable messages that are held until the execution service has taken note of them."""

    def __init__(self, client: Client, requests: Requests, worker_id: str) -> None:
        """Takes the connection to the queue, what asks the services, and who tells."""
        self._client = client
        self._requests = requests
        self._worker_id = worker_id
        self._held: dict[str, Msg] = {}

    @property
    def held(self) -> Collection[Msg]:
        """The messages that still have to be told."""
        return self._held.values()

    async def settle(self, message: Msg, problem: str) -> None:
        """Tells of one message for as long as it takes, then takes it out of the queue."""
        subject = message.subject
        is_known = subject in self._held
        self._held[subject] = message
        if is_known:
            return
        _log.error("a message in the queue is no job", subject=subject, problem=problem)
        try:
            await self._tell(subject, problem)
            await acknowledge(self._client, self._held[subject], Msg.Ack.Term)
        finally:
            del self._held[subject]

    async def _tell(self, subject: str, problem: str) -> None:
        told = UnreadableJobV1(subject=subject[:_MAX_SUBJECT], problem=problem[:_MAX_PROBLEM], worker=self._worker_id)
        body = orjson.dumps(told.to_wire())
        delay_s = RETRY_MIN_S
        while True:
            try:
                await self._requests.ask(REQUEST_JOB_UNREADABLE, body, tenant=_TENANT)
            except ServiceUnavailable as unavailable:
                _log.warning("could not tell of an unreadable job yet", problem=unavailable.message)
            except RequestRefused as refusal:
                _log.error("an unreadable job was not taken note of", code=refusal.code, problem=refusal.message)
                if not refusal.retryable:
                    return  # the service said its last word: asking again would end in the same refusal
            else:
                return
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_MAX_S)
