import asyncio
import socket
from datetime import date
from pathlib import Path

import dspy
import pytest
from dspy_nest import (
    Client,
    ConflictError,
    ConnectionFailedError,
    ExecutionFailedError,
    FieldError,
    InvalidRequestError,
    NotFoundError,
    OverloadedError,
    Prediction,
    RequestTimeoutError,
    Retry,
    UnexpectedAnswerError,
)
from pydantic import BaseModel
from scripted_platform import EXECUTION, Answer, events, platform, problem

SOON = Retry(base_delay_s=0.001, reconnect_for_s=1)
BEGUN = ({"sequence": 1, "type": "queued"}, {"sequence": 2, "type": "started", "attempt": 1})
TOKEN = {"sequence": 3, "type": "token", "field": "answer", "delta": "Be"}
ENDED = (
    {"sequence": 4, "type": "outputs", "outputs": EXECUTION["outputs"]},
    {"sequence": 5, "type": "succeeded", "execution": EXECUTION},
)


def test_a_call_is_one_execution_and_gives_a_prediction_of_dspy() -> None:
    with platform(Answer()) as scripted, Client(scripted.url, api_key="secret") as client:
        answer = client.program("qa", version=2, timeout_s=5)(question="Why?")
        assert isinstance(answer, dspy.Prediction)
        assert (answer.answer, answer["sure"]) == ("Because.", 0.5)
        assert answer.execution == EXECUTION
        assert answer.get_lm_usage() == {"default": {"prompt_tokens": 7, "completion_tokens": 2}}
        assert answer == dspy.Prediction(answer="Because.", sure=0.5)
        (asked,) = scripted.asked
        assert (asked.method, asked.path) == ("POST", "/v1/programs/qa/executions")
        assert asked.body == {"inputs": {"question": "Why?"}, "version": 2, "timeoutMs": 5_000}
        assert asked.headers["authorization"] == "Bearer secret"
        assert len(asked.headers["idempotency-key"]) == 32


def test_inputs_may_be_called_anything_and_be_more_than_json() -> None:
    class Order(BaseModel):
        at: date

    with platform(Answer()) as scripted, Client(scripted.url) as client:
        photo = dspy.Image("data:image/png;base64,AA==")
        client.program("qa")(self=1, name=(date(2026, 1, 5),), order=Order(at=date(2026, 1, 6)), photo=photo)
        inputs = scripted.asked[0].body["inputs"]
        assert inputs == {"self": 1, "name": ["2026-01-05"], "order": {"at": "2026-01-06"}, "photo": photo.url}


def test_what_was_turned_away_is_tried_again_under_one_key() -> None:
    answers = (problem(429, "overloaded", retryAfterS=0), problem(409, "idempotency_key_in_flight"), Answer())
    with platform(*answers) as scripted, Client(scripted.url, retry=SOON) as client:
        client.program("qa")(question="a")
        client.program("qa")(question="a")
        first, second, third, other = (asked.headers["idempotency-key"] for asked in scripted.asked)
        assert first == second == third != other


def test_attempts_end_with_the_last_error_and_wait_no_longer_than_they_may() -> None:
    with platform(problem(429, "overloaded")) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(OverloadedError):
            client.program("qa", idempotency_key="mine")(question="a")
        assert [asked.headers["idempotency-key"] for asked in scripted.asked] == ["mine"] * 4
    late = problem(429, "too_many_requests", retryAfterS=3_600)
    with platform(late) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(OverloadedError) as caught:
            client.program("qa")(question="a")
        assert (caught.value.retry_after_s, len(scripted.asked)) == (3_600, 1)


def test_an_execution_that_failed_is_an_error_and_not_tried_again() -> None:
    wire = {"code": "model_unavailable", "message": "Away.", "retryable": True, "details": {}}
    failed = {**EXECUTION, "status": "failed", "outputs": None, "error": wire}
    answer = problem(502, "model_unavailable", execution=failed, traceId="cd")
    with platform(answer) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(ExecutionFailedError) as caught:
            client.program("qa")(question="a")
        error = caught.value
        assert (error.code, error.retryable, error.status, error.trace_id) == ("model_unavailable", True, 502, "cd")
        assert error.execution == failed
        assert len(scripted.asked) == 1


