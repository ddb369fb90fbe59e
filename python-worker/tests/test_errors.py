import dspy
import pytest
from dspy.utils import exceptions as dspy_errors

from dspy_worker.contracts.error_codes import RETRYABLE
from dspy_worker.errors import to_wire_error
from dspy_worker.failures import (
    ExecutionStopped,
    OutputInvalid,
    RequestRefused,
    ServiceUnavailable,
    SignatureMismatch,
    UnsupportedOption,
    WorkerCrashed,
    WorkerFailure,
)

PARSE_ERROR = dspy_errors.AdapterParseError(
    "ChatAdapter", dspy.Signature("question -> answer"), "x" * 1000, message="no field"
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ExecutionStopped("cancelled"), "cancelled"),
        (ExecutionStopped("timed_out"), "timed_out"),
        (OutputInvalid("m"), "output_invalid"),
        (SignatureMismatch("m"), "signature_mismatch"),
        (UnsupportedOption("m"), "unsupported_option"),
        (WorkerCrashed("m"), "worker_crashed"),
        (ServiceUnavailable("m"), "service_unavailable"),
        (WorkerFailure("m"), "worker_unexpected"),
        (PARSE_ERROR, "output_invalid"),
        (dspy_errors.LMRateLimitError("m"), "model_unavailable"),
        (dspy_errors.LMServerError("m"), "model_unavailable"),
        (dspy_errors.LMTimeoutError("m"), "model_unavailable"),
        (dspy_errors.LMTransportError("m"), "model_unavailable"),
        (dspy_errors.LMAuthError("m"), "model_error"),
        (dspy_errors.LMBillingError("m"), "model_error"),
        (dspy_errors.LMInvalidRequestError("m"), "model_error"),
        (dspy_errors.ContextWindowExceededError(message="m"), "model_error"),
        (dspy_errors.LMUnsupportedFeatureError("m"), "model_error"),
        (dspy_errors.LMUnexpectedError("m"), "worker_unexpected"),
        (RuntimeError("m"), "worker_unexpected"),
        (MemoryError(), "worker_unexpected"),
    ],
)
def test_every_failure_has_a_code_of_the_table(error: BaseException, code: str) -> None:
    wire = to_wire_error(error)
    assert wire.code == code
    assert wire.retryable == next(value for name, value in RETRYABLE.items() if name == code)
    assert wire.message


def test_the_message_of_an_unknown_error_stays_inside() -> None:
    for error in (RuntimeError("/etc/secret sk-123"), dspy_errors.LMUnexpectedError("/etc/secret sk-123")):
        wire = to_wire_error(error)
        assert "secret" not in wire.message
        assert type(error).__name__ in wire.message


def test_an_answer_that_cannot_be_read_is_quoted_in_part() -> None:
    message = to_wire_error(PARSE_ERROR).message
    assert 'the outputs "answer"' in message
    assert "x" * 300 + "…" in message
    assert "x" * 301 not in message


def test_what_a_service_refused_is_passed_on() -> None:
    refusal = RequestRefused("model_not_found", "no such model", retryable=False, details={"errors": []})
    assert to_wire_error(refusal).to_wire() == {
        "code": "model_not_found",
        "message": "no such model",
        "retryable": False,
        "details": {"errors": []},
    }
