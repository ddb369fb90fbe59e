import json
import re
from typing import Any

import pytest

from builders import chat_answer, program
from dspy_worker.optimize.result import OptimizationResult
from optimize.parity import SIGNATURE, Run, asked_number, kind_of
from scripted_model import Script, scripted_model

SEED_INSTRUCTIONS = program(SIGNATURE).signature.instructions
BETTER = "Look at the last digit of the number."
# DSPy's proposer of MIPROv2 hands its model all that it has, also what it was told to leave out.
HARMLESS = "These fields will be ignored: ['program_code'"
PROPOSALS = ["Be quick.", "Think of the number.", BETTER, "Be kind."]


class Model:
    """Answers better to a better instruction, and has one among those that it proposes."""

    def __init__(self) -> None:
        self.proposed: list[str] = []

    def __call__(self, body: dict[str, Any]) -> str:
        said = "\n".join(str(message["content"]) for message in body["messages"])
        if "[[ ## kind ## ]]" in str(body["messages"][0]["content"]):
            is_right = BETTER in str(body["messages"][0]["content"])
            return chat_answer(kind=kind_of(asked_number(body)) if is_right else "even")
        if "new_instruction" in said:
            return json.dumps({"new_instruction": self._next()})
        wanted = re.findall(r"\[\[ ## (\w+) ## \]\]", str(body["messages"][-1]["content"]).rsplit("Respond", 1)[-1])
        return chat_answer(
            **{
                name: self._next() if name == "proposed_instruction" else "Numbers."
                for name in wanted
                if name != "completed"
            }
        )

    def _next(self) -> str:
        self.proposed.append(PROPOSALS[len(self.proposed) % len(PROPOSALS)])
        return self.proposed[-1]


def instructions_of(result: OptimizationResult) -> str:
    assert result.best is not None
    return str(result.best.state["signature"]["instructions"])


CASES: list[tuple[str, dict[str, Any]]] = [
    ("MIPROv2", {"numCandidates": 5, "numTrials": 8, "maxBootstrappedDemos": 0, "maxLabeledDemos": 0}),
    ("GEPA", {"maxMetricCalls": 120}),
]


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_the_better_instruction_is_found(name: str, settings: dict[str, Any]) -> None:
    run, model = Run(), Model()
    with scripted_model(Script(reply=model)) as script:
        result = run.run(script, name, settings)
    assert result.parent is not None
    assert result.best is not None
    assert (result.parent.trial, result.parent.score, result.best.score) == (1, 0.5, 1.0)
    assert BETTER in instructions_of(result)
    assert SEED_INSTRUCTIONS not in model.proposed
    assert len(set(model.proposed)) > 1
    assert len([trial for trial in run.trials if trial.is_full]) > 1
    assert [warning for warning in run.said if HARMLESS not in warning] == []


def test_proposals_that_come_to_nothing_are_told() -> None:
    run = Run()
    with scripted_model(Script(reply=chat_answer(kind="even"))) as script:
        result = run.run(script, "GEPA", {"maxMetricCalls": 30})
    assert result.best is not None
    assert result.best.trial == 1
    assert any("reflection failed" in message for message in run.said)


def test_gepa_stops_and_keeps_the_best() -> None:
    run = Run()
    run.stop_after = 4
    with scripted_model(Script(reply=Model())) as script:
        result = run.run(script, "GEPA", {"maxMetricCalls": 1_000})
    assert (result.status, len(run.trials)) == ("stopped", 4)
    assert result.best is not None
