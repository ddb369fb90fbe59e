"""The worker as a process on a real NATS server, against a scripted model."""

import asyncio
import signal
import threading
import uuid
from pathlib import Path

import orjson
import pytest

from builders import EXECUTION_ID
from conftest import NatsServer
from dspy_worker.contracts.messages import LaneName
from dspy_worker.errors import to_wire_error
from dspy_worker.messaging import executor
from dspy_worker.messaging.recycling import Ceilings
from dspy_worker.messaging.worker import WorkerOptions, work
from dspy_worker.optimize.result import OptimizationResult
from dspy_worker.runtime.result import RunResult
from messaging.conftest import SECRET
from messaging.services import REPLY_TO, TRACEPARENT, Services, until
from messaging.workers import Workers, qa_job, ready
from scripted_model import Script


def rss_bytes_of(pid: int) -> int:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


@pytest.mark.asyncio
async def test_runs_jobs_and_brings_outcomes_to_the_replica(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.serve_replica()
    process = workers.start()
    await ready(services)
    # The worker was there before its queue was.
    await services.declare()
    ids = [str(uuid.uuid4()) for _ in range(20)]
    for execution_id in ids:
        await services.publish(qa_job(execution_id))
    await until(lambda: len(services.outcomes) == len(ids), "the outcomes")
    assert sorted(outcome["executionId"] for outcome in services.outcomes) == sorted(ids)
    assert set(services.outcome_subjects) == {REPLY_TO}
    outcome = services.outcomes[0]
    assert outcome["status"] == "succeeded"
    assert outcome["outputs"] == {"answer": "Paris"}
    assert outcome["attempt"] == 1
    assert outcome["usage"] == {"promptTokens": 10, "completionTokens": 5, "costUsd": None}
    assert 0 < outcome["lmMs"] <= outcome["workerMs"]
    assert model.request_headers[0]["Authorization"] == f"Bearer {SECRET}"
    assert len(services.asked) == 2, "program and model are fetched once"
    await services.queue_empties()
    beat = services.heartbeats[-1]
    assert (beat["status"], beat["lanes"], beat["concurrency"]) == ("ready", ["batch", "interactive"], 64)
    assert beat["pid"] == process.pid
    assert beat["rssBytes"] == pytest.approx(rss_bytes_of(process.pid), rel=0.1)
    assert beat["versions"].keys() == {"python", "dspy", "worker"}
    process.send_signal(signal.SIGTERM)
    await until(lambda: process.poll() is not None, "the worker to end")
    assert process.returncode == 0
    assert [beat["status"] for beat in services.heartbeats][-1] == "stopped"
    assert services.heartbeats[-1]["executed"] == len(ids)
    assert SECRET not in workers.log.read_text()


@pytest.mark.asyncio
async def test_what_a_program_logs_names_its_execution_and_trace(services: Services, workers: Workers) -> None:
    await services.declare()
    workers.start_odd("say")
    await ready(services)
    await services.publish(qa_job())
    await until(lambda: bool(services.outcomes), "the outcome")
    lines = [orjson.loads(line) for line in workers.log.read_text().splitlines()]
    (said,) = [line for line in lines if line["message"] == "it runs"]
    assert (said["executionId"], said["traceId"]) == (EXECUTION_ID, TRACEPARENT.split("-")[1])


@pytest.mark.asyncio
async def test_keeps_a_slow_job_cancels_it_and_survives_the_loss_of_nats(
    services: Services, workers: Workers, model: Script, nats_server: NatsServer
) -> None:
    await services.declare(ack_wait_s=2.0)
    model.mode = "hang_mid_stream"
    workers.start()
    await ready(services)
    await services.publish(qa_job())
    await until(model.arrived.is_set, "the model call")
    nats_server.stop()
    await asyncio.sleep(0.5)
    nats_server.start()
    services.heartbeats.clear()
    await until(lambda: len(services.heartbeats) > 6, "heartbeats after the reconnect")
    assert len(model.requests) == 1, "still in progress, so not delivered again"
    services.refuse_outcomes = 1
    await services.cancel(EXECUTION_ID)
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["status"] == "cancelled"
    assert services.outcomes[0]["error"]["code"] == "cancelled"
    assert model.closed.wait(1), "the model server saw the connection close"
    model.mode = "stream"
    await services.publish(qa_job(str(uuid.uuid4())))
    await until(lambda: len(services.outcomes) == 2, "the next outcome")
    assert services.outcomes[1]["status"] == "succeeded"


@pytest.mark.asyncio
async def test_waits_for_nats_and_the_registry_tells_what_the_registry_refused_and_ends_with_its_parent(
    services: Services, workers: Workers, nats_server: NatsServer
) -> None:
    await services.declare()
    nats_server.stop()
    starter = workers.start_by_another()
    await until(lambda: "connecting to NATS" in workers.log.read_text(), "the worker to look for NATS", 30)
    nats_server.start()
    await ready(services)
    services.refusal = {"code": "service_unavailable", "message": "not now", "retryable": True, "details": {}}
    await services.publish(qa_job())
    await until(lambda: len(services.asked) > 1, "the worker to ask again")
    services.refusal = {"code": "model_not_found", "message": "gone", "retryable": False, "details": {}}
    await until(lambda: bool(services.outcomes), "the outcome")
    assert services.outcomes[0]["status"] == "failed"
    assert services.outcomes[0]["error"]["code"] == "model_not_found"
    starter.kill()
    await until(lambda: services.heartbeats[-1]["status"] == "stopped", "the worker to end with its parent")


@pytest.mark.asyncio
async def test_a_thread_that_never_comes_back_does_not_hold_the_outcome(
    services: Services, nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "THREAD_GRACE_S", 0.2)
    await services.declare()
    stuck, released, ended = threading.Event(), threading.Event(), asyncio.Event()

    def run(*_job: object) -> RunResult:
        stuck.set()
        released.wait(20)
        return RunResult(status="succeeded")

    lanes: frozenset[LaneName] = frozenset(("interactive",))
    options = WorkerOptions(nats_server.url, "default", lanes, 2, 1.0, Ceilings(), {}, {}, [], [])
    working = asyncio.ensure_future(
        work(
            options,
            run=run,
            optimize=lambda *_task: OptimizationResult("failed"),
            to_wire_error=to_wire_error,
            on_secret=lambda _secret: None,
            ended=ended,
        )
    )
    overdue = str(uuid.uuid4())
    await services.publish(qa_job())
    await services.publish(qa_job(overdue, timeoutMs=300))
    await until(stuck.is_set, "the run")
    await services.cancel(EXECUTION_ID)
    await until(lambda: len(services.outcomes) == 2, "both outcomes", 5)
    by_id = {outcome["executionId"]: outcome["status"] for outcome in services.outcomes}
    assert by_id == {EXECUTION_ID: "cancelled", overdue: "timed_out"}
    released.set()
    ended.set()
    await asyncio.wait_for(working, 10)


@pytest.mark.asyncio
async def test_another_worker_replays_what_the_first_recorded(
    services: Services, workers: Workers, model: Script
) -> None:
    await services.declare()
    first = workers.start()
    await ready(services)
    await services.publish(qa_job(record=True))
    await until(lambda: bool(services.outcomes), "the first outcome")
    original = services.outcomes[0]
    assert original["status"] == "succeeded", original["error"]
    first.kill()
    first.wait()
    services.recordings[original["executionId"]] = {"calls": original["calls"], "outputs": original["outputs"]}
    asked = len(model.requests)
    workers.start()
    await services.publish(qa_job(str(uuid.uuid4()), replayOf=original["executionId"]))
    await until(lambda: len(services.outcomes) > 1, "the replay", 40)
    replay = services.outcomes[1]
    assert orjson.dumps(replay["outputs"]) == orjson.dumps(original["outputs"])
    assert replay["worker"] != original["worker"]
    assert (replay["status"], replay["calls"], len(model.requests)) == ("succeeded", [], asked)
