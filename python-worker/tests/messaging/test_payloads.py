"""Messages that are too large to travel: inputs, outcomes, and what becomes of them when the store loses them."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client

from builders import EXECUTION_ID, chat_answer
from conftest import NatsServer
from dspy_worker.contracts import subjects
from dspy_worker.contracts.messages import ExecutionOutcomeV1
from dspy_worker.contracts.sizes import PAYLOAD_CHUNK_BYTES
from dspy_worker.failures import ServiceUnavailable
from dspy_worker.messaging import outcomes, payloads
from dspy_worker.messaging.payloads import Payloads
from messaging.services import Services, declare_payloads, until
from messaging.workers import Workers, qa_job, ready
from scripted_model import Script

LARGE = "Where is it? " * 100_000


@pytest_asyncio.fixture
async def client(nats_server: NatsServer) -> AsyncIterator[Client]:
    connected = await nats.connect(nats_server.url)
    yield connected
    await connected.close()


async def messages_in_store(client: Client) -> int:
    return int((await client.jsm().stream_info(subjects.STREAM_PAYLOADS)).state.messages)


async def store_empties(client: Client) -> None:
    deadline = time.monotonic() + 10
    while (left := await messages_in_store(client)) > 0:
        assert time.monotonic() < deadline, f"{left} chunks were not removed"
        await asyncio.sleep(0.01)


@pytest.mark.asyncio
@pytest.mark.parametrize("length", [1, PAYLOAD_CHUNK_BYTES, PAYLOAD_CHUNK_BYTES + 1, 9 * PAYLOAD_CHUNK_BYTES - 1])
async def test_what_is_left_can_be_claimed_as_often_as_wanted_until_it_is_removed(client: Client, length: int) -> None:
    await declare_payloads(client)
    store, data = Payloads(client), os.urandom(length)
    ref = await store.leave(data)
    assert [await store.claim(ref), await store.claim(ref)] == [data, data]
    assert await messages_in_store(client) == -(-length // PAYLOAD_CHUNK_BYTES)
    await store.remove(ref)
    await store_empties(client)
    with pytest.raises(ServiceUnavailable, match="not in the store any more"):
        await store.claim(ref)


@pytest.mark.asyncio
@pytest.mark.parametrize("ref", ["", "nonsense", "*.>.1", f"{uuid.uuid4()}.{'a' * 64}.999999999"])
async def test_what_is_no_reference_is_told_at_once(client: Client, ref: str) -> None:
    with pytest.raises(ServiceUnavailable, match="not in the store any more"):
        await Payloads(client).claim(ref)


@pytest.mark.asyncio
async def test_what_was_changed_is_not_taken(client: Client) -> None:
    await declare_payloads(client)
    store = Payloads(client)
    id_, digest, _ = (await store.leave(b"as it was")).split(".")
    await client.jetstream().publish(subjects.payload_chunk(id_, digest, "0"), b"otherwise")
    with pytest.raises(ServiceUnavailable):
        await store.claim(f"{id_}.{digest}.9")


@pytest.mark.asyncio
async def test_a_store_that_is_full_or_absent_says_so_and_keeps_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payloads, "CHUNK_TIMEOUT_S", 0.2)
    store = Payloads(client)
    with pytest.raises(ServiceUnavailable, match="does not answer"):
        await store.leave(b"x")
    await declare_payloads(client, max_bytes=3 * PAYLOAD_CHUNK_BYTES)
    with pytest.raises(ServiceUnavailable, match="takes no more"):
        await store.leave(bytes(5 * PAYLOAD_CHUNK_BYTES))
    await store_empties(client)


@pytest.mark.asyncio
async def test_large_inputs_are_asked_for_and_a_large_outcome_arrives(
    services: Services, workers: Workers, model: Script
) -> None:
    answer = "Here. " * 300_000
    model.reply = chat_answer(answer=answer)
    await services.declare()
    workers.start()
    await ready(services)
    services.inputs[EXECUTION_ID] = {"question": LARGE}
    await services.publish(qa_job().model_copy(update={"inputs": None}))
    await until(lambda: bool(services.outcomes), "the outcome")
    outcome = services.outcomes[0]
    assert outcome["status"] == "succeeded", outcome["error"]
    assert outcome["outputs"] == {"answer": answer.strip()}
    assert LARGE.strip() in model.requests[0]["messages"][1]["content"]
    await services.queue_empties()
    await store_empties(services.client)


@pytest.mark.asyncio
async def test_inputs_that_the_store_lost_are_asked_for_again(services: Services, workers: Workers) -> None:
    await services.declare()
    workers.start()
    await ready(services)
    services.inputs[EXECUTION_ID] = {"question": LARGE}
    services.lose_payloads = 2
    await services.publish(qa_job().model_copy(update={"inputs": None}))
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["status"] == "succeeded"
    assert services.outcomes[0]["attempt"] == 1
    assert services.asked.count(subjects.REQUEST_EXECUTION_INPUTS) == 3


@pytest.mark.asyncio
async def test_inputs_that_nobody_has_end_the_execution(services: Services, workers: Workers) -> None:
    await services.declare()
    workers.start()
    await ready(services)
    await services.publish(qa_job().model_copy(update={"inputs": None}))
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["error"]["code"] == "execution_not_found"
    await services.queue_empties()


@pytest.mark.asyncio
async def test_another_worker_asks_for_the_inputs_of_a_killed_one(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare(ack_wait_s=1.5)
    model.mode = "hang"
    victim = workers.start()
    await ready(services)
    services.inputs[EXECUTION_ID] = {"question": LARGE}
    await services.publish(qa_job().model_copy(update={"inputs": None}))
    await until(model.arrived.is_set, "the model call")
    victim.kill()
    model.mode = "stream"
    workers.start()
    await until(lambda: bool(services.outcomes), "the outcome of the second worker", 60)
    assert (services.outcomes[0]["status"], services.outcomes[0]["attempt"]) == ("succeeded", 2)
    await store_empties(services.client)


@pytest.mark.asyncio
async def test_an_outcome_that_no_message_can_hold_is_a_failure(
    services: Services, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await services.declare()
    workers.start()
    await ready(services)
    await services.publish(qa_job())
    await until(lambda: bool(services.outcomes), "an outcome")
    monkeypatch.setattr(outcomes, "PAYLOAD_MAX_BYTES", 100)
    sent: list[bytes] = []

    class Requests:
        async def ask(self, _subject: str, body: bytes, **_options: object) -> None:
            sent.append(body)

    whole = ExecutionOutcomeV1.from_wire(services.outcomes[0])
    await outcomes.OutcomeSender(Requests()).send(whole, "test", None)  # type: ignore[arg-type]
    told = ExecutionOutcomeV1.model_validate_json(sent[0])
    assert (told.status, told.outputs, told.calls) == ("failed", None, [])
    assert told.error is not None
    assert (told.error.code, told.error.retryable) == ("output_invalid", False)
    assert "at most 100 are kept" in told.error.message
    assert told.usage == whole.usage, "what was used is told also when it was in vain"
