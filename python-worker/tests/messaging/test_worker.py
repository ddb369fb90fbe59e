"""The worker as a process on a real NATS server, against a scripted model."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from builders import EXECUTION_ID, chat_answer, connection, field, job, program, spec
from conftest import SOURCE, NatsServer
from dspy_worker.contracts.messages import ExecutionRunV1
from dspy_worker.errors import to_wire_error
from dspy_worker.messaging import executor
from dspy_worker.messaging.worker import WorkerOptions, work
from dspy_worker.runtime.result import RunResult
from messaging.services import REPLY_TO, Services, until
from scripted_model import Script, scripted_model

SECRET = "sk-very-secret-key"
QA = program(spec([field("question")], [field("answer")]))


class Workers:
    """Starts worker processes and ends those that are left."""

    def __init__(self, url: str, log: Path) -> None:
        self._url = url
        self.log = log
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, **environment: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "dspy_worker"],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "NATS_URL": self._url, **environment},
            stderr=self.log.open("ab"),
        )
        self._processes.append(process)
        return process

    def start_by_another(self) -> "subprocess.Popen[bytes]":
        """Starts a worker whose parent is the process that is returned."""
        command = f"import subprocess; subprocess.run([{sys.executable!r}, '-m', 'dspy_worker'])"
        process = subprocess.Popen(
            [sys.executable, "-c", command],
            env={**os.environ, "PYTHONPATH": str(SOURCE), "NATS_URL": self._url},
            stderr=self.log.open("ab"),
        )
        self._processes.append(process)
        return process

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


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


def qa_job(execution_id: str = EXECUTION_ID, **members: object) -> ExecutionRunV1:
    return job(
        {"question": "The capital of France?"},
        executionId=execution_id,
        programHash=QA.hash,
        replyTo=REPLY_TO,
        **members,
    )


async def ready(services: Services) -> None:
    await until(lambda: bool(services.heartbeats), "a heartbeat", 30)


@pytest.mark.asyncio
async def test_runs_jobs_and_brings_outcomes_to_the_replica(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.serve_replica()
    process = workers.start()
    await ready(services)
    # The worker was there before its queue was.
    await services.declare()
    ids = [str(uuid.uuid4()) for _ in range(20)]
    for execution_id in ids:
        await services.publish(qa_job(execution_id))
    await until(lambda: len(services.outcomes) == len(ids), "the outcomes")
    assert sorted(outcome["executionId"] for outcome in services.outcomes) == sorted(ids)
    assert set(services.outcome_subjects) == {REPLY_TO}
    outcome = services.outcomes[0]
    assert outcome["status"] == "succeeded"
    assert outcome["outputs"] == {"answer": "Paris"}
    assert outcome["attempt"] == 1
    assert outcome["usage"] == {"promptTokens": 10, "completionTokens": 5, "costUsd": None}
    assert 0 < outcome["lmMs"] <= outcome["workerMs"]
    assert model.request_headers[0]["Authorization"] == f"Bearer {SECRET}"
    assert len(services.asked) == 2, "program and model are fetched once"
    deadline = asyncio.get_running_loop().time() + 5
    while await services.jobs_left() > 0:
        assert asyncio.get_running_loop().time() < deadline, "jobs were not acknowledged"
        await asyncio.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    await until(lambda: process.poll() is not None, "the worker to end")
    assert process.returncode == 0
    assert [beat["status"] for beat in services.heartbeats][-1] == "stopped"
    assert services.heartbeats[-1]["executed"] == len(ids)
    assert SECRET not in workers.log.read_text()


@pytest.mark.asyncio
async def test_a_killed_workers_job_is_run_again_by_another(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare(ack_wait_s=1.5)
    model.mode = "hang"
    victim = workers.start()
    await ready(services)
    await services.publish(qa_job())
    await until(model.arrived.is_set, "the model call")
    await until(lambda: bool(services.started), "the sign that it started")
    victim.kill()
    model.mode = "stream"
    workers.start()
    await until(lambda: bool(services.outcomes), "the outcome of the second worker", 30)
    assert services.outcomes[0]["status"] == "succeeded"
    assert services.outcomes[0]["attempt"] == 2
    assert services.outcome_subjects[0].endswith("execution.complete.v1"), "nobody listened at the replica"


@pytest.mark.asyncio
async def test_keeps_a_slow_job_cancels_it_and_survives_the_loss_of_nats(
    services: Services, workers: Workers, model: Script, nats_server: NatsServer
) -> None:
    await services.declare(ack_wait_s=2.0)
    model.mode = "hang_mid_stream"
    workers.start()
    await ready(services)
    await services.publish(qa_job())
    await until(model.arrived.is_set, "the model call")
    nats_server.stop()
    await asyncio.sleep(0.5)
    nats_server.start()
    services.heartbeats.clear()
    await until(lambda: len(services.heartbeats) > 6, "heartbeats after the reconnect")
    assert len(model.requests) == 1, "still in progress, so not delivered again"
    services.refuse_outcomes = 1
    await services.cancel(EXECUTION_ID)
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["status"] == "cancelled"
    assert services.outcomes[0]["error"]["code"] == "cancelled"
    assert model.closed.wait(1), "the model server saw the connection close"
    # A message that is no job does not stop what follows.
    await services.publish_raw(str(uuid.uuid4()), b'{"not": "a job"}')
    model.mode = "stream"
    await services.publish(qa_job(str(uuid.uuid4())))
    await until(lambda: len(services.outcomes) == 2, "the next outcome")
    assert services.outcomes[1]["status"] == "succeeded"


@pytest.mark.asyncio
async def test_drains_on_sigterm(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    model.mode = "hang"
    process = workers.start(DSPY_NEST_WORKER_DRAIN_GRACE_S="0.3", DSPY_NEST_WORKER_CONCURRENCY="1")
    await ready(services)
    waiting = str(uuid.uuid4())
    await services.publish(qa_job())
    await services.publish(qa_job(waiting))
    await until(model.arrived.is_set, "the model call")
    process.send_signal(signal.SIGTERM)
    await until(lambda: process.poll() is not None, "the worker to end", 10)
    assert process.returncode == 0
    assert not services.outcomes
    model.mode = "stream"
    workers.start()
    await until(lambda: len(services.outcomes) == 2, "both jobs done by the next worker", 30)
    by_id = {outcome["executionId"]: outcome for outcome in services.outcomes}
    assert by_id[EXECUTION_ID]["attempt"] == 2, "given back at once"
    assert by_id[waiting]["attempt"] == 1, "never taken by the first worker"


@pytest.mark.asyncio
async def test_a_job_delivered_too_often_fails(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    await services.publish(qa_job())
    puller = await services.client.jetstream().pull_subscribe_bind(
        durable="worker-default-interactive", stream="DSPY_JOBS"
    )
    for _ in range(5):
        (message,) = await puller.fetch(1, timeout=5)
        await message.nak()
    workers.start()
    await until(lambda: bool(services.outcomes), "the outcome", 30)
    assert services.outcomes[0]["status"] == "failed"
    assert services.outcomes[0]["error"]["code"] == "worker_crashed"
    assert not model.requests


@pytest.mark.asyncio
async def test_waits_for_nats_tells_what_the_registry_refused_and_ends_with_its_parent(
    services: Services, workers: Workers, nats_server: NatsServer
) -> None:
    await services.declare()
    nats_server.stop()
    starter = workers.start_by_another()
    await until(lambda: "connecting to NATS" in workers.log.read_text(), "the worker to look for NATS", 30)
    nats_server.start()
    await ready(services)
    services.refusal = {"code": "model_not_found", "message": "gone", "retryable": False, "details": {}}
    await services.publish(qa_job())
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["status"] == "failed"
    assert services.outcomes[0]["error"]["code"] == "model_not_found"
    starter.kill()
    await until(lambda: services.heartbeats[-1]["status"] == "stopped", "the worker to end with its parent")


@pytest.mark.asyncio
async def test_a_thread_that_never_comes_back_does_not_hold_the_outcome(
    services: Services, nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "THREAD_GRACE_S", 0.2)
    await services.declare()
    stuck, released, ended = threading.Event(), threading.Event(), asyncio.Event()

    def run(*_job: object) -> RunResult:
        stuck.set()
        released.wait(20)
        return RunResult(status="succeeded")

    options = WorkerOptions(nats_server.url, "default", "interactive", 2, 1.0, {}, [], [])
    working = asyncio.ensure_future(
        work(options, run=run, to_wire_error=to_wire_error, on_secret=lambda _secret: None, ended=ended)
    )
    overdue = str(uuid.uuid4())
    await services.publish(qa_job())
    await services.publish(qa_job(overdue, timeoutMs=300))
    await until(stuck.is_set, "the run")
    await services.cancel(EXECUTION_ID)
    await until(lambda: len(services.outcomes) == 2, "both outcomes", 5)
    by_id = {outcome["executionId"]: outcome["status"] for outcome in services.outcomes}
    assert by_id == {EXECUTION_ID: "cancelled", overdue: "timed_out"}
    released.set()
    ended.set()
    await asyncio.wait_for(working, 10)
