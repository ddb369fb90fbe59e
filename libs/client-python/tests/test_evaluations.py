import asyncio
from pathlib import Path
from typing import Any

import pytest
from dspy_nest import (
    Client,
    ConflictError,
    EvaluationFailedError,
    EvaluationResult,
    InvalidRequestError,
    OptimizationFailedError,
    Retry,
)
from scripted_platform import Answer, lines, platform, problem

SOON = Retry(base_delay_s=0.001)
ID = "01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12"
DATASET = {"id": ID, "name": "tickets", "version": 2}
EXAMPLES = [{"inputs": {"ticket": "Ä"}, "outputs": {"team": "billing"}, "split": "test"}]


def pages() -> list[Answer]:
    last = {"items": [{"number": 3}], "nextAfter": None}
    return [Answer(body=DATASET), Answer(body={"items": [{"number": 1}], "nextAfter": 1}), Answer(body=last)]


def result(index: int) -> dict[str, Any]:
    told: dict[str, Any] = {"exampleId": "ab", "inputs": {}, "expected": {}, "executionId": None, "status": "succeeded"}
    return {
        "index": index,
        **told,
        "answer": {"team": "billing"},
        "score": 1,
        "costUsd": None,
        "totalMs": 5,
        "errorCode": None,
        "judgements": None,
    }


def test_a_dataset_is_made_and_added_to_under_a_key_and_gone_through() -> None:
    answers = (Answer(201, DATASET), problem(429, "overloaded"), Answer(200, DATASET), *pages(), *pages())
    with platform(*answers) as scripted, Client(scripted.url, retry=SOON) as client:
        assert client.datasets.create("tickets", "RouteTicket", splits={"seed": 1}) == DATASET
        assert client.datasets.add("tickets", EXAMPLES, on_invalid="skip") == DATASET
        made, first, second = scripted.asked
        assert made.body == {"name": "tickets", "signature": "RouteTicket", "splits": {"seed": 1}}
        assert first.path == "/v1/datasets/tickets/examples"
        assert first.body == second.body == {"onInvalid": "skip", "dryRun": False, "examples": EXAMPLES}
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
        assert [one["number"] for one in client.datasets.examples("tickets", split="test")] == [1, 3]
        assert scripted.asked[-1].path == "/v1/datasets/tickets/examples?version=2&split=test&after=1&limit=200"

        async def numbers() -> list[int]:
            return [one["number"] async for one in client.datasets.aexamples("tickets", version=None)]

        assert asyncio.run(numbers()) == [1, 3]


def test_a_file_is_sent_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text('{"ticket": 1}', encoding="utf-8")
    with platform(Answer(200, DATASET)) as scripted, Client(scripted.url, retry=SOON) as client:
        assert client.datasets.import_file("tickets", path, columns={"ticket": "Text"}) == DATASET
        assert asyncio.run(client.datasets.aimport_file("tickets", path, columns={"ticket": "Text"})) == DATASET
        for asked in scripted.asked:
            assert asked.path == "/v1/datasets/tickets/imports?onInvalid=refuse&column=ticket%3AText"
            assert (asked.headers["content-type"], asked.body) == ("text/csv", {"ticket": 1})


def test_an_evaluation_is_waited_for_with_progress_and_told() -> None:
    states = [Answer(body={"id": ID, "status": status}) for status in ("queued", "running", "completed")]
    told = (lines(result(0), evaluation_status="running"), lines(result(1), evaluation_status="completed"))
    compared = Answer(body={"verdict": "improved"})
    answers = (Answer(201, {"version": 1}), Answer(202, {"id": ID}), *states, *told, compared)
    with platform(*answers) as scripted, Client(scripted.url, retry=SOON) as client:
        client.metrics.create("right-team", {"kind": "label", "field": "team"})
        assert scripted.asked[-1].body == {"name": "right-team", "definition": {"kind": "label", "field": "team"}}
        evaluation = client.evaluations.create("route", "right-team", dataset="tickets", split="test")
        sent = {"program": "route", "metric": "right-team", "dataset": "tickets", "split": "test"}
        assert scripted.asked[-1].body == sent
        seen: list[str] = []
        client.evaluations.wait(evaluation["id"], on_progress=lambda one: seen.append(one["status"]))
        assert seen == ["queued", "running", "completed"]
        results = list(client.evaluations.results(ID))
        assert [one.index for one in results] == [0, 1]
        assert results[0] == EvaluationResult(
            0, "ab", {}, {}, None, "succeeded", {"team": "billing"}, 1, None, 5, None, None
        )
        assert client.evaluations.compare(ID, "other")["verdict"] == "improved"
        assert scripted.asked[-1].path == f"/v1/evaluations/{ID}/comparison?baseline=other"


