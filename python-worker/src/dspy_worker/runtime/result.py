"""What running one job came to."""

from dataclasses import dataclass
from typing import Any

from dspy_worker.contracts.messages import Coercion, ModelCallV1, Recovery, TerminalStatus, Usage, WireError

UNKNOWN_USAGE = Usage(prompt_tokens=None, completion_tokens=None, cost_usd=None)
NO_RECOVERY = Recovery(model_retries=0, parse_retries=0, repairs=0)


@dataclass(frozen=True, slots=True)
class RunResult:
    """The end of one attempt; times in milliseconds.

    Attributes:
        answered_by: The id of the model whose answer was taken, where several were asked.

    """

    status: TerminalStatus
    outputs: dict[str, Any] | None = None
    error: WireError | None = None
    coercions: tuple[Coercion, ...] = ()
    usage: Usage = UNKNOWN_USAGE
    worker_ms: float = 0.0
    lm_ms: float = 0.0
    parse_ms: float = 0.0
    recovery: Recovery = NO_RECOVERY
    calls: tuple[ModelCallV1, ...] = ()
    answered_by: str | None = None
