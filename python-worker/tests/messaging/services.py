"""The registry and the execution service as a worker sees them, on a real NATS server."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import nats
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from dspy_worker.contracts import subjects
from dspy_worker.contracts.message import Message
from dspy_worker.contracts.messages import ExecutionRunV1, LaneName, ModelConnectionV1, ProgramVersionV1
from dspy_worker.contracts.sizes import PAYLOAD_INLINE_MAX_BYTES
from dspy_worker.messaging.payloads import Payloads
from dspy_worker.messaging.queue.lane_shares import LANES
from dspy_worker.messaging.requests import PAYLOAD_HEADER

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REPLY_TO = subjects.complete_at_replica("test")


class Services:
    """Declares the queue, publishes jobs and collects what the worker says."""

    def __init__(self, client: Client, program: ProgramVersionV1, model: ModelConnectionV1) -> None:
        self.client = client
        self.outcomes: list[dict[str, Any]] = []
        self.outcome_subjects: list[str] = []
        self.outcome_traces: list[str | None] = []
        self._finished: set[str] = set()
        self.late: list[dict[str, Any]] = []
        self.heartbeats: list[dict[str, Any]] = []
        self.started: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.program = program
        self.model = model
        self.unreadable: list[dict[str, Any]] = []
        self.refuse_outcomes = 0
        self.refusal: dict[str, Any] | None = None
        self.payloads = Payloads(client)
        self.inputs: dict[str, dict[str, Any]] = {}
        self.lose_payloads = 0
        self.recordings: dict[str, dict[str, Any]] = {}

    @classmethod
    async def connect(cls, url: str, program: ProgramVersionV1, model: ModelConnectionV1) -> "Services":
        self = cls(await nats.connect(url, reconnect_time_wait=0.1, max_reconnect_attempts=-1), program, model)
        await self.client.subscribe(subjects.SIGNAL_WORKER_HEARTBEAT, cb=self._collect(self.heartbeats))
        await self.client.subscribe(subjects.SIGNAL_EXECUTION_STARTED, cb=self._collect(self.started))
        await self.client.subscribe(subjects.REQUEST_PROGRAM_VERSION_GET, cb=self._answer(lambda: self.program))
        await self.client.subscribe(subjects.REQUEST_MODEL_CONNECT, cb=self._answer(lambda: self.model))
        await self.client.subscribe(subjects.REQUEST_EXECUTION_COMPLETE, cb=self._take_outcome)
        await self.client.subscribe(subjects.REQUEST_EXECUTION_INPUTS, cb=self._give_inputs)
        await self.client.subscribe(subjects.REQUEST_EXECUTION_RECORDING, cb=self._give_recording)
        await self.client.flush()
        return self

    async def take_note_of_unreadable_jobs(self) -> None:
        await self.client.subscribe(subjects.REQUEST_JOB_UNREADABLE, cb=self._take_note)
        await self.client.flush()

    async def serve_replica(self) -> None:
        await self.client.subscribe(REPLY_TO, cb=self._take_outcome)
        await self.client.flush()

    async def declare(self, ack_wait_s: float = 5.0) -> None:
        manager = self.client.jsm()
        stream = StreamConfig(
            name=subjects.STREAM_JOBS, subjects=[subjects.STREAM_SUBJECTS_JOBS], retention=RetentionPolicy.WORK_QUEUE
        )
        await manager.add_stream(stream)
        await declare_payloads(self.client)
        await declare_tokens(self.client)
        for lane in LANES:
            consumer = ConsumerConfig(
                durable_name=subjects.worker_durable("default", lane),
                filter_subject=subjects.job_filter("default", lane),
                ack_wait=ack_wait_s,
                max_deliver=-1,
            )
            await manager.add_consumer(subjects.STREAM_JOBS, consumer)

    async def publish(self, job: ExecutionRunV1, lane: LaneName = "interactive") -> None:
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "/test",
            "type": "dspy.job.execution.run.v1",
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "datacontenttype": "application/json",
            "tenant": "default",
            "traceparent": TRACEPARENT,
            "data": job.to_wire(),
        }
        await self.publish_raw(job.execution_id, orjson.dumps(event), lane)

    async def publish_raw(self, execution_id: str, data: bytes, lane: LaneName = "interactive") -> None:
        subject = subjects.job_subject("default", lane, execution_id)
        await self.client.jetstream().publish(subject, data)

    async def cancel(self, execution_id: str, reason: str = "cancelled") -> None:
        body = orjson.dumps({"executionId": execution_id, "reason": reason})
        await self.client.publish(subjects.SIGNAL_EXECUTION_CANCEL, body)
        await self.client.flush()

    def heartbeats_of(self, worker_id: str) -> list[dict[str, Any]]:
        return [beat for beat in self.heartbeats if beat["id"] == worker_id]

    async def jobs_left(self) -> int:
        info = await self.client.jsm().stream_info(subjects.STREAM_JOBS)
        return int(info.state.messages)

    async def queue_empties(self, timeout_s: float = 10.0) -> None:
        deadline = time.monotonic() + timeout_s
        while (left := await self.jobs_left()) > 0:
            assert time.monotonic() < deadline, f"{left} jobs were not acknowledged"
            await asyncio.sleep(0.02)

    def _collect(self, into: list[dict[str, Any]]) -> Callable[[Msg], Awaitable[None]]:
        async def take(message: Msg) -> None:
            into.append(orjson.loads(message.data))

        return take

    def _answer(self, data: Callable[[], Message]) -> Callable[[Msg], Awaitable[None]]:
        async def answer(message: Msg) -> None:
            self.asked.append(message.subject)
            reply = (
                {"ok": True, "data": data().to_wire()} if self.refusal is None else {"ok": False, "error": self.refusal}
            )
            await message.respond(orjson.dumps(reply))

        return answer

    async def _give_inputs(self, message: Msg) -> None:
        self.asked.append(message.subject)
        inputs = self.inputs.get(orjson.loads(message.data)["id"])
        if inputs is None:
            error = {"code": "execution_not_found", "message": "gone", "retryable": False, "details": {}}
            await message.respond(orjson.dumps({"ok": False, "error": error}))
            return
        body = orjson.dumps({"ok": True, "data": {"inputs": inputs}})
        if len(body) <= PAYLOAD_INLINE_MAX_BYTES:
            await message.respond(body)
            return
        ref = await self.payloads.leave(body)
        if self.lose_payloads > 0:
            self.lose_payloads -= 1
            await self.payloads.remove(ref)
            await self.client.flush()
        await self.client.publish(message.reply, b"", headers={PAYLOAD_HEADER: ref})

    async def _give_recording(self, message: Msg) -> None:
        recording = self.recordings[orjson.loads(message.data)["id"]]
        await message.respond(orjson.dumps({"ok": True, "data": recording}))

    async def _take_note(self, message: Msg) -> None:
        self.unreadable.append(orjson.loads(message.data))
        await message.respond(orjson.dumps({"ok": True, "data": None}))

    async def _take_outcome(self, message: Msg) -> None:
        if self.refuse_outcomes > 0:
            self.refuse_outcomes -= 1
            error = {"code": "service_unavailable", "message": "not now", "retryable": True, "details": {}}
            await message.respond(orjson.dumps({"ok": False, "error": error}))
            return
        ref = (message.headers or {}).get(PAYLOAD_HEADER)
        outcome = orjson.loads(message.data if ref is None else await self.payloads.claim(ref))
        applied = outcome["executionId"] not in self._finished
        self._finished.add(outcome["executionId"])
        (self.outcomes if applied else self.late).append(outcome)
        self.outcome_subjects.append(message.subject)
        self.outcome_traces.append((message.headers or {}).get("traceparent"))
        await message.respond(orjson.dumps({"ok": True, "data": {"applied": applied}}))


async def declare_payloads(client: Client, max_bytes: int = 1 << 30) -> None:
    """Declares the store of large messages as the execution service does."""
    stream = StreamConfig(
        name=subjects.STREAM_PAYLOADS,
        subjects=[subjects.STREAM_SUBJECTS_PAYLOADS],
        discard=DiscardPolicy.NEW,
        max_bytes=max_bytes,
        allow_direct=True,
    )
    await client.jsm().add_stream(stream)


async def declare_tokens(client: Client) -> None:
    """Declares the stream of tokens as the execution service does."""
    stream = StreamConfig(
        name=subjects.STREAM_TOKENS,
        subjects=[subjects.STREAM_SUBJECTS_TOKENS],
        storage=StorageType.MEMORY,
        max_bytes=64 << 20,
        max_age=600,
        max_msg_size=1 << 20,
        allow_direct=True,
    )
    await client.jsm().add_stream(stream)


async def declare_tokens_again(client: Client) -> None:
    """Declares the stream of tokens once the server is back, whose memory it was in."""
    while True:
        try:
            return await declare_tokens(client)
        except nats.errors.Error:
            await asyncio.sleep(0.05)


async def until(is_so: Callable[[], bool], what: str, timeout_s: float = 15.0) -> None:
    """Polls until `is_so()` holds, or fails naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, f"waited {timeout_s} s in vain for {what}"
        await asyncio.sleep(0.01)
