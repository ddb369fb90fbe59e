"""Spans of a real worker at a collector, and none without one."""

import signal
import subprocess
import sys
import time
import uuid
from contextvars import copy_context

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from builders import EXECUTION_ID, execution_with, http_tool
from conftest import SOURCE
from dspy_worker.runtime.calling.execution import running
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.spans import Tracing
from dspy_worker.tracing import enter_execution
from messaging.collector import attributes_of, collector
from messaging.services import TRACEPARENT, Services, until
from messaging.workers import Workers, ended, ids_of_ready, qa_job, ready
from scripted_model import Script
from tool_server import tool_server

_, TRACE_ID, ASKER_SPAN_ID, _ = TRACEPARENT.split("-")


def traceparent_of(span: Span) -> str:
    return f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01"


@pytest.mark.asyncio
async def test_one_trace_from_the_asker_to_the_model(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    with collector() as received:
        # Long enough that only leaving sends what there is.
        process = workers.start(OTEL_EXPORTER_OTLP_ENDPOINT=received.url, OTEL_BSP_SCHEDULE_DELAY="60000")
        await ready(services)
        (worker,) = ids_of_ready(services)
        await services.publish(qa_job())
        await until(lambda: len(services.outcomes) == 1, "the outcome")
        model.mode, model.status, model.body = "status", 401, b'{"error": {"message": "no"}}'
        failed = str(uuid.uuid4())
        await services.publish(qa_job(failed))
        await until(lambda: len(services.outcomes) == 2, "the failure")
        process.send_signal(signal.SIGTERM)
        assert await ended(process, 5) == 0
        runs, calls = received.named("execute test"), received.named("chat wire-model")
    assert received.services == {"dspy-nest-worker"}
    assert (len(runs), len(calls), len(received.spans)) == (2, 2, 4)
    assert {span.trace_id.hex() for span in received.spans} == {TRACE_ID}

    good, bad = sorted(runs, key=lambda span: span.start_time_unix_nano)
    assert good.kind == Span.SPAN_KIND_CONSUMER
    assert good.parent_span_id.hex() == ASKER_SPAN_ID
    assert attributes_of(good.attributes) == {
        "dspy_nest.execution.id": EXECUTION_ID,
        "dspy_nest.execution.attempt": 1,
        "dspy_nest.execution.outcome": "succeeded",
        "dspy_nest.program.name": "test",
        "dspy_nest.program.version": 1,
        "dspy_nest.worker.id": worker,
    }
    assert bad.status.code == Status.STATUS_CODE_ERROR
    assert attributes_of(bad.attributes)["dspy_nest.execution.outcome"] == "failed"

    answered, refused = sorted(calls, key=lambda span: span.start_time_unix_nano)
    assert answered.kind == Span.SPAN_KIND_CLIENT
    assert (answered.parent_span_id, refused.parent_span_id) == (good.span_id, bad.span_id)
    said = attributes_of(answered.attributes)
    port = int(model.url.rsplit(":", 1)[1].removesuffix("/v1"))
    assert said["gen_ai.operation.name"] == "chat"
    assert said["gen_ai.provider.name"] == "openai"
    assert said["gen_ai.request.model"] == "wire-model"
    assert said["gen_ai.response.finish_reasons"] == ["stop"]
    assert (said["gen_ai.usage.input_tokens"], said["gen_ai.usage.output_tokens"]) == (10, 5)
    assert (said["server.address"], said["server.port"]) == ("127.0.0.1", port)
    assert attributes_of(refused.attributes)["error.type"] == services.outcomes[1]["error"]["code"]

    assert [headers["traceparent"] for headers in model.request_headers] == [traceparent_of(span) for span in calls]
    assert services.outcome_traces == [traceparent_of(good), traceparent_of(bad)]
    for content in (b"capital", b"Paris", b"sk-very"):
        assert content not in received.raw, "no content of prompts and answers, no keys"


def test_a_call_of_a_tool_has_a_span_without_its_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(tracing: Tracing) -> None:
        span = tracing.begin_execution("test", None, {})
        enter_execution(span)
        running.set(execution_with())
        for server in (tools.url, "http://127.0.0.1:9"):
            (tool,) = GrantedTools([http_tool(f"{server}/{{city}}")]).of("test", ["weather"])
            tool(city="Oslo")
        span.end("succeeded", None)

    with collector() as received, tool_server() as tools:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", received.url)
        tracing = Tracing()
        copy_context().run(called, tracing)
        tracing.close()
        (execution,) = received.named("execute test")
        answered, failed = sorted(received.named("execute_tool weather"), key=lambda span: span.start_time_unix_nano)
    assert {span.parent_span_id for span in (answered, failed)} == {execution.span_id}
    assert attributes_of(answered.attributes) == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "weather",
    }
    assert attributes_of(failed.attributes)["error.type"] == "tool_failed"
    assert b"Oslo" not in received.raw


@pytest.mark.asyncio
async def test_a_collector_that_is_away_harms_nobody(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    with collector() as gone:
        away = gone.url
    process = workers.start(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{away}/v1/traces", DSPY_NEST_WORKER_DRAIN_GRACE_S="1")
    await ready(services)
    await services.publish(qa_job())
    await until(lambda: len(services.outcomes) == 1, "the outcome")
    assert services.outcomes[0]["status"] == "succeeded"
    assert model.request_headers[0]["traceparent"].startswith(f"00-{TRACE_ID}-")
    asked_to_end = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await ended(process, 5) == 0
    assert time.monotonic() - asked_to_end < 2, "leaving does not wait for the collector"


@pytest.mark.asyncio
async def test_without_a_collector_nothing_is_made(services: Services, workers: Workers, model: Script) -> None:
    await services.declare()
    workers.start()
    await ready(services)
    await services.publish(qa_job())
    await until(lambda: len(services.outcomes) == 1, "the outcome")
    assert "traceparent" not in model.request_headers[0]
    assert services.outcome_traces == [TRACEPARENT], "but the trace of the asker goes on"


def test_the_sdk_is_not_even_imported() -> None:
    script = "import sys, dspy_worker.main; sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": str(SOURCE)}, check=True)
