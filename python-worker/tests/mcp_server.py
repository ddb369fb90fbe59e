"""An MCP server by the official SDK, on a port of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from mcp.server.fastmcp import Context, FastMCP
from starlette.requests import Request


@dataclass
class McpServer:
    """What it was asked, and when it lets `wait` answer."""

    url: str = ""
    cities: list[str] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    waiting: threading.Event = field(default_factory=threading.Event)


@contextmanager
def mcp_server() -> Iterator[McpServer]:
    state = McpServer()
    mcp = FastMCP("weather", stateless_http=True)

    def weather(city: str, context: Context) -> str:  # type: ignore[type-arg, unused-ignore]
        request = context.request_context.request
        state.keys.add(request.headers.get("x-key") if isinstance(request, Request) else None)
        state.cities.append(city)
        return f"warm in {city}"

    def fail() -> str:
        message = f"no such thing as {sorted(map(str, state.keys))}"
        raise ValueError(message)

    async def wait() -> str:
        state.waiting.set()
        await asyncio.sleep(30)
        return "late"

    def much() -> str:
        return "x" * 5_000_000

    mcp.add_tool(weather, description="The weather of a city.")
    for tool in (fail, wait, much):
        mcp.add_tool(tool)
    config = uvicorn.Config(mcp.streamable_http_app(), log_level="error", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    state.url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
