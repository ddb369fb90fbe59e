"""Jobs that come again: of workers that were killed or stopped, and of jobs that kill them."""

import signal
import time
import uuid

import pytest

from builders import EXECUTION_ID
from messaging.services import Services, until
from messaging.workers import Workers, ids_of_ready, qa_job, ready
from scripted_model import Script

ACK_WAIT_S = 5.0


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
async def test_a_stopped_workers_jobs_are_done_by_another(services: Services, workers: Workers) -> None:
    await services.declare(ACK_WAIT_S)
    stopped = workers.start_odd("sleep", SLEEP_S="2")
    await ready(services)
    (stopped_id,) = ids_of_ready(services)
    ids = [str(uuid.uuid4()) for _ in range(8)]
    for execution_id in ids:
        await services.publish(qa_job(execution_id))
    await until(lambda: services.heartbeats[-1]["inFlight"] == len(ids), "the jobs to be held")
    stopped.send_signal(signal.SIGSTOP)
    stopped_at = time.monotonic()
    workers.start_odd("sleep", SLEEP_S="0.1")
    await ready(services, 2)
    # Some of these are still delivered to the standing request of the stopped worker.
    ids += [str(uuid.uuid4()) for _ in range(8)]
    for execution_id in ids[8:]:
        await services.publish(qa_job(execution_id))
    await until(lambda: len(services.outcomes) == len(ids), "all jobs done by the other", 2 * ACK_WAIT_S)
    assert time.monotonic() - stopped_at < 2 * ACK_WAIT_S
    assert {outcome["executionId"] for outcome in services.outcomes} == set(ids)
    assert stopped_id not in {outcome["worker"] for outcome in services.outcomes}
    await services.queue_empties()

    stopped.send_signal(signal.SIGCONT)
    await until(lambda: len(services.late) == 8, "the late outcomes")
    assert {outcome["worker"] for outcome in services.late} == {stopped_id}
    assert {outcome["executionId"] for outcome in services.late} == set(ids[:8]), "nothing else was run again"
    await until(lambda: services.heartbeats_of(stopped_id)[-1]["inFlight"] == 0, "the late outcomes to be settled")
    # Both go on working, and hold no more than they may.
    more = [str(uuid.uuid4()) for _ in range(120)]
    for execution_id in more:
        await services.publish(qa_job(execution_id))
    await until(lambda: len(services.outcomes) == len(ids) + len(more), "the further jobs")
    assert stopped_id in {outcome["worker"] for outcome in services.outcomes}
    assert max(beat["inFlight"] for beat in services.heartbeats_of(stopped_id)) <= 64
    assert len(services.late) == 8
    await services.queue_empties()


@pytest.mark.asyncio
async def test_a_job_that_kills_its_workers_ends_as_worker_crashed(services: Services, workers: Workers) -> None:
    await services.declare(ack_wait_s=0.5)
    await services.publish(qa_job())
    deaths = 0
    while not services.outcomes:
        process = workers.start_odd("die")
        await until(lambda: bool(services.outcomes) or process.poll() is not None, "an outcome or a death", 30)  # noqa: B023
        deaths += process.poll() == 9
    assert deaths == 5
    (outcome,) = services.outcomes
    assert outcome["status"] == "failed"
    assert outcome["executionId"] == EXECUTION_ID
    assert outcome["attempt"] == 6
    assert outcome["error"]["code"] == "worker_crashed"
    assert "delivered 5 times before" in outcome["error"]["message"]
    assert outcome["worker"] in outcome["error"]["message"]
    assert outcome["error"]["details"] == {"deliveries": 5, "worker": outcome["worker"]}
    await services.queue_empties()
