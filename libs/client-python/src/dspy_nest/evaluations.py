"""Evaluations: how good programs are, and whether one is better."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from dspy_nest.call import Call, action_call, create_call, list_call, query_of, read_call
from dspy_nest.errors import failed_evaluation
from dspy_nest.evaluation_result import EvaluationResult, to_evaluation_result
from dspy_nest.transport import Transport
from dspy_nest.until_over import Progress, auntil_over, until_over
from dspy_nest.values import to_json


class Evaluations:
    """The evaluations of a platform."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        program: str,
        metric: str,
        *,
        idempotency_key: str | None = None,
        **more: Any,  # noqa: ANN401 - as in the guide
    ) -> dict[str, Any]:
        """Has a program evaluated, and does not wait; InvalidRequestError ``not_evaluable``.

        ``more`` has ``examples=[{"inputs": …, "expected": …}]`` or ``dataset=…`` with ``datasetVersion`` and ``split``,
        and may have ``version``, ``metricVersion``, ``model``, ``name``, ``level`` and ``seed``.
        """
        return self._transport.send(_create({"program": program, "metric": metric, **more}, idempotency_key))

    async def acreate(
        self,
        program: str,
        metric: str,
        *,
        idempotency_key: str | None = None,
        **more: Any,  # noqa: ANN401 - as in the guide
    ) -> dict[str, Any]:
        """Has a program evaluated, as ``create`` does."""
        return await self._transport.asend(_create({"program": program, "metric": metric, **more}, idempotency_key))

    def get(self, evaluation_id: str) -> dict[str, Any]:
        """An evaluation as it stands."""
        return self._transport.send(read_call(_path(evaluation_id)))

    async def aget(self, evaluation_id: str) -> dict[str, Any]:
        """An evaluation as it stands."""
        return await self._transport.asend(read_call(_path(evaluation_id)))

    def list(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, by ``limit``, ``cursor``, ``sort`` and ``filter={field: {operator: value}}``."""
        return self._transport.send(list_call("/v1/evaluations", query))

    async def alist(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, as ``list`` gives it."""
        return await self._transport.asend(list_call("/v1/evaluations", query))

    def cancel(self, evaluation_id: str) -> dict[str, Any]:
        """Runs no more examples; raises ConflictError when it is over already."""
        return self._transport.send(action_call(f"{_path(evaluation_id)}/cancel"))

    async def acancel(self, evaluation_id: str) -> dict[str, Any]:
        """Runs no more examples; raises ConflictError when it is over already."""
        return await self._transport.asend(action_call(f"{_path(evaluation_id)}/cancel"))

    def wait(self, evaluation_id: str, *, on_progress: Progress | None = None) -> dict[str, Any]:
        """Waits until an evaluation is completed; EvaluationFailedError when it ends otherwise.

        ``on_progress`` is called at each look, with the evaluation as it stands.
        """
        return _completed(until_over(lambda: self.get(evaluation_id), on_progress))

    async def await_end(self, evaluation_id: str, *, on_progress: Progress | None = None) -> dict[str, Any]:
        """Waits until an evaluation is completed, as ``wait`` does."""
        return _completed(await auntil_over(lambda: self.aget(evaluation_id), on_progress))

    def results(self, evaluation_id: str, *, after: int | None = None) -> Iterator[EvaluationResult]:
        """What became of each example, in their order, after one of them; waits for those that have not ended."""
        return self._transport.results(_path(evaluation_id), after, to_evaluation_result)

    def aresults(self, evaluation_id: str, *, after: int | None = None) -> AsyncIterator[EvaluationResult]:
        """What became of each example, in their order, after one of them; waits for those that have not ended."""
        return self._transport.aresults(_path(evaluation_id), after, to_evaluation_result)

    def compare(self, evaluation_id: str, baseline: str) -> dict[str, Any]:
        """Whether an evaluation shows its program to be better than that of another: ``verdict``, ``sentence``."""
        return self._transport.send(_compare(evaluation_id, baseline))

    async def acompare(self, evaluation_id: str, baseline: str) -> dict[str, Any]:
        """Whether an evaluation shows its program to be better than that of another."""
        return await self._transport.asend(_compare(evaluation_id, baseline))


def _path(evaluation_id: str) -> str:
    return f"/v1/evaluations/{evaluation_id}"


def _create(request: Mapping[str, Any], key: str | None) -> Call:
    return create_call("/v1/evaluations", to_json(request), key)


def _compare(evaluation_id: str, baseline: str) -> Call:
    return read_call(f"{_path(evaluation_id)}/comparison{query_of(baseline=baseline)}")


def _completed(evaluation: dict[str, Any]) -> dict[str, Any]:
    if evaluation["status"] != "completed":
        raise failed_evaluation(evaluation)
    return evaluation
