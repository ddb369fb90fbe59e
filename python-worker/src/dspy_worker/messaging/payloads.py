"""The store of messages that are too large to travel: left there in chunks by who sends, claimed by who gets them."""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from dspy_worker.contracts.sizes import PAYLOAD_CHUNK_BYTES, PAYLOAD_MAX_BYTES
from dspy_worker.contracts.subjects import STREAM_PAYLOADS, payload_chunk, payload_chunks
from dspy_worker.failures import ServiceUnavailable

# Chunks under way at a time: more would fill the buffers of both sides before the server can say that it is full.
WINDOW = 4
CHUNK_TIMEOUT_S = 5.0
_REF = re.compile(r"([A-Za-z0-9-]{1,64})\.([0-9a-f]{64})\.([1-9][0-9]{0,8})")

Result = TypeVar("Result")


class Payloads:
    """Reads and writes the store; a reference is `<id>.<sha256>.<bytes>`."""

    def __init__(self, client: Client) -> None:
        """Takes the connection to the store."""
        self._client = client

    async def leave(self, data: bytes) -> str:
        """Leaves a message and returns the reference to it; raises `ServiceUnavailable`."""
        id_, digest = str(uuid.uuid4()), hashlib.sha256(data).hexdigest()

        async def publish(chunk: int) -> None:
            part = data[chunk * PAYLOAD_CHUNK_BYTES : (chunk + 1) * PAYLOAD_CHUNK_BYTES]
            stored = await self._ask(payload_chunk(id_, digest, str(chunk)), part)
            if (problem := orjson.loads(stored.data).get("error")) is not None:
                message = f"The store of large messages takes no more: {problem.get('description')}."
                raise ServiceUnavailable(message)

        ref = f"{id_}.{digest}.{len(data)}"
        try:
            await _in_windows(_chunks(len(data)), publish)
        except ServiceUnavailable:
            await self.remove(ref)
            raise
        return ref

    async def claim(self, ref: str) -> bytes:
        """Returns what a reference names; raises `ServiceUnavailable` when it is not there any more."""
        parts = _REF.fullmatch(ref)
        if parts is None or int(parts[3]) > PAYLOAD_MAX_BYTES:
            raise _gone(ref)

        async def read(chunk: int) -> bytes:
            subject = payload_chunk(parts[1], parts[2], str(chunk))
            found = await self._ask(f"$JS.API.DIRECT.GET.{STREAM_PAYLOADS}.{subject}", b"")
            if (found.headers or {}).get("Status") is not None:
                raise _gone(ref)
            return bytes(found.data)

        data = b"".join(await _in_windows(_chunks(int(parts[3])), read))
        if hashlib.sha256(data).hexdigest() != parts[2]:
            raise _gone(ref)
        return data

    async def remove(self, ref: str) -> None:
        """Removes what a reference names, without an answer on purpose: what this misses is gone after ten minutes."""
        body = orjson.dumps({"filter": payload_chunks(ref.split(".", 1)[0])})
        try:
            await self._client.publish(f"$JS.API.STREAM.PURGE.{STREAM_PAYLOADS}", body)
        except nats.errors.Error:
            return

    async def _ask(self, subject: str, body: bytes) -> Msg:
        try:
            return await self._client.request(subject, body, timeout=CHUNK_TIMEOUT_S)
        except nats.errors.Error as error:
            message = f"The store of large messages does not answer ({type(error).__name__})."
            raise ServiceUnavailable(message) from error


def _chunks(length: int) -> int:
    return -(-length // PAYLOAD_CHUNK_BYTES)


async def _in_windows(count: int, work: Callable[[int], Awaitable[Result]]) -> list[Result]:
    """Does something for 0, 1, … `count` - 1, a few at a time; returns what each gave."""
    results: list[Result] = []
    for first in range(0, count, WINDOW):
        results += await asyncio.gather(*(work(index) for index in range(first, min(first + WINDOW, count))))
    return results


def _gone(ref: str) -> ServiceUnavailable:
    return ServiceUnavailable(f'A large message ("{ref[:200]}") is not in the store any more.')
