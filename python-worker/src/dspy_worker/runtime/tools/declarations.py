"""Reads the tools that an operator declares in a file of JSON."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

MIN_SECRET_CHARS = 8
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SECRET = re.compile(r"\$\{([^{}]*)\}")
_SECRET_NAME = re.compile(r"DSPY_NEST_TOOL_SECRET_[A-Z0-9_]{1,64}")
# What DSPy itself offers the model beside the tools, to say that it is done.
_OF_DSPY = "finish"
# What HTTP itself needs, or what would make a secret go elsewhere.
_OWN_HEADERS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class InvalidTools(Exception):  # noqa: N818 - reads as what it is
    """A file of tools that no worker can start with; the message names what is wrong."""


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.fragment:
        message = "must be an http:// or https:// URL with a host, without user and fragment"
        raise ValueError(message)
    if _PLACEHOLDER.search(parts.netloc):
        message = "must have its placeholders behind the host, which no argument may choose"
        raise ValueError(message)
    if not (value.isascii() and value.isprintable() and " " not in value):
        message = "has characters that must be percent-encoded"
        raise ValueError(message)
    return value


def _headers(value: Mapping[str, str]) -> Mapping[str, str]:
    for name, text in value.items():
        if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", name) or name.lower() in _OWN_HEADERS:
            message = f'has "{name}", which is no header that a tool may set'
            raise ValueError(message)
        if not (text.isascii() and text.isprintable()):
            message = f'has characters in "{name}" that no HTTP header carries'
            raise ValueError(message)
        for secret in _SECRET.findall(text):
            if not _SECRET_NAME.fullmatch(secret):
                message = f'names ${{{secret}}} in "{name}": a secret is a variable DSPY_NEST_TOOL_SECRET_…'
                raise ValueError(message)
    return value


class _Declaration(BaseModel):
    """What is said of every tool.

    Attributes:
        programs: The only programs that may name the tool; all may if there is none.
        headers: Of each request; `${DSPY_NEST_TOOL_SECRET_…}` stands for the value of that variable.
        max_bytes: So much of an answer is shown to the model.
        trusted: Whether the server may be at any address, also of a private network.

    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=to_camel, validate_by_name=False
    )

    name: Name
    programs: Annotated[list[str], Field(min_length=1, max_length=1_000)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_url)]
    headers: Annotated[dict[str, str], Field(max_length=20), AfterValidator(_headers)] = {}
    timeout_ms: int = Field(default=10_000, ge=1, le=120_000)
    max_bytes: int = Field(default=20_000, ge=1, le=1_048_576)
    trusted: bool = False

    @model_validator(mode="after")
    def _is_no_word_of_dspy(self) -> Self:
        if self.name == _OF_DSPY:
            message = f'"{_OF_DSPY}" is what the model says when it is done; name the tool otherwise'
            raise ValueError(message)
        return self


class HttpTool(_Declaration):
    """A tool that is one HTTP request.

    Attributes:
        url: With `{argument}` where an argument stands; the others go into the query, or the body as JSON.
        args: The JSON Schema of each argument; one with a `default` may be left out.

    """

    kind: Literal["http"]
    description: str = Field(min_length=1, max_length=2_000)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    args: dict[Name, dict[str, Any]] = Field(default={}, max_length=20)

    @property
    def schema_of_args(self) -> dict[str, Any]:
        """The JSON Schema of all arguments together."""
        required = [name for name, schema in self.args.items() if "default" not in schema]
        return {"type": "object", "properties": self.args, "required": required, "additionalProperties": False}

    @model_validator(mode="after")
    def _has_sound_arguments(self) -> Self:
        try:
            Draft202012Validator.check_schema(self.schema_of_args)
        except SchemaError as error:
            message = f"args are no JSON Schemas: {error.message}"
            raise ValueError(message) from error
        unknown = set(_PLACEHOLDER.findall(self.url)) - set(self.args)
        if unknown:
            message = f"the URL has {{{min(unknown)}}}, which is none of args"
            raise ValueError(message)
        return self


class McpTool(_Declaration):
    """A tool of an MCP server, which says itself what it does and takes.

    Attributes:
        url: The server's endpoint, which speaks Streamable HTTP.
        tool: The name at the server, if it is another.

    """

    kind: Literal["mcp"]
    tool: str | None = Field(default=None, min_length=1, max_length=200)


Tool = HttpTool | McpTool


class ToolsFile(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    tools: list[Annotated[Tool, Field(discriminator="kind")]] = Field(max_length=200)

    @model_validator(mode="after")
    def _has_each_name_once(self) -> Self:
        names = [tool.name for tool in self.tools]
        if twice := {name for name in names if names.count(name) > 1}:
            message = f'the name "{min(twice)}" stands there twice'
            raise ValueError(message)
        return self


def read_tools(path: str, environment: Mapping[str, str]) -> Sequence[Tool]:
    """Reads the file; raises `InvalidTools` naming everything that is wrong with it and secrets that are not there."""
    try:
        tools = ToolsFile.model_validate(json.loads(Path(path).read_bytes())).tools
    except ValidationError as error:
        lines = [f"{_pointer(problem['loc'])}: {problem['msg']}" for problem in error.errors()]
        raise InvalidTools("\n".join(lines)) from None
    except (OSError, ValueError) as error:
        raise InvalidTools(str(error)) from error
    for tool in tools:
        for name in secret_names(tool):
            if len(environment.get(name, "")) < MIN_SECRET_CHARS:
                message = f'the tool "{tool.name}" needs {name}, a secret of at least {MIN_SECRET_CHARS} characters'
                raise InvalidTools(message)
    return tools


def _pointer(place: tuple[int | str, ...]) -> str:
    """Returns the JSON pointer of a place, without the kind that pydantic puts behind the number of a tool."""
    head, kind, rest = place[:2], place[2:3], place[3:]
    return "".join(f"/{part}" for part in (*head, *(() if kind in {("http",), ("mcp",)} else kind), *rest))


def secret_names(tool: Tool) -> list[str]:
    """Returns the variables that a tool takes secrets from."""
    return [name for text in tool.headers.values() for name in _SECRET.findall(text)]


def headers_with_secrets(tool: Tool, environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the headers as they are sent."""
    return {name: _SECRET.sub(lambda match: environment[match[1]], text) for name, text in tool.headers.items()}
