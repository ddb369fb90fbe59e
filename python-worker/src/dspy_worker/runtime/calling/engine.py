"""Our model engine on DSPy's engine contract: it owns the socket, the clocks and the count of what was used."""

import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

import orjson
from dspy.clients.engines.base import validate_request
from dspy.lm15 import LM15Error, Request, Response, TransportError

from dspy_worker.errors import error_code
from dspy_worker.failures import ExecutionStopped
from dspy_worker.runtime.calling.engine_errors import (
    address_error,
    clock_error,
    refusal_error,
    stream_error,
    too_large_error,
    transport_error,
)
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.calling.retry import call_with_retries
from dspy_worker.runtime.recording.call_recorder import CallNote
from dspy_worker.runtime.transport.active_call import ActiveCall, Phase
from dspy_worker.runtime.transport.address_guard import AddressRefused
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.runtime.transport.endpoint import ModelEndpoint
from dspy_worker.runtime.transport.http_call import AnswerTooLarge, HttpRefusal, post_chat
from dspy_worker.runtime.transport.wire_reply import ReplyBuilder
from dspy_worker.runtime.transport.wire_request import chat_body
from dspy_worker.tracing import begin_model_call

# What a broken connection, an answer of the wrong form and a refusal are raised as.
_FAILURES = (OSError, HTTPException, ValueError, HttpRefusal)


class ModelEngine:
    """Calls one model for one execution. Implements `dspy.clients.engines.base.Engine`.

    It deliberately has no `dump_state`, so that DSPy refuses to save a program with an address or a key inside.
    """

    supports_function_calling = False
    supports_reasoning = False

    def __init__(self, endpoint: ModelEndpoint, *, pool: ConnectionPool, execution: Execution) -> None:
        """Binds the model to the execution that calls it."""
        self.endpoint = endpoint
        self._pool = pool
        self._execution = execution

    @property
    def supports_response_schema(self) -> bool:
        """Tells DSPy's adapters whether they may send a JSON Schema."""
        return self.endpoint.json_schema

    @property
    def supported_params(self) -> frozenset[str]:
        """Tells DSPy's adapters which optional settings the model's server takes."""
        return frozenset({"response_format"}) if self.endpoint.json_schema else frozenset()

    def complete(self, request: Request) -> Response:
        """Gets an answer, if need be with several calls.

        Raises errors of `dspy.lm15`, or `ExecutionStopped` when the execution was ended.
        """
        validate_request(request)
        body = chat_body(request, self.endpoint)
        encoded = orjson.dumps(body)
        return call_with_retries(
            lambda is_retry: self._call(body, encoded, is_retry=is_retry),
            self._execution.control,
            self._execution.budget,
        )

    def close(self) -> None:
        """Does nothing: connections belong to the pool."""

    def _call(self, body: Mapping[str, Any], encoded: bytes, *, is_retry: bool) -> Response:
        control, meter = self._execution.control, self._execution.meter
        call = control.begin()
        note = self._execution.recorder.begin(self.endpoint.name, body["messages"], is_retry=is_retry)
        server = self.endpoint.server
        span = begin_model_call(self.endpoint.wire_model, server.host, server.port, body)
        teller = self._execution.teller
        reply = ReplyBuilder(self.endpoint.wire_model, on_text=teller.hear if teller is not None else None)
        try:
            if teller is not None:
                teller.begin_call()
            with meter.measuring():
                self._receive(encoded, call, reply, note, span.traceparent if span else None)
        except BaseException as error:
            told = self._told(error, call)
            note.error_code = error_code(told)
            if told is error:
                raise
            raise told from error
        finally:
            control.finish(call)
            self._note_reply(note, reply)
            if span is not None:
                span.end(
                    finish_reason=note.finish_reason,
                    input_tokens=note.prompt_tokens,
                    output_tokens=note.completion_tokens,
                    error_code=note.error_code,
                )
        if teller is not None:
            teller.end_call()
        meter.add(note.prompt_tokens, note.completion_tokens, note.cost_usd)
        return reply.response()

    def _receive(
        self, encoded: bytes, call: ActiveCall, reply: ReplyBuilder, note: CallNote, traceparent: str | None
    ) -> None:
        for chunk in post_chat(self._pool, self.endpoint, encoded, call, traceparent):
            if chunk.get("error"):
                raise stream_error(chunk, self.endpoint)
            if reply.add(chunk):
                call.enter(Phase.IDLE)
                note.note_first_token()
        if reply.finish_reason is None:
            message = f"The model server at {self.endpoint.server} ended its answer without saying why."
            raise TransportError(message)

    def _told(self, error: BaseException, call: ActiveCall) -> BaseException:
        """Says what a failure came from: our own shutdown looks like a broken connection."""
        stopped = self._execution.control.stopped
        if stopped is not None and isinstance(error, Exception):
            return ExecutionStopped(stopped)
        told: BaseException = error
        if isinstance(error, LM15Error) or not isinstance(error, _FAILURES):
            pass
        elif call.ended_by is not None and call.ended_by != "stop":
            told = clock_error(call.ended_by, call.limit_s(call.ended_by), self.endpoint)
        elif isinstance(error, HttpRefusal):
            told = refusal_error(error, self.endpoint)
        elif isinstance(error, AnswerTooLarge):
            told = too_large_error(self.endpoint)
        elif isinstance(error, AddressRefused):
            told = address_error(error, self.endpoint)
        else:
            told = transport_error(error, self.endpoint)
        return told

    def _note_reply(self, note: CallNote, reply: ReplyBuilder) -> None:
        note.duration_s = time.perf_counter() - note.began
        note.finish_reason = reply.finish_reason
        usage = reply.usage
        note.prompt_tokens, note.completion_tokens = usage.input_tokens, usage.output_tokens
        note.cost_usd = self.endpoint.cost_usd(usage.input_tokens, usage.output_tokens)
        if note.error_code is None or reply.text:
            note.completion = reply.text
