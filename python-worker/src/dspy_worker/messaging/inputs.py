"""Inputs that are too large for a job: the execution service has them."""

import orjson

from dspy_worker.contracts.messages import ExecutionInputsV1, ExecutionRefV1, ExecutionRunV1
from dspy_worker.contracts.subjects import REQUEST_EXECUTION_INPUTS
from dspy_worker.messaging.queue.delivery import Delivery
from dspy_worker.messaging.requests import Requests


async def with_inputs(requests: Requests, delivery: Delivery) -> ExecutionRunV1:
    """Returns the job of a delivery with its inputs; raises `ServiceUnavailable` and `RequestRefused`."""
    if delivery.job.inputs is not None:
        return delivery.job
    asked = ExecutionRefV1(id=delivery.job.execution_id)
    data = await requests.ask(REQUEST_EXECUTION_INPUTS, orjson.dumps(asked.to_wire()), tenant=delivery.tenant)
    return delivery.job.model_copy(update={"inputs": ExecutionInputsV1.from_wire(data).inputs})
