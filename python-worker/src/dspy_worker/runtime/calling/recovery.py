"""The budget from which an execution pays whatever it does again: one for each model that it asks at the same time."""

import threading

from dspy_worker.contracts.messages import Recovery


class RecoveryBudget:
    """Counts what was done again or mended in one execution; safe to use from several threads."""

    def __init__(self, max_retries: int, *, repeats_calls: bool = True) -> None:
        """Takes how often models may be asked again by all calls together, and whether what failed is made again."""
        self._left = max_retries
        self._repeats_calls = repeats_calls
        self._lock = threading.Lock()
        self._model_retries = 0
        self._parse_retries = 0
        self._repairs = 0

    def branch(self, *, repeats_calls: bool = True) -> "RecoveryBudget":
        """Returns a budget that is as large as what is left of this one, for one of several models."""
        return RecoveryBudget(self._left, repeats_calls=repeats_calls)

    def add(self, spent: Recovery) -> None:
        """Counts what was done again elsewhere."""
        with self._lock:
            self._model_retries += spent.model_retries
            self._parse_retries += spent.parse_retries
            self._repairs += spent.repairs

    def take_model_retry(self) -> bool:
        """Pays for a call after one that failed; false if nothing is left."""
        with self._lock:
            if self._left == 0 or not self._repeats_calls:
                return False
            self._left -= 1
            self._model_retries += 1
            return True

    def take_parse_retry(self) -> bool:
        """Pays for a call after an answer that could not be read; false if nothing is left."""
        with self._lock:
            if self._left == 0:
                return False
            self._left -= 1
            self._parse_retries += 1
            return True

    def count_repair(self) -> None:
        """Notes an answer that could be read only after mending its form."""
        with self._lock:
            self._repairs += 1

    @property
    def counts(self) -> Recovery:
        """What was done so far, for the outcome."""
        return Recovery(model_retries=self._model_retries, parse_retries=self._parse_retries, repairs=self._repairs)
