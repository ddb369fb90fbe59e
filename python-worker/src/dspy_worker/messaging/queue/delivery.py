"""Reads a JetStream message as a job."""

from dataclasses import dataclass

import orjson
from nats.aio.msg import Msg
from pydantic import ValidationError

from dspy_worker.contracts.messages import ExecutionRunV1

MAX_DELIVERIES = 5
_NUM_DELIVERED_TOKEN, _NUM_DELIVERED_TOKEN_WITH_DOMAIN = 4, 6
_TOKENS_WITH_DOMAIN = 11


class UnreadableJob(Exception):  # noqa: N818 - reads as what it is
    """The message is not a job of the contract.

    Attributes:
        problem: Where it breaks the contract, without quoting it: what it holds belongs to the caller.

    """

    def __init__(self, problem: str) -> None:
        """Keeps what is wrong with the message."""
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a job.

    Attributes:
        number: How often the queue has delivered the job, from 1.

    """

    job: ExecutionRunV1
    tenant: str
    traceparent: str | None
    number: int

    @property
    def attempt(self) -> int:
        """Counts attempts over deliveries and over the epochs in which the job was dispatched again."""
        return self.job.epoch - 1 + self.number

    @property
    def log_ids(self) -> dict[str, str | None]:
        """What every log line about the job carries: the execution, and the trace (32 hex digits) it belongs to."""
        parts = (self.traceparent or "").split("-")
        trace_id = parts[1] if len(parts) == 4 else None  # noqa: PLR2004 - version, trace, span, flags
        return {"executionId": self.job.execution_id, "traceId": trace_id}


def read_delivery(message: Msg) -> Delivery:
    """Reads a message; raises `UnreadableJob`."""
    try:
        event = orjson.loads(message.data)
        tenant, job = event["tenant"], ExecutionRunV1.from_wire(event["data"])
        traceparent = event.get("traceparent")
    except ValidationError as error:
        raise UnreadableJob(str(error.errors(include_input=False, include_url=False, include_context=False))) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableJob(f"no event with a tenant and data ({type(error).__name__})") from error
    # Of the event itself nothing else is used, so nothing else is checked: there is one for every job.
    if not isinstance(tenant, str) or not (traceparent is None or isinstance(traceparent, str)):
        raise UnreadableJob("tenant and traceparent of the event have to be strings")  # noqa: EM101
    return Delivery(job, tenant, traceparent, delivery_number(message.reply))


def delivery_number(reply: str) -> int:
    """Returns how often a message was delivered, from `$JS.ACK.[domain.account.]stream.consumer.delivered.…`."""
    tokens = reply.split(".")
    with_domain = len(tokens) >= _TOKENS_WITH_DOMAIN
    return int(tokens[_NUM_DELIVERED_TOKEN_WITH_DOMAIN if with_domain else _NUM_DELIVERED_TOKEN])
