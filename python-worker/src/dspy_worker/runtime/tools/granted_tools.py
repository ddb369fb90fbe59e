"""The tools of the operator, as DSPy calls them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPException
from itertools import islice
from typing import Any, TypeVar

import dspy
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable

from dspy_worker.failures import ExecutionStopped, ServiceUnavailable, UnsupportedOption
from dspy_worker.runtime.calling.execution import running
from dspy_worker.runtime.recording.redaction import REDACTED
from dspy_worker.runtime.tools.called_tool import Caller, ToolFailed
from dspy_worker.runtime.tools.declarations import HttpTool, McpTool, Tool, headers_with_secrets, secret_names
from dspy_worker.runtime.tools.http_tool import HttpCaller
from dspy_worker.runtime.transport.active_call import ActiveCall, CallLimits
from dspy_worker.runtime.transport.address_guard import AddressGuard, AddressRefused
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.tracing import begin_tool_call

_MS_PER_S = 1000
_MAX_FAULTS = 5

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class GrantedTools:
    """The tools that programs may name."""

    def __init__(
        self,
        tools: Sequence[Tool] = (),
        environment: Mapping[str, str] | None = None,
        guard: AddressGuard | None = None,
    ) -> None:
        """Takes the declarations, the environment with their secrets, and who judges addresses."""
        self._tools = {tool.name: tool for tool in tools}
        self._environment = environment or {}
        self._guard = guard or AddressGuard()
        self._pool = ConnectionPool(guard=self._guard)

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
        headers = headers_with_secrets(tool, self._environment)
        if isinstance(tool, HttpTool):
            caller = HttpCaller(tool, self._pool, headers)
            return GrantedTool(tool, tool.description, tool.schema_of_args, caller, self._hide)
        return self._made_of_server(tool, headers)

    def _made_of_server(self, tool: McpTool, headers: Mapping[str, str]) -> dspy.Tool:
        from dspy_worker.runtime.tools.mcp_tool import McpCaller  # noqa: PLC0415 - its SDK costs time and memory

        caller = McpCaller(tool, self._guard, headers)
        try:
            description, schema = _called(tool, caller.describe)
        except _Failed as failed:
            message = f'The tool "{tool.name}" is not there. {self._hide(failed.said)}'
            raise ServiceUnavailable(message) from failed
        return GrantedTool(tool, self._hide(description), schema, caller, self._hide)

    def _hide(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, REDACTED)
        return text


class GrantedTool(dspy.Tool):  # type: ignore[misc]
    """A tool whose every failure but a stop is an observation of the model's, which can then do something else."""

    def __init__(
        self,
        tool: Tool,
        description: str,
        schema: Mapping[str, Any],
        caller: Caller,
        hide: Callable[[str], str],
    ) -> None:
        """Takes the declaration, what the model is told of it, who calls it, and what takes secrets out of texts."""

        def call(**args: Any) -> str:  # noqa: ANN401 - any JSON
            return hide(_observation(tool, validator, caller, args))

        # Without a registry of its own it would fetch what a schema refers to.
        validator = Draft202012Validator(schema, registry=Registry())
        super().__init__(call, name=tool.name, desc=description, args=dict(schema.get("properties", {})), arg_types={})

    def _validate_and_parse_args(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Leaves the arguments to be judged when they are called with, all at once and in words."""
        return kwargs


def _observation(tool: Tool, validator: Draft202012Validator, caller: Caller, args: Mapping[str, Any]) -> str:
    """Calls a tool in the running execution and returns what the model is to see; raises `ExecutionStopped`."""
    if faults := _faults(validator, args):
        return f"The arguments do not fit: {'; '.join(faults)}"
    teller = running.get().teller
    if teller is not None:
        teller.say(f"Tool {tool.name}.")
    span = begin_tool_call(tool.name)
    error_code: str | None = None
    try:
        return _called(tool, partial(caller.call, args))
    except _Failed as failed:
        error_code = "tool_failed"
        return f"The tool failed. {failed.said}"
    finally:
        if span is not None:
            span.end(error_code=error_code)


def _faults(validator: Draft202012Validator, args: Mapping[str, Any]) -> Sequence[str]:
    try:
        return [f"{error.json_path}: {error.message}" for error in islice(validator.iter_errors(args), _MAX_FAULTS)]
    except Unresolvable as error:
        return [f"the schema of the tool refers to what is not in it, {error.ref}"]


class _Failed(Exception):  # noqa: N818 - reads as what it is
    """Why a tool gave no answer, for the model."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def _called(tool: Tool, exchange: Callable[[ActiveCall], Result]) -> Result:
    """Does one exchange under the stop of the running execution and the clock of the tool.

    Raises `ExecutionStopped`, and `_Failed` for whatever else keeps the tool from answering.
    """
    control = running.get().control
    limit_s = tool.timeout_ms / _MS_PER_S
    call = control.begin(CallLimits(connect_s=limit_s, first_token_s=limit_s, idle_s=limit_s, attempt_s=limit_s))
    try:
        return exchange(call)
    except (ToolFailed, OSError, HTTPException) as error:
        if control.stopped is not None:
            raise ExecutionStopped(control.stopped) from error
        raise _Failed(_said(tool, error, call)) from error
    finally:
        control.finish(call)


def _said(tool: Tool, error: Exception, call: ActiveCall) -> str:
    if isinstance(error, ToolFailed):
        return str(error)
    if call.ended_by is not None:
        return f"It did not answer within {tool.timeout_ms} ms."
    if isinstance(error, AddressRefused):
        _log.warning("the tool %s must not be called: its address is %s", tool.name, error.kind)
        return "It must not be called where it is."
    return f"It does not answer: {type(error).__name__}."
