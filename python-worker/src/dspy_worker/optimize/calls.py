"""Model calls of an optimisation: through the worker's own transport, each for itself, all counted together."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import dspy
from dspy.lm15 import LM15Error, Request, Response

from dspy_worker.contracts.messages import Usage
from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.calling.execution import Execution, running
from dspy_worker.runtime.calling.meter import CallMeter
from dspy_worker.runtime.calling.recovery import RecoveryBudget
from dspy_worker.runtime.formats.adapters import adapter_for
from dspy_worker.runtime.recording.call_recorder import CallRecorder
from dspy_worker.runtime.recording.coercion_log import CoercionLog
from dspy_worker.runtime.transport.active_call import ExecutionControl
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.runtime.transport.endpoint import ModelEndpoint

# After so many failures in a row, each with its retries, a model is taken to be gone and the run ends.
MAX_FAILURES_IN_A_ROW = 5

_asking: ContextVar[Execution | None] = ContextVar("asking", default=None)


class RunCalls:
    """What all model calls of one run share: its stop, its spend, and whether the model still answers."""

    def __init__(
        self,
        control: ExecutionControl,
        on_answer: Callable[[int, Usage], None],
        *,
        max_retries: int,
        has_strict_outputs: bool,
    ) -> None:
        """Takes who is told after each answer how many there were and what they used.

        `max_retries` is how often one call may be made again; strict outputs are such that no value may be mended.
        """
        self.control = control
        self.failure: LM15Error | None = None
        self._max_retries = max_retries
        self._has_strict_outputs = has_strict_outputs
        self._meter = CallMeter()
        self._lock = threading.Lock()
        self._failures = 0
        self._on_answer = on_answer

    @property
    def spent(self) -> tuple[int, Usage]:
        """Answers that models gave, and what these used; what is not known is None."""
        calls, (prompt_tokens, completion_tokens, cost_usd) = self._meter.spent
        return calls, Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, cost_usd=cost_usd)

    def begin(self) -> Execution:
        """Makes the surroundings of one question to a model, so that threads of one run do not meet in them."""
        return Execution(
            self.control,
            self._meter,
            RecoveryBudget(self._max_retries),
            CallRecorder(attempt=1, keeps_texts=False),
            CoercionLog(keeps_contents=False),
            has_strict_outputs=self._has_strict_outputs,
        )

    def note_answer(self) -> None:
        """A model answered."""
        with self._lock:
            self._failures = 0
        self._on_answer(*self.spent)

    def note_failure(self, error: LM15Error) -> None:
        """A model did not answer; too many in a row stop the run with this error."""
        with self._lock:
            self._failures += 1
            if self._failures < MAX_FAILURES_IN_A_ROW or self.failure is not None:
                return
            self.failure = error
        self.control.stop("cancelled")


class RunEngine(ModelEngine):
    """Calls one model for a whole run, from any of its threads."""

    def __init__(self, endpoint: ModelEndpoint, *, pool: ConnectionPool, calls: RunCalls) -> None:
        """Binds the model to the run that calls it."""
        super().__init__(endpoint, pool=pool, execution=calls.begin())
        self._calls = calls

    def complete(self, request: Request) -> Response:
        """Gets an answer for the question that this thread asks, or for one that an optimiser asks without a format."""
        execution = _asking.get() or self._calls.begin()
        try:
            response = ModelEngine(self.endpoint, pool=self._pool, execution=execution).complete(request)
        except LM15Error as error:
            self._calls.note_failure(error)
            raise
        self._calls.note_answer()
        return response


class RunAdapter(dspy.Adapter):  # type: ignore[misc]
    """Asks in one format, each time with surroundings of its own."""

    def __init__(self, format_name: str, endpoint: ModelEndpoint, calls: RunCalls) -> None:
        """Takes the format; raises `UnsupportedOption` for one that there is not."""
        super().__init__()
        adapter_for(format_name, endpoint, calls.begin())
        self._format = format_name
        self._endpoint = endpoint
        self._calls = calls

    def __call__(
        self,
        lm: dspy.BaseLM,
        lm_kwargs: dict[str, Any],
        signature: type[dspy.Signature],
        demos: list[dict[str, Any]],
        inputs: dict[str, Any],
    ) -> list[dict[str, Any]]:
        """Asks the model as an execution of a program would."""
        execution = self._calls.begin()
        # A tool that the answer names is called in this thread afterwards, and belongs to the same question.
        running.set(execution)
        with _asked(execution):
            adapter = adapter_for(self._format, self._endpoint, execution)
            return list(adapter(lm, lm_kwargs, signature, demos, inputs))


@contextmanager
def _asked(execution: Execution) -> Iterator[None]:
    token = _asking.set(execution)
    try:
        yield
    finally:
        _asking.reset(token)
