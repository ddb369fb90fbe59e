import asyncio
import contextvars
import threading
import time

import pytest

from dspy_worker.threads import ThreadTeam

WHO: contextvars.ContextVar[str] = contextvars.ContextVar("who")


@pytest.mark.asyncio
async def test_runs_in_threads_with_the_callers_context_and_keeps_them() -> None:
    team = ThreadTeam()
    WHO.set("me")
    names = set()
    for _ in range(20):
        who, name = await team.run(lambda: (WHO.get(), threading.current_thread().name))
        assert who == "me"
        names.add(name)
    assert len(names) == 1


@pytest.mark.asyncio
async def test_as_many_at_once_as_are_asked_for() -> None:
    team, together = ThreadTeam(), threading.Barrier(8)
    results = await asyncio.gather(*(team.run(together.wait, 5) for _ in range(8)))
    assert sorted(results) == list(range(8))


@pytest.mark.asyncio
async def test_errors_reach_who_waits_and_an_abandoned_result_is_dropped() -> None:
    team = ThreadTeam()

    def fail() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        await team.run(fail)
    abandoned = team.run(time.sleep, 0.05)
    abandoned.cancel()
    assert await team.run(lambda: "next") == "next"
    await asyncio.sleep(0.1)
    assert abandoned.cancelled()
