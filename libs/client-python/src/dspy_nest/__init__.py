"""The Python client of a DSPy-Nest platform."""

from dspy_nest.batches import BatchResult
from dspy_nest.client import Client
from dspy_nest.errors import (
    ConflictError,
    ConnectionFailedError,
    DspyNestError,
    EvaluationFailedError,
    ExecutionFailedError,
    FieldError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    OptimizationFailedError,
    OverloadedError,
    RequestTimeoutError,
    UnauthorizedError,
    UnavailableError,
    UnexpectedAnswerError,
)
from dspy_nest.evaluation_result import EvaluationResult
from dspy_nest.events import Event
from dspy_nest.prediction import Prediction
from dspy_nest.program import Program
from dspy_nest.retry import Retry

__all__ = [
    "BatchResult",
    "Client",
    "ConflictError",
    "ConnectionFailedError",
    "DspyNestError",
    "EvaluationFailedError",
    "EvaluationResult",
    "Event",
    "ExecutionFailedError",
    "FieldError",
    "ForbiddenError",
    "InvalidRequestError",
    "NotFoundError",
    "OptimizationFailedError",
    "OverloadedError",
    "Prediction",
    "Program",
    "RequestTimeoutError",
    "Retry",
    "UnauthorizedError",
    "UnavailableError",
    "UnexpectedAnswerError",
]
