"""Decides whether spans are made; without an OTLP endpoint in the environment their SDK is not even imported."""

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dspy_worker.spans import ExecutionSpan, ModelCallSpan, ToolCallSpan, Tracing

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

_current: ContextVar["ExecutionSpan | None"] = ContextVar("execution_span", default=None)


def start_tracing() -> "Tracing | None":
    """Starts to make spans if an endpoint for them is configured."""
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return None
    from dspy_worker.spans import Tracing  # noqa: PLC0415 - its SDK costs time and memory

    return Tracing()


def enter_execution(span: "ExecutionSpan") -> None:
    """Makes a span the parent of the model calls of this task, and of the threads that are given its context."""
    _current.set(span)


def begin_model_call(model: str, host: str, port: int, body: Mapping[str, Any]) -> "ModelCallSpan | None":
    """Starts the span of a call with the given body in the execution of this thread; None when none is traced."""
    execution = _current.get()
    return None if execution is None else execution.begin_model_call(model, host, port, body)


def begin_tool_call(tool: str) -> "ToolCallSpan | None":
    """Starts the span of a call of a tool in the execution of this thread; None when none is traced."""
    execution = _current.get()
    return None if execution is None else execution.begin_tool_call(tool)
