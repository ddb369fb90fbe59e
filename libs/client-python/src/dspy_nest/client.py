"""The door to a platform."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from dspy_nest.batches import BatchResult, to_result
from dspy_nest.call import Call, action_call, read_call
from dspy_nest.datasets import Datasets
from dspy_nest.evaluations import Evaluations
from dspy_nest.feedback import Feedback
from dspy_nest.metrics import Metrics
from dspy_nest.optimizations import Optimizations
from dspy_nest.prediction import to_prediction
from dspy_nest.program import LONGEST_S, Options, Program
from dspy_nest.retry import Retry
from dspy_nest.transport import Transport

if TYPE_CHECKING:
    from dspy_nest.program import ProgramOptions

_DEFAULT_URL = "http://127.0.0.1:4000"


class Client:
    """A platform, by the address of its gateway.

    What is not given is read from ``DSPY_NEST_URL`` and ``DSPY_NEST_API_KEY``.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        retry: Retry | None = None,
    ) -> None:
        self.url = (url or os.environ.get("DSPY_NEST_URL") or _DEFAULT_URL).rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            message = f"The url {self.url!r} is no http or https address. Write one such as {_DEFAULT_URL}."
            raise ValueError(message)
        key = api_key or os.environ.get("DSPY_NEST_API_KEY")
        sent = {**(headers or {}), **({} if key is None else {"authorization": f"Bearer {key}"})}
        self._transport = Transport(self.url, sent, retry or Retry())
        self.feedback = Feedback(self._transport)
        self.datasets = Datasets(self._transport)
        self.metrics = Metrics(self._transport)
        self.evaluations = Evaluations(self._transport)
        self.optimizations = Optimizations(self._transport)

    def program(self, name: str, **options: "Unpack[ProgramOptions]") -> Program:
        """A program by its name, in its published version unless ``version`` says otherwise. Nothing is asked yet."""
        return Program(self._transport, name, Options(**options))

    def execution(self, execution_id: str) -> dict[str, Any]:
        """An execution as it stands."""
        return self._transport.send(read_call(f"/v1/executions/{execution_id}"))

    async def aexecution(self, execution_id: str) -> dict[str, Any]:
        """An execution as it stands."""
        return await self._transport.asend(read_call(f"/v1/executions/{execution_id}"))

    def cancel(self, execution_id: str) -> dict[str, Any]:
        """Ends an execution; raises ConflictError when it has ended already."""
        return self._transport.send(action_call(f"/v1/executions/{execution_id}/cancel"))

    async def acancel(self, execution_id: str) -> dict[str, Any]:
        """Ends an execution; raises ConflictError when it has ended already."""
        return await self._transport.asend(action_call(f"/v1/executions/{execution_id}/cancel"))

    def rerun(self, execution_id: str, *, idempotency_key: str | None = None) -> Any:  # noqa: ANN401 - by the signature
        """Runs an execution again with new model calls, and waits, under a key."""
        return to_prediction(self._transport.send(_repeat(execution_id, "rerun", idempotency_key or uuid.uuid4().hex)))

    async def arerun(self, execution_id: str, *, idempotency_key: str | None = None) -> Any:  # noqa: ANN401 - by the signature
        """Runs an execution again with new model calls, and waits; cancelled as a call is."""
        return to_prediction(await self._transport.asend(_repeat(execution_id, "rerun", idempotency_key)))

    def replay(self, execution_id: str, *, idempotency_key: str | None = None) -> Any:  # noqa: ANN401 - by the signature
        """Runs an execution again on its recorded model answers, to the same outputs, under a key."""
        return to_prediction(self._transport.send(_repeat(execution_id, "replay", idempotency_key or uuid.uuid4().hex)))

    async def areplay(self, execution_id: str, *, idempotency_key: str | None = None) -> Any:  # noqa: ANN401 - by the signature
        """Runs an execution again on its recorded model answers, to the same outputs; cancelled as a call is."""
        return to_prediction(await self._transport.asend(_repeat(execution_id, "replay", idempotency_key)))

    def batch(self, batch_id: str) -> dict[str, Any]:
        """A batch as it stands."""
        return self._transport.send(read_call(f"/v1/batches/{batch_id}"))

    async def abatch(self, batch_id: str) -> dict[str, Any]:
        """A batch as it stands."""
        return await self._transport.asend(read_call(f"/v1/batches/{batch_id}"))

    def cancel_batch(self, batch_id: str) -> dict[str, Any]:
        """Runs no more rows and gives up those that run; raises ConflictError when it is over already."""
        return self._transport.send(action_call(f"/v1/batches/{batch_id}/cancel"))

    async def acancel_batch(self, batch_id: str) -> dict[str, Any]:
        """Runs no more rows and gives up those that run; raises ConflictError when it is over already."""
        return await self._transport.asend(action_call(f"/v1/batches/{batch_id}/cancel"))

    def batch_results(self, batch_id: str, *, after: int | None = None) -> Iterator[BatchResult]:
        """How each row ended, in the order of the rows, after one of them; waits for those that have not."""
        return self._transport.results(f"/v1/batches/{batch_id}", after, to_result)

    def abatch_results(self, batch_id: str, *, after: int | None = None) -> AsyncIterator[BatchResult]:
        """How each row ended, in the order of the rows, after one of them; waits for those that have not."""
        return self._transport.aresults(f"/v1/batches/{batch_id}", after, to_result)

    def close(self) -> None:
        """Ends the connections of threads."""
        self._transport.close()

    async def aclose(self) -> None:
        """Ends all connections that this event loop may end."""
        await self._transport.aclose()
        self._transport.close()

    def __enter__(self) -> Self:
        """Closes at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the connections of threads."""
        self.close()

    async def __aenter__(self) -> Self:
        """Closes at the end of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends all connections that this event loop may end."""
        await self.aclose()


def _repeat(execution_id: str, verb: str, key: str | None) -> Call:
    headers = {} if key is None else {"idempotency-key": key}
    return Call("POST", f"/v1/executions/{execution_id}/{verb}", LONGEST_S, key is not None, {}, headers)
