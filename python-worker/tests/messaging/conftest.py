"""Fixtures of the tests with worker processes on a real NATS server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from builders import chat_answer, connection
from conftest import NatsServer
from messaging.services import Services
from messaging.workers import QA, Workers
from scripted_model import Script, scripted_model

SECRET = "sk-very-secret-key"


@pytest.fixture
def model() -> Iterator[Script]:
    with scripted_model(Script(reply=chat_answer(answer="Paris"))) as script:
        yield script


@pytest.fixture
def workers(nats_server: NatsServer, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(nats_server.url, tmp_path / "worker.log")
    yield started
    started.end()


@pytest_asyncio.fixture
async def services(nats_server: NatsServer, model: Script) -> AsyncIterator[Services]:
    connected = await Services.connect(nats_server.url, QA, connection(model.url, apiKey=SECRET))
    yield connected
    await connected.client.close()
