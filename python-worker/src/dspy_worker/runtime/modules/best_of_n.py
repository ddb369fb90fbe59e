"""The module BestOfN: the answer with the highest reward."""

from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramConfig
from dspy_worker.runtime.modules.attempt import Attempt, attempting, chosen
from dspy_worker.runtime.modules.reward import FieldReward, threshold_of
from dspy_worker.runtime.modules.several import attempts_of, temperature_of

# That of `dspy.BestOfN` and `dspy.Refine`.
TEMPERATURE = 1.0


class BestOfN(dspy.BestOfN):  # type: ignore[misc]
    """`dspy.BestOfN` of one predictor."""

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig) -> None:
        """Makes the predictor and its reward; raises `UnsupportedOption` if the program has none."""
        super().__init__(
            module=Attempt(signature, temperature=temperature_of(config, TEMPERATURE)),
            N=attempts_of(config),
            reward_fn=FieldReward(signature, config),
            threshold=threshold_of(config),
        )

    def forward(self, **inputs: Any) -> dspy.Prediction:  # noqa: ANN401 - any input
        """Returns the best answer; raises `OutputInvalid` if none could be read."""
        with attempting():
            best = super().forward(**inputs)
        return chosen(best, self.N)
