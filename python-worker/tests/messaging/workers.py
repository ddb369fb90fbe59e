"""Worker processes under test, and the jobs they get."""

import os
import subprocess
import sys
from pathlib import Path

from builders import EXECUTION_ID, field, job, program, spec
from conftest import SOURCE
from dspy_worker.contracts.messages import ExecutionRunV1
from messaging.services import REPLY_TO, Services, until

QA = program(spec([field("question")], [field("answer")]))
ODD_WORKER = Path(__file__).with_name("odd_worker.py")


class Workers:
    """Starts worker processes and ends those that are left."""

    def __init__(self, url: str, log: Path) -> None:
        self._url = url
        self.log = log
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, **environment: str) -> "subprocess.Popen[bytes]":
        return self._start(["-m", "dspy_worker"], environment)

    def start_by_another(self) -> "subprocess.Popen[bytes]":
        """Starts a worker whose parent is the process that is returned."""
        return self._start(["-c", f"import subprocess; subprocess.run([{sys.executable!r}, '-m', 'dspy_worker'])"], {})

    def start_odd(self, behaviour: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Starts a worker that does something odd in place of running a program."""
        return self._start([str(ODD_WORKER), behaviour], environment)

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self, arguments: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env={**os.environ, "PYTHONPATH": str(SOURCE), "NATS_URL": self._url, **environment},
                stderr=log,
            )
        self._processes.append(process)
        return process


def qa_job(execution_id: str = EXECUTION_ID, **members: object) -> ExecutionRunV1:
    return job(
        {"question": "The capital of France?"},
        executionId=execution_id,
        programHash=QA.hash,
        replyTo=REPLY_TO,
        **members,
    )


async def ready(services: Services, count: int = 1) -> None:
    await until(lambda: len(ids_of_ready(services)) >= count, f"heartbeats of {count} workers", 40)


def ids_of_ready(services: Services) -> set[str]:
    last = {beat["id"]: beat["status"] for beat in services.heartbeats}
    return {worker for worker, status in last.items() if status == "ready"}


async def ended(process: "subprocess.Popen[bytes]", timeout_s: float) -> int:
    await until(lambda: process.poll() is not None, "the worker to end", timeout_s)
    return int(process.returncode)
