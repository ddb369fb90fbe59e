"""Requests to services: plain JSON out, `{"ok": true, "data": …}` or `{"ok": false, "error": …}` back.

What is too large for a message, either way, is in the payload store, and a header of the then empty message names it.
"""

import asyncio
from itertools import count
from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError

from dspy_worker.contracts.messages import WireError
from dspy_worker.contracts.sizes import PAYLOAD_INLINE_MAX_BYTES
from dspy_worker.failures import RequestRefused, ServiceUnavailable
from dspy_worker.messaging.payloads import Payloads

TENANT_HEADER = "dspy-tenant"
TRACE_HEADER = "traceparent"
PAYLOAD_HEADER = "dspy-payload"
REQUEST_TIMEOUT_S = 5.0
_NO_RESPONDERS = "503"


class Requests:
    """Asks services, all on one inbox: half the work of the client's own requests, and there is one for every job."""

    def __init__(self, client: Client) -> None:
        """Takes the connection to ask on; `open` comes next."""
        self._client = client
        self._payloads = Payloads(client)
        self._inbox = client.new_inbox()
        self._numbers = count()
        self._waiting: dict[str, asyncio.Future[Msg]] = {}

    async def open(self) -> None:
        """Begins to listen for replies."""
        await self._client.subscribe(f"{self._inbox}.*", cb=self._take)

    async def ask(self, subject: str, body: bytes, *, tenant: str, traceparent: str | None = None) -> Any:  # noqa: ANN401
        """Sends a JSON body and returns the `data` of the reply, which the caller validates.

        Raises `ServiceUnavailable` if nobody can answer in time, `RequestRefused` if the answer is an error.
        """
        headers = {TENANT_HEADER: tenant}
        if traceparent is not None:
            headers[TRACE_HEADER] = traceparent
        if len(body) <= PAYLOAD_INLINE_MAX_BYTES:
            message = await self.exchange(subject, body, headers)
        else:
            message = await self._exchange_large(subject, body, headers)
        return _data(subject, message.data or await self._claimed(message))

    async def _exchange_large(self, subject: str, body: bytes, headers: dict[str, str]) -> Msg:
        ref = await self._payloads.leave(body)
        try:
            return await self.exchange(subject, b"", {**headers, PAYLOAD_HEADER: ref})
        finally:
            await self._payloads.remove(ref)

    async def _claimed(self, message: Msg) -> bytes:
        ref = (message.headers or {}).get(PAYLOAD_HEADER, "")
        data = await self._payloads.claim(ref)
        await self._payloads.remove(ref)
        return data

    async def exchange(
        self, subject: str, body: bytes, headers: dict[str, str], timeout_s: float = REQUEST_TIMEOUT_S
    ) -> Msg:
        """Sends a message and returns whatever is answered; raises `ServiceUnavailable` if nothing is."""
        loop = asyncio.get_running_loop()
        inbox = f"{self._inbox}.{next(self._numbers)}"
        reply: asyncio.Future[Msg] = loop.create_future()
        self._waiting[inbox] = reply
        timer = loop.call_later(timeout_s, _time_out, reply)
        try:
            await self._client.publish(subject, body, reply=inbox, headers=headers)
            return await reply
        except nats.errors.Error as error:
            problem = (
                f'Nobody answered "{subject}" ({type(error).__name__}). Check that its service runs and reaches NATS.'
            )
            raise ServiceUnavailable(problem) from error
        finally:
            timer.cancel()
            del self._waiting[inbox]

    async def _take(self, message: Msg) -> None:
        reply = self._waiting.get(message.subject)
        if reply is None or reply.done():
            return
        if message.headers is not None and message.headers.get("Status") == _NO_RESPONDERS:
            reply.set_exception(nats.errors.NoRespondersError())
        else:
            reply.set_result(message)


def _time_out(reply: "asyncio.Future[Msg]") -> None:
    if not reply.done():
        reply.set_exception(nats.errors.TimeoutError())


def _data(subject: str, payload: bytes) -> Any:  # noqa: ANN401
    try:
        answer = orjson.loads(payload)
        if answer["ok"] is True:
            return answer["data"]
        error = WireError.from_wire(answer["error"])
    except (ValueError, KeyError, TypeError, ValidationError) as problem:
        message = f'The answer to "{subject}" is not of the agreed form. Check that all services are of one release.'
        raise ServiceUnavailable(message) from problem
    if error.code == ServiceUnavailable.code:
        # It waits for a server of its own, which to the asker is the same as no answer.
        raise ServiceUnavailable(error.message)
    raise RequestRefused(error.code, error.message, retryable=error.retryable, details=error.details.to_wire())
