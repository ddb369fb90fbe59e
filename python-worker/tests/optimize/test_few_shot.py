from typing import Any

import pytest

from builders import chat_answer, connection, field, job, program, spec
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.transport.active_call import ExecutionControl
from optimize.parity import KEY, SIGNATURE, Run, asked_number, example, improved, kind_of, right_with_demos, shown_demos
from scripted_model import Script, scripted_model

SEARCH = "BootstrapFewShotWithRandomSearch"
SETTINGS: list[tuple[str, dict[str, Any], int]] = [
    ("LabeledFewShot", {"k": 4}, 2),
    ("BootstrapFewShot", {"maxBootstrappedDemos": 3, "maxLabeledDemos": 4}, 2),
    (SEARCH, {"numCandidates": 3, "maxLabeledDemos": 4}, 6),
]


@pytest.mark.parametrize(("name", "settings", "trials"), SETTINGS)
def test_demos_that_help_are_found_and_run_as_a_version(name: str, settings: dict[str, Any], trials: int) -> None:
    run = Run()
    with scripted_model(Script(reply=right_with_demos)) as script:
        result = run.run(script, name, settings)
        asked = {asked_number(body) for body in script.requests}
        version = improved(program(SIGNATURE), result)
        answer = Runner().run(job({"number": "N3"}), version, connection(script.url), ExecutionControl())
        demos = shown_demos(script.requests[-1])
    assert result.status == "succeeded"
    assert result.parent is not None
    assert result.best is not None
    assert (result.parent.score, result.best.score) == (0.5, 1.0)
    assert answer.outputs == {"kind": "odd"}
    assert demos == len(result.best.state["demos"]) >= 3
    assert asked <= {*range(100, 120), *range(200, 210)}
    assert all(int(demo["number"][1:]) in range(100, 120) for demo in result.best.state["demos"])
    assert len(run.trials) == trials
    assert {trial.planned for trial in run.trials} == {trials}


def test_progress_says_score_best_spend_and_time() -> None:
    run = Run()
    with scripted_model(Script(reply=right_with_demos)) as script:
        result = run.run(script, *SETTINGS[2][:2])
        calls = len(script.requests)
    assert [trial.number for trial in run.trials] == list(range(1, 7))
    assert run.trials[0].best_score == 0.5
    assert run.trials[-1].best_score == 1.0
    assert run.bests[0] == 0.5
    assert run.bests[-1] == 1.0
    assert run.bests == sorted(set(run.bests))
    assert all(trial.is_full and trial.examples == 10 for trial in run.trials)
    assert run.trials[0].calls == 10
    assert run.trials[0].usage.cost_usd == pytest.approx(10 * 20e-6)
    assert result.calls == calls
    assert result.usage.cost_usd == pytest.approx(calls * 20e-6)
    assert run.spends[calls] == result.usage
    assert all(usage.prompt_tokens == count * 10 for count, usage in run.spends.items())
    times = [trial.elapsed_ms for trial in run.trials]
    assert times == sorted(times)


@pytest.mark.parametrize(("name", "settings", "_trials"), SETTINGS)
def test_the_seed_decides(name: str, settings: dict[str, Any], _trials: int) -> None:
    def demos(seed: int) -> object:
        with scripted_model(Script(reply=right_with_demos)) as script:
            result = Run().run(script, name, settings, seed=seed)
        assert result.best is not None
        return result.best.state["demos"]

    assert demos(1) == demos(1)
    assert demos(1) != demos(2)


def test_bootstrapped_demos_are_answers_that_were_right() -> None:
    with scripted_model(Script(reply=chat_answer(kind="odd"))) as script:
        result = Run().run(script, "BootstrapFewShot", {"maxBootstrappedDemos": 4, "maxLabeledDemos": 0})
    assert result.best is not None
    assert result.best.trial == 1, "a candidate that is no better does not replace the program as it was"
    with scripted_model(Script(reply=lambda body: right_with_demos(body, needed=0))) as script:
        result = Run().run(script, "BootstrapFewShot", {"maxBootstrappedDemos": 4, "maxLabeledDemos": 0})
        answered = [(asked_number(body), shown_demos(body)) for body in script.requests]
    assert result.parent is not None
    assert result.parent.score == 1.0
    assert (answered[-1][1], len(answered)) == (4, 10 + 4 + 10)


