"""The model engine of a replay: it opens no connection."""

from dspy.clients.engines.base import validate_request
from dspy.lm15 import Request, Response

from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.calling.execution import Execution
from dspy_worker.runtime.calling.recording import Recording
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.runtime.transport.endpoint import ModelEndpoint
from dspy_worker.runtime.transport.wire_reply import ReplyBuilder
from dspy_worker.runtime.transport.wire_request import chat_body


class ReplayEngine(ModelEngine):
    """Answers for a model with what it said when the execution was recorded."""

    def __init__(
        self, endpoint: ModelEndpoint, *, pool: ConnectionPool, execution: Execution, recording: Recording
    ) -> None:
        """Binds the recording to the execution that replays it."""
        super().__init__(endpoint, pool=pool, execution=execution)
        self._recording = recording

    def complete(self, request: Request) -> Response:
        """Gets the recorded answer; raises `ReplayDiverged` if something else was asked."""
        validate_request(request)
        self._execution.control.raise_if_stopped()
        teller = self._execution.teller
        messages = chat_body(request, self.endpoint)["messages"]
        note = self._execution.recorder.begin(self.endpoint.name, messages, is_retry=False)
        call = self._recording.take(messages)
        note.finish_reason = call.finish_reason
        reply = ReplyBuilder(self.endpoint.wire_model, on_text=teller.hear if teller is not None else None)
        if teller is not None:
            teller.begin_call()
        reply.add({"choices": [{"delta": {"content": call.completion}, "finish_reason": call.finish_reason}]})
        if teller is not None:
            teller.end_call()
        self._execution.meter.add(0, 0, 0.0)
        return reply.response()
