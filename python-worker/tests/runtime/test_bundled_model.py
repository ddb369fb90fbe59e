"""The real bundled model, through the whole of the runtime."""

from typing import Any

from builders import connection, enum, field, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from reviews import REVIEWS

RUNNER = Runner()


def run(version: ProgramVersionV1, inputs: dict[str, Any], url: str) -> RunResult:
    execution = job(inputs, format="completion")
    return RUNNER.run(execution, version, connection(url, grammar=True), ExecutionControl())


def test_knows_the_sentiment_of_nearly_every_review(bundled_model: str) -> None:
    version = program(spec([field("review")], [field("sentiment", enum("positive", "negative"))]))
    reviews = REVIEWS[:16]
    results = [run(version, {"review": text}, bundled_model) for text, _sentiment in reviews]
    right = [
        result.outputs == {"sentiment": sentiment} for result, (_text, sentiment) in zip(results, reviews, strict=True)
    ]
    assert sum(right) >= 15
    assert all(result.usage.prompt_tokens for result in results)


def test_gives_every_type_in_its_form(bundled_model: str) -> None:
    person = {"kind": "object", "fields": [field("name"), field("age", "int")]}
    version = program(
        spec(
            [field("text")],
            [
                field("age", "int"),
                field("happy", "bool"),
                field("day", "date"),
                field("price", "float"),
                field("sure", "probability"),
                field("person", person),
                field("colour", enum("red", "green"), optional=True),
            ],
        )
    )
    result = run(version, {"text": "Anna, 31, bought red apples for 2.50 on 2024-05-02."}, bundled_model)
    assert result.status == "succeeded", result.error
    assert result.outputs is not None
    assert result.outputs["day"] == "2024-05-02"
    assert result.outputs["age"] == 31


def test_thinks_before_it_answers(bundled_model: str) -> None:
    version = program(spec([field("question")], [field("answer")]), module="ChainOfThought")
    result = run(version, {"question": "What is the capital of France?"}, bundled_model)
    assert result.status == "succeeded", result.error
    assert result.outputs is not None
    assert list(result.outputs) == ["reasoning", "answer"]
    assert all(isinstance(step, str) for step in result.outputs["reasoning"])
