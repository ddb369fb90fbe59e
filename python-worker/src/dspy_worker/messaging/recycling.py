"""Decides when a worker has done enough and makes room for a fresh process."""

import random
from dataclasses import dataclass
from typing import Literal

_MIB = 1024 * 1024
# Above the ceiling by this much a held job is taken to be what eats the memory: it is not waited for.
RUNAWAY_FACTOR = 1.25
# Workers that started together must not all leave together.
SPREAD = 0.1

Recycling = Literal["no", "drain", "at_once"]


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Where a worker ends itself; 0 is never."""

    executions: int = 0
    rss_bytes: int = 0

    @classmethod
    def of(cls, executions: int, rss_mb: int) -> "Ceilings":
        """Makes the ceilings of one process; that of executions is up to a tenth above what is given, at random."""
        spread = random.randint(0, int(executions * SPREAD))  # noqa: S311 - no secret
        return cls(executions=executions + spread, rss_bytes=rss_mb * _MIB)

    def reached(self, executed: int, rss_bytes: int) -> Recycling:
        """Tells whether the worker goes on, ends when its jobs are done, or ends without waiting for them."""
        if self.rss_bytes and rss_bytes > self.rss_bytes * RUNAWAY_FACTOR:
            return "at_once"
        if (self.rss_bytes and rss_bytes > self.rss_bytes) or (self.executions and executed >= self.executions):
            return "drain"
        return "no"
