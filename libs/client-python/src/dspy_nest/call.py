"""One request, and what is known of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

REQUEST_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and what is known of it."""

    method: str
    path: str
    timeout_s: float
    repeatable: bool
    """Asking twice does once."""
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    lines: bytes | Iterator[bytes] | AsyncIterator[bytes] | None = None
    """Instead of a body: lines of JSON, or what ``content-type`` says. What is made while it is sent is sent once."""

    @property
    def is_sent_once(self) -> bool:
        """Whether it cannot be sent again."""
        return self.lines is not None and not isinstance(self.lines, bytes)


def read_call(path: str) -> Call:
    """A request that only reads."""
    return Call("GET", path, REQUEST_TIMEOUT_S, repeatable=True)


def action_call(path: str, body: Mapping[str, Any] | None = None) -> Call:
    """A request that does something to what is there, and makes nothing."""
    return Call("POST", path, REQUEST_TIMEOUT_S, repeatable=False, body=body or {})


def create_call(path: str, body: Mapping[str, Any] | None, key: str | None) -> Call:
    """A request that makes something once, under a key that is made anew unless given."""
    return Call("POST", path, REQUEST_TIMEOUT_S, True, body, {"idempotency-key": key or uuid4().hex})


def list_call(path: str, query: Mapping[str, Any]) -> Call:
    """A request for a page; ``filter`` has values by operator by field."""
    page = {name: value for name, value in query.items() if name != "filter"}
    filters = {
        f"filter[{field}][{operator}]": ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        for field, operators in query.get("filter", {}).items()
        for operator, value in operators.items()
    }
    return read_call(f"{path}{query_of(**page, **filters)}")


def query_of(**options: Any) -> str:  # noqa: ANN401 - numbers and text
    """The query of an address, with its question mark; empty when nothing is given."""
    given = {name: value for name, value in options.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""
