"""Our model engine on DSPy's engine contract: it owns the socket, the clocks and the count of what was used."""

from http.client import HTTPException
from typing import NoReturn

from dspy.clients.engines.base import validate_request
from dspy.lm15 import LM15Error, Request, Response, TransportError

from dspy_worker.runtime.active_call import ActiveCall, ExecutionControl, Phase
from dspy_worker.runtime.connections import ConnectionPool
from dspy_worker.runtime.endpoint import ModelEndpoint
from dspy_worker.runtime.engine_errors import clock_error, refusal_error, stream_error, transport_error
from dspy_worker.runtime.http_call import HttpRefusal, post_chat
from dspy_worker.runtime.meter import CallMeter
from dspy_worker.runtime.wire_reply import ReplyBuilder
from dspy_worker.runtime.wire_request import chat_body


class ModelEngine:
    """Calls one model for one execution; never retries. Implements `dspy.clients.engines.base.Engine`.

    It deliberately has no `dump_state`, so that DSPy refuses to save a program with an address or a key inside.
    """

    supports_function_calling = False
    supports_reasoning = False

    def __init__(
        self, endpoint: ModelEndpoint, *, pool: ConnectionPool, control: ExecutionControl, meter: CallMeter
    ) -> None:
        """Binds the model to the execution that calls it."""
        self.endpoint = endpoint
        self._pool = pool
        self._control = control
        self._meter = meter

    @property
    def supports_response_schema(self) -> bool:
        """Tells DSPy's adapters whether they may send a JSON Schema."""
        return self.endpoint.json_schema

    @property
    def supported_params(self) -> frozenset[str]:
        """Tells DSPy's adapters which optional settings the model's server takes."""
        return frozenset({"response_format"}) if self.endpoint.json_schema else frozenset()

    def complete(self, request: Request) -> Response:
        """Makes one call; raises errors of `dspy.lm15`, or `ExecutionStopped` when the execution was ended."""
        validate_request(request)
        body = chat_body(request, self.endpoint)
        call = self._control.begin()
        try:
            with self._meter.measuring():
                reply = self._receive(body, call)
        except LM15Error:
            raise
        except (OSError, HTTPException, ValueError, HttpRefusal) as error:
            self._raise(error, call)
        finally:
            self._control.finish(call)
        usage = reply.usage
        cost_usd = self.endpoint.cost_usd(usage.input_tokens, usage.output_tokens)
        self._meter.add(usage.input_tokens, usage.output_tokens, cost_usd)
        return reply.response()

    def close(self) -> None:
        """Does nothing: connections belong to the pool."""

    def _receive(self, body: bytes, call: ActiveCall) -> ReplyBuilder:
        reply = ReplyBuilder(self.endpoint.wire_model)
        for chunk in post_chat(self._pool, self.endpoint, body, call):
            if chunk.get("error"):
                raise stream_error(chunk, self.endpoint)
            if reply.add(chunk):
                call.enter(Phase.IDLE)
        if not reply.is_complete:
            message = f"The model server at {self.endpoint.server} ended its answer without saying why."
            raise TransportError(message)
        return reply

    def _raise(self, error: Exception, call: ActiveCall) -> NoReturn:
        # What made the socket fail is known here and nowhere else: our own shutdown looks like a broken connection.
        self._control.raise_if_stopped()
        if call.ended_by is not None and call.ended_by != "stop":
            raise clock_error(call.ended_by, call.limit_s(call.ended_by), self.endpoint) from error
        if isinstance(error, HttpRefusal):
            raise refusal_error(error, self.endpoint) from error
        raise transport_error(error, self.endpoint) from error
