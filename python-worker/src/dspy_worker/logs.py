"""Logs as one JSON object a line on stderr, with secrets taken out."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

MAX_SECRETS = 1_000
_MIN_SECRET_LENGTH = 8
_HIDDEN = "[hidden]"
_SECRET_NAMES = re.compile(r"(?i)(api_?key|authorization|password|secret|token$)")
_SECRET_TEXTS = re.compile(r"(?i)(?P<before>bearer\s+|://[^\s/:@]*:)[^\s@\"']+")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


class Redactor:
    """A log processor that hides what it was told is secret, and what looks like it."""

    def __init__(self) -> None:
        """Starts knowing no secret."""
        self._secrets: dict[str, None] = {}

    def hide(self, secret: str) -> None:
        """Remembers a secret; very short ones are left alone, as hiding them would spoil ordinary words."""
        if len(secret) < _MIN_SECRET_LENGTH:
            return
        self._secrets[secret] = None
        if len(self._secrets) > MAX_SECRETS:
            del self._secrets[next(iter(self._secrets))]

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Returns the event without secrets."""
        for name, value in event.items():
            event[name] = _HIDDEN if _SECRET_NAMES.search(name) else self._clean(value)
        return event

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - anything can be logged
        if isinstance(value, dict):
            return {str(k): _HIDDEN if _SECRET_NAMES.search(str(k)) else self._clean(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._clean(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _SECRET_TEXTS.sub(lambda match: match["before"] + _HIDDEN, text)


def configure_logs(level: str, redactor: Redactor) -> None:
    """Sends everything that is logged, by us or by libraries, through the redactor to stderr."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", key="time"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("message"),
            redactor,
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode()),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])
    for noisy in ("dspy", "nats", "asyncio", "opentelemetry"):
        library = logging.getLogger(noisy)
        library.handlers.clear()
        library.propagate = True
        # DSPy warns about its users' prompts, which are not the operator's; the others of what we tell ourselves.
        library.setLevel(max(_LEVELS[level], logging.ERROR))
