"""Batches: one program over many inputs."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dspy_nest.values import to_json

_PIECE_BYTES = 65_536
RESULT_ENDS = frozenset({"completed", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How one row of a batch ended."""

    index: int
    """The place of the row, from 0."""
    id: str | None
    """Its execution; None for a row that was never run."""
    status: str
    """succeeded, failed, cancelled or timed_out."""
    outputs: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    usage: Mapping[str, Any]
    total_ms: float | None


def to_result(line: str) -> BatchResult:
    """A result as it is sent."""
    row = json.loads(line)
    told = (row[name] for name in ("index", "id", "status", "outputs", "error", "usage", "totalMs"))
    return BatchResult(*told)


def is_over(headers: Mapping[str, str]) -> bool:
    """Whether an answer with results says that there will be no more."""
    return headers.get("batch-status", headers.get("evaluation-status")) in RESULT_ENDS


def to_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows as lines of JSON, in pieces, made while they are read."""
    piece = bytearray()
    for row in rows:
        piece += _line_of(row)
        if len(piece) >= _PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


async def to_async_lines(rows: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]]) -> AsyncIterator[bytes]:
    """Rows as lines of JSON, in pieces, made while they are read."""
    if not isinstance(rows, AsyncIterable):
        for piece in to_lines(rows):
            yield piece
        return
    waiting = bytearray()
    async for row in rows:
        waiting += _line_of(row)
        if len(waiting) >= _PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _line_of(row: Mapping[str, Any]) -> bytes:
    return json.dumps(to_json(row), ensure_ascii=False).encode() + b"\n"
