"""One execution that is asked for and followed by one request, and by others when the connection breaks."""

from dataclasses import replace

import httpx

from dspy_nest.call import Call
from dspy_nest.errors import UnexpectedAnswerError

_STREAM = {"accept": "text/event-stream"}


class StreamedRun:
    """Asks for an execution until there is one, and then for what happens to it."""

    def __init__(self, call: Call) -> None:
        self._call = replace(call, headers={**call.headers, **_STREAM})
        self.execution_id: str | None = None

    def call(self, last: int) -> Call:
        """The request for the events after one of them."""
        if self.execution_id is None:
            return self._call
        headers = {**_STREAM, "last-event-id": str(last)}
        path = f"/v1/executions/{self.execution_id}/events"
        return Call("GET", path, self._call.timeout_s, repeatable=True, headers=headers)

    def note(self, response: httpx.Response) -> None:
        """Takes from an answer which execution it is about."""
        if self.execution_id is not None:
            return
        location = response.headers.get("location")
        if location is None:
            message = f"{response.url} answered without a Location: another program answers there."
            raise UnexpectedAnswerError(message, code="unexpected_answer", status=response.status_code)
        self.execution_id = location.rsplit("/", 1)[-1]
