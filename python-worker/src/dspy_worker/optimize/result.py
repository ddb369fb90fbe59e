"""What comes of one optimisation, free of DSPy, so that messaging may know it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from dspy_worker.contracts.messages import OptimizationCandidate, OptimizationTrial, Usage, WireError

UNKNOWN_USAGE = Usage(prompt_tokens=None, completion_tokens=None, cost_usd=None)


class Telling(Protocol):
    """Who is told how a run goes, from any of its threads."""

    def report(self, trial: OptimizationTrial, best: OptimizationCandidate | None) -> None:
        """Takes a trial, and the best candidate if that is a new one."""

    def say(self, text: str) -> None:
        """Takes what DSPy warns of."""

    def spent(self, calls: int, usage: Usage) -> None:
        """Takes, after each answer of a model, how many there were and what they used."""


@dataclass(frozen=True, slots=True)
class OptimizationResult:
    """The end of a run.

    Attributes:
        status: `stopped` if it was ended on request; the best until then is there all the same, as when it failed.
        parent: The program as it was, scored on validation; None if the run ended before that.
        best: The best candidate on validation, which may be the parent itself.
        usage: What the answered model calls used.
        calls: Answers that models gave.

    """

    status: Literal["succeeded", "stopped", "failed"]
    parent: OptimizationCandidate | None = None
    best: OptimizationCandidate | None = None
    error: WireError | None = None
    usage: Usage = UNKNOWN_USAGE
    calls: int = 0
