"""Measures bare DSPy: the same signature and model as the platform, in threads, without anything around it.

Usage: bare.py '{"apiBase", "model", "signature", "question", "answer", "confidence"}'. For each line
`{"threads", "pauseMs", "warmUpS", "measuredS"}` on stdin it prints `{"window": "open"}`, then the latencies in
milliseconds of the calls that ended within the window. A wrong answer ends it with an error.
"""

import itertools
import json
import platform
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dspy


class Load:
    """Threads that call DSPy one after the other until the run is over."""

    def __init__(self, task: dict[str, Any]) -> None:
        """Takes what is asked and what is answered."""
        self._task = task
        self._nonces = itertools.count()
        self._over = threading.Event()

    def run(self, *, threads: int, pause_s: float, warm_up_s: float, measured_s: float) -> dict[str, Any]:
        """Runs one window; raises ValueError on a wrong answer."""
        self._over.clear()
        with ThreadPoolExecutor(threads) as pool:
            callers = [pool.submit(self._call_until_over, pause_s) for _ in range(threads)]
            self._over.wait(warm_up_s)
            opened_at = time.perf_counter()
            say({"window": "open"})
            self._over.wait(measured_s)
            closed_at = time.perf_counter()
            say({"window": "closed"})
            self._over.set()
            ended = [call for caller in callers for call in caller.result()]
        latencies_ms = [latency_s * 1000 for at, latency_s in ended if opened_at <= at <= closed_at]
        return {"latenciesMs": latencies_ms, "elapsedMs": (closed_at - opened_at) * 1000}

    def _call_until_over(self, pause_s: float) -> list[tuple[float, float]]:
        try:
            return self._calls(dspy.Predict(self._task["signature"]), pause_s)
        finally:
            # A failure ends the run at once, not at the end of the window.
            self._over.set()

    def _calls(self, predict: dspy.Predict, pause_s: float) -> list[tuple[float, float]]:
        ended: list[tuple[float, float]] = []
        while not self._over.is_set():
            if pause_s > 0:
                time.sleep(pause_s)
            nonce = f"bare{next(self._nonces)}"
            question = self._task["question"].replace("{nonce}", nonce)
            started_at = time.perf_counter()
            answer = predict(question=question).toDict()
            ended_at = time.perf_counter()
            wanted = {"answer": self._task["answer"].replace("{nonce}", nonce), "confidence": self._task["confidence"]}
            if answer != wanted:
                message = f"DSPy answered {answer} instead of {wanted}."
                raise ValueError(message)
            ended.append((ended_at, ended_at - started_at))
        return ended


def say(content: dict[str, Any]) -> None:
    """Prints one line of JSON."""
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Says the versions, then runs what it is told until its input ends."""
    task = json.loads(sys.argv[1])
    model = f"openai/{task['model']}"
    dspy.configure(lm=dspy.LM(model, api_base=task["apiBase"], api_key="bench", engine="lm15", cache=False))
    load = Load(task)
    say({"python": platform.python_version(), "dspy": dspy.__version__})
    for line in sys.stdin:
        told = json.loads(line)
        pause_s = told["pauseMs"] / 1000
        threads, warm_up_s, measured_s = told["threads"], told["warmUpS"], told["measuredS"]
        say(load.run(threads=threads, pause_s=pause_s, warm_up_s=warm_up_s, measured_s=measured_s))


if __name__ == "__main__":
    main()
