"""The module Majority: the answer that most of several attempts agree on."""

from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramConfig
from dspy_worker.runtime.agreement import agreement_key, most_agreed
from dspy_worker.runtime.modules.several import attempts_of, rollouts, temperature_of

# What DSPy takes when it asks for several answers and nobody said how they are to differ.
_TEMPERATURE = 0.7


class Majority(dspy.Module):  # type: ignore[misc]
    """Asks one predictor several times at once and votes on its last output with `dspy.majority`.

    In a tie the earliest attempt wins.
    """

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig) -> None:
        """Makes the predictor; a temperature of the program goes before the usual one."""
        super().__init__()
        self.attempts = attempts_of(config)
        self.predict = dspy.Predict(signature, temperature=temperature_of(config, _TEMPERATURE))

    def forward(self, **inputs: Any) -> dspy.Prediction:  # noqa: ANN401 - any input
        """Returns the first of the answers that most agree with."""
        answers = rollouts(self.predict, inputs, self.attempts)
        name, field = list(self.predict.signature.output_fields.items())[-1]
        is_text = field.annotation is str
        return most_agreed(answers, lambda answer: agreement_key(answer[name], is_text=is_text))
