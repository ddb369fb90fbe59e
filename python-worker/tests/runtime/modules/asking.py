from collections.abc import Sequence
from itertools import cycle
from typing import Any

from builders import chat_answer, connection, job, program
from dspy_worker.contracts.messages import SignatureSpec
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Tell
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model


def ask(
    signature: SignatureSpec,
    replies: Sequence[str | dict[str, str]],
    *,
    control: ExecutionControl | None = None,
    tell: Tell | None = None,
    **members: Any,
) -> tuple[RunResult, list[dict[str, Any]]]:
    """Runs a program once; the model answers one reply after the other, as texts or as outputs."""
    texts = cycle([reply if isinstance(reply, str) else chat_answer(**reply) for reply in replies])
    with scripted_model(Script(reply=lambda _request: next(texts))) as script:
        version = program(signature, **members)
        result = Runner().run(
            job({"question": "x"}), version, connection(script.url), control or ExecutionControl(), tell=tell
        )
        return result, script.requests


def prompt_of(request: dict[str, Any]) -> str:
    return "\n".join(message["content"] for message in request["messages"])
