"""What the worker asks the registry for, once for each version: programs and connections to models."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

import orjson

from dspy_worker.contracts.messages import (
    Ensemble,
    ExecutionRunV1,
    ModelConnectionV1,
    ModelConnectV1,
    OptimizationTaskV1,
    ProgramVersionGetV1,
    ProgramVersionV1,
)
from dspy_worker.contracts.subjects import REQUEST_MODEL_CONNECT, REQUEST_PROGRAM_VERSION_GET
from dspy_worker.failures import SignatureMismatch
from dspy_worker.messaging.requests import Requests
from dspy_worker.runtime.lru import LruCache

MAX_VERSIONS = 512

# What names a program version and a model.
Job = ExecutionRunV1 | OptimizationTaskV1

Value = TypeVar("Value")

# To the models of a job, in their order.
Connections = Sequence[ModelConnectionV1]


class Catalogue:
    """Fetches immutable versions and keeps those used last."""

    def __init__(self, requests: Requests, on_secret: Callable[[str], None]) -> None:
        """Takes what asks the registry, and who is told each key, so that it never shows in a log."""
        self._requests = requests
        self._on_secret = on_secret
        self._programs: _Shelf[ProgramVersionV1] = _Shelf()
        self._models: _Shelf[ModelConnectionV1] = _Shelf()

    def known(self, tenant: str, job: ExecutionRunV1) -> tuple[ProgramVersionV1, Connections] | None:
        """Returns what a job needs if all of it is here already, as for nearly every job."""
        version = self._programs.kept(_program_key(tenant, job))
        kept = (self._models.kept((tenant, *model)) for model in _models_of(job))
        connections = [connection for connection in kept if connection is not None]
        if version is None or len(connections) < len(_models_of(job)) or version.hash != job.program_hash:
            return None
        return version, connections

    async def program(self, tenant: str, job: Job) -> ProgramVersionV1:
        """Returns the program version of a job; raises `WorkerFailure`s."""

        async def fetch() -> ProgramVersionV1:
            asked = ProgramVersionGetV1(program_id=job.program_id, version=job.version)
            data = await self._requests.ask(REQUEST_PROGRAM_VERSION_GET, orjson.dumps(asked.to_wire()), tenant=tenant)
            return ProgramVersionV1.from_wire(data)

        version = await self._programs.get(_program_key(tenant, job), fetch)
        if version.hash != job.program_hash:
            message = (
                f'Program "{job.program}" version {job.version} has the hash {version.hash} in the registry, '
                f"but the job asks for {job.program_hash}. Versions never change: publish the program again."
            )
            raise SignatureMismatch(message)
        return version

    async def models(self, tenant: str, job: Job) -> Connections:
        """Returns the connections to the models of a job, in their order; raises `WorkerFailure`s."""
        return await asyncio.gather(*(self._model(tenant, *model) for model in _models_of(job)))

    async def _model(self, tenant: str, model_id: str, version: int) -> ModelConnectionV1:
        async def fetch() -> ModelConnectionV1:
            asked = ModelConnectV1(model_id=model_id, version=version)
            data = await self._requests.ask(REQUEST_MODEL_CONNECT, orjson.dumps(asked.to_wire()), tenant=tenant)
            connection = ModelConnectionV1.from_wire(data)
            if connection.api_key:
                self._on_secret(connection.api_key)
            return connection

        return await self._models.get((tenant, model_id, version), fetch)


def _program_key(tenant: str, job: Job) -> Hashable:
    return (tenant, job.program_id, job.version, job.program_hash)


def _models_of(job: Job) -> Sequence[tuple[str, int]]:
    if isinstance(job, ExecutionRunV1) and isinstance(job.ensemble, Ensemble):
        return [(model.id, model.version) for model in job.ensemble.models]
    return [(job.model_id, job.model_version)]


class _Shelf(Generic[Value]):
    """A cache that asks once, however many jobs want the same thing at the same time."""

    def __init__(self) -> None:
        self._kept: LruCache[Hashable, Value] = LruCache(MAX_VERSIONS)
        self._asked: dict[Hashable, asyncio.Task[Value]] = {}

    def kept(self, key: Hashable) -> Value | None:
        return self._kept.get(key)

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[Value]]) -> Value:
        if (kept := self._kept.get(key)) is not None:
            return kept
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(self._fetch(key, fetch))
        return await asyncio.shield(task)

    async def _fetch(self, key: Hashable, fetch: Callable[[], Awaitable[Value]]) -> Value:
        try:
            value = await fetch()
            self._kept.put(key, value)
            return value
        finally:
            del self._asked[key]
