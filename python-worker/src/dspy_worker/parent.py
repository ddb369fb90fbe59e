"""Ends the worker with the process that started it."""

import asyncio
import os

PARENT_POLL_S = 1.0
# Read when the process starts: DSPy takes seconds to import, in which the parent may already be gone.
_PARENT = os.getppid()


async def end_with_parent(ended: asyncio.Event) -> None:
    """Sets `ended` once this process has been handed to another parent."""
    while os.getppid() == _PARENT:  # noqa: ASYNC110 - the system tells nobody
        await asyncio.sleep(PARENT_POLL_S)
    ended.set()
