"""What was tried in a run: every evaluation of a candidate, and the best so far."""

import time
from collections.abc import Sequence
from typing import Any

import dspy
from dspy.utils.callback import BaseCallback

from dspy_worker.contracts.messages import OptimizationCandidate, OptimizationTrial
from dspy_worker.optimize.calls import RunCalls
from dspy_worker.optimize.learned import learned_state
from dspy_worker.optimize.result import Telling
from dspy_worker.runtime.program.programs import Program
from dspy_worker.runtime.values.canonical_json import canonical_json


class TrialLog(BaseCallback):  # type: ignore[misc]
    """Listens to the evaluations that an optimiser makes of its candidates.

    Attributes:
        planned: How many trials the whole run will make, as far as that is known.
        parent: The program as it was.
        best: The best candidate so far.

    """

    def __init__(self, program: Program, valset: Sequence[dspy.Example], calls: RunCalls, telling: Telling) -> None:
        """Takes whom to tell of each trial, in the thread of the run."""
        self.planned: int | None = None
        self.parent: OptimizationCandidate | None = None
        self.best: OptimizationCandidate | None = None
        self._program = program
        self._valset = valset
        self._calls = calls
        self._telling = telling
        self._started = time.monotonic()
        self._open: dict[str, tuple[dspy.Module, Sequence[dspy.Example]]] = {}
        self._scored: set[str] = set()
        self._number = 0

    def has_scored(self, module: dspy.Module) -> bool:
        """Tells whether a candidate with the same state was scored on all validation examples."""
        return canonical_json(learned_state(module, self._program.inner_names)) in self._scored

    def on_evaluate_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:  # noqa: ANN401
        """An evaluation begins."""
        self._open[call_id] = (inputs["program"], inputs.get("devset") or instance.devset)

    def on_evaluate_end(self, call_id: str, outputs: Any, exception: BaseException | None = None) -> None:  # noqa: ANN401
        """An evaluation is over: a trial, unless it was ended."""
        module, devset = self._open.pop(call_id)
        if exception is not None:
            return
        self._number += 1
        score = min(1.0, sum(_number_of(score) for *_, score in outputs.results) / len(devset))
        before = self.best
        is_full = {id(example) for example in devset} == {id(example) for example in self._valset}
        if is_full:
            self._note(module, score)
        calls, usage = self._calls.spent
        self._telling.report(
            OptimizationTrial(
                number=self._number,
                is_full=is_full,
                score=score,
                examples=len(devset),
                best_score=None if self.best is None else self.best.score,
                planned=self.planned,
                calls=calls,
                usage=usage,
                elapsed_ms=(time.monotonic() - self._started) * 1000,
            ),
            self.best if self.best is not before else None,
        )

    def _note(self, module: dspy.Module, score: float) -> None:
        state = learned_state(module, self._program.inner_names)
        self._scored.add(canonical_json(state))
        # Of equals the first stays, so that what is no better than the program as it was does not replace it.
        if self.best is None or score > self.best.score:
            self.best = OptimizationCandidate(trial=self._number, score=score, state=state)
        # The program as it was is what a run scores first.
        self.parent = self.parent or self.best


def _number_of(score: Any) -> float:  # noqa: ANN401 - a number, or one with what was wrong
    return float(score.score) if isinstance(score, dspy.Prediction) else float(score)
