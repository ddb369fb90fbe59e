"""Optimisations: what makes programs better, and whether it is shown to."""

from collections.abc import Mapping
from typing import Any

from dspy_nest.call import Call, action_call, create_call, list_call, query_of, read_call
from dspy_nest.errors import failed_optimization
from dspy_nest.transport import Transport
from dspy_nest.until_over import Progress, auntil_over, until_over
from dspy_nest.values import to_json


class Optimizations:
    """The optimisations of a platform."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        program: str,
        metric: str,
        *,
        dataset: str,
        optimizer: Mapping[str, Any],
        idempotency_key: str | None = None,
        **more: Any,  # noqa: ANN401 - as in the guide
    ) -> dict[str, Any]:
        """Has a program optimised, and does not wait; InvalidRequestError ``not_optimizable``.

        ``optimizer`` has ``name`` and ``settings``, as in the guide; ``more`` may have ``version``, ``datasetVersion``,
        ``metricVersion``, ``model``, ``seed``, ``threads``, ``level`` and ``name``.
        """
        asked = {"program": program, "metric": metric, "dataset": dataset, "optimizer": optimizer, **more}
        return self._transport.send(_create(asked, idempotency_key))

    async def acreate(
        self,
        program: str,
        metric: str,
        *,
        dataset: str,
        optimizer: Mapping[str, Any],
        idempotency_key: str | None = None,
        **more: Any,  # noqa: ANN401 - as in the guide
    ) -> dict[str, Any]:
        """Has a program optimised, as ``create`` does."""
        asked = {"program": program, "metric": metric, "dataset": dataset, "optimizer": optimizer, **more}
        return await self._transport.asend(_create(asked, idempotency_key))

    def get(self, optimization_id: str) -> dict[str, Any]:
        """An optimisation as it stands."""
        return self._transport.send(read_call(_path(optimization_id)))

    async def aget(self, optimization_id: str) -> dict[str, Any]:
        """An optimisation as it stands."""
        return await self._transport.asend(read_call(_path(optimization_id)))

    def list(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, by ``limit``, ``cursor``, ``sort`` and ``filter={field: {operator: value}}``."""
        return self._transport.send(list_call("/v1/optimizations", query))

    async def alist(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, as ``list`` gives it."""
        return await self._transport.asend(list_call("/v1/optimizations", query))

    def stop(self, optimization_id: str) -> dict[str, Any]:
        """Ends the search with the best until then, which is judged; ConflictError ``optimization_finished``."""
        return self._transport.send(action_call(f"{_path(optimization_id)}/stop"))

    async def astop(self, optimization_id: str) -> dict[str, Any]:
        """Ends the search with the best until then, as ``stop`` does."""
        return await self._transport.asend(action_call(f"{_path(optimization_id)}/stop"))

    def cancel(self, optimization_id: str) -> dict[str, Any]:
        """Ends it at once and uses nothing of it; raises ConflictError when it is over already."""
        return self._transport.send(action_call(f"{_path(optimization_id)}/cancel"))

    async def acancel(self, optimization_id: str) -> dict[str, Any]:
        """Ends it at once and uses nothing of it; raises ConflictError when it is over already."""
        return await self._transport.asend(action_call(f"{_path(optimization_id)}/cancel"))

    def wait(self, optimization_id: str, *, on_progress: Progress | None = None) -> dict[str, Any]:
        """Waits until an optimisation is completed; OptimizationFailedError when it ends otherwise.

        ``on_progress`` is called at each look, with the optimisation as it stands.
        """
        return _completed(until_over(lambda: self.get(optimization_id), on_progress))

    async def await_end(self, optimization_id: str, *, on_progress: Progress | None = None) -> dict[str, Any]:
        """Waits until an optimisation is completed, as ``wait`` does."""
        return _completed(await auntil_over(lambda: self.aget(optimization_id), on_progress))

    def trials(self, optimization_id: str, *, after: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """What the present attempt has tried: ``items`` in order, and ``nextAfter``, None at the end."""
        return self._transport.send(_report(optimization_id, "trials", after, limit))

    async def atrials(
        self, optimization_id: str, *, after: int | None = None, limit: int | None = None
    ) -> dict[str, Any]:
        """What the present attempt has tried, as ``trials`` gives it."""
        return await self._transport.asend(_report(optimization_id, "trials", after, limit))

    def log(self, optimization_id: str, *, after: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """What DSPy warned of in all attempts: ``items`` in order, and ``nextAfter``, None at the end."""
        return self._transport.send(_report(optimization_id, "log", after, limit))

    async def alog(self, optimization_id: str, *, after: int | None = None, limit: int | None = None) -> dict[str, Any]:
        """What DSPy warned of, as ``log`` gives it."""
        return await self._transport.asend(_report(optimization_id, "log", after, limit))

    def diff(self, optimization_id: str) -> dict[str, Any]:
        """What the best candidate until now changes: by ``predictors``, and as ``text`` for people."""
        return self._transport.send(read_call(f"{_path(optimization_id)}/diff"))

    async def adiff(self, optimization_id: str) -> dict[str, Any]:
        """What the best candidate until now changes, as ``diff`` tells it."""
        return await self._transport.asend(read_call(f"{_path(optimization_id)}/diff"))

    def publish(self, optimization_id: str, *, override_reason: str | None = None) -> dict[str, Any]:
        """Makes the candidate the published version of its program.

        Raises ConflictError: ``no_candidate``, ``candidate_unproven`` when it is not shown to be better, and
        ``version_conflict`` when its parent is not the published version any more. An ``override_reason``, which is
        recorded, publishes it in spite of the last two.
        """
        return self._transport.send(_publish(optimization_id, override_reason))

    async def apublish(self, optimization_id: str, *, override_reason: str | None = None) -> dict[str, Any]:
        """Makes the candidate the published version of its program, as ``publish`` does."""
        return await self._transport.asend(_publish(optimization_id, override_reason))


def _path(optimization_id: str) -> str:
    return f"/v1/optimizations/{optimization_id}"


def _create(request: Mapping[str, Any], key: str | None) -> Call:
    return create_call("/v1/optimizations", to_json(request), key)


def _report(optimization_id: str, what: str, after: int | None, limit: int | None) -> Call:
    return read_call(f"{_path(optimization_id)}/{what}{query_of(after=after, limit=limit)}")


def _publish(optimization_id: str, reason: str | None) -> Call:
    body = {} if reason is None else {"override": {"reason": reason}}
    return action_call(f"{_path(optimization_id)}/publish", body)


def _completed(optimization: dict[str, Any]) -> dict[str, Any]:
    if optimization["status"] != "completed":
        raise failed_optimization(optimization)
    return optimization
