"""What is told of an execution that does not go straight: calls made again, answers mended, and its end."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.contracts.messages import ProgramVersionV1
from dspy_worker.runtime.calling.teller import Teller
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.streaming.events import Event, Partial, Restarted, Status, Token
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.transport.active_call import ExecutionControl
from runtime.streaming.told import Told
from scripted_model import Script, scripted_model

QA = program(spec([field("question")], [field("answer")]))
TWO = program(spec([field("question")], [field("title"), field("body")]))
CANCEL_WITHIN_S = 0.25


def run(version: ProgramVersionV1, script: Script, **members: Any) -> tuple[RunResult, list[Event]]:
    told: list[Event] = []
    control = members.pop("control", None) or ExecutionControl()
    with scripted_model(script):
        asked = job({"question": "x"}, **members)
        result = Runner().run(asked, version, connection(script.url), control, 2, told.extend)
    return result, told


def test_every_token_is_told_before_the_next_comes() -> None:
    told: list[Event] = []
    heard: list[list[Event]] = []
    pieces = ["[[ ## answer ## ]]\n", "Pa", "ris", "\n\n[[ ## completed ## ]]"]

    def held(number: int) -> None:
        deadline = time.monotonic() + 5
        while len(told) < number - 1 and time.monotonic() < deadline:
            time.sleep(0.001)
        heard.append(list(told))

    with scripted_model(Script(reply=pieces, held=held)) as script:
        result = Runner().run(job({"question": "x"}), QA, connection(script.url), ExecutionControl(), 1, told.extend)
    assert heard == [[], [Token("answer", "Pa")], [Token("answer", "Pa"), Token("answer", "ris")]]
    assert told == [Token("answer", "Pa"), Token("answer", "ris")]
    assert result.outputs == {"answer": "Paris"}
    assert result.usage.completion_tokens == 5
    assert result.calls[0].completion == "".join(pieces)


@pytest.mark.parametrize("form", ["chat", "json", "xml", "completion"])
def test_a_server_without_a_stream_is_heard_at_once(form: str) -> None:
    answers = {"chat": chat_answer(answer="Paris"), "json": '{"answer": "Paris"}', "xml": "<answer>Paris</answer>"}
    result, told = run(QA, Script(reply=answers.get(form, " Paris"), mode="json"), format=form)
    assert (result.status, told) == ("succeeded", [Token("answer", "Paris")])


def test_a_call_made_again_starts_over() -> None:
    answers = iter(["[[ ## answer ## ]]\nPar", chat_answer(answer="Paris")])
    script = Script(reply=lambda _request: next(answers), mode=["cut_late", "stream"].__getitem__)
    result, told = run(QA, script, maxRetries=1)
    assert result.status == "succeeded"
    assert told == [Token("answer", "Par"), Restarted(2), Token("answer", "Paris")]
    assert result.recovery.model_retries == 1


def test_an_answer_that_is_asked_for_again_starts_over() -> None:
    answers = iter(['{"answer": "Lyon", "sure"', '{"answer": "Paris", "sure": 0.5}'])
    version = program(spec([field("question")], [field("answer"), field("sure", "probability")]))
    result, told = run(version, Script(reply=lambda _request: next(answers)), format="json", maxRetries=1)
    assert result.outputs == {"answer": "Paris", "sure": 0.5}
    assert told == [Token("answer", "Lyon"), Restarted(2), Token("answer", "Paris")]


def test_nothing_starts_over_when_nothing_was_told() -> None:
    answers = iter(["I do not know.", chat_answer(answer="Paris")])
    result, told = run(QA, Script(reply=lambda _request: next(answers)), maxRetries=1)
    assert result.recovery.parse_retries == 1
    assert told == [Token("answer", "Paris")]


def test_outputs_that_are_asked_for_one_by_one_stand_when_a_later_one_starts_over() -> None:
    answers = iter([[" A ", "title"], [" so"], [" A body"]])
    modes = ["stream", "cut_late", "stream"]
    script = Script(reply=lambda _request: next(answers), mode=modes.__getitem__)
    result, told = run(TWO, script, format="completion", maxRetries=1)
    assert result.outputs == {"title": "A title", "body": "A body"}
    assert told == [
        *(Token("title", "A"), Token("title", " title"), Token("body", "so")),
        *(Restarted(2), Token("title", "A"), Token("title", " title"), Token("body", "A body")),
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("```\n{'answer': 'Paris'}\n```", [Token("answer", "Paris")]),
        ("**Answer:** Paris", [Token("answer", "Paris")]),
        ('{"answer": "Lyon", "answer": "Paris"}', [Token("answer", "Lyon"), Restarted(2), Token("answer", "Paris")]),
        ('{"answer": 5}', [Token("answer", "5")]),
    ],
)
def test_what_only_the_whole_answer_shows_is_told_at_its_end(answer: str, told: list[Event]) -> None:
    result, events = run(QA, Script(reply=answer), format="json")
    assert result.status == "succeeded"
    assert events == told


def test_a_cancelled_stream_ends_within_a_quarter_of_a_second() -> None:
    told: list[Event] = []
    control, begun, ended = ExecutionControl(), threading.Event(), []

    def tell(events: Sequence[Event]) -> None:
        told.extend(events)
        begun.set()

    with scripted_model(Script(reply=["[[ ## answer ## ]]\n", "Paris"], mode="trickle_reply")) as script:
        asked = job({"question": "x"})

        def work() -> None:
            ended.append((Runner().run(asked, QA, connection(script.url), control, 1, tell), time.monotonic()))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        assert begun.wait(10)
        stopped_at = time.monotonic()
        control.stop("cancelled")
        thread.join(5)
    ((result, ended_at),) = ended
    assert result.status == "cancelled"
    assert ended_at - stopped_at < CANCEL_WITHIN_S
    assert Told().hear(told).texts["answer"].startswith("Paris")


def test_what_cannot_be_told_is_told_as_calls() -> None:
    version = program(spec([field("question")], [field("sure", "bool")]))
    result, told = run(version, Script(reply=chat_answer(sure="true")))
    assert (result.status, told) == ("succeeded", [Status("Model call 1.")])


def test_an_input_named_like_a_part_of_dspy_is_told_by_its_own_name() -> None:
    version = program(spec([field("question")], [field("instructions")]))
    result, told = run(version, Script(reply=chat_answer(field_instructions="Go.")))
    assert (result.outputs, told) == ({"instructions": "Go."}, [Token("instructions", "Go.")])


def test_without_a_listener_nothing_is_parsed() -> None:
    with scripted_model(Script(reply=chat_answer(answer="Paris"))) as script:
        result = Runner().run(job({"question": "x"}), QA, connection(script.url), ExecutionControl())
    assert result.outputs == {"answer": "Paris"}


def test_texts_that_are_not_those_of_the_outputs_are_replaced() -> None:
    told: list[Event] = []
    teller = Teller(told.extend, 3)
    fields = {"a": StreamedField("a", "text"), "b": StreamedField("b", "text", optional=True)}
    teller.begin(fields)
    teller.finish({"a": "x", "b": None})
    assert told == [Token("a", "x")]
    teller.finish({"a": "y", "b": "z"})
    assert told[1:] == [Restarted(3), Token("a", "y"), Token("b", "z")]
    assert not any(isinstance(event, Partial) for event in told)
