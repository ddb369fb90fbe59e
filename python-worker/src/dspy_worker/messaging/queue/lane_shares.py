"""How many jobs to ask for, lane by lane, so that the lanes share one capacity."""

from dataclasses import dataclass

from dspy_worker.contracts.messages import LaneName

# Highest priority first.
LANES: tuple[LaneName, ...] = ("interactive", "batch")


@dataclass(frozen=True, slots=True)
class Share:
    """What one lane may take of the capacity.

    Attributes:
        window: Jobs that may be asked for ahead of their coming.
        reserve: Slots that the lane leaves free for the lane before it.
        is_leftover: Whether the lane only takes what the lane before it leaves.

    """

    window: int
    reserve: int
    is_leftover: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The next request of one lane: how many jobs, and whether it waits for jobs that are not there yet."""

    jobs: int
    waits: bool


NOTHING = Wanted(0, waits=False)


def share_of(lane: LaneName, lanes: frozenset[LaneName], capacity: int) -> Share:
    """Divides the capacity: a quarter (at least one of two or more) is kept for the interactive lane.

    A lane that is alone has all of it. Of two, the interactive one asks ahead for no more than its reserve, for what
    was asked cannot be taken back: asked for everything, it would leave no slot that batch may fill.
    """
    if len(lanes) == 1:
        return Share(window=capacity, reserve=0, is_leftover=False)
    reserve = max(1, capacity // 4) if capacity > 1 else 0
    if lane == "interactive":
        return Share(window=max(1, reserve), reserve=0, is_leftover=False)
    return Share(window=capacity - reserve, reserve=reserve, is_leftover=True)


def wanted(share: Share, *, free: int, asked: int, found: bool) -> Wanted:
    """Decides what a lane asks for next, given free slots, jobs asked for but not come, and whether the last came.

    A lane of the first kind is topped up when half of what it may ask for has come: a request per job doubles the
    work of both sides. A leftover lane waits with a single request, and takes what else is there without waiting, so
    that not more than one slot is ever promised to it.
    """
    room = min(share.window, free - share.reserve)
    if not share.is_leftover:
        return Wanted(room - asked, waits=True) if room > 0 and asked <= room // 2 else NOTHING
    if room <= 0 or asked > 0:
        return NOTHING
    return Wanted(room, waits=False) if found else Wanted(1, waits=True)
