"""The worker's connection to NATS."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from nats.aio.client import Client

RECONNECT_WAIT_S = 0.25
# What may wait for a reconnect, above all outcomes; larger than any number of running jobs produces.
PENDING_BYTES = 32 * 1024 * 1024

_log = structlog.get_logger(__name__)


async def connect(url: str, name: str, on_reconnect: Callable[[], Awaitable[None]]) -> Client:
    """Connects, waiting for NATS for as long as it takes, and reconnects for ever after."""
    where = server_name(url)

    async def lost() -> None:
        if client.is_reconnecting:  # else it is we who are closing
            _log.warning("lost the connection to NATS; reconnecting", server=where)

    async def back() -> None:
        _log.info("reconnected to NATS", server=where)
        await on_reconnect()

    async def failed(error: Exception) -> None:
        _log.debug("NATS reports an error", server=where, error=str(error))

    client = Client()
    _log.info("connecting to NATS", server=where)
    await client.connect(
        url,
        name=name,
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]
        pending_size=PENDING_BYTES,
        disconnected_cb=lost,
        reconnected_cb=back,
        error_cb=failed,
    )
    return client


def server_name(url: str) -> str:
    """Returns host and port of a URL, without the user and password it may carry."""
    parts = urlsplit(url)
    return f"{parts.hostname or '?'}:{parts.port or 4222}"
