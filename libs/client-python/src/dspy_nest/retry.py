"""How often and how fast what failed is tried again."""

import random
from dataclasses import dataclass
from http import HTTPStatus

from dspy_nest.errors import DspyNestError, ExecutionFailedError

_IN_FLIGHT = "idempotency_key_in_flight"


@dataclass(frozen=True, slots=True)
class Retry:
    """All attempts, the first included; the longest wait before the second, which doubles; the longest wait of all."""

    max_attempts: int = 4
    base_delay_s: float = 0.25
    max_delay_s: float = 30.0
    reconnect_for_s: float = 60.0
    """How long a stream whose connection broke is tried to connect again."""

    def delay_s(self, error: DspyNestError, failures: int, *, repeatable: bool) -> float | None:
        """How long to wait before the next attempt; None when there shall be none."""
        if not _is_tried_again(error, repeatable=repeatable) or failures >= self.max_attempts:
            return None
        after_s = error.retry_after_s or 0.0
        if after_s > self.max_delay_s:
            return None
        # Clients that failed together shall not come back together.
        longest_s = min(self.max_delay_s, self.base_delay_s * 2.0 ** max(0, failures - 1))
        return after_s + random.uniform(0, longest_s)  # noqa: S311 - no secret


def is_counted(error: DspyNestError) -> bool:
    """Whether an attempt counts: that the first one is still at work is no failure, and it ends by its own clock."""
    return error.code != _IN_FLIGHT


def _is_tried_again(error: DspyNestError, *, repeatable: bool) -> bool:
    # An outcome is final: the same key would answer it again, and the platform has spent the retries of the execution.
    if not error.retryable or isinstance(error, ExecutionFailedError):
        return False
    return repeatable or error.code == "no_worker" or error.status == HTTPStatus.TOO_MANY_REQUESTS
