"""Waiting for what takes minutes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from dspy_nest.batches import RESULT_ENDS

_FIRST_LOOK_S = 0.2
_LAST_LOOK_S = 2.0

Progress = Callable[[dict[str, Any]], object]


def until_over(look: Callable[[], dict[str, Any]], on_progress: Progress | None) -> dict[str, Any]:
    """Looks until what is waited for is completed, cancelled or failed, and gives its last state.

    ``on_progress`` is called at each look, with what is waited for as it stands.
    """
    pause_s = _FIRST_LOOK_S
    while not _is_over(now := look(), on_progress):
        time.sleep(pause_s)
        pause_s = _longer(pause_s)
    return now


async def auntil_over(look: Callable[[], Awaitable[dict[str, Any]]], on_progress: Progress | None) -> dict[str, Any]:
    """Looks until what is waited for is over, as ``until_over`` does."""
    pause_s = _FIRST_LOOK_S
    while not _is_over(now := await look(), on_progress):
        await asyncio.sleep(pause_s)
        pause_s = _longer(pause_s)
    return now


def _longer(pause_s: float) -> float:
    return min(_LAST_LOOK_S, pause_s * 1.5)


def _is_over(now: dict[str, Any], on_progress: Progress | None) -> bool:
    if on_progress is not None:
        on_progress(now)
    return now["status"] in RESULT_ENDS
