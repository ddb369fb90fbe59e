"""Threads for blocking work, as many as are in use at the same time."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")

# What one thread is given to do.
_Member = SimpleQueue[Callable[[], None]]


class ThreadTeam:
    """Runs functions in threads that are kept for the next one, the thread that was used last first.

    Half the hand-over cost of asyncio's executor, and what a thread has in its caches is of use to it again. The
    threads are daemons, so one that never comes back does not keep the process from ending.
    """

    def __init__(self) -> None:
        """Starts without threads."""
        # A list's append and pop are atomic.
        self._idle: list[_Member] = []
        self._started = 0

    def run(self, function: Callable[..., Result], *args: Any) -> "asyncio.Future[Result]":  # noqa: ANN401
        """Runs a function with the caller's context variables; call from the event loop, which gets the result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        context = contextvars.copy_context()
        member = self._idle.pop() if self._idle else self._start()

        def work() -> None:
            result, error = _outcome(context, function, args)
            self._idle.append(member)
            with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error)

        member.put(work)
        return future

    def _start(self) -> "_Member":
        self._started += 1
        member: _Member = SimpleQueue()
        threading.Thread(target=_serve, args=(member,), name=f"run-{self._started}", daemon=True).start()
        return member


def _serve(member: "_Member") -> None:
    while True:
        member.get()()


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
