"""Decides whether and when a failed model call is made again. The only place where calls are retried."""

import random
from collections.abc import Callable
from typing import TypeVar

from dspy import lm15

from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.transport.active_call import ExecutionControl

FIRST_BACK_OFF_S = 0.25
MAX_BACK_OFF_S = 8.0
# Errors that may be gone the next time. What is not listed would fail again: a refused key, a bad request.
_TRANSIENT = (lm15.TransportError, lm15.TimeoutError, lm15.RateLimitError, lm15.ServerError)

Result = TypeVar("Result")


def is_transient(error: lm15.LM15Error) -> bool:
    """Tells whether the same call may succeed when it is made again."""
    return isinstance(error, _TRANSIENT)


def next_delay_s(failures: int, *, retry_after_s: float | None, left_s: float | None, draw: float) -> float | None:
    """Returns how long to wait before the next call in seconds, None if the execution would be over by then.

    `failures` counts the calls that have failed in a row, from 1; `draw` is a random number from 0 to 1. Full jitter
    keeps many executions from coming back at the same moment; the server's own word on when counts more.
    """
    back_off_s = draw * min(MAX_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** min(failures - 1, 10))
    delay_s = max(back_off_s, retry_after_s or 0.0)
    return None if left_s is not None and delay_s >= left_s else delay_s


def call_with_retries(
    call: Callable[[bool], Result],
    control: ExecutionControl,
    budget: RecoveryBudget,
    draw: Callable[[], float] = random.random,
) -> Result:
    """Makes a call until it succeeds, fails for good, or the budget or the time is used up.

    `call` is told whether it is made again. Raises the call's last error, or `ExecutionStopped` as soon as the
    execution is stopped, also while waiting.
    """
    failures = 0
    while True:
        try:
            return call(failures > 0)
        except lm15.LM15Error as error:
            failures += 1
            delay_s = next_delay_s(failures, retry_after_s=error.retry_after, left_s=control.left_s(), draw=draw())
            if not is_transient(error) or delay_s is None or not budget.take_model_retry():
                raise
        control.wait(delay_s)
