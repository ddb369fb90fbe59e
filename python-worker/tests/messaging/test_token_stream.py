"""Streams of tokens on a real NATS server: their numbers, who may give them, and what a slow or lost server does."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import orjson
import pytest
import pytest_asyncio

from conftest import NatsServer
from dspy_worker.contracts.messages import StreamedEventsV1
from dspy_worker.contracts.subjects import token_subject
from dspy_worker.failures import ServiceUnavailable
from dspy_worker.messaging.connection import connect
from dspy_worker.messaging.requests import Requests
from dspy_worker.messaging.tokens.token_log import TokenLog
from dspy_worker.messaging.tokens.token_stream import TokenStream
from dspy_worker.runtime.streaming.events import Partial, Restarted, Status, Token
from messaging.services import declare_tokens, declare_tokens_again
from messaging.token_reader import TokenReader

SUBJECT = token_subject("default", "e1")


@pytest_asyncio.fixture
async def reader(nats_server: NatsServer) -> AsyncIterator[TokenReader]:
    async def nothing() -> None:
        return

    client = await connect(nats_server.url, "test", nothing)
    yield TokenReader(client, SUBJECT)
    with contextlib.suppress(ConnectionError):
        await client.close()


@pytest_asyncio.fixture
async def log(reader: TokenReader) -> TokenLog:
    requests = Requests(reader.client)
    await requests.open()
    await declare_tokens(reader.client)
    return TokenLog(requests)


@pytest.mark.asyncio
async def test_numbers_follow_each_other_and_text_is_put_together(log: TokenLog, reader: TokenReader) -> None:
    stream = TokenStream(log, SUBJECT, 1)
    words = [f"{number} " for number in range(5000)]

    def tell() -> None:
        for word in words:
            stream.tell([Token("answer", word)])

    await asyncio.to_thread(tell)
    stream.tell([Partial("tags", "/0", {"a": [None]}), Status("m"), Token("answer", "end")])
    last = await stream.end()
    messages = await reader.messages()
    assert len(messages) < len(words) / 10
    assert reader.text(messages, "answer") == "".join(words) + "end"
    assert [event["type"] for event in messages[-1]["events"]][-3:] == ["partial", "status", "token"]
    assert last == messages[-1]["first"] + len(messages[-1]["events"]) - 1
    assert messages[0]["first"] == 3


@pytest.mark.asyncio
async def test_a_first_attempt_that_tells_nothing_stores_nothing(log: TokenLog, reader: TokenReader) -> None:
    assert await TokenStream(log, SUBJECT, 1).end() == 2
    assert await reader.messages() == []


@pytest.mark.asyncio
async def test_a_later_attempt_takes_over_and_shuts_the_earlier_out(log: TokenLog, reader: TokenReader) -> None:
    first = TokenStream(log, SUBJECT, 1)
    first.tell([Token("a", "x"), Token("b", "y")])
    await reader.until(1)
    second = TokenStream(log, SUBJECT, 2)
    await reader.until(2)
    first.tell([Token("b", "z")])
    assert await first.end() is None
    second.tell([Token("a", "w")])
    assert await second.end() == 6
    assert [
        (message["first"], *(event["type"] for event in message["events"])) for message in await reader.messages()
    ] == [
        (3, "token", "token"),
        (5, "restarted"),
        (6, "token"),
    ]
    assert await TokenStream(log, SUBJECT, 1).end() == 2
    late = TokenStream(log, SUBJECT, 1)
    late.tell([Token("a", "late")])
    assert await late.end() is None


@pytest.mark.asyncio
async def test_an_execution_that_has_ended_is_left_alone(log: TokenLog, reader: TokenReader) -> None:
    first = TokenStream(log, SUBJECT, 1)
    first.tell([Token("a", "x")])
    await reader.until(1)
    await reader.client.jetstream().publish(SUBJECT, orjson.dumps({"first": 4, "events": []}))
    first.tell([Token("a", "y")])
    assert await first.end() is None
    assert await TokenStream(log, SUBJECT, 2).end() is None
    assert len(await reader.messages()) == 2


@pytest.mark.asyncio
async def test_what_starts_over_before_it_was_stored_is_not_told(log: TokenLog, reader: TokenReader) -> None:
    stream = TokenStream(log, SUBJECT, 1)
    stream.tell([Token("a", "x")])
    stream.tell([Restarted(1), Token("a", "y")])
    assert await stream.end() == 4
    assert [event["type"] for event in (await reader.messages())[0]["events"]] == ["restarted", "token"]


@pytest.mark.asyncio
async def test_a_stored_message_whose_answer_got_lost_is_not_stored_twice(log: TokenLog, reader: TokenReader) -> None:
    class Forgetful(TokenLog):
        lost = 0

        async def store(self, subject: str, body: bytes, *, after: int) -> int | None:
            position = await super().store(subject, body, after=after)
            self.lost += 1
            if self.lost == 1:
                message = "lost"
                raise ServiceUnavailable(message)
            return position

    stream = TokenStream(Forgetful(log._requests), SUBJECT, 1)
    stream.tell([Token("a", "x")])
    await reader.until(1)
    stream.tell([Token("a", "y")])
    assert await stream.end() == 4
    assert reader.text(await reader.messages(), "a") == "xy"


@pytest.mark.asyncio
async def test_a_server_that_lost_its_memory_does_not_end_the_stream(
    log: TokenLog, reader: TokenReader, nats_server: NatsServer
) -> None:
    stream = TokenStream(log, SUBJECT, 1)
    stream.tell([Token("a", "x")])
    await reader.until(1)
    nats_server.stop()
    stream.tell([Token("a", "y")])
    nats_server.start()
    await declare_tokens_again(reader.client)
    await reader.until(1)
    stream.tell([Token("a", "z")])
    assert await stream.end() == 5
    messages = await reader.messages()
    assert reader.text(messages, "a") == "yz"
    assert messages[0]["first"] == 4


@pytest.mark.asyncio
async def test_without_a_server_telling_is_quick_and_the_end_does_not_wait(
    log: TokenLog, nats_server: NatsServer, reader: TokenReader
) -> None:
    nats_server.stop()
    stream = TokenStream(log, SUBJECT, 1)

    def tell() -> float:
        began = time.perf_counter()
        for _ in range(100_000):
            stream.tell([Token("a", "word ")])
        return time.perf_counter() - began

    assert await asyncio.to_thread(tell) < 5
    assert len(stream._buffer._entries) == 1, "text goes on text"
    began = time.monotonic()
    assert await stream.end() is None
    assert time.monotonic() - began < 4


@pytest.mark.asyncio
async def test_long_texts_and_many_parts_travel_in_messages_that_nats_takes(log: TokenLog, reader: TokenReader) -> None:
    stream = TokenStream(log, SUBJECT, 1)
    text = "\u0001😀" * 200_000
    stream.tell([Token("a", text), *(Partial("tags", f"/{number}", "x" * 50_000) for number in range(100))])
    assert await stream.end() is not None
    messages = await reader.messages()
    assert reader.text(messages, "a") == text
    parts = [event for message in messages for event in message["events"] if event["type"] == "partial"]
    assert 0 < len(parts) < 100, "what is more than the buffer holds comes with the outputs"
    for message in messages:
        StreamedEventsV1.from_wire(message)
