"""Messages in the queue that are no jobs."""

import asyncio
import uuid

import pytest

from dspy_worker.contracts import subjects
from messaging.services import Services, until
from messaging.workers import Workers, ids_of_ready, qa_job, ready

BROKEN = b'{"tenant": "default", "data": {"inputs": "something private"}}'


@pytest.mark.asyncio
async def test_is_told_before_it_is_taken_out(services: Services, workers: Workers) -> None:
    await services.declare(ack_wait_s=2.5)
    workers.start_odd("echo")
    await ready(services)
    (worker,) = ids_of_ready(services)
    subject_id = str(uuid.uuid4())
    await services.publish_raw(subject_id, BROKEN)
    # Nobody takes note of it yet: it stays, in progress, and does not stop what follows.
    await services.publish(qa_job())
    await until(lambda: len(services.outcomes) == 1, "the next job")
    await asyncio.sleep(4)  # longer than its lease
    info = await services.client.jsm().consumer_info(
        subjects.STREAM_JOBS, subjects.worker_durable("default", "interactive")
    )
    assert (info.num_ack_pending, info.num_redelivered) == (1, 0)
    await services.take_note_of_unreadable_jobs()
    await services.queue_empties()
    (told,) = services.unreadable
    assert told["subject"] == subjects.job_subject("default", "interactive", subject_id)
    assert told["worker"] == worker
    assert "executionId" in told["problem"]
    assert "private" not in told["problem"], "what it holds is the caller's"
    assert "private" not in workers.log.read_text()


@pytest.mark.asyncio
async def test_goes_back_when_the_worker_ends_first(services: Services, workers: Workers) -> None:
    await services.declare()
    first = workers.start_odd("echo", DSPY_NEST_WORKER_DRAIN_GRACE_S="0.2")
    await ready(services)
    await services.publish_raw(str(uuid.uuid4()), b"\xff")
    await until(lambda: "is no job" in workers.log.read_text(), "the message to be held")
    first.terminate()
    await until(lambda: first.poll() is not None, "the worker to end")
    assert await services.jobs_left() == 1
    await services.take_note_of_unreadable_jobs()
    workers.start_odd("echo")
    await until(lambda: bool(services.unreadable), "the next worker to tell", 4)
    await services.queue_empties()
