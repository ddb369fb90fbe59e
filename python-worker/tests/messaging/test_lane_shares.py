"""How the lanes divide one capacity, without a server."""

import pytest

from dspy_worker.contracts.messages import LaneName
from dspy_worker.messaging.queue.lane_shares import NOTHING, Share, Wanted, share_of, wanted

BOTH: frozenset[LaneName] = frozenset(("interactive", "batch"))
STEADY = Share(window=16, reserve=0, is_leftover=False)
LEFTOVER = Share(window=48, reserve=16, is_leftover=True)


@pytest.mark.parametrize(
    ("capacity", "reserve"), [(1, 0), (2, 1), (3, 1), (4, 1), (7, 1), (8, 2), (64, 16), (1024, 256)]
)
def test_a_quarter_is_kept_for_interactive_jobs(capacity: int, reserve: int) -> None:
    batch = share_of("batch", BOTH, capacity)
    assert (batch.reserve, batch.window, batch.is_leftover) == (reserve, capacity - reserve, True)
    assert share_of("interactive", BOTH, capacity).window == max(1, reserve)


@pytest.mark.parametrize("lane", ["interactive", "batch"])
def test_a_lane_alone_has_everything(lane: LaneName) -> None:
    assert share_of(lane, frozenset((lane,)), 64) == Share(window=64, reserve=0, is_leftover=False)


@pytest.mark.parametrize(
    ("free", "asked", "jobs"),
    [(64, 0, 16), (64, 9, 0), (64, 8, 8), (10, 0, 10), (10, 6, 0), (1, 0, 1), (1, 1, 0), (0, 0, 0), (-1, 0, 0)],
)
def test_interactive_is_pulled_up_to_the_last_slot(free: int, asked: int, jobs: int) -> None:
    assert wanted(STEADY, free=free, asked=asked, found=True).jobs == jobs


@pytest.mark.parametrize(
    ("free", "asked", "found", "want"),
    [
        (64, 0, False, Wanted(1, waits=True)),
        (64, 1, False, NOTHING),
        (64, 0, True, Wanted(48, waits=False)),
        (20, 0, True, Wanted(4, waits=False)),
        (17, 0, False, Wanted(1, waits=True)),
        (16, 0, True, NOTHING),
        (0, 0, True, NOTHING),
    ],
)
def test_batch_waits_with_one_request_and_then_takes_what_is_left(
    free: int, asked: int, found: bool, want: Wanted
) -> None:
    assert wanted(LEFTOVER, free=free, asked=asked, found=found) == want
