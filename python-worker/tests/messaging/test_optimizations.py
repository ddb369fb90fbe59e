"""Optimisations as leased work: the worker as a process on a real NATS server, against a scripted model."""

import asyncio
from typing import Any

import pytest

from builders import chat_answer
from messaging.optimization_service import PARITY, OptimizationService
from messaging.services import Services, until
from messaging.workers import Workers, ready
from optimize.parity import right_with_demos
from scripted_model import Script


async def service_of(services: Services, ack_wait_s: float = 5.0, **task: Any) -> OptimizationService:
    services.program = PARITY
    await services.declare()
    return await OptimizationService(services.client, **task).open(ack_wait_s)


async def empties(service: OptimizationService) -> None:
    for _ in range(500):
        if await service.jobs_left() == 0:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the job was not acknowledged")


@pytest.mark.asyncio
async def test_a_run_is_told_and_brought_and_the_next_one_comes(
    services: Services, workers: Workers, model: Script
) -> None:
    service = await service_of(services)
    service.refuse_trials = 2
    model.reply = right_with_demos
    workers.start()
    await ready(services)
    await service.begin()
    await until(lambda: bool(service.outcomes), "the outcome")
    (outcome,) = service.outcomes
    assert (outcome["status"], outcome["error"], outcome["attempt"]) == ("succeeded", None, 1)
    assert (outcome["parent"]["score"], outcome["best"]["score"]) == (0.5, 1.0)
    assert outcome["best"]["state"]["demos"]
    assert outcome["calls"] == len(model.requests)
    assert outcome["usage"]["promptTokens"] == 10 * len(model.requests)
    assert {"dspy", "python", "worker", "optuna", "gepa"} <= outcome["versions"].keys()
    assert [trial["number"] for trial in service.trials] == [1, 2, 3, 4, 5], "also of a service that was away meanwhile"
    assert (service.progress[-1]["calls"], service.progress[-1]["usage"]) == (outcome["calls"], outcome["usage"])
    bests = [told["best"]["score"] for told in service.progress if told["best"]]
    assert bests == sorted(bests)
    assert bests[-1] == 1.0
    await empties(service)
    await service.begin()
    await until(lambda: len(service.outcomes) == 2, "the next outcome")


@pytest.mark.asyncio
async def test_an_order_stops_a_run_and_keeps_the_best_until_then(
    services: Services, workers: Workers, model: Script
) -> None:
    service = await service_of(services)
    model.reply = chat_answer(kind="even")
    model.mode = lambda number: "stream" if number < 10 else "hang"
    workers.start()
    await ready(services)
    await service.begin()
    await until(lambda: len(model.requests) > 10 and bool(service.trials), "the second trial to hang")
    await service.order_now("stop")
    await until(lambda: bool(service.outcomes), "the outcome", 5)
    (outcome,) = service.outcomes
    assert (outcome["status"], outcome["best"]["trial"], outcome["best"]["score"]) == ("stopped", 1, 0.5)
    service.order = "go_on"
    await service.begin()
    await until(lambda: len(service.progress) > 0 and service.progress[-1]["trials"] == [], "the next run")
    await service.order_now("drop")
    await empties(service)
    assert len(service.outcomes) == 1, "a run that nobody wants any more has no outcome"


@pytest.mark.asyncio
async def test_a_run_whose_worker_dies_is_begun_again_by_another(
    services: Services, workers: Workers, model: Script
) -> None:
    service = await service_of(services, ack_wait_s=1.5)
    model.reply = right_with_demos
    model.mode = lambda number: "hang" if number == 15 else "stream"
    first = workers.start()
    await ready(services)
    await service.begin()
    await until(lambda: len(model.requests) > 15, "the run to hang")
    first.kill()
    workers.start()
    await until(lambda: bool(service.outcomes), "the outcome of the second attempt", 40)
    (outcome,) = service.outcomes
    assert (outcome["status"], outcome["attempt"], outcome["best"]["score"]) == ("succeeded", 2, 1.0)
    await empties(service)


@pytest.mark.asyncio
async def test_a_run_that_ends_its_workers_and_one_that_cannot_be_run_fail(
    services: Services, workers: Workers, model: Script
) -> None:
    service = await service_of(services, metric={"kind": "cost", "limitUsd": 1})
    await service.begin()
    await service.lose_deliveries(3)
    workers.start()
    await until(lambda: len(service.outcomes) == 1, "the first outcome", 40)
    await service.begin()
    await until(lambda: len(service.outcomes) == 2, "the second outcome")
    crashed, refused = service.outcomes
    assert (crashed["status"], crashed["error"]["code"], crashed["attempt"]) == ("failed", "worker_crashed", 4)
    assert (refused["status"], refused["error"]["code"]) == ("failed", "unsupported_option")
    assert not model.requests
    await empties(service)
