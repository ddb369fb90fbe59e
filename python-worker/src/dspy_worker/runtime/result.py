"""What running one job came to."""

from dataclasses import dataclass
from typing import Any

from dspy_worker.contracts.messages import Coercion, TerminalStatus, Usage, WireError

UNKNOWN_USAGE = Usage(prompt_tokens=None, completion_tokens=None, cost_usd=None)


@dataclass(frozen=True, slots=True)
class RunResult:
    """The end of one attempt; times in milliseconds."""

    status: TerminalStatus
    outputs: dict[str, Any] | None = None
    error: WireError | None = None
    coercions: tuple[Coercion, ...] = ()
    usage: Usage = UNKNOWN_USAGE
    worker_ms: float = 0.0
    lm_ms: float = 0.0
