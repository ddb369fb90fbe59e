"""Where and how one version of a model is called."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dspy_worker.failures import UnsupportedOption

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """One HTTP server; connections are shared by all models behind it that are trusted alike.

    Attributes:
        trusted: Whether the operator named the server, which may then be at any address.

    """

    scheme: str
    host: str
    port: int
    trusted: bool = False

    def __str__(self) -> str:
        """Names the server in messages: `host:port`, without path and credentials."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """One model behind an OpenAI-compatible server; the key never shows in `repr`.

    Attributes:
        name: The model's name on the platform with its version, `gpt@3`.
        wire_model: The name sent to the server.
        path: The path of the chat route.
        input_usd: Price of one prompt token in USD, None if unknown.
        output_usd: Price of one completion token in USD, None if unknown.
        grammar: Whether the server takes a GBNF grammar.
        json_schema: Whether the server takes `response_format: json_schema`.

    """

    name: str
    wire_model: str
    server: ServerAddress
    path: str
    api_key: str | None = field(default=None, repr=False)
    input_usd: float | None = None
    output_usd: float | None = None
    grammar: bool = False
    json_schema: bool = False

    def cost_usd(self, prompt_tokens: int | None, completion_tokens: int | None) -> float | None:
        """Prices one call in USD; None when a count or a price is unknown, never 0 for want of knowledge."""
        if prompt_tokens is None or completion_tokens is None or self.input_usd is None or self.output_usd is None:
            return None
        return prompt_tokens * self.input_usd + completion_tokens * self.output_usd


def server_of(url: str, *, trusted: bool) -> ServerAddress:
    """Returns the server of an http(s) URL with a host."""
    parts = urlsplit(url)
    return ServerAddress(parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme], trusted)


def parse_base_url(base_url: str, *, trusted: bool = False) -> tuple[ServerAddress, str]:
    """Splits a base URL such as `https://host/v1` into the server and the path of the chat route.

    Raises `UnsupportedOption` for anything but an http(s) URL with a host.
    """
    try:
        parts = urlsplit(base_url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        message = (
            "The model's base URL is not usable: it must be http:// or https:// with a host, such as https://host/v1."
        )
        raise UnsupportedOption(message)
    address = server_of(base_url, trusted=trusted)
    query = f"?{parts.query}" if parts.query else ""
    return address, f"{parts.path.rstrip('/')}/chat/completions{query}"
