"""The model server as a process."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import orjson
import pytest

from conftest import SOURCE, wait_until

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}


def test_answers_in_text_completion_form(bundled_model: str) -> None:
    with urllib.request.urlopen(f"{bundled_model}/models", timeout=5) as response:
        assert orjson.loads(response.read())["data"][0]["id"] == "smollm2-135m-instruct"
    body = {"messages": [{"role": "user", "content": "The capital of France is"}], "max_tokens": 3, "temperature": 0}
    request = urllib.request.Request(
        f"{bundled_model}/chat/completions", orjson.dumps(body), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        assert orjson.loads(response.read())["choices"][0]["message"]["content"].startswith(" Paris")


@pytest.mark.parametrize("port", ["many", "70000"])
def test_a_wrong_port_is_named(port: str) -> None:
    environment = {**ENVIRONMENT, "DSPY_NEST_LOCAL_MODEL_PORT": port}
    command = [sys.executable, "-m", "local_model"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f'DSPY_NEST_LOCAL_MODEL_PORT is "{port}"' in ended.stderr


def test_ends_with_its_parent() -> None:
    """A parent that dies at once, so that the server is handed to another process."""
    starter = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'local_model'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", starter], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    pid = int(ended.stdout)
    started = time.monotonic()
    wait_until(lambda: not _lives(pid), "the model server to end")
    assert time.monotonic() - started < 5


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
