"""The one place where exceptions become wire errors."""

from types import MappingProxyType
from typing import Any

from dspy import lm15
from dspy.utils import exceptions as dspy_errors

from dspy_worker.contracts.error_codes import RETRYABLE, ErrorCode
from dspy_worker.contracts.messages import ErrorDetails, WireError
from dspy_worker.failures import ExecutionStopped, WorkerFailure
from dspy_worker.runtime.validation.field_check import fault_items

_MAX_MESSAGE = 2_000
_GUIDANCE_MARK = "\n\n  To fix:"

# Specific classes precede their parents.
_CODES: tuple[tuple[type[BaseException], ErrorCode], ...] = (
    (dspy_errors.AdapterParseError, "output_invalid"),
    (dspy_errors.LMRateLimitError, "model_unavailable"),
    (dspy_errors.LMServerError, "model_unavailable"),
    (dspy_errors.LMTimeoutError, "model_unavailable"),
    (dspy_errors.LMTransportError, "model_unavailable"),
    (dspy_errors.LMStreamAssemblyError, "model_unavailable"),
    (dspy_errors.LMUnexpectedError, "worker_unexpected"),
    (dspy_errors.LMError, "model_error"),
    # The same below DSPy, where single calls end.
    (lm15.RateLimitError, "model_unavailable"),
    (lm15.ServerError, "model_unavailable"),
    (lm15.TimeoutError, "model_unavailable"),
    (lm15.TransportError, "model_unavailable"),
    (lm15.LM15Error, "model_error"),
)
_STOPPED = MappingProxyType(
    {
        "cancelled": "The execution was cancelled.",
        "timed_out": "The execution did not end in time. Allow more with timeoutMs, or use a faster model.",
    }
)


def to_wire_error(error: BaseException) -> WireError:
    """Maps any exception to its code, a message for the caller, and whether another try may end better.

    What is not known gets a general message: its own could hold anything, and the log has it.
    """
    if isinstance(error, ExecutionStopped):
        return _wire(error.reason, _STOPPED[error.reason])
    if isinstance(error, WorkerFailure):
        return _wire(error.code, error.message, retryable=error.retryable, details=error.details)
    code = error_code(error)
    if code != "worker_unexpected":
        return _wire(code, _message(error), details=_details(error))
    message = (
        f"The worker met an unexpected {type(error).__name__}. Its log has the particulars under this execution's id; "
        "please report it."
    )
    return _wire("worker_unexpected", message)


def error_code(error: BaseException) -> str:
    """Returns the code of any exception, `worker_unexpected` for what is not known."""
    if isinstance(error, ExecutionStopped):
        return error.reason
    if isinstance(error, WorkerFailure):
        return error.code
    return next((code for kind, code in _CODES if isinstance(error, kind)), "worker_unexpected")


def _wire(
    code: str, message: str, *, retryable: bool | None = None, details: dict[str, Any] | None = None
) -> WireError:
    known = next((value for name, value in RETRYABLE.items() if name == code), False)
    return WireError(
        code=code,
        message=message[:_MAX_MESSAGE],
        retryable=known if retryable is None else retryable,
        details=ErrorDetails.from_wire(details or {}),
    )


def _message(error: BaseException) -> str:
    if isinstance(error, dspy_errors.AdapterParseError):
        return _parse_message(error)
    # DSPy and lm15 add advice for who calls them from Python, which no caller of the platform can follow.
    said = str(getattr(error, "message", "") or error)
    return said.split(_GUIDANCE_MARK, 1)[0].strip()


def _parse_message(error: BaseException) -> str:
    signature = getattr(error, "signature", None)
    expected = ", ".join(f'"{name}"' for name in getattr(signature, "output_fields", {}))
    answered = str(getattr(error, "lm_response", ""))
    shown = answered if len(answered) <= 300 else f"{answered[:300]}…"  # noqa: PLR2004 - enough to recognise it
    problem = getattr(error, "problem", "It has no text.")
    return (
        f"The model's answer could not be read as the outputs {expected}. {problem} It answered: {shown!r}. Try again, "
        "choose another format, or use a more capable model."
    )


def _details(error: BaseException) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if faults := getattr(error, "faults", ()):
        details["errors"] = fault_items(faults)
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        details["retryAfterS"] = float(retry_after)
    if (status := getattr(error, "status", None)) is not None:
        details["httpStatus"] = status
    return details
