"""Executions side by side share threads, connections and programs, but nothing of each other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.contracts.messages import ModelConnectionV1, ProgramVersionV1
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

EXECUTIONS, THREADS, MODELS = 200, 16, 8
QA = spec([field("question")], [field("answer")])
ANSWERS = {
    "chat": lambda text: chat_answer(answer=text),
    "json": lambda text: f'{{"answer": "{text}"}}',
    "xml": lambda text: f"<answer>{text}</answer>",
    "completion": lambda text: f" {text}\n",
}


def model(url: str, number: int) -> ModelConnectionV1:
    kind = number % MODELS
    prices = {"inputPerMillionUsd": float(kind), "outputPerMillionUsd": 0.0}
    return connection(
        url, id=f"01930000-0000-7000-8000-00000000000{kind}", model=f"model-{kind}", apiKey=key(kind), pricing=prices
    )


def key(kind: int) -> str:
    return f"sk-key-number-{kind}"


def version(number: int) -> ProgramVersionV1:
    kind = number % MODELS
    return program(QA, config={"temperature": kind / 10, "maxTokens": 100 + kind})


def echo(format_name: str) -> Any:
    """Answers with what the server saw, in the form that was asked for, but not to the first try of every third."""
    seen: set[str] = set()
    lock = threading.Lock()

    def answer(request: dict[str, Any]) -> str:
        prompt = " ".join(str(message["content"]) for message in request["messages"])
        question = next(word for word in prompt.replace("<", " ").split() if word.startswith("q-"))
        with lock:
            is_first = question not in seen
            seen.add(question)
        if is_first and int(question[2:]) % 3 == 0 and format_name != "completion":
            return f"I cannot answer {question}"
        return str(ANSWERS[format_name](f"{request['model']} says {question}"))

    return answer


@pytest.mark.parametrize("format_name", list(ANSWERS))
def test_every_request_and_every_answer_belongs_to_its_execution(format_name: str) -> None:
    runner, together = Runner(), threading.Barrier(THREADS)

    with scripted_model(Script(reply=echo(format_name))) as script, ThreadPoolExecutor(THREADS) as threads:

        def run(number: int) -> RunResult:
            if number < THREADS:
                together.wait(10)
            execution = job({"question": f"q-{number}"}, format=format_name, maxRetries=1)
            return runner.run(execution, version(number), model(script.url, number), ExecutionControl())

        results = list(threads.map(run, range(EXECUTIONS)))
        requests = list(zip(script.requests, script.request_headers, strict=True))

    for number, result in enumerate(results):
        kind, asked_twice = number % MODELS, number % 3 == 0 and format_name != "completion"
        assert result.outputs == {"answer": f"model-{kind} says q-{number}"}
        assert result.recovery.parse_retries == int(asked_twice)
        assert len(result.calls) == 1 + int(asked_twice)
        assert result.usage.cost_usd == pytest.approx(len(result.calls) * 10 * kind / 1e6)
        for call in result.calls:
            assert f"q-{number}" in str(call.messages).replace("'", " ").replace("\\n", " ").split()
    assert len(requests) == sum(len(result.calls) for result in results)
    for request, headers in requests:
        kind = int(request["model"].removeprefix("model-"))
        prompt = " ".join(str(message["content"]) for message in request["messages"])
        numbers = {int(word[2:]) for word in prompt.split() if word.startswith("q-")}
        assert len(numbers) == 1
        assert next(iter(numbers)) % MODELS == kind
        assert headers["Authorization"] == f"Bearer {key(kind)}"
        assert (request["temperature"], request["max_tokens"]) == (kind / 10, 100 + kind)
