"""Texts and JSON that every store takes: no U+0000, which Postgres refuses, and no half of a surrogate pair."""

from typing import Any

import orjson

_REPLACEMENT = "\ufffd"


def storable_text(text: str) -> str:
    """Returns the text with U+FFFD in the place of what cannot be stored."""
    if "\x00" in text:
        text = text.replace("\x00", _REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def storable_json(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Returns the JSON value with U+FFFD in the place of what cannot be stored, in names too."""
    try:
        if b"\\u0000" not in orjson.dumps(value):
            return value
    except TypeError:  # half of a surrogate pair
        pass
    return _replaced(value)


def _replaced(value: Any) -> Any:  # noqa: ANN401
    match value:
        case str():
            return storable_text(value)
        case list():
            return [_replaced(item) for item in value]
        case dict():
            return {storable_text(name): _replaced(item) for name, item in value.items()}
    return value
