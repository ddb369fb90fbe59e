"""The optimization service as a worker sees it, on a real NATS server."""

import time
import uuid
from typing import Any

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, RetentionPolicy, StreamConfig

from builders import MODEL_ID, PROGRAM_ID, program
from dspy_worker.contracts import subjects
from optimize.parity import METRIC, SIGNATURE, TRAIN, VALIDATION

PARITY = program(SIGNATURE)


class OptimizationService:
    """Gives a task away, and collects what the worker tells of it."""

    def __init__(self, client: Client, **task: Any) -> None:
        self.client = client
        self.id = str(uuid.uuid4())
        self.task = {
            "optimizationId": self.id,
            "epoch": 1,
            "programId": PROGRAM_ID,
            "program": "test",
            "version": 1,
            "programHash": PARITY.hash,
            "modelId": MODEL_ID,
            "modelVersion": 1,
            "format": "chat",
            "optimizer": {"name": "BootstrapFewShotWithRandomSearch", "settings": {"numCandidates": 2}},
            "metric": METRIC,
            "train": [example.to_wire() for example in TRAIN],
            "validation": [example.to_wire() for example in VALIDATION],
            "seed": 1,
            "threads": 4,
            "limits": {"connectMs": 5_000, "firstTokenMs": 60_000, "idleMs": 30_000, "attemptMs": 120_000},
            "maxRetries": 0,
            **task,
        }
        self.order = "go_on"
        # So many times it is away when it is told of trials.
        self.refuse_trials = 0
        self.progress: list[dict[str, Any]] = []
        self.outcomes: list[dict[str, Any]] = []

    @property
    def trials(self) -> list[dict[str, Any]]:
        return [trial for told in self.progress for trial in told["trials"]]

    async def open(self, ack_wait_s: float = 5.0) -> "OptimizationService":
        await self.client.jsm().add_stream(
            StreamConfig(
                name=subjects.STREAM_OPTIMIZATIONS,
                subjects=[subjects.STREAM_SUBJECTS_OPTIMIZATIONS],
                retention=RetentionPolicy.WORK_QUEUE,
            )
        )
        consumer = ConsumerConfig(
            durable_name=subjects.optimization_durable("default"),
            filter_subject=subjects.optimization_job_filter("default"),
            ack_wait=ack_wait_s,
            max_deliver=-1,
        )
        await self.client.jsm().add_consumer(subjects.STREAM_OPTIMIZATIONS, consumer)
        await self.client.subscribe(subjects.REQUEST_OPTIMIZATION_TASK_GET, cb=self._give_task)
        await self.client.subscribe(subjects.REQUEST_OPTIMIZATION_PROGRESS, cb=self._take_progress)
        await self.client.subscribe(subjects.REQUEST_OPTIMIZATION_COMPLETE, cb=self._take_outcome)
        await self.client.flush()
        return self

    async def begin(self) -> None:
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": "/test",
            "type": "dspy.job.optimization.run.v1",
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "datacontenttype": "application/json",
            "tenant": "default",
            "data": {"optimizationId": self.id, "epoch": 1},
        }
        subject = subjects.optimization_job_subject("default", self.id)
        await self.client.jetstream().publish(subject, orjson.dumps(event))

    async def order_now(self, order: str) -> None:
        self.order = order
        body = orjson.dumps({"optimizationId": self.id})
        await self.client.publish(subjects.SIGNAL_OPTIMIZATION_ORDERED, body)
        await self.client.flush()

    async def lose_deliveries(self, times: int) -> None:
        """Takes the job and gives it back, as workers do that end."""
        pull = await self.client.jetstream().pull_subscribe_bind(
            subjects.optimization_durable("default"), subjects.STREAM_OPTIMIZATIONS
        )
        for _ in range(times):
            (message,) = await pull.fetch(1)
            await message.nak()
        await pull.unsubscribe()

    async def jobs_left(self) -> int:
        info = await self.client.jsm().stream_info(subjects.STREAM_OPTIMIZATIONS)
        return int(info.state.messages)

    async def _give_task(self, message: Msg) -> None:
        await message.respond(orjson.dumps({"ok": True, "data": self.task}))

    async def _take_progress(self, message: Msg) -> None:
        told = orjson.loads(message.data)
        if told["trials"] and self.refuse_trials > 0:
            self.refuse_trials -= 1
            error = {"code": "service_unavailable", "message": "not now", "retryable": True, "details": {}}
            await message.respond(orjson.dumps({"ok": False, "error": error}))
            return
        self.progress.append(told)
        await message.respond(orjson.dumps({"ok": True, "data": {"order": self.order}}))

    async def _take_outcome(self, message: Msg) -> None:
        self.outcomes.append(orjson.loads(message.data))
        await message.respond(orjson.dumps({"ok": True, "data": None}))
