"""The one place where DSPy itself is changed: it builds a pydantic schema for every text it writes into a prompt.

That takes longer than writing the rest of the prompt. The schemas of plain types are the same for ever, so they are
built once; every other type goes the old way.
"""

from typing import Any

from dspy.adapters import utils
from pydantic import TypeAdapter

_PLAIN: dict[Any, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (str, int, float, bool)}


def _type_adapter(annotation: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - an annotation has no type of its own
    kept = _PLAIN.get(annotation) if type(annotation) is type else None
    return TypeAdapter(annotation) if kept is None else kept


def take_shortcut() -> None:
    """Makes DSPy's formats reuse the schemas of plain types; doing it again changes nothing."""
    utils.TypeAdapter = _type_adapter
