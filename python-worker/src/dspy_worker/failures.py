"""The worker's own failures, free of DSPy and NATS so that both sides may raise them."""

from collections.abc import Mapping
from typing import Any, Literal

StopReason = Literal["cancelled", "timed_out"]


class WorkerFailure(Exception):  # noqa: N818 - its subclasses name outcomes, not Python errors
    """Ends one execution with a stable error code.

    Attributes:
        code: An error code of the platform's table, snake_case.
        retryable: Whether the same execution may succeed when tried again.
        details: Further JSON for the caller; never a secret.

    """

    code = "worker_unexpected"
    retryable = False

    def __init__(self, message: str, *, details: Mapping[str, Any] | None = None) -> None:
        """Keeps the message for the caller: what is bad, the rule and the remedy."""
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})


class SignatureMismatch(WorkerFailure):
    """The content of a specification does not have the hash it came with."""

    code = "signature_mismatch"


class UnsupportedOption(WorkerFailure):
    """The job asks for something this worker does not have."""

    code = "unsupported_option"


class OutputInvalid(WorkerFailure):
    """The model answered, but not in the form the signature promises."""

    code = "output_invalid"
    retryable = True


class ReplayDiverged(WorkerFailure):
    """A replay asks or answers something else than its original did."""

    code = "replay_diverged"


class WorkerCrashed(WorkerFailure):
    """The job has been delivered too often: it keeps ending the worker that runs it."""

    code = "worker_crashed"


class ServiceUnavailable(WorkerFailure):
    """A service the worker depends on did not answer."""

    code = "service_unavailable"
    retryable = True


class RequestRefused(WorkerFailure):
    """A service answered a request with an error, whose code is passed on."""

    def __init__(self, code: str, message: str, *, retryable: bool, details: Mapping[str, Any]) -> None:
        """Takes over the four members of the wire error."""
        super().__init__(message, details=details)
        self.code = code
        self.retryable = retryable


class ExecutionStopped(BaseException):
    """Ends an execution from outside; a `BaseException`, so that no `except Exception` on the way retries it."""

    def __init__(self, reason: StopReason) -> None:
        """Keeps why the execution was stopped: on request, or because its time ran out."""
        super().__init__(reason)
        self.reason: StopReason = reason
