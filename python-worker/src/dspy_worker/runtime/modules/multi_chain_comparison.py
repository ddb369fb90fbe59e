"""The module MultiChainComparison: several reasonings, and an answer that was found by comparing them."""

from typing import Any

import dspy

from dspy_worker.contracts.messages import ProgramConfig
from dspy_worker.runtime.modules.chain_of_thought import REASONING, chain_of_thought
from dspy_worker.runtime.modules.several import attempts_of, rollouts, temperature_of

# That of `dspy.MultiChainComparison`.
_TEMPERATURE = 0.7


class MultiChainComparison(dspy.Module):  # type: ignore[misc]
    """Asks `dspy.ChainOfThought` several times at once and gives the answers to `dspy.MultiChainComparison`."""

    def __init__(self, signature: type[dspy.Signature], config: ProgramConfig) -> None:
        """Makes both; a temperature of the program goes before DSPy's for them."""
        super().__init__()
        self.attempts = attempts_of(config)
        temperature = temperature_of(config, _TEMPERATURE)
        self.attempt = chain_of_thought(signature, temperature=temperature)
        self.compare = dspy.MultiChainComparison(signature, M=self.attempts, temperature=temperature)

    def forward(self, **inputs: Any) -> dspy.Prediction:  # noqa: ANN401 - any input
        """Returns what came out of the comparison."""
        answers = rollouts(self.attempt, inputs, self.attempts)
        completions = [{**answer, REASONING: _text(answer[REASONING])} for answer in answers]
        return self.compare(completions, **inputs)


def _text(reasoning: str | list[str]) -> str:
    """Gives a reasoning as one line, for DSPy takes the first and no list."""
    steps = reasoning.splitlines() if isinstance(reasoning, str) else reasoning
    return " ".join(step.strip() for step in steps)
