"""One HTTP exchange of a model call: the request in one write, the answer as server-sent events or one JSON."""

import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any

import orjson

from dspy_worker import __version__
from dspy_worker.runtime.transport.active_call import ActiveCall, Phase
from dspy_worker.runtime.transport.connections import Connection, ConnectionPool
from dspy_worker.runtime.transport.endpoint import ModelEndpoint

MAX_ANSWER_BYTES = 16 * 1024 * 1024
_MAX_ERROR_BYTES = 64 * 1024
_READ_BYTES = 64 * 1024
_OK = 200
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


class AnswerTooLarge(HTTPException):
    """The server sends more than a model's answer can be."""


class HttpRefusal(Exception):  # noqa: N818 - an answer of the server, not a fault of the transport
    """The server answered with a status other than 200.

    Attributes:
        status: The HTTP status.
        body: The start of the answer's body.
        retry_after_s: What the server said about trying again, in seconds.

    """

    def __init__(self, status: int, body: bytes, retry_after_s: float | None) -> None:
        """Keeps what the server said."""
        super().__init__(status)
        self.status = status
        self.body = body
        self.retry_after_s = retry_after_s


def post_chat(
    pool: ConnectionPool, endpoint: ModelEndpoint, body: bytes, call: ActiveCall, traceparent: str | None = None
) -> Iterator[dict[str, Any]]:
    """Sends one chat request and yields the JSON objects of the answer: chunks of a stream, or one whole completion.

    The connection goes back to the pool only when the answer was read to its end. Raises `OSError`,
    `http.client.HTTPException`, `ValueError` (no JSON) and `HttpRefusal`.
    """
    connection, response = _send(pool, endpoint, _head(endpoint, len(body), traceparent) + body, call)
    reusable = False
    try:
        if response.status != _OK:
            raise HttpRefusal(
                response.status,
                response.read(_MAX_ERROR_BYTES),
                retry_after_s(response.getheader("Retry-After", ""), time.time()),
            )
        yield from _objects(response, call)
        reusable = not response.will_close and response.isclosed()
    finally:
        response.close()
        _give_back(pool, connection, call, reusable=reusable)


def _send(
    pool: ConnectionPool, endpoint: ModelEndpoint, request: bytes, call: ActiveCall
) -> tuple[Connection, HTTPResponse]:
    """Sends the request and reads the head of the answer.

    A kept connection may be closed by the server at the very moment it is used again (llama.cpp closes after every
    stream while promising to keep it). Nothing was answered then, and the request goes out once more on a new one.
    """
    while True:
        connection = pool.acquire(endpoint.server, call)
        response: HTTPResponse | None = None
        try:
            call.enter(Phase.FIRST_TOKEN)
            connection.sock.sendall(request)
            response = HTTPResponse(connection.sock, method="POST")
            response.begin()
        except BaseException as error:
            if response is not None:
                response.close()
            _give_back(pool, connection, call, reusable=False)
            # RemoteDisconnected, an end before the first byte of an answer, is a ConnectionResetError too.
            was_stale = isinstance(error, (ConnectionResetError, BrokenPipeError)) and call.ended_by is None
            if not (connection.is_reused and was_stale):
                raise
        else:
            return connection, response


def _give_back(pool: ConnectionPool, connection: Connection, call: ActiveCall, *, reusable: bool) -> None:
    call.detach()
    if reusable and call.ended_by is None:
        pool.release(connection)
    else:
        connection.close()


def _head(endpoint: ModelEndpoint, length: int, traceparent: str | None) -> bytes:
    host = f"[{endpoint.server.host}]" if ":" in endpoint.server.host else endpoint.server.host
    lines = [
        f"POST {endpoint.path} HTTP/1.1",
        f"Host: {host}:{endpoint.server.port}",
        f"User-Agent: dspy-nest-worker/{__version__}",
        "Accept: text/event-stream, application/json",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    ]
    if traceparent is not None:
        lines.append(f"traceparent: {traceparent}")
    if endpoint.api_key is not None:
        lines.append(f"Authorization: Bearer {endpoint.api_key}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def retry_after_s(value: str, now: float) -> float | None:
    """Reads a Retry-After header, seconds or an HTTP date, at Unix time `now`; None if it says nothing usable."""
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _objects(response: HTTPResponse, call: ActiveCall) -> Iterator[dict[str, Any]]:
    if response.getheader("Content-Type", "").startswith("text/event-stream"):
        yield from _events(response)
    else:
        yield _json_object(_whole_body(response, call))


def _whole_body(response: HTTPResponse, call: ActiveCall) -> bytes:
    """Reads an answer that comes in one piece; what it is made of counts as its tokens do."""
    parts, read = [b""], 0
    while response.length != 0 and (part := response.read1(_READ_BYTES)):
        call.enter(Phase.IDLE)
        parts.append(part)
        read += len(part)
        if read > MAX_ANSWER_BYTES:
            raise AnswerTooLarge
    if response.length:
        raise IncompleteRead(parts[-1], response.length)
    response.read()  # nothing more, but only now does the response count as read to its end
    return b"".join(parts)


def _events(response: HTTPResponse) -> Iterator[dict[str, Any]]:
    rest, read, done = b"", 0, False
    while chunk := response.read1(_READ_BYTES):
        read += len(chunk)
        if read > MAX_ANSWER_BYTES:
            raise AnswerTooLarge
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:") or done:
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                # What follows is only the end of the body; it is read on, so that the connection can be used again.
                done = True
            elif data:
                yield _json_object(data)
    if not done:
        raise IncompleteRead(rest)


def _json_object(data: bytes) -> dict[str, Any]:
    value = orjson.loads(data)
    if not isinstance(value, dict):
        message = "not a JSON object"
        raise ValueError(message)  # noqa: TRY004 - a malformed answer, like broken JSON
    return value
