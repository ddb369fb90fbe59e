import asyncio
import contextlib
import os
import threading
from pathlib import Path

import pytest

from conftest import wait_until
from dspy_worker import one_core
from dspy_worker.one_core import busy_ticks, choose_core, keep_to_one_core


def test_goes_to_the_core_that_others_use_least() -> None:
    assert choose_core({0: 0.6, 1: 0.2, 2: 0.4}, None) == 1


def test_stays_unless_another_core_is_far_less_busy() -> None:
    assert choose_core({0: 0.4, 1: 0.2}, 0) == 0
    assert choose_core({0: 0.6, 1: 0.2}, 0) == 1


def test_leaves_a_core_that_is_gone() -> None:
    assert choose_core({1: 0.9}, 0) == 1
    assert choose_core({}, 0) == 0


def test_reads_the_busy_time_of_each_core() -> None:
    lines = ["cpu  9 9 9 9 9 9 9 9 9 9", "cpu0 1 2 3 400 50 6 7 8 9 10", "cpu11 5 0 5 70 0 0 0 0 0 0", "intr 1 2 3"]
    assert busy_ticks(lines) == {0: 27, 11: 10}


@pytest.mark.asyncio
async def test_takes_all_threads_to_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.sched_getaffinity(0)
    monkeypatch.setattr(one_core, "PERIOD_S", 0.05)
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    keeping = asyncio.ensure_future(keep_to_one_core())
    try:
        await asyncio.to_thread(wait_until, lambda: len(cores_of_threads()) == 1, "one core")
    finally:
        keeping.cancel()
        ended.set()
        free(before)


def free(cores: set[int]) -> None:
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it ended since it was listed
            os.sched_setaffinity(int(thread.name), cores)


def cores_of_threads() -> set[int]:
    """Returns every core that some thread may run on."""
    cores: set[int] = set()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it ended since it was listed
            cores |= os.sched_getaffinity(int(thread.name))
    return cores
