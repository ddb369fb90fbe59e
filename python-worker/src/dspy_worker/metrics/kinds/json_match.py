"""JSON that has the values expected in their places."""

from collections.abc import Iterator, Mapping
from typing import Any

from dspy_worker.runtime.values.canonical_json import canonical_json

_Path = tuple[str | int, ...]


def json_match(expected: Any, given: Any, metric: Mapping[str, Any]) -> float:  # noqa: ANN401 - any JSON value
    """Returns the share of the values expected that the answer has in the same place.

    `keys` restricts it to those at the top; with `strict` values that nobody expected count against it.
    """
    right = dict(_leaves(_chosen(expected, metric)))
    found = dict(_leaves(_chosen(given, metric)))
    shared = sum(path in found and found[path] == leaf for path, leaf in right.items())
    return shared / len(right.keys() | found.keys() if metric.get("strict") is True else right)


def _chosen(value: Any, metric: Mapping[str, Any]) -> Any:  # noqa: ANN401
    wanted = metric.get("keys")
    if wanted is None or not isinstance(value, dict):
        return value
    return {key: part for key, part in value.items() if key in wanted}


def _leaves(value: Any, path: _Path = ()) -> Iterator[tuple[_Path, str]]:  # noqa: ANN401
    parts: list[tuple[str | int, Any]] = []
    if isinstance(value, (list, dict)):
        parts = list(enumerate(value) if isinstance(value, list) else value.items())
    if not parts:
        yield path, canonical_json(value)
    for key, part in parts:
        yield from _leaves(part, (*path, key))
