"""Values of inputs as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def to_json(value: Any) -> Any:  # noqa: ANN401 - any value of a signature
    """A value as JSON: dates as text, models of pydantic as objects, images of DSPy by their address."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: to_json(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.url if type(value).__name__ == "Image" else value.model_dump(mode="json")
    return value
