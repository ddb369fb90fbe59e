import asyncio
from typing import Any

import dspy
import pytest
from dspy_nest import Client, ConflictError, InvalidRequestError, NotFoundError, Retry
from scripted_platform import Answer, platform, problem

SOON = Retry(base_delay_s=0.001)
IMPORTED = {
    "id": "1",
    "name": "qa",
    "version": 3,
    "notes": [{"pointer": "/lm/api_key", "code": "key", "message": "No."}],
}


def learned() -> tuple[dspy.Module, dict[str, Any]]:
    module = dspy.Predict("question -> answer")
    module.demos = [dspy.Example(question="Of Spain?", answer="Madrid")]
    state: dict[str, Any] = module.dump_state()
    return module, state


def test_a_state_of_dspy_is_imported_under_one_key_however_often_it_is_sent() -> None:
    _, state = learned()
    with platform(problem(429, "overloaded"), Answer(201, IMPORTED)) as scripted:
        with Client(scripted.url, retry=SOON) as client:
            assert client.program("qa").import_state(state) == IMPORTED
        first, second = scripted.asked
        assert (second.method, second.path, second.body) == ("POST", "/v1/programs/qa/state", state)
        assert len(first.headers["idempotency-key"]) == 32
        assert second.headers["idempotency-key"] == first.headers["idempotency-key"]


def test_a_state_that_does_not_fit_is_refused_and_not_sent_again() -> None:
    place = {"pointer": "/state/demos/0", "code": "unknown_field", "message": "There is none."}
    with platform(problem(422, "validation_failed", errors=[place])) as scripted:
        with Client(scripted.url, retry=SOON) as client, pytest.raises(InvalidRequestError) as caught:
            client.program("qa").import_state({"demos": [{"x": 1}]})
        assert [error.pointer for error in caught.value.errors] == ["/state/demos/0"]
        assert len(scripted.asked) == 1


def test_an_exported_state_is_loaded_by_dspy() -> None:
    module, state = learned()
    with platform(Answer(body=state)) as scripted, Client(scripted.url) as client:
        other = dspy.Predict("question -> answer")
        other.load_state(client.program("qa").export_state())
        assert [dict(demo) for demo in other.demos] == [dict(demo) for demo in module.demos]
        client.program("qa", version=2).export_state()
        assert [asked.path for asked in scripted.asked] == ["/v1/programs/qa/state", "/v1/programs/qa/state?version=2"]


def test_a_program_that_has_learned_nothing_has_no_state() -> None:
    with platform(problem(404, "program_state_not_found")) as scripted, Client(scripted.url) as client:
        with pytest.raises(NotFoundError) as caught:
            client.program("qa").export_state()
        assert caught.value.code == "program_state_not_found"


def test_states_are_awaited() -> None:
    _, state = learned()

    async def main(url: str) -> None:
        async with Client(url) as client:
            program = client.program("qa", idempotency_key="mine")
            assert await program.aimport_state(state) == IMPORTED
            assert await program.aexport_state() == state

    with platform(Answer(201, IMPORTED), Answer(body=state)) as scripted:
        asyncio.run(main(scripted.url))
        assert [asked.method for asked in scripted.asked] == ["POST", "GET"]
        assert scripted.asked[0].headers["idempotency-key"] == "mine"


def test_a_program_is_changed_if_it_is_what_was_read() -> None:
    tagged = Answer(body=IMPORTED, headers={"etag": '"1.3"'})
    conflict = problem(412, "version_conflict")
    with platform(tagged, tagged, conflict) as scripted, Client(scripted.url, retry=SOON) as client:
        program = client.program("qa")
        etag = program.get()["etag"]
        assert program.update({"model": "small"}, if_match=etag) == {**IMPORTED, "etag": etag}
        assert (scripted.asked[1].method, scripted.asked[1].body) == ("PATCH", {"model": "small"})
        for change in (program.update, program.import_state):
            with pytest.raises(ConflictError):
                change({"model": None}, if_match=etag)
        assert [asked.headers.get("if-match") for asked in scripted.asked] == [None, *[etag] * 3]
        with pytest.raises(ConflictError):
            asyncio.run(program.aupdate({}, if_match=etag))
