"""Keeps this process on one core at a time.

Only one of its threads runs Python at any moment. Where the next one runs on another core, all that it needs is in the
caches of the first: a third of the CPU of an execution. Which core it is follows what others do.
"""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import structlog

PERIOD_S = 2.0
# Moving costs the caches; another core has to be so much less busy, as a share of it.
MARGIN = 0.25
_STAT = Path("/proc/stat")
_TICKS_PER_S = 100
_IDLE, _IO_WAIT = 3, 4

_log = structlog.get_logger(__name__)


async def keep_to_one_core() -> None:
    """Stays on the core that others use least, until cancelled; does nothing where there is no choice."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(allowed) < 2 or not os.access(_STAT, os.R_OK):  # noqa: PLR2004 - one core is no choice
        return
    core: int | None = None
    while True:
        busy, own, began = _busy_s(allowed), time.process_time(), time.monotonic()
        # At different moments in different workers: together they would all move to the same core.
        await asyncio.sleep(PERIOD_S * random.uniform(0.75, 1.25))  # noqa: S311 - not a secret
        took_s = time.monotonic() - began
        shares = {each: (now - busy[each]) / took_s for each, now in _busy_s(allowed).items() if each in busy}
        if core in shares:
            shares[core] -= (time.process_time() - own) / took_s
        if (chosen := choose_core(shares, core)) != core:
            _move_to(chosen)
            core = chosen


def choose_core(used_by_others: Mapping[int, float], current: int | None) -> int | None:
    """Returns the core to be on, given the share of each that others use."""
    if not used_by_others:
        return current
    best = min(used_by_others, key=lambda core: used_by_others[core])
    if current is None or current not in used_by_others or used_by_others[current] - used_by_others[best] > MARGIN:
        return best
    return current


def busy_ticks(lines: Iterable[str]) -> dict[int, int]:
    """Reads how long each core has been busy out of `/proc/stat`, in hundredths of a second."""
    ticks: dict[int, int] = {}
    for line in lines:
        name, *values = line.split()
        if name.startswith("cpu") and name[3:].isdigit():
            numbers = [int(value) for value in values[:8]]
            ticks[int(name[3:])] = sum(numbers) - numbers[_IDLE] - numbers[_IO_WAIT]
    return ticks


def _busy_s(cores: set[int]) -> dict[int, float]:
    ticks = busy_ticks(_STAT.read_text(encoding="ascii").splitlines())
    return {core: count / _TICKS_PER_S for core, count in ticks.items() if core in cores}


def _move_to(core: int | None) -> None:
    """Moves all threads; those that begin later inherit it."""
    if core is None:
        return
    _log.debug("moving to another core", core=core)
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it has ended, or the core was taken away
            os.sched_setaffinity(int(thread.name), {core})
