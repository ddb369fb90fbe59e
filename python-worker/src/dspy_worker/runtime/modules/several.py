"""What the modules that ask for several answers have in common."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramConfig
from dspy_worker.runtime.modules.side_by_side import side_by_side

_ATTEMPTS = 3


def attempts_of(config: ProgramConfig) -> int:
    """Returns how many answers a program asks for."""
    return config.attempts if isinstance(config.attempts, int) else _ATTEMPTS


def temperature_of(config: ProgramConfig, usual: float) -> float:
    """Returns the temperature of a predictor whose answers have to differ: the usual, if the program has none.

    As a setting of the predictor it goes before what a saved state brings.
    """
    return config.temperature if isinstance(config.temperature, (int, float)) else usual


def rollouts(module: dspy.Module, inputs: Mapping[str, Any], count: int) -> list[dspy.Prediction]:
    """Asks a module several times at once and returns its answers in the order of the attempts.

    Each has a rollout id of its own, by which DSPy tells calls apart that are otherwise alike. Raises what the first
    attempt that failed raised.
    """
    return side_by_side([partial(module, **inputs, config={"rollout_id": number}) for number in range(count)])
