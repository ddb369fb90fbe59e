"""Fixtures that start real servers on free ports."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from dspy_worker.environment import prepare_environment

prepare_environment()

SOURCE = Path(__file__).parent.parent / "src"
TOOLS = Path(sys.executable).parent


def wait_until(is_so: Callable[[], object], what: str, timeout_s: float = 15.0) -> None:
    """Polls until `is_so()` holds, or fails naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s} s in vain for {what}")
        time.sleep(0.01)


class NatsServer:
    """A nats-server with JetStream that can be stopped and started again on the same port and store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = -1
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = [
            TOOLS / "nats-server",
            "-a",
            "127.0.0.1",
            "-p",
            str(self._port),
            "-js",
            "-sd",
            self._folder / "store",
        ]
        ports = self._folder / "ports"
        ports.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [*map(str, command), "--ports_file_dir", str(ports)], stderr=(self._folder / "nats.log").open("ab")
        )
        file = ports / f"nats-server_{self._process.pid}.ports"
        wait_until(lambda: file.exists() and file.read_bytes(), "nats-server to listen")
        self._port = int(orjson.loads(file.read_bytes())["nats"][0].rsplit(":", 1)[1])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bundled_model() -> Iterator[str]:
    """Serves the real bundled model; gives its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local_model"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert process.stdout is not None
    url = orjson.loads(process.stdout.readline())["url"]
    wait_until(lambda: _answers(f"{url.removesuffix('/v1')}/health"), "the model to load", 60)
    yield url
    process.terminate()
    assert process.wait(10) == 0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.URLError:
        return False
