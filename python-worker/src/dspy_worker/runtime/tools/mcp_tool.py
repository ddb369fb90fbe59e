"""A tool of an MCP server, by the official SDK. Imported only when a program has one: the SDK costs time and memory."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from mcp import ClientSession, McpError, types
from mcp.client.streamable_http import streamable_http_client

from dspy_worker import __version__
from dspy_worker.runtime.tools.called_tool import ToolFailed, cut
from dspy_worker.runtime.tools.declarations import McpTool
from dspy_worker.runtime.transport.active_call import ActiveCall
from dspy_worker.runtime.transport.address_guard import AddressGuard
from dspy_worker.runtime.transport.endpoint import ServerAddress, server_of
from dspy_worker.runtime.transport.resolving import addresses_of

# Of all that the server sends in one call, and of what it says of a tool.
MAX_RECEIVED_BYTES = 4 * 1024 * 1024
MAX_DESCRIPTION_CHARS = 2_000
MAX_SCHEMA_CHARS = 20_000
_MAX_PAGES = 50

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class McpCaller:
    """Calls one tool of one server, each time in a session of its own; the headers never show in `repr`."""

    tool: McpTool
    guard: AddressGuard
    headers: Mapping[str, str] = field(repr=False)

    def describe(self, call: ActiveCall) -> tuple[str, dict[str, Any]]:
        """Returns what the server says of the tool, and the JSON Schema of its arguments; raises as `call`."""
        found = self._in_session(self._find, call)
        schema = dict(found.inputSchema)
        if len(json.dumps(schema)) > MAX_SCHEMA_CHARS:
            message = f"Its arguments are described in more than {MAX_SCHEMA_CHARS} characters."
            raise ToolFailed(message)
        return (found.description or "")[:MAX_DESCRIPTION_CHARS], schema

    def call(self, args: Mapping[str, Any], call: ActiveCall) -> str:
        """Returns the answer as text; raises `ToolFailed` for what the server refuses, `OSError` if none answers."""

        async def ask(session: ClientSession) -> types.CallToolResult:
            params = types.CallToolRequestParams(name=self._name, arguments=dict(args))
            # Not `call_tool`: that judges the answer by the server's own schema, and would fetch what that refers to.
            request = types.ClientRequest(types.CallToolRequest(params=params))
            return await session.send_request(request, types.CallToolResult)  # type: ignore[no-any-return, unused-ignore]

        answer = self._in_session(ask, call)
        text = cut(_text(answer), self.tool.max_bytes)
        if answer.isError:
            message = f"It said: {text}"
            raise ToolFailed(message)
        return text

    @property
    def _name(self) -> str:
        return self.tool.tool or self.tool.name

    async def _find(self, session: ClientSession) -> types.Tool:
        cursor: str | None = None
        for _ in range(_MAX_PAGES):
            page = await session.list_tools(params=types.PaginatedRequestParams(cursor=cursor))
            for tool in page.tools:
                if tool.name == self._name:
                    return tool
            cursor = page.nextCursor
            if cursor is None:
                break
        message = f'The server has no tool "{self._name}".'
        raise ToolFailed(message)

    def _in_session(self, work: Callable[[ClientSession], Awaitable[Result]], call: ActiveCall) -> Result:
        server = server_of(self.tool.url, trusted=self.tool.trusted)
        addresses = [str(target[0]) for *_, target in addresses_of(server, call)]
        if not server.trusted:
            self.guard.check(addresses)
        transport = _PinnedTransport(server, addresses, call)
        try:
            return asyncio.run(_while_open(self._session(transport, work), call))
        except asyncio.CancelledError:
            if transport.has_too_much:
                message = f"It sends more than {MAX_RECEIVED_BYTES} bytes."
                raise ToolFailed(message) from None
            raise ConnectionAbortedError(call.ended_by) from None
        except Exception as error:
            raise _told(error) from error

    async def _session(
        self, transport: "_PinnedTransport", work: Callable[[ClientSession], Awaitable[Result]]
    ) -> Result:
        headers = {"User-Agent": f"dspy-nest-worker/{__version__}", **self.headers}
        # The clock of the call is the only one.
        async with (
            httpx.AsyncClient(transport=transport, headers=headers, timeout=None, trust_env=False) as client,  # noqa: S113
            streamable_http_client(self.tool.url, http_client=client) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await work(session)


async def _while_open(work: Awaitable[Result], call: ActiveCall) -> Result:
    """Does the work until the call is ended, which shuts a socket down; cancels it then."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    watched, other = socket.socketpair()
    with watched, other:
        watched.setblocking(False)
        call.attach(watched)
        loop.add_reader(watched, task.cancel)
        try:
            return await task
        finally:
            loop.remove_reader(watched)
            call.detach()


class _PinnedTransport(httpx.AsyncHTTPTransport):
    """Connects to addresses that were judged, for one server; what goes to another is refused."""

    def __init__(self, server: ServerAddress, addresses: Sequence[str], call: ActiveCall) -> None:
        super().__init__()
        self._call = call
        self._server = server
        self._addresses = addresses
        self._left = MAX_RECEIVED_BYTES

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.host != self._server.host or (url.port or self._server.port) != self._server.port:
            message = "The server leads elsewhere."
            raise httpx.ConnectError(message)
        failure: httpx.ConnectError | None = None
        for address in self._addresses:
            pinned = httpx.Request(
                request.method,
                url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": url.host},
            )
            try:
                response = await super().handle_async_request(pinned)
            except httpx.ConnectError as error:
                failure = error
            else:
                response.stream = _Counted(response.stream, self._take)
                return response
        raise failure or httpx.ConnectError("The server has no address.")

    def _take(self, count: int) -> None:
        self._left -= count
        if self.has_too_much:
            # The SDK would note an error of the body and wait on.
            self._call.end("size")

    @property
    def has_too_much(self) -> bool:
        """Whether the server has sent more than is read."""
        return self._left < 0


class _Counted(httpx.AsyncByteStream):
    """A body of which every part is counted."""

    def __init__(self, stream: Any, take: Callable[[int], None]) -> None:  # noqa: ANN401 - httpx has several
        self._stream = stream
        self._take = take

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._take(len(part))
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def _text(answer: types.CallToolResult) -> str:
    parts = [
        part.text if isinstance(part, types.TextContent) else f"({part.type}, not shown)" for part in answer.content
    ]
    if not parts and answer.structuredContent is not None:
        return json.dumps(answer.structuredContent, ensure_ascii=False)
    return "\n".join(parts)


def _told(error: BaseException) -> Exception:
    """Says what a failed session came from: the SDK's tasks raise groups of errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, (ToolFailed, OSError)):
        return error
    if isinstance(error, McpError):
        return ToolFailed(f"It said: {error.error.message}")
    if isinstance(error, httpx.HTTPStatusError):
        return ToolFailed(f"It answered with the HTTP status {error.response.status_code}.")
    return ConnectionError(type(error).__name__)
