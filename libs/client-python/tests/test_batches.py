import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import pytest
from dspy_nest import BatchResult, Client, ConflictError, NotFoundError, OverloadedError, Retry
from scripted_platform import Answer, lines, platform, problem

SOON = Retry(base_delay_s=0.001)
BATCH = {"id": "b1", "status": "running", "counts": {"total": 2}}
ACCEPTED = Answer(202, BATCH)
ROWS: list[dict[str, Any]] = [{"question": "Ä"}, {"question": date(2026, 1, 5)}]
SENT = [{"question": "Ä"}, {"question": "2026-01-05"}]


def row(index: int, **more: Any) -> dict[str, Any]:
    usage = {"promptTokens": 1, "completionTokens": 1, "costUsd": None}
    told = {"id": "e", "status": "succeeded", "outputs": {"answer": "a"}, "error": None}
    return {"index": index, **told, "usage": usage, "totalMs": 1.5, **more}


def test_a_list_is_sent_with_settings_and_again_under_its_key() -> None:
    with platform(problem(429, "overloaded"), ACCEPTED) as scripted, Client(scripted.url, retry=SOON) as client:
        program = client.program("qa", version=2, timeout_s=5)
        assert program.batch(ROWS, name="A & B") == BATCH
        first, second = scripted.asked
        query = "name=A+%26+B&version=2&timeoutMs=5000"
        assert (second.method, second.path) == ("POST", f"/v1/programs/qa/batches?{query}")
        assert first.body == second.body == SENT
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
        assert asyncio.run(program.abatch(ROWS)) == BATCH
        assert scripted.asked[-1].body == SENT


def test_rows_are_read_once_while_they_are_sent() -> None:
    def made() -> Iterator[dict[str, str]]:
        yield from ({"question": f"{index}".zfill(100)} for index in range(2_000))

    async def made_later() -> AsyncIterator[dict[str, str]]:
        for one in made():
            yield one

    with platform(ACCEPTED) as scripted, Client(scripted.url, retry=SOON) as client:
        assert client.program("qa").batch(made()) == BATCH
        assert asyncio.run(client.program("qa", idempotency_key="mine").abatch(made_later())) == BATCH
        assert asyncio.run(client.program("qa").abatch(made())) == BATCH
        one, other, last = scripted.asked
        assert one.body == other.body == last.body == list(made())
        assert ("idempotency-key" in one.headers, other.headers["idempotency-key"]) == (False, "mine")
    with platform(problem(429, "overloaded")) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(OverloadedError):
            client.program("qa").batch(made())
        assert len(scripted.asked) == 1


def test_what_rows_throw_ends_the_upload() -> None:
    def broken() -> Iterator[dict[str, str]]:
        yield {"question": "a"}
        message = "out of questions"
        raise LookupError(message)

    with platform(ACCEPTED) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(LookupError, match="out of questions"):
            client.program("qa").batch(broken())
        with pytest.raises(LookupError, match="out of questions"):
            asyncio.run(client.program("qa").abatch(broken()))


def test_results_are_told_in_order_to_the_last_one_and_after_a_broken_connection() -> None:
    failed = row(2, id=None, status="failed", outputs=None, error={"code": "invalid_inputs"})
    answers = (lines(row(0), row(1), batch_status="running"), problem(503, "service_unavailable"))
    ended = lines(failed, batch_status="completed")
    with platform(*answers, ended) as scripted, Client(scripted.url, retry=SOON) as client:
        told = list(client.batch_results("b1"))
        assert told[0] == BatchResult(0, "e", "succeeded", {"answer": "a"}, None, row(0)["usage"], 1.5)
        assert (told[2].index, told[2].id, told[2].status, told[2].error) == (2, None, "failed", failed["error"])
        paths = [asked.path for asked in scripted.asked]
        assert paths == ["/v1/batches/b1/results", *["/v1/batches/b1/results?after=1"] * 2]

    async def read(client: Client) -> list[int]:
        async with client:
            return [result.index async for result in client.abatch_results("b1", after=1)]

    with platform(*answers, ended) as scripted:
        assert asyncio.run(read(Client(scripted.url, retry=SOON))) == [0, 1, 2]
        assert [asked.path[-1] for asked in scripted.asked] == ["1", "1", "1"]
    missing = problem(404, "batch_not_found")
    with platform(missing) as scripted, Client(scripted.url) as client, pytest.raises(NotFoundError):
        next(client.batch_results("b1"))


def test_a_batch_is_read_and_cancelled() -> None:
    with platform(ACCEPTED, ACCEPTED, problem(409, "batch_finished")) as scripted, Client(scripted.url) as client:
        assert client.batch("b1") == asyncio.run(client.abatch("b1")) == BATCH
        with pytest.raises(ConflictError):
            client.cancel_batch("b1")
        assert scripted.asked[-1].path == "/v1/batches/b1/cancel"
