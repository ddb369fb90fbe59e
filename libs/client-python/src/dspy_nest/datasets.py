"""Datasets: examples typed by a signature, in versions that never change."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from dspy_nest.call import Call, create_call, list_call, query_of, read_call
from dspy_nest.transport import Transport
from dspy_nest.values import to_json

_EXAMPLES_LIMIT = 200
_PIECE_BYTES = 65_536
# A file is read as it comes, and answered when all of it was.
_IMPORT_TIMEOUT_S = 3_600.0
_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}

Split = Literal["train", "validation", "test"]
OnInvalid = Literal["refuse", "skip"]
Format = Literal["csv", "jsonl"]


class Datasets:
    """The datasets of a platform."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, signature: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as in the guide
        """Makes a dataset without examples; ConflictError when the name is taken.

        ``more`` may be ``signatureVersion``, ``description`` and ``splits``.
        """
        return self._transport.send(_create(name, signature, more))

    async def acreate(self, name: str, signature: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as in the guide
        """Makes a dataset without examples, as ``create`` does."""
        return await self._transport.asend(_create(name, signature, more))

    def get(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """A dataset in one version, or the newest."""
        return self._transport.send(read_call(f"/v1/datasets/{name}{query_of(version=version)}"))

    async def aget(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """A dataset in one version, or the newest."""
        return await self._transport.asend(read_call(f"/v1/datasets/{name}{query_of(version=version)}"))

    def list(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, by ``limit``, ``cursor``, ``sort`` and ``filter={field: {operator: value}}``."""
        return self._transport.send(list_call("/v1/datasets", query))

    async def alist(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers, text and filters
        """A page, as ``list`` gives it."""
        return await self._transport.asend(list_call("/v1/datasets", query))

    def add(
        self,
        name: str,
        examples: Sequence[Mapping[str, Any]],
        *,
        on_invalid: OnInvalid = "refuse",
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Adds at most 1,000 examples, ``{inputs, outputs, split}``, and tells in ``report`` what became of them."""
        return self._transport.send(_add(name, examples, _options(on_invalid, dry_run=dry_run), idempotency_key))

    async def aadd(
        self,
        name: str,
        examples: Sequence[Mapping[str, Any]],
        *,
        on_invalid: OnInvalid = "refuse",
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Adds at most 1,000 examples, as ``add`` does."""
        return await self._transport.asend(_add(name, examples, _options(on_invalid, dry_run=dry_run), idempotency_key))

    def import_file(
        self,
        name: str,
        path: str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        on_invalid: OnInvalid = "refuse",
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Imports a file of CSV (``.csv``) or lines of JSON as one version; it is read while it is sent.

        ``columns`` says from which column a field is read; without it columns have the names of fields.
        """
        call = _import(name, Path(path), (columns or {}, on_invalid), idempotency_key)
        return self._transport.send(_with_content(call, _pieces(Path(path))))

    async def aimport_file(
        self,
        name: str,
        path: str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        on_invalid: OnInvalid = "refuse",
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Imports a file as one version, as ``import_file`` does."""
        call = _import(name, Path(path), (columns or {}, on_invalid), idempotency_key)
        return await self._transport.asend(_with_content(call, _async_pieces(Path(path))))

    def examples(
        self, name: str, *, version: int | None = None, split: Split | None = None
    ) -> Iterator[dict[str, Any]]:
        """The examples of a version, of one split or all, in the order of their numbers."""
        # The pages of a version never change, those of the newest do.
        pinned = version or self.get(name)["version"]
        after: int | None = 0
        while after is not None:
            page = self._transport.send(_page(name, version=pinned, split=split, after=after))
            yield from page["items"]
            after = page["nextAfter"]

    async def aexamples(
        self, name: str, *, version: int | None = None, split: Split | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """The examples of a version, of one split or all, in the order of their numbers."""
        pinned = version or (await self.aget(name))["version"]
        after: int | None = 0
        while after is not None:
            page = await self._transport.asend(_page(name, version=pinned, split=split, after=after))
            for example in page["items"]:
                yield example
            after = page["nextAfter"]


def _create(name: str, signature: str, more: Mapping[str, Any]) -> Call:
    return create_call("/v1/datasets", {"name": name, "signature": signature, **more}, None)


def _options(on_invalid: OnInvalid, *, dry_run: bool) -> dict[str, Any]:
    return {"onInvalid": on_invalid, "dryRun": dry_run}


def _add(name: str, examples: Sequence[Mapping[str, Any]], options: Mapping[str, Any], key: str | None) -> Call:
    return create_call(f"/v1/datasets/{name}/examples", {**options, "examples": to_json(examples)}, key)


def _page(name: str, **query: Any) -> Call:  # noqa: ANN401 - numbers and text
    return read_call(f"/v1/datasets/{name}/examples{query_of(**query, limit=_EXAMPLES_LIMIT)}")


def _import(name: str, path: Path, settings: tuple[Mapping[str, str], OnInvalid], key: str | None) -> Call:
    columns, on_invalid = settings
    content: Format = "csv" if path.suffix.lower() == ".csv" else "jsonl"
    query = urlencode(
        [("onInvalid", on_invalid), *(("column", f"{field}:{column}") for field, column in columns.items())]
    )
    call = create_call(f"/v1/datasets/{name}/imports?{query}", None, key)
    return Call("POST", call.path, _IMPORT_TIMEOUT_S, True, None, {**call.headers, "content-type": _TYPES[content]})


def _with_content(call: Call, content: Iterator[bytes] | AsyncIterator[bytes]) -> Call:
    return Call(call.method, call.path, call.timeout_s, call.repeatable, None, call.headers, content)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


async def _async_pieces(path: Path) -> AsyncIterator[bytes]:
    pieces = _pieces(path)
    while (piece := await asyncio.to_thread(next, pieces, b"")) != b"":
        yield piece
