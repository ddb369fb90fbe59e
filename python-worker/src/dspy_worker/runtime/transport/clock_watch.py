"""The one thread that enforces the clocks of all running executions."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dspy_worker.runtime.transport.active_call import ExecutionControl

# How late a clock may strike. Scanning is far cheaper than a timer per call: the hot path only touches a set.
TICK_S = 0.05


class ClockWatch:
    """Scans running executions and stops what is overdue."""

    def __init__(self, tick_s: float = TICK_S) -> None:
        """Takes the time between two scans; the thread starts with the first execution."""
        self._tick_s = tick_s
        self._controls: set[ExecutionControl] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, control: ExecutionControl) -> Iterator[None]:
        """Enforces the clocks of one execution while the block runs."""
        with self._lock:
            self._controls.add(control)
            if self._thread is None:
                self._thread = threading.Thread(target=self._scan, name="clock-watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._controls.discard(control)

    def _scan(self) -> None:
        while True:
            time.sleep(self._tick_s)
            with self._lock:
                controls = tuple(self._controls)
            now = time.monotonic()
            for control in controls:
                control.check_clocks(now)
