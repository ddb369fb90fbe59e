"""What is said of executions: scores, comments and corrections."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from dspy_nest.call import Call, create_call, list_call
from dspy_nest.transport import Transport

if TYPE_CHECKING:

    class NewFeedback(TypedDict, total=False):
        """What is to be said of an execution: a score, a comment, a correction, or several of these."""

        score: bool | float
        """From 0, bad, to 1, good; True is 1 and False 0."""
        name: str
        """What the score is about; ``rating`` unless given."""
        comment: str
        correction: Mapping[str, Any]
        """The outputs that were wrong, as they should have been."""
        source: Literal["human", "model", "code"]
        author: str


class Feedback:
    """What is said of the executions of a platform."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, execution_id: str, *, idempotency_key: str | None = None, **said: "Unpack[NewFeedback]"
    ) -> dict[str, Any]:
        """Says something of an execution, such as ``score=False, correction={"team": "billing"}``.

        InvalidRequestError names each output that a correction has wrong.
        """
        return self._transport.send(_create(execution_id, said, idempotency_key))

    async def acreate(
        self, execution_id: str, *, idempotency_key: str | None = None, **said: "Unpack[NewFeedback]"
    ) -> dict[str, Any]:
        """Says something of an execution, as ``create`` does."""
        return await self._transport.asend(_create(execution_id, said, idempotency_key))

    def list(self, execution_id: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, by ``limit``, ``cursor``, ``sort`` and ``filter={field: {operator: value}}``."""
        return self._transport.send(list_call(_path(execution_id), query))

    async def alist(self, execution_id: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, as ``list`` gives it."""
        return await self._transport.asend(list_call(_path(execution_id), query))


def _path(execution_id: str) -> str:
    return f"/v1/executions/{execution_id}/feedback"


def _create(execution_id: str, said: Mapping[str, Any], key: str | None) -> Call:
    return create_call(_path(execution_id), said, key)
