import threading
import time

from dspy_worker.runtime.calling.meter import CallMeter


def test_calls_side_by_side_count_once_in_wall_time() -> None:
    meter, together = CallMeter(), threading.Barrier(4)

    def call() -> None:
        together.wait(5)
        with meter.measuring():
            time.sleep(0.2)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 190 <= meter.lm_ms < 600


def test_one_unknown_makes_the_sum_unknown() -> None:
    meter = CallMeter()
    seen = [meter.usage]
    for used in ((1, 2, 0.5), (3, 4, 0.25), (1, None, None)):
        meter.add(*used)
        seen.append(meter.usage)
    assert seen == [(None, None, None), (1, 2, 0.5), (4, 6, 0.75), (5, None, None)]
