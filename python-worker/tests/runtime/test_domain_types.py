"""The types that mean more than their Python form, on real DSPy in each format, from the prompt to the outcome."""

import base64
import gc
import json
from typing import Any

import orjson
import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.runtime.images import ImageReference, image_text, sent_url
from dspy_worker.runtime.result import RunResult
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from scripted_model import Script, scripted_model

FORMATS = ["chat", "json", "completion"]
PIXEL = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
CAT = "https://example.com/cat.png"


def listed(type_: Any) -> dict[str, Any]:
    return {"kind": "list", "items": type_}


def run(type_: Any, answers: list[Any], format_: str, **members: Any) -> tuple[RunResult, list[dict[str, Any]]]:
    """Asks for one output of a type; the model gives the answers one after another, in the form of the format."""
    version = program(spec([field("text")], [field("value", type_)]), **members)
    said = iter(answers)

    def reply(_request: dict[str, Any]) -> str:
        answer = next(said)
        if format_ == "json":
            return json.dumps({"value": answer})
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return chat_answer(value=text) if format_ == "chat" else f" {text}\n"

    with scripted_model(Script(reply=reply)) as script:
        result = Runner().run(job({"text": "x"}, format=format_), version, connection(script.url), ExecutionControl())
        return result, script.requests


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("type_", "answer", "expected"),
    [
        ("probability", 0.25, 0.25),
        ("probability", 1, 1),
        ("date", "2024-02-29", "2024-02-29"),
        ("datetime", "2024-05-02T10:30:00+02:00", "2024-05-02T10:30:00+02:00"),
        ("datetime", "2024-05-02T10:30:00", "2024-05-02T10:30:00Z"),
        ("url", "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("email", "ada@example.com", "ada@example.com"),
        ("reasoning", ["First.", "Then."], ["First.", "Then."]),
        ("json", {"a": [1, None, {"b": 0.5}]}, {"a": [1, None, {"b": 0.5}]}),
        ("json", [1, "two"], [1, "two"]),
        ("image", CAT, CAT),
        ("image", PIXEL, PIXEL),
        (listed("image"), [CAT, PIXEL], [CAT, PIXEL]),
        (listed("date"), ["2024-02-29"], ["2024-02-29"]),
    ],
)
def test_what_the_model_answers_comes_back_in_the_wire_form_of_its_type(
    type_: Any, answer: Any, expected: Any, format_: str
) -> None:
    result, _ = run(type_, [answer], format_)
    assert result.status == "succeeded", result.error
    assert result.outputs == {"value": expected}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("type_", "answer"),
    [
        ("probability", 1.5),
        ("date", "2023-02-29"),
        ("datetime", "tomorrow"),
        ("url", "ftp://example.com"),
        ("email", "ada at example.com"),
        ("image", "a picture of a cat"),
        ("image", "data:image/png;base64,@@@"),
        ("image", "data:image/svg+xml;base64,AAAA"),
        (listed("image"), [CAT, "cat.png"]),
    ],
)
def test_what_is_no_value_of_its_type_is_refused_and_never_passed_on(type_: Any, answer: Any, format_: str) -> None:
    result, _ = run(type_, [answer], format_)
    assert result.error is not None
    assert result.error.code == "output_invalid"
    assert '"value"' in result.error.message


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("probability", "a number from 0 to 1"),
        ("date", "an ISO 8601 date"),
        ("datetime", "an ISO 8601 date and time with time zone"),
        ("url", "an absolute http or https URL"),
        ("email", "an e-mail address"),
        ("reasoning", "the steps of the reasoning, one item each"),
        ("image", "the http or https URL of an image, or a data URI"),
    ],
)
@pytest.mark.parametrize("format_", ["chat", "json"])
def test_the_model_is_told_what_its_type_means(type_: str, words: str, format_: str) -> None:
    _, (request,) = run(type_, [0.5], format_)
    assert words in request["messages"][0]["content"]


@pytest.mark.parametrize("format_", FORMATS)
def test_chain_of_thought_adds_its_reasoning(format_: str) -> None:
    version = program(spec([field("text")], [field("value", "date")]), module="ChainOfThought")
    answers = {"reasoning": "1. It is a leap year.\n2. So there is a 29th.", "value": "2024-02-29"}

    def reply(request: dict[str, Any]) -> str:
        if format_ == "chat":
            return chat_answer(**answers)
        if format_ == "json":
            return json.dumps(answers)
        is_first = request["messages"][-1]["content"].endswith("Reasoning:")
        return " 1. It is a leap year.\n" if is_first else f" {answers['value']}\n"

    with scripted_model(Script(reply=reply)) as script:
        result = Runner().run(job({"text": "x"}, format=format_), version, connection(script.url), ExecutionControl())
    assert result.outputs is not None, result.error
    steps = ["It is a leap year.", "So there is a 29th."]
    assert result.outputs == {"reasoning": steps[:1] if format_ == "completion" else steps, "value": "2024-02-29"}


