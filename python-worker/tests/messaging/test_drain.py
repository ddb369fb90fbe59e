"""How a worker leaves: on SIGTERM, with work in hand."""

import signal
import time
import uuid

import pytest

from builders import EXECUTION_ID
from conftest import NatsServer
from messaging.services import Services, until
from messaging.workers import Workers, ended, ids_of_ready, qa_job, ready
from scripted_model import Script

GRACE_S = 0.5


@pytest.mark.asyncio
async def test_gives_back_what_hangs_and_takes_nothing_new(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    model.mode = "hang"
    process = workers.start(DSPY_NEST_WORKER_DRAIN_GRACE_S=str(GRACE_S), DSPY_NEST_WORKER_CONCURRENCY="1")
    await ready(services)
    waiting = str(uuid.uuid4())
    await services.publish(qa_job())
    await services.publish(qa_job(waiting))
    await until(model.arrived.is_set, "the model call")
    process.send_signal(signal.SIGTERM)
    assert await ended(process, GRACE_S + 2) == 0
    assert not services.outcomes
    model.mode = "stream"
    workers.start()
    await until(lambda: len(services.outcomes) == 2, "both jobs done by the next worker", 30)
    by_id = {outcome["executionId"]: outcome for outcome in services.outcomes}
    assert by_id[EXECUTION_ID]["attempt"] == 2, "given back at once"
    assert by_id[waiting]["attempt"] == 1, "never taken by the first worker"


@pytest.mark.asyncio
async def test_gives_back_64_hung_jobs_in_time(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    model.mode = "hang"
    process = workers.start(DSPY_NEST_WORKER_DRAIN_GRACE_S=str(GRACE_S))
    await ready(services)
    for _ in range(64):
        await services.publish(qa_job(str(uuid.uuid4())))
    await until(lambda: len(model.requests) == 64, "64 model calls", 30)
    process.send_signal(signal.SIGTERM)
    assert await ended(process, GRACE_S + 2) == 0
    workers.start_odd("echo")
    await until(lambda: len(services.outcomes) == 64, "all jobs done by the next worker", 4)
    assert {outcome["attempt"] for outcome in services.outcomes} == {2}, "given back, not waited for"


@pytest.mark.asyncio
async def test_finishes_64_jobs_within_the_grace(services: Services, workers: Workers) -> None:
    await services.declare()
    process = workers.start_odd("sleep", SLEEP_S="1.5", DSPY_NEST_WORKER_DRAIN_GRACE_S="10")
    await ready(services)
    for _ in range(80):
        await services.publish(qa_job(str(uuid.uuid4())))
    await until(lambda: services.heartbeats[-1]["inFlight"] == 64, "a full worker")
    asked_to_end = time.monotonic()
    process.send_signal(signal.SIGTERM)
    await until(lambda: not ids_of_ready(services), "the worker to say that it is not ready", 0.4)
    assert await ended(process, 5) == 0
    assert time.monotonic() - asked_to_end < 3.5, "ends with its last job, not with its grace"
    assert len(services.outcomes) == 64
    assert {outcome["attempt"] for outcome in services.outcomes} == {1}
    assert await services.jobs_left() == 16, "no new job was taken, and every outcome was acknowledged"
    statuses = [beat["status"] for beat in services.heartbeats]
    assert statuses[-1] == "stopped"
    assert "draining" in statuses


@pytest.mark.asyncio
async def test_ends_in_time_while_nats_is_away(
    services: Services, workers: Workers, nats_server: NatsServer, model: Script
) -> None:
    await services.declare()
    model.mode = "hang"
    process = workers.start(DSPY_NEST_WORKER_DRAIN_GRACE_S=str(GRACE_S))
    await ready(services)
    await services.publish(qa_job())
    await until(model.arrived.is_set, "the model call")
    nats_server.stop()
    process.send_signal(signal.SIGTERM)
    assert await ended(process, GRACE_S + 2) == 0
