"""Spans of executions and of their model calls, by OpenTelemetry's conventions and without any content.

Imported by `dspy_worker.tracing` only, and only when spans are wanted.
"""

from collections.abc import Mapping
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from dspy_worker import __version__

SERVICE_NAME = "dspy-nest-worker"
# The settings of a request that the conventions name, by their names on the wire.
_REQUEST_SETTINGS = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "seed": "gen_ai.request.seed",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "max_tokens": "gen_ai.request.max_tokens",
    "max_completion_tokens": "gen_ai.request.max_tokens",
}


class ModelCallSpan:
    """The span of one call to a model."""

    def __init__(self, span: Span) -> None:
        """Takes the running span."""
        self._span = span
        self.traceparent = _traceparent(span)

    def end(
        self, *, finish_reason: str | None, input_tokens: int | None, output_tokens: int | None, error_code: str | None
    ) -> None:
        """Ends the span with what the model's server said."""
        if finish_reason is not None:
            self._span.set_attribute("gen_ai.response.finish_reasons", [finish_reason])
        if input_tokens is not None:
            self._span.set_attribute("gen_ai.usage.input_tokens", input_tokens)
        if output_tokens is not None:
            self._span.set_attribute("gen_ai.usage.output_tokens", output_tokens)
        _end(self._span, error_code)


class ToolCallSpan:
    """The span of one call of a tool."""

    def __init__(self, span: Span) -> None:
        """Takes the running span."""
        self._span = span

    def end(self, *, error_code: str | None) -> None:
        """Ends the span."""
        _end(self._span, error_code)


class ExecutionSpan:
    """The span of one attempt at an execution."""

    def __init__(self, span: Span, tracer: Tracer) -> None:
        """Takes the running span and what makes its children."""
        self._span = span
        self._tracer = tracer
        self.traceparent = _traceparent(span)

    def begin_model_call(self, model: str, host: str, port: int, body: Mapping[str, Any]) -> ModelCallSpan:
        """Starts the span of one call with its request's settings."""
        attributes: dict[str, str | int | float] = {
            "gen_ai.operation.name": "chat",
            # The conventions' name for whatever speaks OpenAI's protocol; the server tells them apart.
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "server.address": host,
            "server.port": port,
        }
        attributes |= {name: body[key] for key, name in _REQUEST_SETTINGS.items() if body.get(key) is not None}
        parent = set_span_in_context(self._span)
        return ModelCallSpan(
            self._tracer.start_span(f"chat {model}", parent, kind=SpanKind.CLIENT, attributes=attributes)
        )

    def begin_tool_call(self, tool: str) -> ToolCallSpan:
        """Starts the span of one call of a tool; what it is called with is content and stays out."""
        attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}
        parent = set_span_in_context(self._span)
        return ToolCallSpan(
            self._tracer.start_span(f"execute_tool {tool}", parent, kind=SpanKind.CLIENT, attributes=attributes)
        )

    def end(self, outcome: str, error_code: str | None) -> None:
        """Ends the span with how the attempt ended and the code of its error."""
        self._span.set_attribute("dspy_nest.execution.outcome", outcome)
        _end(self._span, error_code)


class Tracing:
    """Makes spans and sends them to the endpoint in the background."""

    def __init__(self) -> None:
        """Starts the SDK, which reads its settings (`OTEL_*`) from the environment."""
        resource = Resource.create({"service.name": SERVICE_NAME, "service.version": __version__})
        # The worker closes it itself, and in time: the SDK's own handler would wait for an endpoint that is away.
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("dspy_worker", __version__)

    def begin_execution(
        self, program: str, traceparent: str | None, attributes: Mapping[str, str | int]
    ) -> ExecutionSpan:
        """Starts the span of an attempt, as a child of what asked for the execution."""
        parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent or ""})
        named = {f"dspy_nest.{name}": value for name, value in attributes.items()}
        span = self._tracer.start_span(f"execute {program}", parent, kind=SpanKind.CONSUMER, attributes=named)
        return ExecutionSpan(span, self._tracer)

    def close(self) -> None:
        """Sends what is left; blocks for as long as the endpoint lets it."""
        self._provider.shutdown()


def _traceparent(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _end(span: Span, error_code: str | None) -> None:
    if error_code is not None:
        span.set_attribute("error.type", error_code)
        span.set_status(StatusCode.ERROR, error_code)
    span.end()
