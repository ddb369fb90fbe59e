"""What the client raises: one class for each thing that a caller may want to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

RETRYABLE_CODES = frozenset(
    {
        "idempotency_key_in_flight",
        "import_in_progress",
        "overloaded",
        "too_many_requests",
        "output_invalid",
        "model_unavailable",
        "no_worker",
        "service_unavailable",
        "timed_out",
    }
)
# What proxies answer when they cannot reach the platform.
_RETRYABLE_STATUSES = frozenset({408, 425, 429, 502, 503, 504})
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One place in what was sent, as a JSON pointer, and what is wrong there."""

    pointer: str
    code: str
    message: str
    hint: str | None = None


class DspyNestError(Exception):
    """Everything that the client raises."""

    def __init__(  # noqa: PLR0913 - the facts of an error, all by name
        self,
        message: str,
        *,
        code: str,
        retryable: bool = False,
        status: int | None = None,
        retry_after_s: float | None = None,
        trace_id: str | None = None,
        errors: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        """Stable; tell errors apart by it."""
        self.retryable = retryable
        """Whether the same may go well later."""
        self.status = status
        self.retry_after_s = retry_after_s
        self.trace_id = trace_id
        """Finds the request in the platform's logs and traces."""
        self.errors = errors
        """What is wrong, place by place."""


class InvalidRequestError(DspyNestError):
    """What was sent is wrong: inputs that do not fit, an option that is not known."""


class UnauthorizedError(DspyNestError):
    """The platform does not know who asks."""


class ForbiddenError(DspyNestError):
    """The platform does not let this caller do this."""


class NotFoundError(DspyNestError):
    """There is no such program, version or execution."""


class ConflictError(DspyNestError):
    """Something else came first."""


class OverloadedError(DspyNestError):
    """The platform turned the request away; nothing was made."""


class UnavailableError(DspyNestError):
    """The platform, or what it needs, does not answer."""


class ConnectionFailedError(DspyNestError):
    """There was no answer: nothing listens, or the connection broke."""


class RequestTimeoutError(DspyNestError):
    """There was no answer in time."""


class UnexpectedAnswerError(DspyNestError):
    """The answer is not one of DSPy-Nest."""


class ExecutionFailedError(DspyNestError):
    """The execution ended, but not well; it is in ``execution``."""

    execution: Mapping[str, Any]


class EvaluationFailedError(DspyNestError):
    """The evaluation that was waited for was not completed; it is in ``evaluation``."""

    evaluation: Mapping[str, Any]


class OptimizationFailedError(DspyNestError):
    """The optimisation that was waited for was not completed; it is in ``optimization``."""

    optimization: Mapping[str, Any]


_CLASSES: Mapping[int, type[DspyNestError]] = {
    HTTPStatus.BAD_REQUEST: InvalidRequestError,
    HTTPStatus.UNAUTHORIZED: UnauthorizedError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.PRECONDITION_FAILED: ConflictError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: InvalidRequestError,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: InvalidRequestError,
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidRequestError,
    HTTPStatus.TOO_MANY_REQUESTS: OverloadedError,
    HTTPStatus.BAD_GATEWAY: UnavailableError,
    HTTPStatus.SERVICE_UNAVAILABLE: UnavailableError,
    HTTPStatus.GATEWAY_TIMEOUT: UnavailableError,
}


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; raises what the answer says went wrong."""
    body = _object_of(response)
    if response.status_code in _SUCCESS and body is not None:
        return body
    raise error_of(response.status_code, body, str(response.url))


def error_of(status: int, problem: Mapping[str, Any] | None, url: str) -> DspyNestError:
    """The error that an answer without success is."""
    code, detail = (problem or {}).get("code"), (problem or {}).get("detail")
    if problem is None or not isinstance(code, str) or not isinstance(detail, str):
        message = (
            f"{url} answered {status} in a form that DSPy-Nest does not use: another program answers there. "
            "Check the url of the client, and proxies on the way."
        )
        return UnexpectedAnswerError(
            message, code="unexpected_answer", retryable=status in _RETRYABLE_STATUSES, status=status
        )
    execution = problem.get("execution")
    facts: dict[str, Any] = {
        "code": code,
        "retryable": _is_retryable(code, execution),
        "status": status,
        "retry_after_s": problem.get("retryAfterS"),
        "trace_id": problem.get("traceId"),
        "errors": tuple(_field_error(item) for item in problem.get("errors", ())),
    }
    if isinstance(execution, dict):
        return failed_execution(detail, execution, facts)
    return _CLASSES.get(status, DspyNestError)(detail, **facts)


def failed_execution(
    message: str, execution: Mapping[str, Any], facts: Mapping[str, Any] | None = None
) -> ExecutionFailedError:
    """The error of an execution that ended otherwise than well."""
    wire = execution.get("error") or {}
    known = facts or {
        "code": wire.get("code", execution["status"]),
        "retryable": bool(wire.get("retryable", False)),
        "trace_id": execution.get("traceId"),
    }
    error = ExecutionFailedError(message, **known)
    error.execution = execution
    return error


def failed_evaluation(evaluation: Mapping[str, Any]) -> EvaluationFailedError:
    """The error of an evaluation that ended otherwise than completed."""
    failure = EvaluationFailedError(**_end_of("evaluation", evaluation))
    failure.evaluation = evaluation
    return failure


def failed_optimization(optimization: Mapping[str, Any]) -> OptimizationFailedError:
    """The error of an optimisation that ended otherwise than completed."""
    failure = OptimizationFailedError(**_end_of("optimisation", optimization))
    failure.optimization = optimization
    return failure


def _end_of(kind: str, ended: Mapping[str, Any]) -> dict[str, Any]:
    error = ended.get("error") or {}
    return {
        "message": error.get("message") or f"The {kind} ended as {ended['status']}.",
        "code": error.get("code") or ended["status"],
        "retryable": bool(error.get("retryable")),
        "trace_id": ended.get("traceId"),
    }


def _is_retryable(code: str, execution: Any) -> bool:  # noqa: ANN401 - any JSON
    wire = execution.get("error") if isinstance(execution, dict) else None
    return bool(wire["retryable"]) if isinstance(wire, dict) else code in RETRYABLE_CODES


def _field_error(item: Mapping[str, Any]) -> FieldError:
    return FieldError(item.get("pointer", ""), item.get("code", ""), item.get("message", ""), item.get("hint"))


def _object_of(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