def test_what_failed_is_raised_with_the_evaluation() -> None:
    failed = {"id": ID, "status": "failed", "error": {"code": "not_evaluable", "message": "No.", "retryable": False}}
    with platform(Answer(body=failed)) as scripted, Client(scripted.url, retry=SOON) as client:
        with pytest.raises(EvaluationFailedError, match="No\\.") as raised:
            client.evaluations.wait(ID)
        assert (raised.value.code, raised.value.evaluation["id"]) == ("not_evaluable", ID)
        with pytest.raises(EvaluationFailedError):
            asyncio.run(client.evaluations.await_end(ID))
        cancelled = {"status": {"in": ["failed", "cancelled"]}}
        client.evaluations.list(limit=5, filter=cancelled)
        assert scripted.asked[-1].path == "/v1/evaluations?limit=5&filter%5Bstatus%5D%5Bin%5D=failed%2Ccancelled"


def test_what_cannot_be_evaluated_is_told() -> None:
    refused = problem(422, "not_evaluable")
    with platform(refused) as scripted, Client(scripted.url) as client, pytest.raises(InvalidRequestError):
        client.evaluations.create("route", "right-team", examples=EXAMPLES)


OPTIMIZER = {"name": "LabeledFewShot", "settings": {"k": 12}}


def test_a_program_is_optimised_with_progress_and_what_was_found_is_published() -> None:
    states = [Answer(body={"id": ID, "status": status}) for status in ("running", "completed")]
    stopping = Answer(202, {"id": ID, "status": "stopping"})
    published = Answer(body={"id": ID, "publication": {"override": {"reason": "It is shorter."}}})
    answers = (Answer(202, {"id": ID}), stopping, *states, Answer(body={"predictors": [], "text": "+ Route it."}))
    with platform(*answers, problem(409, "candidate_unproven"), published) as scripted, Client(scripted.url) as client:
        made = client.optimizations.create("route", "right-team", dataset="tickets", optimizer=OPTIMIZER, seed=7)
        sent = {"program": "route", "metric": "right-team", "dataset": "tickets", "optimizer": OPTIMIZER, "seed": 7}
        assert (scripted.asked[-1].path, scripted.asked[-1].body) == ("/v1/optimizations", sent)
        assert len(scripted.asked[-1].headers["idempotency-key"]) == 32
        assert client.optimizations.stop(made["id"])["status"] == "stopping"
        assert (scripted.asked[-1].method, scripted.asked[-1].path) == ("POST", f"/v1/optimizations/{ID}/stop")
        seen: list[str] = []
        client.optimizations.wait(ID, on_progress=lambda one: seen.append(one["status"]))
        assert seen == ["running", "completed"]
        assert client.optimizations.diff(ID)["text"] == "+ Route it."
        with pytest.raises(ConflictError) as refused:
            client.optimizations.publish(ID)
        assert (refused.value.code, scripted.asked[-1].body) == ("candidate_unproven", {})
        client.optimizations.publish(ID, override_reason="It is shorter.")
        assert scripted.asked[-1].path == f"/v1/optimizations/{ID}/publish"
        assert scripted.asked[-1].body == {"override": {"reason": "It is shorter."}}


def test_an_optimisation_that_was_cancelled_is_raised() -> None:
    cancelled = {"id": ID, "status": "cancelled", "error": None, "traceId": "ab"}
    with platform(Answer(body=cancelled)) as scripted, Client(scripted.url, retry=SOON) as client:
        assert client.optimizations.cancel(ID)["status"] == "cancelled"
        with pytest.raises(OptimizationFailedError, match="The optimisation ended as cancelled\\.") as raised:
            client.optimizations.wait(ID)
        assert (raised.value.code, raised.value.optimization["id"]) == ("cancelled", ID)
        client.optimizations.trials(ID, after=3, limit=200)
        assert scripted.asked[-1].path == f"/v1/optimizations/{ID}/trials?after=3&limit=200"
        client.optimizations.log(ID)
        assert scripted.asked[-1].path == f"/v1/optimizations/{ID}/log"
        client.optimizations.list(limit=5, filter={"optimizer": {"eq": "GEPA"}})
        assert scripted.asked[-1].path == "/v1/optimizations?limit=5&filter%5Boptimizer%5D%5Beq%5D=GEPA"


def test_an_optimisation_is_awaited() -> None:
    states = [Answer(body={"id": ID, "status": status, "error": None}) for status in ("judging", "failed")]
    answers = (Answer(202, {"id": ID}), Answer(202, {"id": ID}), *states, Answer(body={"id": ID}))

    async def ask(client: Client) -> list[str]:
        optimizations = client.optimizations
        await optimizations.acreate("route", "right-team", dataset="tickets", optimizer=OPTIMIZER, idempotency_key="a")
        await optimizations.astop(ID)
        with pytest.raises(OptimizationFailedError):
            await optimizations.await_end(ID)
        await optimizations.adiff(ID)
        await optimizations.apublish(ID, override_reason="It is shorter.")
        await optimizations.alist()
        await optimizations.acancel(ID)
        await client.aclose()
        return [asked.path.removeprefix("/v1/optimizations") for asked in scripted.asked]

    with platform(*answers) as scripted:
        looked = ["", f"/{ID}/stop", f"/{ID}", f"/{ID}"]
        asked = [*looked, f"/{ID}/diff", f"/{ID}/publish", "", f"/{ID}/cancel"]
        assert asyncio.run(ask(Client(scripted.url))) == asked
        assert scripted.asked[0].headers["idempotency-key"] == "a"
