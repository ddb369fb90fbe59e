"""A program of the platform, called like a module of DSPy."""

import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Unpack

from dspy_nest.batches import to_async_lines, to_lines
from dspy_nest.call import REQUEST_TIMEOUT_S, Call, action_call, query_of, read_call
from dspy_nest.errors import DspyNestError, NotFoundError
from dspy_nest.events import Event
from dspy_nest.prediction import to_prediction
from dspy_nest.streamed_run import StreamedRun
from dspy_nest.transport import Transport
from dspy_nest.values import to_json

if TYPE_CHECKING:
    from typing import TypedDict

    class ProgramOptions(TypedDict, total=False):
        """How to execute, where that differs from what the program says."""

        version: int | None
        model: str | None
        adapter: str | None
        format: str | None
        timeout_s: float | None
        max_retries: int | None
        idempotency_key: str | None


# The platform answers by its own clocks; this only ends what hangs on the way.
LONGEST_S = 615.0
_SLACK_S = 15.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to execute, where that differs from what the program says."""

    version: int | None = None
    model: str | None = None
    adapter: str | None = None
    format: str | None = None
    timeout_s: float | None = None
    max_retries: int | None = None
    idempotency_key: str | None = None

    def body(self) -> dict[str, Any]:
        """What of them goes into the body of a request."""
        settings = {"version": self.version, "model": self.model, "adapter": self.adapter, "format": self.format}
        timeout_ms = None if self.timeout_s is None else round(self.timeout_s * 1_000)
        given = {**settings, "timeoutMs": timeout_ms, "maxRetries": self.max_retries}
        return {name: value for name, value in given.items() if value is not None}


class Program:
    """A program of the platform; ``client.program("qa")`` makes one.

    A call gives a prediction or raises: ``ExecutionFailedError`` for an execution that did not succeed.
    """

    def __init__(self, transport: Transport, name: str, options: Options) -> None:
        self._transport = transport
        self.name = name
        self.options = options

    def with_options(self, **options: "Unpack[ProgramOptions]") -> "Program":
        """The same program, executed otherwise."""
        return Program(self._transport, self.name, replace(self.options, **options))

    def __call__(self, /, **inputs: Any) -> Any:  # noqa: ANN401 - by the signature
        """Executes and waits, under a key, so that a connection that breaks never executes twice."""
        return to_prediction(self._transport.send(self._execute(inputs, self._key())))

    async def acall(self, /, **inputs: Any) -> Any:  # noqa: ANN401 - by the signature
        """Executes and waits; when the task is cancelled the platform ends the execution, unless it has a key."""
        return to_prediction(await self._transport.asend(self._execute(inputs, self.options.idempotency_key)))

    def submit(self, /, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - by the signature
        """Has it executed and does not wait: the execution as it was accepted, which survives this process."""
        return self._transport.send(self._submit(inputs))

    async def asubmit(self, /, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - by the signature
        """Has it executed and does not wait: the execution as it was accepted, which survives this process."""
        return await self._transport.asend(self._submit(inputs))

    def stream(self, /, **inputs: Any) -> Iterator[Event]:  # noqa: ANN401 - by the signature
        """Executes and gives what happens, to the end; who leaves early ends the execution, unless it has a key."""
        run = StreamedRun(self._execute(inputs, self._key()))
        has_ended = False
        try:
            for event in self._transport.follow(run):
                has_ended = event.is_end
                yield event
        finally:
            if not has_ended and self.options.idempotency_key is None and run.execution_id is not None:
                with suppress(DspyNestError):
                    self._transport.send(action_call(f"/v1/executions/{run.execution_id}/cancel"))

    async def astream(self, /, **inputs: Any) -> AsyncIterator[Event]:  # noqa: ANN401 - by the signature
        """Executes and gives what happens, to the end; who leaves early ends the execution, unless it has a key."""
        run = StreamedRun(self._execute(inputs, self._key()))
        has_ended = False
        try:
            async for event in self._transport.afollow(run):
                has_ended = event.is_end
                yield event
        finally:
            if not has_ended and self.options.idempotency_key is None and run.execution_id is not None:
                with suppress(DspyNestError):
                    await self._transport.asend(action_call(f"/v1/executions/{run.execution_id}/cancel"))

    def batch(self, rows: Iterable[Mapping[str, Any]], *, name: str | None = None) -> dict[str, Any]:
        """Sends many inputs to be run as one batch, and does not wait for their ends.

        A sequence is sent again under its key when the connection breaks; anything else is read once, as fast as it is
        sent.
        """
        is_kept = isinstance(rows, Sequence)
        lines = b"".join(to_lines(rows)) if is_kept else to_lines(rows)
        return self._transport.send(self._batch(lines, name))

    async def abatch(
        self, rows: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]], *, name: str | None = None
    ) -> dict[str, Any]:
        """Sends many inputs to be run as one batch, as ``batch`` does; they may be made asynchronously."""
        lines = b"".join(to_lines(rows)) if isinstance(rows, Sequence) else to_async_lines(rows)
        return await self._transport.asend(self._batch(lines, name))

    def get(self) -> dict[str, Any]:
        """The program in its published version, with an ``etag``."""
        return self._transport.send_for_tag(read_call(self._path()))

    async def aget(self) -> dict[str, Any]:
        """The program in its published version, with an ``etag``."""
        return await self._transport.asend_for_tag(read_call(self._path()))

    def update(self, change: Mapping[str, Any], *, if_match: str | None = None) -> dict[str, Any]:
        """Makes a version; ConflictError when the program is not what ``if_match``, an ``etag``, names any more."""
        return self._transport.send_for_tag(self._update(change, if_match))

    async def aupdate(self, change: Mapping[str, Any], *, if_match: str | None = None) -> dict[str, Any]:
        """Makes a version; ConflictError when the program is not what ``if_match``, an ``etag``, names any more."""
        return await self._transport.asend_for_tag(self._update(change, if_match))

    def import_state(self, state: Mapping[str, Any], *, if_match: str | None = None) -> dict[str, Any]:
        """Makes a version of what ``dspy.Module.dump_state`` gives, with ``notes`` of what was left out.

        ConflictError when the program is not what ``if_match``, an ``etag``, names any more.
        """
        return self._transport.send(self._import_state(state, if_match))

    async def aimport_state(self, state: Mapping[str, Any], *, if_match: str | None = None) -> dict[str, Any]:
        """Makes a version of what ``dspy.Module.dump_state`` gives, with ``notes`` of what was left out.

        ConflictError when the program is not what ``if_match``, an ``etag``, names any more.
        """
        return await self._transport.asend(self._import_state(state, if_match))

    def export_state(self) -> dict[str, Any]:
        """What the program has learned, as ``dspy.Module.load_state`` takes it; NotFoundError when that is nothing."""
        return self._transport.send(self._export_state())

    async def aexport_state(self) -> dict[str, Any]:
        """What the program has learned, as ``dspy.Module.load_state`` takes it; NotFoundError when that is nothing."""
        return await self._transport.asend(self._export_state())

    def spec(self) -> dict[str, Any]:
        """The signature as the platform has it, with ``inputs`` and ``outputs``."""
        name, version = self._signature_version()
        query = f"filter[version][eq]={version}"
        page = self._transport.send(read_call(f"/v1/signatures/{name}/versions?{query}"))
        spec: dict[str, Any] = page["items"][0]
        return spec

    def signature(self) -> Any:  # noqa: ANN401 - a class of DSPy's
        """The signature as a ``dspy.Signature``; needs DSPy."""
        from dspy_nest.dspy_module import to_signature  # noqa: PLC0415 - DSPy is optional

        return to_signature(self.spec())

    def as_module(self) -> Any:  # noqa: ANN401 - a class of DSPy's
        """The program as a ``dspy.Module``, to be a part of other programs; needs DSPy."""
        from dspy_nest.dspy_module import RemoteModule  # noqa: PLC0415 - DSPy is optional

        return RemoteModule(self)

    def __deepcopy__(self, _memo: object) -> "Program":
        """Itself: it never changes, and connections cannot be copied."""
        return self

    def __repr__(self) -> str:
        """Name and options."""
        given = [f"{each.name}={value!r}" for each in fields(Options) if (value := getattr(self.options, each.name))]
        return f"Program({', '.join([repr(self.name), *given])})"

    def _signature_version(self) -> tuple[str, int]:
        path = self._path()
        if self.options.version is None:
            program = self._transport.send(read_call(path))
        else:
            query = f"filter[version][eq]={self.options.version}"
            items = self._transport.send(read_call(f"{path}/versions?{query}"))["items"]
            if not items:
                message = f'The program "{self.name}" has no version {self.options.version}.'
                raise NotFoundError(message, code="program_version_not_found")
            program = items[0]
        return program["signature"], program["signatureVersion"]

    def _key(self) -> str:
        return self.options.idempotency_key or uuid.uuid4().hex

    def _execute(self, inputs: Mapping[str, Any], key: str | None) -> Call:
        timeout_s = LONGEST_S if self.options.timeout_s is None else self.options.timeout_s + _SLACK_S
        return self._call(inputs, {} if key is None else {"idempotency-key": key}, timeout_s)

    def _submit(self, inputs: Mapping[str, Any]) -> Call:
        headers = {"idempotency-key": self._key(), "prefer": "respond-async"}
        return self._call(inputs, headers, REQUEST_TIMEOUT_S)

    def _import_state(self, state: Mapping[str, Any], if_match: str | None) -> Call:
        headers = {"idempotency-key": self._key(), **_condition(if_match)}
        return Call("POST", self._path("/state"), REQUEST_TIMEOUT_S, repeatable=True, body=state, headers=headers)

    def _update(self, change: Mapping[str, Any], if_match: str | None) -> Call:
        # What says nothing new makes no version; but once it is done, the tag fits no more.
        repeatable, headers = if_match is None, _condition(if_match)
        return Call("PATCH", self._path(), REQUEST_TIMEOUT_S, repeatable, body=change, headers=headers)

    def _batch(self, lines: bytes | Iterator[bytes] | AsyncIterator[bytes], name: str | None) -> Call:
        path = f"{self._path('/batches')}{query_of(name=name, **self.options.body())}"
        is_kept = isinstance(lines, bytes)
        key = self._key() if is_kept else self.options.idempotency_key
        headers = {} if key is None else {"idempotency-key": key}
        return Call("POST", path, REQUEST_TIMEOUT_S, is_kept, headers=headers, lines=lines)

    def _export_state(self) -> Call:
        return read_call(f"{self._path('/state')}{query_of(version=self.options.version)}")

    def _call(self, inputs: Mapping[str, Any], headers: Mapping[str, str], timeout_s: float) -> Call:
        body = {**self.options.body(), "inputs": {name: to_json(value) for name, value in inputs.items()}}
        return Call("POST", self._path("/executions"), timeout_s, "idempotency-key" in headers, body, headers)

    def _path(self, below: str = "") -> str:
        return f"/v1/programs/{self.name}{below}"


def _condition(if_match: str | None) -> dict[str, str]:
    return {} if if_match is None else {"if-match": if_match}