def test_errors_have_a_class_and_their_places() -> None:
    places = [{"pointer": "/inputs/question", "code": "required", "message": "is missing"}]
    with platform(problem(422, "invalid_inputs", errors=places)) as scripted, Client(scripted.url) as client:
        with pytest.raises(InvalidRequestError) as caught:
            client.program("qa")()
        assert caught.value.errors == (FieldError("/inputs/question", "required", "is missing"),)
    missing = problem(404, "program_not_found")
    with platform(missing) as scripted, Client(scripted.url) as client, pytest.raises(NotFoundError):
        client.program("nothing").submit()
    with platform(problem(409, "execution_finished")) as scripted, Client(scripted.url) as client:
        with pytest.raises(ConflictError):
            client.cancel("1")
        assert scripted.asked[0].path == "/v1/executions/1/cancel"


def test_what_does_not_answer_answers_late_or_is_something_else_is_told() -> None:
    page, told = Answer(200, "<html>", "text/html"), "another program answers there"
    with platform(page) as scripted, Client(scripted.url) as client, pytest.raises(UnexpectedAnswerError, match=told):
        client.program("qa")()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Client(url, retry=Retry(max_attempts=1)) as client, pytest.raises(RequestTimeoutError):
            client._transport.send(client.program("qa")._call({}, {}, 0.05))
    with Client(url, retry=SOON) as client, pytest.raises(ConnectionFailedError, match="Is the platform running there"):
        client.program("qa")()
    with pytest.raises(ValueError, match="Write one such as"):
        Client("localhost:4000")


def test_the_environment_says_where_and_who(monkeypatch: pytest.MonkeyPatch) -> None:
    with platform(Answer()) as scripted:
        monkeypatch.setenv("DSPY_NEST_URL", f"{scripted.url}/")
        monkeypatch.setenv("DSPY_NEST_API_KEY", "hidden")
        with Client() as client:
            client.program("qa")()
        assert scripted.asked[0].headers["authorization"] == "Bearer hidden"


def test_calls_are_awaited_in_any_event_loop_and_without_a_key() -> None:
    with platform(Answer()) as scripted, Client(scripted.url) as client:
        for _ in range(2):
            assert asyncio.run(client.program("qa").acall(question="a")).answer == "Because."
        assert all("idempotency-key" not in asked.headers for asked in scripted.asked)


def test_a_stream_goes_on_after_the_last_event_when_its_connection_breaks() -> None:
    answers = (problem(429, "overloaded"), events(*BEGUN), events(TOKEN), events(*ENDED))
    with platform(*answers) as scripted, Client(scripted.url, retry=SOON) as client:
        told = list(client.program("qa").stream(question="a"))
        assert [event.sequence for event in told] == [1, 2, 3, 4, 5]
        assert (told[2].field, told[2].delta, told[3].outputs) == ("answer", "Be", EXECUTION["outputs"])
        refused, begun, *followed = scripted.asked
        assert (begun.method, begun.headers["accept"]) == ("POST", "text/event-stream")
        assert len(begun.headers["idempotency-key"]) == 32
        assert begun.headers["idempotency-key"] == refused.headers["idempotency-key"]
        assert [asked.headers["last-event-id"] for asked in followed] == ["2", "3"]
        assert {asked.path for asked in followed} == {f"/v1/executions/{EXECUTION['id']}/events"}


def test_a_stream_is_awaited_too() -> None:
    async def types(client: Client) -> list[str]:
        async with client:
            return [event.type async for event in client.program("qa").astream(question="a")]

    with platform(events(*BEGUN, TOKEN), events(*ENDED)) as scripted:
        told = asyncio.run(types(Client(scripted.url, retry=SOON)))
        assert told == ["queued", "started", "token", "outputs", "succeeded"]


def test_who_leaves_a_stream_early_ends_the_execution_unless_it_has_a_key() -> None:
    for key, paths in ((None, 2), ("mine", 1)):
        with platform(events(*BEGUN), Answer()) as scripted, Client(scripted.url) as client:
            stream = client.program("qa", idempotency_key=key).stream(question="a")
            assert next(stream).type == "queued"
            stream.close()  # type: ignore[attr-defined] # a generator
            assert len(scripted.asked) == paths
            assert scripted.asked[-1].path.endswith("/executions" if key else "/cancel")


