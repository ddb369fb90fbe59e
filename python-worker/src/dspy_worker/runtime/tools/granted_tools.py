"""The tools of the operator, as DSPy calls them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any, Protocol

import dspy
from jsonschema import Draft202012Validator

from dspy_worker.failures import ExecutionStopped, UnsupportedOption
from dspy_worker.runtime.calling.execution import running
from dspy_worker.runtime.recording.redaction import REDACTED
from dspy_worker.runtime.tools.declarations import HttpTool, headers_with_secrets, secret_names
from dspy_worker.runtime.tools.http_tool import HttpCaller, ToolFailed, failure_of
from dspy_worker.runtime.transport.active_call import ActiveCall, CallLimits
from dspy_worker.runtime.transport.address_guard import AddressRefused
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.tracing import begin_tool_call

_MS_PER_S = 1000
_MAX_FAULTS = 5

_log = logging.getLogger(__name__)


class Caller(Protocol):
    """Calls the server of one tool."""

    def call(self, args: Mapping[str, Any], call: ActiveCall) -> str:
        """Returns the answer as text; raises `ToolFailed`, `OSError` and `http.client.HTTPException`."""


class GrantedTools:
    """The tools that programs may name."""

    def __init__(
        self,
        tools: Sequence[HttpTool] = (),
        environment: Mapping[str, str] | None = None,
        pool: ConnectionPool | None = None,
    ) -> None:
        """Takes the declarations, the environment with their secrets, and connections of their own."""
        self._tools = {tool.name: tool for tool in tools}
        self._environment = environment or {}
        self._pool = pool or ConnectionPool()

    @property
    def secrets(self) -> frozenset[str]:
        """What must be told nobody."""
        return frozenset(self._environment[name] for tool in self._tools.values() for name in secret_names(tool))

    def of(self, program: str, names: Sequence[str]) -> list[dspy.Tool]:
        """Makes the tools that a program names; raises `UnsupportedOption` for one that it was not granted."""
        return [self._made(program, name) for name in names]

    def _made(self, program: str, name: str) -> dspy.Tool:
        tool = self._tools.get(name)
        if tool is None or (tool.programs is not None and program not in tool.programs):
            message = (
                f'The tool "{name}" is not granted to program "{program}" by this worker. Have the operator declare it '
                "in DSPY_NEST_TOOLS_FILE, or publish the program without it."
            )
            raise UnsupportedOption(message)
        caller = HttpCaller(tool, self._pool, headers_with_secrets(tool, self._environment))
        return GrantedTool(tool, tool.description, tool.schema_of_args, caller, self._hide)

    def _hide(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, REDACTED)
        return text


class GrantedTool(dspy.Tool):  # type: ignore[misc]
    """A tool whose every failure but a stop is an observation of the model's, which can then do something else."""

    def __init__(
        self,
        tool: HttpTool,
        description: str,
        schema: Mapping[str, Any],
        caller: Caller,
        hide: Callable[[str], str],
    ) -> None:
        """Takes the declaration, what the model is told of it, who calls it, and what takes secrets out of texts."""

        def call(**args: Any) -> str:  # noqa: ANN401 - any JSON
            return hide(_observation(tool, validator, caller, args))

        validator = Draft202012Validator(schema)
        super().__init__(call, name=tool.name, desc=description, args=dict(schema.get("properties", {})), arg_types={})

    def _validate_and_parse_args(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Leaves the arguments to be judged when they are called with, all at once and in words."""
        return kwargs


def _observation(tool: HttpTool, validator: Draft202012Validator, caller: Caller, args: Mapping[str, Any]) -> str:
    """Calls a tool in the running execution and returns what the model is to see; raises `ExecutionStopped`."""
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(args)][:_MAX_FAULTS]
    if faults:
        return f"The arguments do not fit: {'; '.join(faults)}"
    execution = running.get()
    if execution.teller is not None:
        execution.teller.say(f"Tool {tool.name}.")
    span = begin_tool_call(tool.name)
    failure: str | None = None
    call = execution.control.begin(_limits(tool))
    try:
        return caller.call(args, call)
    except (ToolFailed, AddressRefused, OSError, HTTPException) as error:
        failure = _failure(tool, error, call)
        if execution.control.stopped is not None:
            raise ExecutionStopped(execution.control.stopped) from error
        return f"The tool failed. {failure}"
    finally:
        execution.control.finish(call)
        if span is not None:
            span.end(error_code=None if failure is None else "tool_failed")


def _failure(tool: HttpTool, error: Exception, call: ActiveCall) -> str:
    if isinstance(error, ToolFailed):
        return str(error)
    if call.ended_by is not None:
        return f"It did not answer within {tool.timeout_ms} ms."
    if isinstance(error, AddressRefused):
        _log.warning("the tool %s must not be called: its address is %s", tool.name, error.kind)
        return "It must not be called where it is."
    return failure_of(error) if isinstance(error, (OSError, HTTPException)) else type(error).__name__


def _limits(tool: HttpTool) -> CallLimits:
    limit_s = tool.timeout_ms / _MS_PER_S
    return CallLimits(connect_s=limit_s, first_token_s=limit_s, idle_s=limit_s, attempt_s=limit_s)
