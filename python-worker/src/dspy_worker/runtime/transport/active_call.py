"""The handle by which the control side ends a model call that a thread is blocked in.

A Python thread cannot be killed, but a thread that waits for a socket wakes as soon as the socket is shut down.
Everything here is safe to call from any thread.
"""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from enum import StrEnum

from dspy_worker.contracts import messages
from dspy_worker.failures import ExecutionStopped, StopReason

_MS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class CallLimits:
    """The clocks of one model call, in seconds.

    Attributes:
        connect_s: Until the connection (with TLS) stands.
        first_token_s: From the sent request to the first token.
        idle_s: Between two tokens.
        attempt_s: The whole call.

    """

    connect_s: float = 10.0
    first_token_s: float = 120.0
    idle_s: float = 60.0
    attempt_s: float = 600.0


def call_limits(limits: messages.CallLimits) -> CallLimits:
    """Reads the clocks that a job brings, which are in milliseconds."""
    return CallLimits(
        connect_s=limits.connect_ms / _MS_PER_S,
        first_token_s=limits.first_token_ms / _MS_PER_S,
        idle_s=limits.idle_ms / _MS_PER_S,
        attempt_s=limits.attempt_ms / _MS_PER_S,
    )


class Phase(StrEnum):
    """What a call waits for; each phase has its own clock."""

    CONNECT = "connect"
    FIRST_TOKEN = "first_token"  # noqa: S105 - a token of text
    IDLE = "idle"


class ActiveCall:
    """One model call in progress: its socket, its clocks and whether somebody ended it."""

    __slots__ = ("_ended_by", "_limits", "_lock", "_phase", "_phase_since", "_socket", "_started")

    def __init__(self, limits: CallLimits) -> None:
        """Starts the clocks of the call."""
        self._limits = limits
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._phase = Phase.CONNECT
        self._started = self._phase_since = time.monotonic()
        self._ended_by: str | None = None

    @property
    def ended_by(self) -> str | None:
        """Why the call was ended from outside: a clock (`connect`, `first_token`, `idle`, `attempt`) or `stop`."""
        return self._ended_by

    def attach(self, sock: socket.socket) -> None:
        """Hands over the socket to watch; raises `ConnectionAbortedError` if the call has been ended meanwhile."""
        with self._lock:
            self._socket = sock
            if self._ended_by is not None:
                raise ConnectionAbortedError(self._ended_by)

    def detach(self) -> None:
        """Takes the socket back, so that a late `end` cannot hit the connection's next user."""
        with self._lock:
            self._socket = None

    def enter(self, phase: Phase) -> None:
        """Restarts the clock for what the call waits for now."""
        self._phase_since = time.monotonic()
        self._phase = phase

    def end(self, by: str) -> None:
        """Ends the call; the thread blocked in it wakes at once. Ending it again does nothing."""
        with self._lock:
            if self._ended_by is not None:
                return
            self._ended_by = by
            if self._socket is not None:
                # The base class' shutdown leaves the TLS object alone, which the blocked thread still uses. Closing
                # the descriptor instead would not wake it, and its number could be given to another connection.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def overdue(self, now: float) -> str | None:
        """Names the clock that has run out at monotonic time `now`, if any."""
        if now - self._started > self._limits.attempt_s:
            return "attempt"
        phase = self._phase
        limit_s = {
            Phase.CONNECT: self._limits.connect_s,
            Phase.FIRST_TOKEN: self._limits.first_token_s,
            Phase.IDLE: self._limits.idle_s,
        }[phase]
        return phase.value if now - self._phase_since > limit_s else None

    def limit_s(self, clock: str) -> float:
        """Returns the length of one of the call's clocks in seconds."""
        return float(getattr(self._limits, f"{clock}_s"))


class ExecutionControl:
    """Stops one execution: the model calls it has open now and those it would still begin."""

    __slots__ = ("_branches", "_calls", "_changed", "_lock", "_stopped", "deadline", "limits")

    def __init__(self, *, deadline: float | None = None, limits: CallLimits | None = None) -> None:
        """Takes the monotonic time at which the execution times out and the clocks of its calls."""
        self.deadline = deadline
        self.limits = limits or CallLimits()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._calls: set[ActiveCall] = set()
        self._branches: list[ExecutionControl] = []
        self._stopped: StopReason | None = None

    @property
    def stopped(self) -> StopReason | None:
        """Why the execution was stopped, if it was."""
        return self._stopped

    def stop(self, reason: StopReason) -> None:
        """Ends every open model call and forbids further ones; the first reason counts."""
        with self._lock:
            if self._stopped is not None:
                return
            self._stopped = reason
            self._changed.notify_all()
            calls, branches = tuple(self._calls), tuple(self._branches)
        for call in calls:
            call.end("stop")
        for branch in branches:
            branch.stop(reason)

    def branch(self, limits: CallLimits | None = None) -> "ExecutionControl":
        """Returns a control for a part of the execution: it can be stopped alone, and is stopped with the whole.

        Its calls have the clocks of those of the whole, unless it has its own.
        """
        branch = ExecutionControl(deadline=self.deadline, limits=limits or self.limits)
        with self._lock:
            self._branches.append(branch)
            stopped = self._stopped
        if stopped is not None:
            branch.stop(stopped)
        return branch

    def raise_if_stopped(self) -> None:
        """Raises `ExecutionStopped` once the execution has been stopped."""
        if self._stopped is not None:
            raise ExecutionStopped(self._stopped)

    def left_s(self) -> float | None:
        """Returns the seconds until the execution times out, None if it never does."""
        return None if self.deadline is None else self.deadline - time.monotonic()

    def wait(self, delay_s: float) -> None:
        """Waits between two model calls; raises `ExecutionStopped` as soon as the execution is stopped."""
        with self._lock:
            self._changed.wait_for(lambda: self._stopped is not None, delay_s)
        self.raise_if_stopped()

    def begin(self, limits: CallLimits | None = None) -> ActiveCall:
        """Registers a new call, with the clocks of the execution's model calls unless it has its own.

        Raises `ExecutionStopped` if the execution has been stopped.
        """
        call = ActiveCall(limits or self.limits)
        with self._lock:
            if self._stopped is None:
                self._calls.add(call)
                return call
        raise ExecutionStopped(self._stopped)

    def finish(self, call: ActiveCall) -> None:
        """Forgets a call that is over."""
        with self._lock:
            self._calls.discard(call)

    def check_clocks(self, now: float) -> None:
        """Stops the execution, or ends single calls of it, whose time has run out at monotonic time `now`."""
        if self.deadline is not None and now >= self.deadline:
            self.stop("timed_out")
            return
        with self._lock:
            calls = tuple(self._calls)
        for call in calls:
            if (clock := call.overdue(now)) is not None:
                call.end(clock)
