"""Reads texts of a certain form. The twin in Node is libs/signature/src/coercion/formatted.ts."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from dspy_worker.runtime.coercion.coercion import Coerced, mended
from dspy_worker.runtime.texts.text_marks import unwrapped
from dspy_worker.runtime.values.canonical_json import canonical_json
from dspy_worker.runtime.values.carriable import is_carriable_text, is_scalar
from dspy_worker.runtime.values.formats import is_date, is_datetime, is_email, is_image, is_url

# The year first: then all the world writes the month before the day.
_DAY = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
_NEARLY_DATE = re.compile(rf"{_DAY}(?:[Tt ]00:00(?::00(?:\.0+)?)?(?:[Zz]|[+-]00:00)?)?")
_NEARLY_DATETIME = re.compile(
    rf"{_DAY}(?:[Tt]|[ \t]+)([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}})(\.[0-9]+)?)?[ \t]*"
    r"(?:([Zz]|UTC|GMT)|([+-][0-9]{2})(?::?([0-9]{2}))?)?"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def coerce_text(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401 - any JSON value
    """Takes a text as it is; a number, true and false are written as in JSON."""
    if isinstance(raw, str):
        return Coerced(raw, fits=is_carriable_text(raw))
    return mended(pointer, raw, canonical_json(raw), "text_from_scalar") if is_scalar(raw) else Coerced(raw, fits=False)


def coerce_date(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads a day in nearly the form of ISO 8601."""
    return _coerce(raw, pointer, is_date, _fix_date)


def coerce_datetime(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads a time in nearly the form of ISO 8601. Without a zone it is taken for UTC: models rarely say one."""
    return _coerce(raw, pointer, is_datetime, _fix_datetime)


def coerce_url(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads a URL, also with characters beyond ASCII."""
    return _coerce(raw, pointer, is_url, _fix_url)


def coerce_email(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads an e-mail address."""
    return _coerce(raw, pointer, is_email, None)


def coerce_image(raw: Any, pointer: str) -> Coerced:  # noqa: ANN401
    """Reads where an image is, or the image itself as a data URI."""
    return _coerce(raw, pointer, lambda text: is_image(text) and is_carriable_text(text), None)


def _coerce(
    raw: Any,  # noqa: ANN401
    pointer: str,
    is_form: Callable[[str], bool],
    fix: Callable[[str], tuple[str, str] | None] | None,
) -> Coerced:
    if not isinstance(raw, str) or is_form(raw):
        return Coerced(raw, fits=isinstance(raw, str))
    inner = unwrapped(raw)
    if is_form(inner):
        return mended(pointer, raw, inner, "trimmed")
    text, rule = (fix(inner) if fix else None) or ("", "")
    return mended(pointer, raw, text, rule) if is_form(text) else Coerced(raw, fits=False)


def _fix_date(text: str) -> tuple[str, str] | None:
    found = _NEARLY_DATE.fullmatch(text)
    return (f"{found[1]}-{found[3]:0>2}-{found[4]:0>2}", "date_form") if found else None


def _fix_datetime(text: str) -> tuple[str, str] | None:
    found = _NEARLY_DATETIME.fullmatch(text)
    if found is None:
        return None
    year, _, month, day, hour, minute, second, fraction, utc, hours, minutes = found.groups()
    zone = f"{hours}:{minutes or '00'}" if hours else "Z"
    time = f"{hour:0>2}:{minute}:{second or '00'}{fraction or ''}{zone}"
    return f"{year}-{month:0>2}-{day:0>2}T{time}", "datetime_form" if hours or utc else "datetime_as_utc"


def _fix_url(text: str) -> tuple[str, str] | None:
    if not is_carriable_text(text):
        return None
    return _NOT_ASCII.sub(lambda found: quote(found[0]), text), "url_encoded"
