"""Puts the parts of the worker together."""

import asyncio
import importlib.metadata
import os
import platform
import signal
import sys

import dspy
import uvloop

from dspy_worker import __version__
from dspy_worker.errors import to_wire_error
from dspy_worker.logs import Redactor, configure_logs
from dspy_worker.messaging.recycling import Ceilings
from dspy_worker.messaging.worker import WorkerOptions, work
from dspy_worker.one_core import keep_to_one_core
from dspy_worker.optimize.run import Optimizations
from dspy_worker.parent import end_with_parent
from dspy_worker.runtime.formats.adapters import FORMATS
from dspy_worker.runtime.modules.modules import MODULES
from dspy_worker.runtime.recording.redaction import Redaction
from dspy_worker.runtime.runner import Runner
from dspy_worker.runtime.tools.declarations import InvalidTools, read_tools
from dspy_worker.runtime.tools.granted_tools import GrantedTools
from dspy_worker.runtime.transport.address_guard import AddressGuard
from dspy_worker.runtime.transport.clock_watch import ClockWatch
from dspy_worker.runtime.transport.connections import ConnectionPool
from dspy_worker.settings import InvalidSettings, Settings, read_settings
from dspy_worker.tracing import start_tracing

_WRONG_USAGE = 2


def main() -> int:
    """Runs a worker until SIGTERM, SIGINT or the death of its parent; returns the exit status."""
    try:
        settings = read_settings()
        tools = _tools(settings)
    except InvalidSettings as invalid:
        sys.stderr.write(f"The worker cannot start:\n{invalid}\n")
        return _WRONG_USAGE
    redactor = Redactor()
    configure_logs(settings.log_level, redactor)
    for secret in tools.secrets:
        redactor.hide(secret)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, redactor, tools))
    return 0


def _tools(settings: Settings) -> GrantedTools:
    if settings.tools_file is None:
        return GrantedTools()
    try:
        tools = read_tools(settings.tools_file, os.environ)
    except InvalidTools as invalid:
        message = f'DSPY_NEST_TOOLS_FILE is "{settings.tools_file}", which cannot be used:\n{invalid}'
        raise InvalidSettings(message) from invalid
    return GrantedTools(tools, os.environ, AddressGuard(settings.model_networks))


def _versions_of_optimizers() -> dict[str, str]:
    packages = {name: importlib.metadata.version(name) for name in ("gepa", "optuna")}
    return {"python": platform.python_version(), **packages}


async def _serve(settings: Settings, redactor: Redactor, tools: GrantedTools) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    watching_parent = asyncio.ensure_future(end_with_parent(ended))
    keeping_to_one_core = asyncio.ensure_future(keep_to_one_core())
    versions = {"dspy": dspy.__version__, "worker": __version__}
    options = WorkerOptions(
        nats_url=settings.nats_url,
        pool=settings.pool,
        lanes=settings.lanes,
        concurrency=settings.concurrency,
        drain_grace_s=settings.drain_grace_s,
        ceilings=Ceilings.of(settings.max_executions, settings.max_rss_mb),
        versions=versions,
        optimizer_versions={**versions, **_versions_of_optimizers()},
        modules=list(MODULES),
        formats=list(FORMATS),
    )
    pool = ConnectionPool(guard=AddressGuard(settings.model_networks))
    clocks = ClockWatch()
    redaction = Redaction(settings.redact)
    await work(
        options,
        run=Runner(pool, clocks, redaction, tools).run,
        optimize=Optimizations(pool, clocks, redaction, tools).run,
        to_wire_error=to_wire_error,
        on_secret=redactor.hide,
        ended=ended,
        tracing=start_tracing(),
    )
    watching_parent.cancel()
    keeping_to_one_core.cancel()