def test_a_stream_tells_of_what_is_not_there() -> None:
    answers = (events(*BEGUN), problem(404, "execution_not_found"))
    with platform(*answers) as scripted, Client(scripted.url, retry=SOON) as client, pytest.raises(NotFoundError):
        list(client.program("qa").stream(question="a"))


def test_events_of_values_and_of_failures_are_told_whole() -> None:
    partial = {"sequence": 3, "type": "partial", "field": "tags", "pointer": "/0", "value": "a"}
    wire = {"code": "output_invalid", "message": "No.", "retryable": True, "details": {}}
    failed = {"sequence": 4, "type": "failed", "error": wire, "execution": {**EXECUTION, "status": "failed"}}
    with platform(events(*BEGUN, partial, failed)) as scripted, Client(scripted.url) as client:
        *_, told, end = client.program("qa").stream(question="a")
        assert (told.type, told.field, told.pointer, told.value) == ("partial", "tags", "/0", "a")
        assert (end.type, end.error, end.is_end) == ("failed", wire, True)


@pytest.mark.parametrize("verb", ["rerun", "replay"])
def test_an_execution_is_run_again_once_however_often_it_is_asked_for(verb: str) -> None:
    again = Answer(body={**EXECUTION, f"{verb}Of": "1"})
    with platform(problem(503, "no_worker"), again) as scripted, Client(scripted.url, retry=SOON) as client:
        assert getattr(client, verb)("1").answer == "Because."
        first, second = scripted.asked
        assert (second.method, second.path) == ("POST", f"/v1/executions/1/{verb}")
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
        assert asyncio.run(getattr(client, f"a{verb}")("1")).execution[f"{verb}Of"] == "1"
        assert "idempotency-key" not in scripted.asked[-1].headers
    with platform(problem(409, "not_replayable")) as scripted, Client(scripted.url) as client:
        with pytest.raises(ConflictError):
            getattr(client, verb)("1", idempotency_key="mine")
        assert scripted.asked[0].headers["idempotency-key"] == "mine"


def test_something_is_said_of_an_execution_and_read() -> None:
    made, page = Answer(201, {"id": "2", "score": 0}), Answer(body={"items": [{"id": "2"}], "nextCursor": None})
    with platform(made, made, page, page) as scripted, Client(scripted.url) as client:
        said = client.feedback.create("1", score=False, correction={"answer": "So."}, idempotency_key="mine")
        assert said["score"] == 0
        asyncio.run(client.feedback.acreate("1", score=0.5, name="tone", comment="Curt.", source="model", author="j"))
        first, second = scripted.asked
        assert (first.path, first.headers["idempotency-key"]) == ("/v1/executions/1/feedback", "mine")
        assert first.body == {"score": False, "correction": {"answer": "So."}}
        assert second.body == {"score": 0.5, "name": "tone", "comment": "Curt.", "source": "model", "author": "j"}
        assert client.feedback.list("1", filter={"score": {"gte": 0.5}})["items"] == [{"id": "2"}]
        assert asyncio.run(client.feedback.alist("1", limit=1))["nextCursor"] is None
        queries = [one.path.partition("?")[2] for one in scripted.asked[2:]]
        assert queries == ["filter%5Bscore%5D%5Bgte%5D=0.5", "limit=1"]


def test_without_dspy_a_prediction_reads_the_same() -> None:
    prediction = Prediction({"answer": "a", "tags": []}, EXECUTION)
    assert (prediction.answer, prediction["tags"], prediction.get("more", 1)) == ("a", [], 1)
    assert (list(prediction), len(prediction), "answer" in prediction) == (["answer", "tags"], 2, True)
    assert dict(prediction.items()) == prediction.toDict() == {"answer": "a", "tags": []}
    assert prediction == Prediction({"answer": "a", "tags": []}, {})
    assert repr(prediction) == "Prediction(\n    answer='a',\n    tags=[]\n)"
    with pytest.raises(AttributeError, match="it has answer, tags"):
        _ = prediction.more


def test_only_one_file_needs_dspy() -> None:
    source = Path(__file__).parents[1] / "src/dspy_nest"
    importing = [path.name for path in source.glob("*.py") if "\nimport dspy\n" in path.read_text()]
    assert importing == ["dspy_module.py"]
