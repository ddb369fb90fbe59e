"""Says that the worker lives, and what it does."""

import contextlib
import os
import platform
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

import nats.errors
import orjson
from nats.aio.client import Client

from dspy_worker.contracts.messages import LaneName, WorkerHeartbeatV1
from dspy_worker.contracts.subjects import SIGNAL_WORKER_HEARTBEAT

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

WorkerStatus = Literal["ready", "draining", "stopped"]


class Heartbeat:
    """Publishes the worker's state."""

    def __init__(  # noqa: PLR0913 - what a heartbeat tells
        self,
        client: Client,
        *,
        worker_id: str,
        pool: str,
        lanes: list[LaneName],
        concurrency: int,
        versions: dict[str, str],
        modules: list[str],
        formats: list[str],
        load: Callable[[], tuple[int, int]],
    ) -> None:
        """Takes what never changes, and where to read how many jobs are in flight and were executed."""
        self.status: WorkerStatus = "ready"
        self.worker_id = worker_id
        self._client = client
        self._load = load
        self._fixed: dict[str, Any] = {
            "id": worker_id,
            "pool": pool,
            "lanes": lanes,
            "host": socket.gethostname()[:253],
            "pid": os.getpid(),
            "started_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "concurrency": concurrency,
            "versions": {"python": platform.python_version(), **versions},
            "modules": modules,
            "formats": formats,
        }

    async def beat(self) -> WorkerHeartbeatV1:
        """Publishes the present state once and returns it; while NATS is away nothing is kept for later."""
        in_flight, executed = self._load()
        message = WorkerHeartbeatV1(
            **self._fixed, status=self.status, in_flight=in_flight, executed=executed, rss_bytes=_rss_bytes()
        )
        if self._client.is_connected:
            with contextlib.suppress(nats.errors.Error):
                await self._client.publish(SIGNAL_WORKER_HEARTBEAT, orjson.dumps(message.to_wire()))
        return message


def _rss_bytes() -> int:
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - read twice a second
            return int(statm.read().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
