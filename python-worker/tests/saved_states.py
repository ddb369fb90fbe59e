"""Programs of plain DSPy that have learned something, and the files they are saved as."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dspy

STATES = Path(__file__).parents[2] / "libs/contracts/fixtures/program-states"
INSTRUCTIONS = "Answer like a geographer."
DEMO = {"question": "What is the capital of Spain?", "answer": "Madrid"}


SIGNATURE = "question -> answer"


class PlainMajority(dspy.Module):  # type: ignore[misc]
    """A vote as it is written in plain DSPy."""

    def __init__(self) -> None:
        """Makes the predictor that is asked several times."""
        super().__init__()
        self.predict = dspy.Predict(SIGNATURE)


class PlainComparison(dspy.Module):  # type: ignore[misc]
    """A comparison of reasonings as it is written in plain DSPy."""

    def __init__(self) -> None:
        """Makes what reasons and what compares."""
        super().__init__()
        self.attempt = dspy.ChainOfThought(SIGNATURE)
        self.compare = dspy.MultiChainComparison(SIGNATURE, M=3)


def lookup(word: str) -> str:
    """Looks a word up."""
    return word


# Plain DSPy's way to make each module that has a state.
PLAIN: Mapping[str, Callable[[], dspy.Module]] = MappingProxyType(
    {
        "Predict": lambda: dspy.Predict(SIGNATURE),
        "ChainOfThought": lambda: dspy.ChainOfThought(SIGNATURE),
        "Majority": PlainMajority,
        "MultiChainComparison": PlainComparison,
        "BestOfN": lambda: dspy.BestOfN(dspy.Predict(SIGNATURE), 3, lambda _inputs, _answer: 1.0, 1.0),
        "ReAct": lambda: dspy.ReAct(SIGNATURE, tools=[lookup]),
        "Refine": lambda: dspy.Refine(dspy.Predict(SIGNATURE), 3, lambda _inputs, _answer: 1.0, 1.0),
    }
)


def taught(module: dspy.Module, *, lm: dspy.LM | None = None) -> dspy.Module:
    """Gives every predictor of a module a demo, instructions and a description."""
    for predictor in module.predictors():
        described = predictor.signature.with_instructions(INSTRUCTIONS)
        demo = {name: value for name, value in DEMO.items() if name in described.fields}
        predictor.demos = [dspy.Example(**demo, augmented=True).with_inputs("question")]
        if "answer" in demo:
            described = described.with_updated_fields("answer", desc="The name of a city.")
        predictor.signature = described
        predictor.lm = lm
    return module


def saved(module: dspy.Module, folder: Path) -> Any:
    """Returns the JSON that DSPy saves."""
    path = folder / "state.json"
    module.save(str(path))
    return json.loads(path.read_text())


def loaded(module: dspy.Module, state: Any, folder: Path) -> dspy.Module:
    """Loads a state with DSPy from a file."""
    path = folder / "exported.json"
    path.write_text(json.dumps(state))
    module.load(str(path))
    return module
