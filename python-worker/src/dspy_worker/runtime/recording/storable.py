"""Texts that every store takes: no U+0000, which Postgres refuses, and no half of a surrogate pair."""

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
