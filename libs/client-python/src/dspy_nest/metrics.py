"""Metrics, by which evaluations score."""

from collections.abc import Mapping
from typing import Any

from dspy_nest.call import Call, create_call, list_call, query_of, read_call
from dspy_nest.transport import Transport


class Metrics:
    """The metrics of a platform."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, definition: Mapping[str, Any], *, description: str | None = None) -> dict[str, Any]:
        """Makes a metric of a kind with its settings, such as ``{"kind": "exact", "field": "answer"}``."""
        return self._transport.send(_create(name, definition, description))

    async def acreate(
        self, name: str, definition: Mapping[str, Any], *, description: str | None = None
    ) -> dict[str, Any]:
        """Makes a metric of a kind with its settings."""
        return await self._transport.asend(_create(name, definition, description))

    def get(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """A metric in one version, or the newest."""
        return self._transport.send(read_call(f"/v1/metrics/{name}{query_of(version=version)}"))

    async def aget(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """A metric in one version, or the newest."""
        return await self._transport.asend(read_call(f"/v1/metrics/{name}{query_of(version=version)}"))

    def list(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, by ``limit``, ``cursor``, ``sort`` and ``filter={field: {operator: value}}``."""
        return self._transport.send(list_call("/v1/metrics", query))

    async def alist(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, as ``list`` gives it."""
        return await self._transport.asend(list_call("/v1/metrics", query))


def _create(name: str, definition: Mapping[str, Any], description: str | None) -> Call:
    said = {} if description is None else {"description": description}
    return create_call("/v1/metrics", {"name": name, "definition": definition, **said}, None)
