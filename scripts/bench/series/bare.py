"""Measures bare DSPy: the same signature and model as the platform, in one thread, without anything around it.

Usage: bare.py '{"apiBase", "signature", "outputs", "warmUpCalls", "measuredCalls", "pauseMs"}'. Prints one JSON line
with the latencies in milliseconds, back to back and paced; a wrong answer ends it with an error.
"""

import json
import platform
import sys
import time
from typing import Any

import dspy


def measure(predict: dspy.Predict, outputs: dict[str, Any], calls: int, pause_ms: float) -> list[float]:
    """Latencies of that many calls in milliseconds, one after the other; raises ValueError on a wrong answer."""
    latencies_ms: list[float] = []
    for call in range(calls):
        if pause_ms > 0:
            time.sleep(pause_ms / 1000)
        started_at = time.perf_counter()
        answer = predict(question=f"What is the capital of France? ({call})")
        latencies_ms.append((time.perf_counter() - started_at) * 1000)
        if answer.toDict() != outputs:
            raise ValueError(f"DSPy answered {answer.toDict()} instead of {outputs}.")
    return latencies_ms


def main() -> None:
    """Warms up, measures both series and prints them."""
    task = json.loads(sys.argv[1])
    lm = dspy.LM("openai/gpt-4o-mini", api_base=task["apiBase"], api_key="bench", engine="lm15", cache=False)
    dspy.configure(lm=lm)
    predict = dspy.Predict(task["signature"])
    measure(predict, task["outputs"], task["warmUpCalls"], 0)
    back_to_back_ms = measure(predict, task["outputs"], task["measuredCalls"], 0)
    paced_ms = measure(predict, task["outputs"], task["measuredCalls"], task["pauseMs"])
    versions = {"python": platform.python_version(), "dspy": dspy.__version__}
    sys.stdout.write(json.dumps({"backToBackMs": back_to_back_ms, "pacedMs": paced_ms, **versions}) + "\n")


if __name__ == "__main__":
    main()
