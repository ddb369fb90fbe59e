"""Hears what DSPy logs in the threads of one run."""

import logging
import sys
from collections.abc import Callable
from io import TextIOBase
from types import TracebackType
from typing import Self, TextIO

import dspy

MAX_CHARS = 2_000
_LOGGER = "dspy"
# GEPA tells in no louder voice that a proposal came to nothing.
_FAILED = "reflection failed"


class RunLog(logging.Handler):
    """Passes on warnings of DSPy while the block runs, and keeps them out of the log of the process.

    They quote examples, which belong to whoever ordered the run. What executions in the same process log is not heard,
    and goes to the log of the process as it would without the run. What optimisers print, bars above all, goes nowhere.
    One run at a time is heard.
    """

    def __init__(self, lm: dspy.BaseLM, say: Callable[[str], None]) -> None:
        """Takes the model of the run, by whose engine its threads are known."""
        super().__init__(logging.INFO)
        self._engine = lm.engine
        self._say = say
        self._process_handlers: list[logging.Handler] = []
        self._process_level = logging.NOTSET
        self._stdout: TextIO = sys.stdout

    def __enter__(self) -> Self:
        """Begins to listen."""
        logger = logging.getLogger(_LOGGER)
        self._process_handlers = [*logger.handlers, *logging.getLogger().handlers]
        for handler in self._process_handlers:
            handler.addFilter(self._is_for_process)
        logger.addHandler(self)
        # The process may hear less of DSPy than the run has to tell.
        self._process_level = logger.level
        logger.setLevel(logging.INFO)
        self._stdout, sys.stdout = sys.stdout, _StdoutOfOthers(sys.stdout, self._is_in_run)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Listens no more."""
        sys.stdout = self._stdout
        logger = logging.getLogger(_LOGGER)
        logger.setLevel(self._process_level)
        logger.removeHandler(self)
        for handler in self._process_handlers:
            handler.removeFilter(self._is_for_process)

    def emit(self, record: logging.LogRecord) -> None:
        """Passes on one record, cut to `MAX_CHARS`."""
        message = record.getMessage()
        if (record.levelno >= logging.WARNING or _FAILED in message) and self._is_in_run():
            self._say(message[:MAX_CHARS])

    def _is_for_process(self, record: logging.LogRecord) -> bool:
        is_of_dspy = record.name.split(".", 1)[0] == _LOGGER
        return not is_of_dspy or (record.levelno >= self._process_level and not self._is_in_run())

    def _is_in_run(self) -> bool:
        return getattr(dspy.settings.lm, "engine", None) is self._engine


class _StdoutOfOthers(TextIOBase):
    """Passes on what is printed, but for what the threads of a run print."""

    def __init__(self, stream: TextIO, is_in_run: Callable[[], bool]) -> None:
        super().__init__()
        self._stream = stream
        self._is_in_run = is_in_run

    def write(self, text: str) -> int:
        return len(text) if self._is_in_run() else self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()