def seen(type_: Any, value: Any, format_: str) -> tuple[RunResult, list[dict[str, Any]]]:
    """Runs a program with one input of a type; gives the result and the parts of the message that the model got."""
    version = program(spec([field("given", type_), field("question")], [field("value")]))
    answer = chat_answer(value="cat") if format_ == "chat" else '{"value": "cat"}'
    with scripted_model(Script(reply=answer)) as script:
        inputs = {"given": value, "question": "What is it?"}
        result = Runner().run(job(inputs, format=format_), version, connection(script.url), ExecutionControl())
        content = script.requests[0]["messages"][1]["content"] if script.requests else []
    return result, content


OBJECT = {"kind": "object", "fields": [field("title"), field("photo", "image")]}


@pytest.mark.parametrize("format_", ["chat", "json"])
@pytest.mark.parametrize(
    ("type_", "value", "urls"),
    [
        ("image", CAT, [CAT]),
        ("image", PIXEL, [PIXEL]),
        ({"kind": "optional", "of": "image"}, PIXEL, [PIXEL]),
        (listed("image"), [PIXEL, CAT], [PIXEL, CAT]),
        ({"kind": "dict", "keys": "string", "values": "image"}, {"a": CAT}, [CAT]),
        (OBJECT, {"title": "A cat", "photo": PIXEL}, [PIXEL]),
        ({"kind": "union", "members": ["image", "int"]}, CAT, [CAT]),
    ],
)
def test_an_image_goes_to_the_model_server_as_a_part_of_the_message(
    type_: Any, value: Any, urls: list[str], format_: str
) -> None:
    result, content = seen(type_, value, format_)
    assert result.status == "succeeded", result.error
    assert [part["image_url"] for part in content if part["type"] == "image_url"] == [{"url": url} for url in urls]
    texts = "".join(part["text"] for part in content if part["type"] == "text")
    assert "What is it?" in texts
    assert "CUSTOM-TYPE" not in texts
    assert not any(url in texts for url in urls)


@pytest.mark.parametrize(
    ("type_", "value"), [("string", CAT), ({"kind": "union", "members": ["image", "string"]}, "a cat"), ("json", [CAT])]
)
def test_a_text_that_is_no_image_stays_a_text(type_: Any, value: Any) -> None:
    result, content = seen(type_, value, "chat")
    assert result.status == "succeeded", result.error
    assert isinstance(content, str)


@pytest.mark.parametrize(("type_", "value"), [("image", PIXEL), (listed("image"), [CAT]), (OBJECT, {"photo": CAT})])
def test_the_completion_format_says_that_it_cannot_carry_an_image(type_: Any, value: Any) -> None:
    result, content = seen(type_, value, "completion")
    assert result.error is not None
    assert result.error.code == "unsupported_option"
    assert 'Format "completion" asks by text alone and cannot carry the image of "given"' in result.error.message
    assert 'format "chat" or "json"' in result.error.message
    assert content == [], "the model was not asked"


def test_an_optional_image_may_be_absent_in_the_completion_format() -> None:
    version = program(spec([field("given", "image", optional=True), field("question")], [field("value")]))
    with scripted_model(Script(reply=" cat\n")) as script:
        inputs = {"question": "What is it?"}
        result = Runner().run(job(inputs, format="completion"), version, connection(script.url), ExecutionControl())
    assert result.outputs == {"value": "cat"}


def test_the_record_of_a_call_leaves_out_the_data_of_its_images() -> None:
    result, _ = seen(listed("image"), [PIXEL, CAT], "chat")
    (call,) = result.calls
    assert call.messages is not None
    parts = orjson.loads(call.messages[1].content)
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    assert urls == [f"data:image/png;base64,… ({len(PIXEL) - len('data:image/png;base64,')} characters)", CAT]
    assert not call.truncated


def test_image_data_goes_by_dspy_as_a_short_stand_in_and_is_not_kept() -> None:
    image = ImageReference(PIXEL)
    (part,) = image.format()
    stand_in = part["image_url"]["url"]
    assert len(stand_in) < 50
    assert sent_url(stand_in) == PIXEL
    assert image.url == PIXEL, "a module still sees the image"
    del image
    gc.collect()
    assert sent_url(stand_in) == stand_in


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cat.png",
        "ftp://example.com/cat.png",
        "http://",
        "http://[",
        "https://example.com/a cat.png",
        "data:image/png,AAAA",
        "data:image/png;base64,",
        "data:image/png;base64,AAA",
        "data:image/png;base64,AA AA",
        "data:text/plain;base64,AAAA",
        "data:image/png;base64," + base64.b64encode(bytes(10 * 1024 * 1024 + 1)).decode(),
        7,
    ],
)
def test_texts_that_are_no_image(text: Any) -> None:
    assert image_text(text) is None


def test_the_largest_image_is_one() -> None:
    text = "data:image/webp;base64," + base64.b64encode(bytes(10 * 1024 * 1024)).decode()
    assert image_text(f" {text}\n") == text
