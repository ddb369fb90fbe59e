"""Counts what the model calls of one execution used: tokens, money and time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class CallMeter:
    """Adds up the model calls of one execution, also when they run side by side."""

    def __init__(self) -> None:
        """Starts at nothing used."""
        self._lock = threading.Lock()
        self._open = 0
        self._open_since = 0.0
        self._lm_s = 0.0
        self._calls = 0
        self._prompt_tokens: int | None = 0
        self._completion_tokens: int | None = 0
        self._cost_usd: float | None = 0.0
        self._answered_at: float | None = None

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Marks a model call as open while the block runs."""
        with self._lock:
            if self._open == 0:
                self._open_since = time.perf_counter()
            self._open += 1
            self._answered_at = None
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                if self._open == 0:
                    self._lm_s += time.perf_counter() - self._open_since

    def add(self, prompt_tokens: int | None, completion_tokens: int | None, cost_usd: float | None) -> None:
        """Adds a call that was answered; a single unknown makes the sum unknown."""
        with self._lock:
            self._calls += 1
            self._answered_at = time.perf_counter()
            self._prompt_tokens = _sum(self._prompt_tokens, prompt_tokens)
            self._completion_tokens = _sum(self._completion_tokens, completion_tokens)
            self._cost_usd = None if self._cost_usd is None or cost_usd is None else self._cost_usd + cost_usd

    @property
    def lm_ms(self) -> float:
        """Wall time with at least one model call open, in milliseconds."""
        return self._lm_s * 1000

    @property
    def since_answer_ms(self) -> float:
        """Time since the last byte of the last answer in milliseconds, 0 if the last call brought none."""
        return 0.0 if self._answered_at is None else (time.perf_counter() - self._answered_at) * 1000

    @property
    def usage(self) -> tuple[int | None, int | None, float | None]:
        """Prompt tokens, completion tokens and cost in USD; None where unknown, also before the first answer."""
        if self._calls == 0:
            return None, None, None
        return self._prompt_tokens, self._completion_tokens, self._cost_usd

    @property
    def spent(self) -> tuple[int, tuple[int | None, int | None, float | None]]:
        """Answers, and what these used, also while others come in."""
        with self._lock:
            return self._calls, self.usage


def _sum(total: int | None, more: int | None) -> int | None:
    return None if total is None or more is None else total + more
