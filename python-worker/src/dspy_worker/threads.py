"""Threads for blocking work, as many as are in use at the same time."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class ThreadTeam:
    """Runs functions in threads that are kept for the next one.

    Half the hand-over cost of asyncio's executor. The threads are daemons, so one that never comes back does not
    keep the process from ending.
    """

    def __init__(self) -> None:
        """Starts without threads."""
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = 0
        self._started = 0
        self._lock = threading.Lock()

    def run(self, function: Callable[..., Result], *args: Any) -> "asyncio.Future[Result]":  # noqa: ANN401
        """Runs a function with the caller's context variables; call from the event loop, which gets the result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        context = contextvars.copy_context()

        def work() -> None:
            result, error = _outcome(context, function, args)
            with self._lock:
                self._idle += 1
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error)

        with self._lock:
            if self._idle > 0:
                self._idle -= 1
            else:
                self._started += 1
                threading.Thread(target=self._loop, name=f"run-{self._started}", daemon=True).start()
        self._queue.put(work)
        return future

    def _loop(self) -> None:
        while True:
            self._queue.get()()


def _outcome(
    context: contextvars.Context, function: Callable[..., Any], args: tuple[Any, ...]
) -> tuple[Any, BaseException | None]:
    try:
        return context.run(function, *args), None
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever awaits the future
        return None, error


def _settle(future: "asyncio.Future[Any]", result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
