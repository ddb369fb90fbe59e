"""Grammars (GBNF, as llama.cpp reads them) that keep a small model's answer line to the form of its type."""

import datetime as dt
from collections.abc import Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

_DATE = '[0-9] [0-9] [0-9] [0-9] "-" [0-1] [0-9] "-" [0-3] [0-9]'
_TIME = '[0-2] [0-9] ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"'
_SCALARS: dict[Any, str] = {
    str: r"[^\n]+",
    bool: '"true" | "false"',
    int: '"-"? [0-9]{1,15}',
    float: '"-"? [0-9]{1,15} ("." [0-9]{1,6})?',
    dt.date: _DATE,
    dt.datetime: f'{_DATE} "T" {_TIME}',
}
PROBABILITY = '"0" ("." [0-9]{1,3})? | "1" (".0")?'
NONE_WORD = "none"


def line_grammar(annotation: Any, *, is_probability: bool = False) -> str | None:  # noqa: ANN401 - an annotation
    """Returns the grammar of an answer line, from the space after the open prefix to the newline.

    None means that values of the type do not fit on a line in a form of their own: they are asked for as JSON.
    """
    rule = PROBABILITY if is_probability else _rule(annotation)
    return None if rule is None else f'root ::= " " ({rule}) "\\n"'


def optional_part(annotation: Any) -> Any | None:  # noqa: ANN401
    """Returns T for an annotation Optional[T], else None."""
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()
    present = [member for member in members if member is not type(None)]
    return present[0] if len(members) == 2 and len(present) == 1 else None  # noqa: PLR2004 - T and None


def _rule(annotation: Any) -> str | None:  # noqa: ANN401
    if get_origin(annotation) is Literal:
        return " | ".join(_quoted(str(value)) for value in _longest_first(get_args(annotation)))
    if (present := optional_part(annotation)) is not None:
        rule = _rule(present)
        return None if rule is None else f"{_quoted(NONE_WORD)} | {rule}"
    return _SCALARS.get(annotation) if isinstance(annotation, type) else None


def _longest_first(values: Sequence[Any]) -> list[Any]:
    return sorted(values, key=lambda value: -len(str(value)))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
