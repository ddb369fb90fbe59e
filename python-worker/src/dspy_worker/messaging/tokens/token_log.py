"""The stream in which NATS keeps for some minutes what executions tell."""

from typing import Any, NamedTuple

import orjson

from dspy_worker.contracts.subjects import STREAM_TOKENS
from dspy_worker.failures import ServiceUnavailable
from dspy_worker.messaging.requests import Requests

# What is lost with a connection is sent again the sooner.
TIMEOUT_S = 1.0
_EXPECTED = "Nats-Expected-Last-Subject-Sequence"
_SEQUENCE = "Nats-Sequence"
_WRONG_LAST_SEQUENCE = 10071
_NOT_FOUND = "404"


class StoredTokens(NamedTuple):
    """The last message of an execution, and its number in the stream."""

    position: int
    body: bytes


class TokenLog:
    """Stores messages, each only behind the one that its sender knew as the last of the execution."""

    def __init__(self, requests: Requests) -> None:
        """Takes what asks NATS."""
        self._requests = requests

    async def store(self, subject: str, body: bytes, *, after: int) -> int | None:
        """Returns the number of the message in the stream, None if another message than `after` is the last one.

        `after` is 0 where there is none. Raises `ServiceUnavailable`.
        """
        answer = await self._requests.exchange(subject, body, {_EXPECTED: str(after)}, TIMEOUT_S)
        stored: dict[str, Any] = orjson.loads(answer.data)
        if (error := stored.get("error")) is None:
            return int(stored["seq"])
        if error.get("err_code") == _WRONG_LAST_SEQUENCE:
            return None
        message = f"The stream of tokens takes nothing: {error.get('description')}."
        raise ServiceUnavailable(message)

    async def last(self, subject: str) -> StoredTokens | None:
        """Returns the last message of an execution, if there is one; raises `ServiceUnavailable`."""
        found = await self._requests.exchange(f"$JS.API.DIRECT.GET.{STREAM_TOKENS}.{subject}", b"", {}, TIMEOUT_S)
        headers = found.headers or {}
        if headers.get("Status") == _NOT_FOUND:
            return None
        if (position := headers.get(_SEQUENCE)) is None:
            message = f"The stream of tokens cannot be read: {headers.get('Description')}."
            raise ServiceUnavailable(message)
        return StoredTokens(int(position), bytes(found.data))
