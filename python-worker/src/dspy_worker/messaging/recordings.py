"""The recordings of executions that are replayed: the execution service has them."""

import orjson

from dspy_worker.contracts.messages import ExecutionRefV1, RecordingV1
from dspy_worker.contracts.subjects import REQUEST_EXECUTION_RECORDING
from dspy_worker.messaging.queue.delivery import Delivery
from dspy_worker.messaging.requests import Requests


async def recording_for(requests: Requests, delivery: Delivery) -> RecordingV1 | None:
    """Returns what a job replays, if it replays anything; raises `ServiceUnavailable` and `RequestRefused`."""
    original = delivery.job.replay_of
    if not isinstance(original, str):
        return None
    asked = ExecutionRefV1(id=original)
    data = await requests.ask(REQUEST_EXECUTION_RECORDING, orjson.dumps(asked.to_wire()), tenant=delivery.tenant)
    return RecordingV1.from_wire(data)
