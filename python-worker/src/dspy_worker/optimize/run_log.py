"""Hears what DSPy logs in the threads of one run."""

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

import dspy

MAX_CHARS = 2_000
_LOGGER = "dspy"
# GEPA tells in no louder voice that a proposal came to nothing.
_FAILED = "reflection failed"


class RunLog(logging.Handler):
    """Passes on warnings of DSPy while the block runs, and keeps them out of the log of the process.

    They quote examples, which belong to whoever ordered the run. What executions in the same process log is not heard.
    """

    def __init__(self, lm: dspy.BaseLM, say: Callable[[str], None]) -> None:
        """Takes the model of the run, by whose engine its threads are known."""
        super().__init__(logging.INFO)
        self._engine = lm.engine
        self._say = say
        self._process_handlers: list[logging.Handler] = []

    def __enter__(self) -> Self:
        """Begins to listen."""
        logger = logging.getLogger(_LOGGER)
        self._process_handlers = [*logger.handlers, *logging.getLogger().handlers]
        for handler in self._process_handlers:
            handler.addFilter(self._is_of_others)
        logger.addHandler(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Listens no more."""
        logging.getLogger(_LOGGER).removeHandler(self)
        for handler in self._process_handlers:
            handler.removeFilter(self._is_of_others)

    def emit(self, record: logging.LogRecord) -> None:
        """Passes on one record, cut to `MAX_CHARS`."""
        message = record.getMessage()
        if (record.levelno >= logging.WARNING or _FAILED in message) and not self._is_of_others(record):
            self._say(message[:MAX_CHARS])

    def _is_of_others(self, record: logging.LogRecord) -> bool:
        is_of_dspy = record.name.split(".", 1)[0] == _LOGGER
        return not is_of_dspy or getattr(dspy.settings.lm, "engine", None) is not self._engine
