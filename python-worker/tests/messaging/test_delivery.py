from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from nats.aio.msg import Msg

from builders import EXECUTION_ID, job
from dspy_worker.messaging.connection import server_name
from dspy_worker.messaging.queue.delivery import UnreadableJob, read_delivery

EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "/test",
    "type": "t",
    "time": "2026-01-01T00:00:00Z",
    "datacontenttype": "application/json",
    "tenant": "default",
}
REPLY = "$JS.ACK.DSPY_JOBS.worker-default-interactive.3.10.11.1700000000000000000.0"


def message(data: Any, reply: str = REPLY) -> Msg:
    return cast("Msg", SimpleNamespace(data=data if isinstance(data, bytes) else orjson.dumps(data), reply=reply))


@pytest.mark.parametrize(
    "reply", [REPLY, "$JS.ACK._.account.DSPY_JOBS.worker-default-interactive.3.10.11.1700000000000000000.0.token"]
)
def test_reads_a_job_and_how_often_it_came(reply: str) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    event = {**EVENT, "traceparent": traceparent, "data": job({"a": 1}, epoch=2).to_wire()}
    delivery = read_delivery(message(event, reply))
    assert delivery.job.inputs == {"a": 1}
    assert (delivery.tenant, delivery.number, delivery.attempt) == ("default", 3, 4)
    assert delivery.log_ids == {"executionId": EXECUTION_ID, "traceId": "0af7651916cd43dd8448eb211c80319c"}


def test_a_job_without_trace() -> None:
    assert read_delivery(message({**EVENT, "data": job({}).to_wire()})).log_ids["traceId"] is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        {**EVENT, "data": {}},
        {**EVENT, "data": {**job({}).to_wire(), "epoch": 0}},
        {"data": job({}).to_wire()},
    ],
)
def test_what_is_no_job_is_refused_without_quoting_it(data: Any) -> None:
    with pytest.raises(UnreadableJob):
        read_delivery(message(data))


def test_inputs_are_not_quoted_in_a_refusal() -> None:
    broken = {**EVENT, "data": {**job({}).to_wire(), "inputs": "something private"}}
    with pytest.raises(UnreadableJob) as caught:
        read_delivery(message(broken))
    assert "private" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "name"), [("nats://me:secret@host:1", "host:1"), ("nats://host", "host:4222"), ("tls://[::1]:2", "::1:2")]
)
def test_the_name_of_a_server_has_no_password(url: str, name: str) -> None:
    assert server_name(url) == name
