"""The worker's settings, read from the environment."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dspy_worker.contracts.messages import LaneName
from dspy_worker.runtime.recording.redaction import RedactedClass
from dspy_worker.runtime.transport.address_guard import Network, networks_of

LEAST_RSS_MB = 256
_TOKEN = r"^[A-Za-z0-9_-]{1,30}$"  # noqa: S105 - a token of a subject


class InvalidSettings(Exception):  # noqa: N818 - reads as what it is
    """Settings that no worker can start with; the message names each."""


def _nats_url(value: str) -> str:
    if urlsplit(value).scheme not in {"nats", "tls"} or not urlsplit(value).hostname:
        message = "must be nats:// or tls:// with a host"
        raise ValueError(message)
    return value


def _names(value: object) -> object:
    return [name.strip() for name in value.split(",")] if isinstance(value, str) else value


def _networks(value: object) -> object:
    return networks_of(value) if isinstance(value, str) else value


def _memory_ceiling(value: int) -> int:
    if 0 < value < LEAST_RSS_MB:
        message = f"must be 0 (none) or at least {LEAST_RSS_MB}, for less is what a worker takes when it starts"
        raise ValueError(message)
    return value


class Settings(BaseSettings):
    """What an operator can set."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    nats_url: Annotated[str, AfterValidator(_nats_url)] = Field(default="nats://127.0.0.1:4222", alias="NATS_URL")
    concurrency: int = Field(default=64, ge=1, le=1024, alias="DSPY_NEST_WORKER_CONCURRENCY")
    pool: str = Field(default="default", pattern=_TOKEN, alias="DSPY_NEST_WORKER_POOL")
    lanes: Annotated[frozenset[LaneName], NoDecode, BeforeValidator(_names)] = Field(
        default=frozenset(("interactive", "batch")), min_length=1, alias="DSPY_NEST_WORKER_LANES"
    )
    drain_grace_s: float = Field(default=20.0, ge=0, le=600, alias="DSPY_NEST_WORKER_DRAIN_GRACE_S")
    max_executions: int = Field(default=0, ge=0, le=1_000_000_000, alias="DSPY_NEST_WORKER_MAX_EXECUTIONS")
    max_rss_mb: Annotated[int, AfterValidator(_memory_ceiling)] = Field(
        default=0, ge=0, le=1_048_576, alias="DSPY_NEST_WORKER_MAX_RSS_MB"
    )
    model_networks: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        default=(), alias="DSPY_NEST_MODEL_NETWORKS"
    )
    redact: Annotated[frozenset[RedactedClass], NoDecode, BeforeValidator(_names)] = Field(
        default=frozenset(("secrets",)), alias="DSPY_NEST_REDACT"
    )
    tools_file: str | None = Field(default=None, alias="DSPY_NEST_TOOLS_FILE")
    log_level: Literal["debug", "info", "warn", "error"] = Field(default="info", alias="LOG_LEVEL")


def read_settings() -> Settings:
    """Reads the settings; raises `InvalidSettings` naming every wrong variable, what it is and what is allowed."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{problem['loc'][0]} is {_shown(problem)}: {problem['msg']}" for problem in error.errors()]
        raise InvalidSettings("\n".join(lines)) from None


def _shown(problem: object) -> str:
    value = problem["input"] if isinstance(problem, dict) else ""
    # The address of NATS may carry a password.
    return "not usable" if isinstance(problem, dict) and problem["loc"][0] == "NATS_URL" else f'"{value}"'
