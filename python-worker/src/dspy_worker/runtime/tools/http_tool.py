"""A tool that is one HTTP request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from dspy_worker import __version__
from dspy_worker.runtime.tools.called_tool import ToolFailed, cut
from dspy_worker.runtime.tools.declarations import HttpTool
from dspy_worker.runtime.transport.active_call import ActiveCall, Phase
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.runtime.transport.endpoint import ServerAddress, server_of

MAX_REQUEST_BYTES = 65_536
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_IN_QUERY = frozenset({"GET", "DELETE"})
_TEXTUAL = re.compile(
    r"text/|application/([\w.+-]*\+)?(json|xml)|application/(x-ndjson|yaml|javascript)", re.IGNORECASE
)
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, as it goes out but for the headers of the declaration."""

    server: ServerAddress
    method: str
    target: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class HttpCaller:
    """Calls the server of one declared tool; the headers never show in `repr`."""

    tool: HttpTool
    pool: ConnectionPool
    headers: Mapping[str, str] = field(repr=False)

    def call(self, args: Mapping[str, Any], call: ActiveCall) -> str:
        """Returns the answer as text, cut where the declaration says.

        Raises `ToolFailed` for what the server refuses, `OSError` and `http.client.HTTPException` if none answers.
        """
        request = request_of(self.tool, args)
        # Each connection is for one request, so that none is sent twice because a kept one was closed meanwhile.
        connection = self.pool.acquire(request.server, call)
        try:
            call.enter(Phase.FIRST_TOKEN)
            connection.sock.sendall(self._head(request) + (request.body or b""))
            response = HTTPResponse(connection.sock, method=request.method)
            try:
                response.begin()
                return self._answer(response)
            finally:
                response.close()
        finally:
            call.detach()
            connection.close()

    def _head(self, request: HttpRequest) -> bytes:
        host = f"[{request.server.host}]" if ":" in request.server.host else request.server.host
        headers = {
            "Host": f"{host}:{request.server.port}",
            "User-Agent": f"dspy-nest-worker/{__version__}",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **self.headers,
        }
        if request.body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(request.body))}
        lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _answer(self, response: HTTPResponse) -> str:
        kind = response.getheader("Content-Type", "text/plain")
        if not _TEXTUAL.match(kind):
            message = f"It answered {kind.split(';')[0][:100]}, which is no text."
            raise ToolFailed(message)
        text = _text(response, self.tool.max_bytes)
        if not 200 <= response.status < 300:  # noqa: PLR2004 - the range of success
            message = f"It answered with the HTTP status {response.status}: {text}"
            raise ToolFailed(message)
        return text


def request_of(tool: HttpTool, args: Mapping[str, Any]) -> HttpRequest:
    """Puts arguments that fit the declaration into its request; raises `ToolFailed` for those that no URL can have."""
    given = {name: args.get(name, schema.get("default")) for name, schema in tool.args.items()}
    placed = set(_PLACEHOLDER.findall(tool.url))
    url = urlsplit(_PLACEHOLDER.sub(lambda match: quote(_plain(given[match[1]]), safe=""), tool.url))
    if any(segment in {".", ".."} for segment in url.path.split("/")):
        message = 'An argument may not make "." or ".." a part of the path.'
        raise ToolFailed(message)
    rest = {name: value for name, value in given.items() if name not in placed}
    in_query = tool.method in _IN_QUERY
    query = "&".join(part for part in (url.query, urlencode(_texts(rest)) if in_query else "") if part)
    body = None if in_query else orjson.dumps(rest)
    target = f"{url.path or '/'}{'?' if query else ''}{query}"
    if len(target) + len(body or b"") > MAX_REQUEST_BYTES:
        message = f"The arguments are too long: at most {MAX_REQUEST_BYTES} bytes are sent."
        raise ToolFailed(message)
    return HttpRequest(server_of(tool.url, trusted=tool.trusted), tool.method, target, body)


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _text(response: HTTPResponse, max_bytes: int) -> str:
    """Reads one byte more than is shown, to know whether there is more."""
    parts, left = [], max_bytes + 1
    while left > 0 and (part := response.read1(min(left, _READ_BYTES))):
        parts.append(part)
        left -= len(part)
    return cut(b"".join(parts).decode(errors="replace"), max_bytes)
