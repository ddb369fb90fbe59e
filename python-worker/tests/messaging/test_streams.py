"""Executions whose tokens are told: the worker as a process on a real NATS server, against a scripted model."""

import asyncio
import os
import signal
import threading
import time
import uuid

import pytest

from builders import EXECUTION_ID, chat_answer
from conftest import NatsServer
from dspy_worker.contracts.messages import ExecutionRunV1
from dspy_worker.contracts.subjects import token_subject
from messaging.services import Services, declare_tokens_again, until
from messaging.token_reader import TokenReader
from messaging.workers import Workers, qa_job, ready
from scripted_model import Script

CANCEL_WITHIN_S = 0.25
ANSWER = chat_answer(answer="Paris is it.")


def streamed_job(execution_id: str = EXECUTION_ID, **members: object) -> ExecutionRunV1:
    return qa_job(execution_id, stream=True, **members)


def reader_of(services: Services, execution_id: str = EXECUTION_ID) -> TokenReader:
    return TokenReader(services.client, token_subject("default", execution_id))


@pytest.mark.asyncio
async def test_tells_tokens_and_says_how_many(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    workers.start()
    await ready(services)
    model.reply = ["[[ ## answer ## ]]\n", "Paris", " is", " it."]
    plain = str(uuid.uuid4())
    await services.publish(streamed_job())
    await services.publish(qa_job(plain))
    await until(lambda: len(services.outcomes) == 2, "the outcomes")
    outcomes = {outcome["executionId"]: outcome for outcome in services.outcomes}
    messages = await reader_of(services).messages()
    assert messages[0]["first"] == 3
    assert TokenReader.text(messages, "answer") == "Paris is it." == outcomes[EXECUTION_ID]["outputs"]["answer"]
    told = sum(len(message["events"]) for message in messages)
    assert outcomes[EXECUTION_ID]["lastSequence"] == 2 + told
    assert "lastSequence" not in outcomes[plain]
    assert await reader_of(services, plain).messages() == []


@pytest.mark.asyncio
async def test_a_worker_that_hung_and_woke_tells_nothing_more_but_goes_on(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare(ack_wait_s=1.0)
    first_goes_on = threading.Event()
    model.reply = ["[[ ## answer ## ]]\n", "Paris", " is", " it."]
    model.held = lambda number: first_goes_on.wait(20) if number == 2 and len(model.requests) == 1 else None
    first = workers.start()
    await ready(services)
    reader = reader_of(services)
    await services.publish(streamed_job())
    await reader.until(1)
    workers.start()
    await ready(services, 2)
    os.kill(first.pid, signal.SIGSTOP)
    await until(lambda: len(model.requests) == 2, "the second worker's call", 40)
    await until(lambda: bool(services.outcomes), "the second worker's outcome")
    first_goes_on.set()
    os.kill(first.pid, signal.SIGCONT)
    await until(lambda: bool(services.late), "the first worker's outcome")
    events = await reader.events()
    assert [event["type"] for event in events][:2] == ["token", "restarted"]
    assert "".join(event["delta"] for event in events[2:]) == "Paris is it."
    (outcome,), (late,) = services.outcomes, services.late
    assert 1 < events[1]["attempt"] == outcome["attempt"]
    assert outcome["lastSequence"] == 2 + len(events)
    assert (late["attempt"], late["status"], late["outputs"]) == (1, "succeeded", {"answer": "Paris is it."})
    assert "lastSequence" not in late, "it does not know the last number"


@pytest.mark.asyncio
async def test_a_restart_of_nats_in_mid_stream_loses_no_execution(
    services: Services, workers: Workers, model: Script, nats_server: NatsServer
) -> None:
    await services.declare()
    goes_on = threading.Event()
    model.reply = ["[[ ## answer ## ]]\n", "Paris", " is", " it."]
    model.held = lambda number: goes_on.wait(30) if number == 3 else None
    workers.start()
    await ready(services)
    reader = reader_of(services)
    await services.publish(streamed_job())
    await until(model.arrived.is_set, "the call")
    await reader.until(1)
    nats_server.stop()
    nats_server.start()
    await declare_tokens_again(services.client)
    goes_on.set()
    await until(lambda: bool(services.outcomes), "the outcome", 20)
    (outcome,) = services.outcomes
    assert (outcome["status"], outcome["outputs"]) == ("succeeded", {"answer": "Paris is it."})
    messages = await reader.messages()
    assert TokenReader.text(messages, "answer").endswith(" it.")
    assert outcome["lastSequence"] == messages[-1]["first"] + len(messages[-1]["events"]) - 1


@pytest.mark.asyncio
async def test_an_answer_that_is_asked_for_again_starts_over(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare()
    answers = iter([["[[ ## answer ## ]]\n", "Lyon"], [ANSWER]])
    modes = iter(["trickle_reply", "stream"])
    model.reply, model.mode = lambda _request: next(answers), lambda _number: next(modes)
    workers.start()
    await ready(services)
    limits = {"connectMs": 5_000, "firstTokenMs": 60_000, "idleMs": 30_000, "attemptMs": 500}
    await services.publish(streamed_job(maxRetries=1, limits=limits))
    await until(lambda: bool(services.outcomes), "the outcome")
    events = await reader_of(services).events()
    types = [event["type"] for event in events]
    again = types.index("restarted")
    assert events[0]["delta"].startswith("Lyon")
    assert events[again]["attempt"] == 1
    assert "".join(event["delta"] for event in events[again + 1 :]) == "Paris is it."
    assert services.outcomes[0]["recovery"]["modelRetries"] == 1


@pytest.mark.asyncio
async def test_a_cancelled_stream_ends_within_a_quarter_of_a_second(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare()
    model.reply, model.mode = ["[[ ## answer ## ]]\n", "Paris"], "trickle_reply"
    workers.start()
    await ready(services)
    await services.publish(streamed_job())
    reader = reader_of(services)
    await reader.until(3)
    cancelled_at = time.monotonic()
    await services.cancel(EXECUTION_ID)
    while not services.outcomes:
        assert time.monotonic() - cancelled_at < 5
        await asyncio.sleep(0.002)
    assert time.monotonic() - cancelled_at < CANCEL_WITHIN_S
    (outcome,) = services.outcomes
    assert outcome["status"] == "cancelled"
    assert outcome["lastSequence"] == 2 + len(await reader.events())
    assert model.closed.wait(1)
