"""The pulls of one worker on a real queue."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from nats.aio.msg import Msg

from dspy_worker.contracts.messages import LaneName
from dspy_worker.messaging.queue.intake import Intake
from dspy_worker.messaging.queue.lane_pull import EXPIRES_S
from messaging.services import Services, until


class Hands:
    """Holds what an intake hands over, until it is told to let go."""

    def __init__(self, services: Services, lanes: frozenset[LaneName], capacity: int) -> None:
        self._client = services.client
        self.held: list[Msg] = []
        self.given_back: list[Msg] = []
        self.most = 0
        self.intake = Intake(
            services.client,
            pool="default",
            lanes=lanes,
            capacity=capacity,
            accept=self._hold,
            give_back=self.given_back.append,
        )

    def count(self, lane: LaneName) -> int:
        return sum(f"default-{lane}" in message.subject for message in self.held)

    async def finish(self, lane: LaneName) -> None:
        message = next(message for message in self.held if f"default-{lane}" in message.subject)
        self.held.remove(message)
        await self._client.publish(message.reply, Msg.Ack.Ack)
        self.intake.done()

    def _hold(self, message: Msg) -> None:
        self.held.append(message)
        self.most = max(self.most, len(self.held))


@pytest_asyncio.fixture
async def hands(services: Services) -> AsyncIterator[Hands]:
    await services.declare(ack_wait_s=30)
    opened = Hands(services, frozenset(("interactive", "batch")), 8)
    await opened.intake.open()
    yield opened
    await opened.intake.close(1)


async def publish(services: Services, lane: LaneName, count: int) -> None:
    for number in range(count):
        await services.publish_raw(str(uuid.uuid4()), b"%d" % number, lane)


@pytest.mark.asyncio
async def test_batch_leaves_a_quarter_to_interactive_jobs(services: Services, hands: Hands) -> None:
    await publish(services, "batch", 30)
    await until(lambda: hands.count("batch") == 6, "the share of batch")
    for batch, interactive in ((6, 2), (5, 3), (4, 4)):
        await publish(services, "interactive", 1 if hands.count("interactive") else 2)
        await until(lambda: hands.count("interactive") == interactive, "an interactive job at once", 1)  # noqa: B023
        assert hands.count("batch") == batch
        await hands.finish("batch")
    # With six and more slots taken batch gets nothing; what interactive jobs leave, it gets.
    await publish(services, "interactive", 10)
    await until(lambda: hands.count("interactive") == 5, "the free slot")
    while hands.count("interactive") > 0 or await services.jobs_left() > len(hands.held):
        await hands.finish("interactive" if hands.count("interactive") else "batch")
        await asyncio.sleep(0.005)
    assert hands.most == 8
    assert not hands.given_back


@pytest.mark.asyncio
async def test_batch_uses_what_is_free_and_interactive_all(services: Services, hands: Hands) -> None:
    await publish(services, "interactive", 20)
    await until(lambda: hands.count("interactive") == 8, "a full worker", 2)
    await publish(services, "batch", 6)
    for _ in range(20):
        await hands.finish("interactive")
        await asyncio.sleep(0.01)
    await until(lambda: hands.count("batch") == 6, "all batch jobs", 2)
    assert hands.most <= 9, "at most the one job that batch waits for comes on top, and waits for its slot"


@pytest.mark.asyncio
async def test_a_pull_never_ends(services: Services, hands: Hands) -> None:
    deadline = time.monotonic() + 2.5 * EXPIRES_S
    slowest, sent = 0.0, 0
    while time.monotonic() < deadline:
        published = time.monotonic()
        await publish(services, "interactive", 1)
        sent += 1
        await until(lambda: hands.count("interactive") == 1, "the job", 2)
        slowest = max(slowest, time.monotonic() - published)
        await hands.finish("interactive")
        await asyncio.sleep(0.02)
    assert slowest < 0.5, f"a job waited {slowest:.3f} s while the worker had nothing to do"


@pytest.mark.asyncio
async def test_asking_anew_forgets_what_was_asked_before(services: Services, hands: Hands) -> None:
    for _ in range(5):
        await hands.intake.renew()
    await publish(services, "interactive", 30)
    await until(lambda: hands.count("interactive") == 8, "a full worker", 2)
    await publish(services, "batch", 30)
    await asyncio.sleep(0.3)
    assert hands.most <= 9, "at most the one job that batch waits for comes on top"
    assert not hands.given_back


@pytest.mark.asyncio
async def test_one_slot_serves_both_lanes(services: Services) -> None:
    await services.declare(ack_wait_s=30)
    hands = Hands(services, frozenset(("interactive", "batch")), 1)
    await hands.intake.open()
    await publish(services, "batch", 3)
    await until(lambda: hands.count("batch") == 1, "a batch job")
    await hands.finish("batch")
    await until(lambda: hands.count("batch") == 1, "the next batch job")
    # The request that was open for it cannot be taken back, but the job is not kept from other workers.
    await publish(services, "interactive", 1)
    await until(lambda: len(hands.given_back) == 1, "the interactive job to be given back")
    await asyncio.sleep(0.1)
    assert len(hands.given_back) == 1, "and not fetched again while the slot is taken"
    await hands.intake.close(1)


@pytest.mark.asyncio
async def test_what_is_on_its_way_when_it_closes_is_given_back(services: Services, hands: Hands) -> None:
    await publish(services, "interactive", 2)
    await until(lambda: len(hands.held) == 2, "the jobs")
    await hands.intake.close(1)
    await publish(services, "interactive", 4)
    await asyncio.sleep(0.1)
    assert len(hands.held) == 2
    assert await services.jobs_left() == 6
