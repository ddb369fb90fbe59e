"""What all model calls of one execution share."""

from contextvars import ContextVar
from dataclasses import dataclass

from dspy_worker.runtime.calling.meter import CallMeter
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.calling.teller import Teller
from dspy_worker.runtime.recording.call_recorder import CallRecorder
from dspy_worker.runtime.recording.coercion_log import CoercionLog
from dspy_worker.runtime.transport.active_call import CallLimits, ExecutionControl


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution while it runs: its stop, what it used, what it may do again, its calls, and what was mended.

    Attributes:
        has_strict_outputs: Whether no value of an answer may be mended.
        teller: Who tells of it while it runs, if anybody wants to know.

    """

    control: ExecutionControl
    meter: CallMeter
    budget: RecoveryBudget
    recorder: CallRecorder
    coercions: CoercionLog
    has_strict_outputs: bool = False
    teller: Teller | None = None

    def branch(self) -> "Execution":
        """Returns the part of the execution that asks one of several models beside the others, and tells nobody."""
        return Execution(
            self.control.branch(),
            self.meter,
            self.budget.branch(),
            self.recorder,
            self.coercions.branch(),
            has_strict_outputs=self.has_strict_outputs,
        )

    def turn(self, limits: CallLimits, *, is_last: bool) -> "Execution":
        """Returns the part of the execution that asks one of several models in its turn, by clocks of its own.

        While another model is left a call that failed is not made again.
        """
        return Execution(
            self.control.branch(limits),
            self.meter,
            self.budget.branch(repeats_calls=is_last),
            self.recorder,
            self.coercions.branch(),
            has_strict_outputs=self.has_strict_outputs,
            teller=self.teller,
        )


# The execution that the thread runs, for what a program calls beside models.
running: ContextVar[Execution] = ContextVar("running")
