"""Workers that make room for a fresh process."""

import uuid

import pytest

from dspy_worker.messaging.recycling import Ceilings
from messaging.services import Services, until
from messaging.workers import Workers, ended, qa_job, ready

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("executed", "rss_mb", "reached"),
    [(99, 300, "no"), (100, 300, "drain"), (5, 301, "drain"), (5, 375, "drain"), (5, 376, "at_once")],
)
def test_ceilings(executed: int, rss_mb: int, reached: str) -> None:
    assert Ceilings(executions=100, rss_bytes=300 * MIB).reached(executed, rss_mb * MIB) == reached


def test_without_ceilings_a_worker_goes_on_for_ever() -> None:
    assert Ceilings.of(0, 0).reached(10**9, 10**15) == "no"


def test_workers_that_started_together_leave_one_after_another() -> None:
    ceilings = {Ceilings.of(1_000, 0).executions for _ in range(200)}
    assert 1_000 <= min(ceilings) < max(ceilings) <= 1_100


@pytest.mark.asyncio
async def test_leaves_in_good_order_after_its_executions(services: Services, workers: Workers) -> None:
    await services.declare()
    first = workers.start_odd("sleep", SLEEP_S="0.2", DSPY_NEST_WORKER_MAX_EXECUTIONS="5")
    await ready(services)
    ids = [str(uuid.uuid4()) for _ in range(200)]
    for execution_id in ids:
        await services.publish(qa_job(execution_id))
    assert await ended(first, 10) == 0
    left = await services.jobs_left()
    assert 0 < left <= len(ids) - 5
    assert len(services.outcomes) == len(ids) - left, "what it had taken is done"
    workers.start_odd("echo")
    await until(lambda: len(services.outcomes) == len(ids), "the rest by the next worker")
    # A job on its way to the worker as it left is handed back: its first run is then its second attempt.
    assert sorted(outcome["executionId"] for outcome in services.outcomes) == sorted(ids), "nothing was run twice"


@pytest.mark.asyncio
async def test_does_not_wait_for_a_job_that_eats_the_memory(services: Services, workers: Workers) -> None:
    await services.declare()
    first = workers.start_odd("eat", DSPY_NEST_WORKER_MAX_RSS_MB="256", DSPY_NEST_WORKER_DRAIN_GRACE_S="60")
    await ready(services)
    await services.publish(qa_job())
    assert await ended(first, 5) == 0
    assert max(beat["rssBytes"] for beat in services.heartbeats) > 400 * MIB, "the heartbeat tells the truth"
    assert not services.outcomes
    workers.start_odd("echo")
    await until(lambda: bool(services.outcomes), "the next worker", 4)
    assert services.outcomes[0]["attempt"] == 2, "given back at once"
