"""Tells whether a text has the form of its type. The twin in Node is libs/signature/src/values/formats.ts."""

import re

from dspy_worker.contracts.sizes import IMAGE_MAX_BYTES

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])")
_URL = re.compile(
    r"https?://(?:(?:[0-9A-Za-z._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])"
    r"(?::[0-9]{1,5})?(?:[/?#](?:[0-9A-Za-z._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*)?"
)
_ATOM, _LABEL = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+", r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
# A URL of a model's may have letters that a URL of ours has not; whoever fetches it judges that.
_IMAGE_URL = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]+\]|[^ \t\r\n\f\v/?#\[\]])[^ \t\r\n\f\v]*")
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_MAX_EMAIL = 254
_FEBRUARY = 2
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """Tells whether a text is a day of RFC 3339 from the year 1 on, such as 2024-05-02."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    if year == 0 or not 1 <= month <= len(_MONTH_LENGTHS):
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _MONTH_LENGTHS[month - 1] + (month == _FEBRUARY and is_leap)


def is_datetime(text: str) -> bool:
    """Tells whether a text is a time of RFC 3339 with its zone, such as 2024-05-02T10:30:00Z; leap seconds are none."""
    return text[10:11] == "T" and is_date(text[:10]) and _TIME.fullmatch(text, 11) is not None


def is_url(text: str) -> bool:
    """Tells whether a text is an absolute http or https URL in ASCII."""
    return _URL.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Tells whether a text is an e-mail address in ASCII."""
    return len(text) <= _MAX_EMAIL and _EMAIL.fullmatch(text) is not None


def is_image(text: str) -> bool:
    """Tells whether a text is an http or https URL, or a data URI with an image of at most 10 MiB in base64."""
    head = _IMAGE_DATA.match(text)
    if head is None:
        return _IMAGE_URL.fullmatch(text) is not None
    length = len(text) - head.end()
    padding = len(text) - len(text.rstrip("="))
    is_whole = length % 4 == 0 and _BASE64.fullmatch(text, head.end()) is not None
    return is_whole and length // 4 * 3 - padding <= IMAGE_MAX_BYTES