def test_a_stop_keeps_the_best_until_then() -> None:
    run = Run()
    run.stop_after = 3
    with scripted_model(Script(reply=right_with_demos)) as script:
        result = run.run(script, SEARCH, {"numCandidates": 10, "maxLabeledDemos": 4})
    assert result.status == "stopped"
    assert result.best is not None
    assert result.best.score == 1.0
    assert len(run.trials) == 3


def test_a_stop_ends_the_call_that_hangs() -> None:
    run = Run()

    def hang(_number: int) -> str:
        run.control.stop("cancelled")
        return "hang"

    with scripted_model(Script(mode=hang)) as script:
        result = run.run(script, *SETTINGS[0][:2])
    assert (result.status, result.parent, result.best) == ("stopped", None, None)


def test_a_model_that_is_gone_ends_the_run_with_its_error_and_keeps_what_there_was() -> None:
    body = f'{{"error": {{"message": "bad key {KEY}"}}}}'.encode()
    script = Script(
        reply=right_with_demos, mode=lambda number: "stream" if number < 10 else "status", status=401, body=body
    )
    with scripted_model(script):
        result = Run().run(script, *SETTINGS[2][:2])
        assert len(script.requests) < 10 + 10
    assert result.status == "failed"
    assert result.error is not None
    assert (result.error.code, result.error.details.to_wire()) == ("model_error", {"httpStatus": 401})
    assert KEY not in result.error.message
    assert result.best is not None
    assert (result.best.score, result.calls, result.usage.prompt_tokens) == (0.5, 10, 100)


def test_answers_that_cannot_be_read_score_nothing_and_are_told(caplog: pytest.LogCaptureFixture) -> None:
    run = Run()
    garbage = {200, 201, 202}
    with scripted_model(
        Script(
            reply=lambda body: "I?" if asked_number(body) in garbage else chat_answer(kind=kind_of(asked_number(body)))
        )
    ) as script:
        result = run.run(script, "LabeledFewShot", {})
    assert result.parent is not None
    assert result.parent.score == pytest.approx(0.7)
    assert any("There is no value for the output" in message for message in run.said)
    assert "N200" not in caplog.text, "examples belong to the run, not to the log of the process"


def test_fields_keep_their_own_names_in_what_was_learned() -> None:
    signature = spec([field("signature")], [field("lm")])
    both = [example({"signature": f"s{number}"}, {"lm": "yes"}) for number in range(4)]

    def reply(body: dict[str, Any]) -> str:
        return chat_answer(field_lm="yes", lm="yes") if shown_demos(body) else chat_answer(field_lm="no", lm="no")

    with scripted_model(Script(reply=reply)) as script:
        result = Run().run(
            script,
            "LabeledFewShot",
            {"k": 2},
            version=program(signature),
            train=both[:2],
            validation=both[2:],
            metric={"kind": "exact", "field": "lm"},
        )
        assert result.best is not None
        again = Runner().run(
            job({"signature": "x"}), improved(program(signature), result), connection(script.url), ExecutionControl()
        )
    assert sorted(demo["signature"] for demo in result.best.state["demos"]) == ["s0", "s1"]
    assert again.outputs == {"lm": "yes"}


@pytest.mark.parametrize(
    ("members", "words"),
    [({"metric": {"kind": "cost", "limitUsd": 1}}, "cost or latency"), ({"format": "auto"}, 'Format "auto"')],
)
def test_what_cannot_be_optimised_is_refused(members: dict[str, Any], words: str) -> None:
    with scripted_model() as script:
        result = Run().run(script, "LabeledFewShot", {}, **members)
    assert not script.requests
    assert (result.status, result.error and result.error.code) == ("failed", "unsupported_option")
    assert words in str(result.error)
