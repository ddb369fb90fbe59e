"""Asks the platform by HTTP, and asks again where that is harmless and may help."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import httpx

from dspy_nest.batches import is_over
from dspy_nest.call import Call, query_of
from dspy_nest.errors import (
    ConnectionFailedError,
    DspyNestError,
    RequestTimeoutError,
    UnexpectedAnswerError,
    body_of,
)
from dspy_nest.events import Event, EventParser
from dspy_nest.retry import Retry, is_counted
from dspy_nest.streamed_run import StreamedRun

# The platform says every 15 s that a stream lives.
_SILENCE_S = 45.0
_CONNECT_S = 10.0
_NO_CONTENT = 204
_FIRST_LOOK_S = 0.2
_LAST_LOOK_S = 5.0


class Placed(Protocol):
    """A result that has a place."""

    @property
    def index(self) -> int:
        """Its place, from 0."""


Result = TypeVar("Result", bound=Placed)


class Transport:
    """The connections of a client: one pool for threads, and one for each event loop."""

    def __init__(self, url: str, headers: Mapping[str, str], retry: Retry) -> None:
        self._options: dict[str, Any] = {"base_url": url, "headers": dict(headers)}
        self._url = url
        self._retry = retry
        self._sync = httpx.Client(**self._options)
        # A connection belongs to the loop that made it.
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

    def close(self) -> None:
        """Ends the connections of threads."""
        self._sync.close()

    async def aclose(self) -> None:
        """Ends the connections of this event loop."""
        client = self._loops.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def send(self, call: Call) -> dict[str, Any]:
        """The body of the answer; raises a DspyNestError."""
        return self._repeat(call)[0]

    async def asend(self, call: Call) -> dict[str, Any]:
        """The body of the answer; raises a DspyNestError."""
        return (await self._arepeat(call))[0]

    def send_for_tag(self, call: Call) -> dict[str, Any]:
        """The body of the answer, with its ``ETag`` as ``etag``; raises a DspyNestError."""
        return _tagged(*self._repeat(call))

    async def asend_for_tag(self, call: Call) -> dict[str, Any]:
        """The body of the answer, with its ``ETag`` as ``etag``; raises a DspyNestError."""
        return _tagged(*await self._arepeat(call))

    def follow(self, run: StreamedRun) -> Iterator[Event]:
        """The events of an execution to the last one, across connections that break."""
        outage, last = _Outage(self._retry), 0
        while True:
            try:
                with self._sync.stream(**_stream(run.call(last))) as response:
                    if response.status_code == _NO_CONTENT:
                        return
                    if response.is_error:
                        response.read()
                        body_of(response)
                    run.note(response)
                    parser = EventParser()
                    for line in response.iter_lines():
                        for event in parser.push(line):
                            outage.end()
                            last = event.sequence
                            yield event
                            if event.is_end:
                                return
                    raise _broken(response)
            except (httpx.TransportError, DspyNestError) as error:
                time.sleep(outage.delay_s(self._told(error)))

    async def afollow(self, run: StreamedRun) -> AsyncIterator[Event]:
        """The events of an execution to the last one, across connections that break."""
        outage, last = _Outage(self._retry), 0
        while True:
            try:
                async with self._client().stream(**_stream(run.call(last))) as response:
                    if response.status_code == _NO_CONTENT:
                        return
                    if response.is_error:
                        await response.aread()
                        body_of(response)
                    run.note(response)
                    parser = EventParser()
                    async for line in response.aiter_lines():
                        for event in parser.push(line):
                            outage.end()
                            last = event.sequence
                            yield event
                            if event.is_end:
                                return
                    raise _broken(response)
            except (httpx.TransportError, DspyNestError) as error:
                await asyncio.sleep(outage.delay_s(self._told(error)))

    def results(self, path: str, after: int | None, read: Callable[[str], Result]) -> Iterator[Result]:
        """Results to the last one, across connections that break; waits for those that are not there yet."""
        outage, look_s = _Outage(self._retry), _FIRST_LOOK_S
        while True:
            try:
                with self._sync.stream(**_results(path, after)) as response:
                    if response.is_error:
                        response.read()
                        body_of(response)
                    outage.end()
                    for line in response.iter_lines():
                        result = read(line)
                        after, look_s = result.index, _FIRST_LOOK_S
                        yield result
                if is_over(response.headers):
                    return
                time.sleep(look_s)
                look_s = min(_LAST_LOOK_S, look_s * 1.5)
            except (httpx.TransportError, DspyNestError) as error:
                time.sleep(outage.delay_s(self._told(error)))

    async def aresults(self, path: str, after: int | None, read: Callable[[str], Result]) -> AsyncIterator[Result]:
        """Results to the last one, across connections that break; waits for those that are not there yet."""
        outage, look_s = _Outage(self._retry), _FIRST_LOOK_S
        while True:
            try:
                async with self._client().stream(**_results(path, after)) as response:
                    if response.is_error:
                        await response.aread()
                        body_of(response)
                    outage.end()
                    async for line in response.aiter_lines():
                        result = read(line)
                        after, look_s = result.index, _FIRST_LOOK_S
                        yield result
                if is_over(response.headers):
                    return
                await asyncio.sleep(look_s)
                look_s = min(_LAST_LOOK_S, look_s * 1.5)
            except (httpx.TransportError, DspyNestError) as error:
                await asyncio.sleep(outage.delay_s(self._told(error)))

    def _repeat(self, call: Call) -> tuple[dict[str, Any], httpx.Response]:
        attempts = _Attempts(self._retry, call)
        while True:
            try:
                response = self._sync.request(**_request(call))
                return body_of(response), response
            except (httpx.TransportError, DspyNestError) as error:
                time.sleep(attempts.delay_s(self._told(error)))

    async def _arepeat(self, call: Call) -> tuple[dict[str, Any], httpx.Response]:
        attempts = _Attempts(self._retry, call)
        while True:
            try:
                response = await self._client().request(**_request(call))
                return body_of(response), response
            except (httpx.TransportError, DspyNestError) as error:
                await asyncio.sleep(attempts.delay_s(self._told(error)))

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        client = self._loops.get(loop)
        if client is None:
            client = self._loops[loop] = httpx.AsyncClient(**self._options)
        return client

    def _told(self, error: Exception) -> DspyNestError:
        """An error of httpx as one of ours."""
        if isinstance(error, DspyNestError):
            return error
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            message = f"{self._url} did not answer in time."
            told: DspyNestError = RequestTimeoutError(message, code="request_timed_out", retryable=True)
        else:
            message = f"{self._url} cannot be reached, or the connection broke: {error}. Is the platform running there?"
            told = ConnectionFailedError(message, code="connection_failed", retryable=True)
        told.__cause__ = error
        return told


class _Attempts:
    """The attempts at one call."""

    def __init__(self, retry: Retry, call: Call) -> None:
        self._retry = retry
        self._call = call
        self._failures = 0
        self._overdue_at_s = time.monotonic() + call.timeout_s

    def delay_s(self, error: DspyNestError) -> float:
        """How long to wait before the next attempt; raises the error when there shall be none."""
        if is_counted(error) or time.monotonic() > self._overdue_at_s:
            self._failures += 1
        delay_s = self._retry.delay_s(error, self._failures, repeatable=self._call.repeatable)
        if delay_s is None or self._call.is_sent_once:
            raise error
        return delay_s


class _Outage:
    """The time in which a stream has no connection that works."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self._failures = 0
        self._began_at_s = 0.0

    def end(self) -> None:
        self._failures = 0

    def delay_s(self, error: DspyNestError) -> float:
        """How long to wait before the next connection; raises the error when there shall be none."""
        now_s = time.monotonic()
        if self._failures == 0:
            self._began_at_s = now_s
        self._failures += 1
        delay_s = self._retry.delay_s(error, min(self._failures, self._retry.max_attempts - 1), repeatable=True)
        if delay_s is None or now_s + delay_s > self._began_at_s + self._retry.reconnect_for_s:
            raise error
        return delay_s


def _request(call: Call) -> dict[str, Any]:
    timeout = httpx.Timeout(call.timeout_s, connect=_CONNECT_S)
    asked = {"method": call.method, "url": call.path, "headers": dict(call.headers), "timeout": timeout}
    if call.lines is None:
        return {**asked, "json": call.body}
    return {**asked, "headers": {"content-type": "application/x-ndjson", **call.headers}, "content": call.lines}


def _stream(call: Call) -> dict[str, Any]:
    return {**_request(call), "timeout": httpx.Timeout(_SILENCE_S, connect=_CONNECT_S)}


def _results(path: str, after: int | None) -> dict[str, Any]:
    return _request(Call("GET", f"{path}/results{query_of(after=after)}", _SILENCE_S, repeatable=True))


def _tagged(body: dict[str, Any], response: httpx.Response) -> dict[str, Any]:
    if "etag" not in response.headers:
        message = f"{response.url} answered without an ETag: another program answers there."
        raise UnexpectedAnswerError(message, code="unexpected_answer", status=response.status_code)
    return {**body, "etag": response.headers["etag"]}


def _broken(response: httpx.Response) -> ConnectionFailedError:
    return ConnectionFailedError(f"{response.url} ended early.", code="connection_failed", retryable=True)
