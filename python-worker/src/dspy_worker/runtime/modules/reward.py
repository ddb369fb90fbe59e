"""What tells a better answer from a worse one."""

from collections.abc import Mapping
from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramConfig, Reward
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.modules.attempt import is_unreadable
from dspy_worker.runtime.program.signatures import field_of

WORST = -float("inf")


class FieldReward:
    """The reward is the value of an output that is a number, or 1 for true."""

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig) -> None:
        """Takes the signature and the settings of the program; raises `UnsupportedOption` if they name no output."""
        named = config.reward.field if isinstance(config.reward, Reward) else None
        outputs = signature.output_fields.items()
        inner = next((inner for inner, info in outputs if field_of(inner, info).name == named), None)
        if inner is None:
            message = "The program has no reward: config.reward.field must name an output that is a number."
            raise UnsupportedOption(message)
        self.field = inner

    def __call__(self, _inputs: Mapping[str, Any], answer: dspy.Prediction) -> float:
        """Returns the reward of an answer, the worst for one that could not be read."""
        return WORST if is_unreadable(answer) else float(answer[self.field])


def threshold_of(config: ProgramConfig) -> float:
    """Returns the reward that is good enough; without one none is, so that all attempts are made."""
    return config.threshold if isinstance(config.threshold, (int, float)) else float("inf")
