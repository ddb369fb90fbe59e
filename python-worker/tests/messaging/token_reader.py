"""Reads what is stored of the tokens of one execution."""

import asyncio
import time
from itertools import pairwise
from typing import Any

import orjson
from nats.aio.client import Client

from dspy_worker.contracts.subjects import STREAM_TOKENS


class TokenReader:
    """The messages under one subject, as any reader finds them."""

    def __init__(self, client: Client, subject: str) -> None:
        self.client = client
        self.subject = subject

    async def messages(self) -> list[dict[str, Any]]:
        """Returns all of them, having looked that their numbers follow each other."""
        found: list[dict[str, Any]] = []
        position = 1
        while True:
            wanted = orjson.dumps({"seq": position, "next_by_subj": self.subject})
            answer = await self.client.request(f"$JS.API.DIRECT.GET.{STREAM_TOKENS}", wanted, timeout=5)
            headers = answer.headers or {}
            if "Nats-Sequence" not in headers:
                break
            position = int(headers["Nats-Sequence"]) + 1
            found.append(orjson.loads(answer.data))
        for before, after in pairwise(found):
            assert after["first"] == before["first"] + len(before["events"])
        return found

    async def until(self, count: int, timeout_s: float = 10.0) -> None:
        """Waits until so many are stored."""
        deadline = time.monotonic() + timeout_s
        while len(await self.messages()) < count:
            assert time.monotonic() < deadline, f"waited {timeout_s} s in vain for {count} messages of tokens"
            await asyncio.sleep(0.01)

    async def events(self) -> list[dict[str, Any]]:
        return [event for message in await self.messages() for event in message["events"]]

    @staticmethod
    def text(messages: list[dict[str, Any]], field: str) -> str:
        events = [event for message in messages for event in message["events"]]
        return "".join(event["delta"] for event in events if event.get("field") == field and "delta" in event)
