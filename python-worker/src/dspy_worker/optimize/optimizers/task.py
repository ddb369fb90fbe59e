"""What every optimiser is given."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import dspy

from dspy_worker.optimize.examples import ExampleMetric


@dataclass(frozen=True, slots=True)
class Task:
    """One program to improve; there is no place for test examples in it.

    Attributes:
        seed: From which every random choice follows; the same seed gives the same run if the model does.
        threads: Examples that are asked at the same time.
        lm: The model of the program, which also proposes instructions.
        json_adapter: Asks it in JSON, whatever the format of the program.

    """

    student: dspy.Module
    trainset: Sequence[dspy.Example]
    valset: Sequence[dspy.Example]
    metric: ExampleMetric
    seed: int
    threads: int
    lm: dspy.BaseLM = field(repr=False)
    json_adapter: dspy.Adapter = field(repr=False)

    def drawn_trainset(self) -> list[dspy.Example]:
        """Returns the training examples in an order drawn by the seed, for optimisers without a seed of their own."""
        drawn = list(self.trainset)
        random.Random(self.seed).shuffle(drawn)  # noqa: S311 - a draw that can be repeated
        return drawn


def given(value: Any, default: Any) -> Any:  # noqa: ANN401 - any setting
    """Returns a setting, or what holds when nothing was said."""
    return value if isinstance(value, (int, float, str)) else default
