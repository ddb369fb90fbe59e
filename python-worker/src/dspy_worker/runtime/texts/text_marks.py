"""Takes off what models write around words. The twin in Node is libs/signature/src/texts/text-marks.ts."""

import re

import regex

BLANKS = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # fmt: skip  # noqa: E501
_AROUND, _AFTER = BLANKS + "*_`\"'“”\u2018\u2019", ".,;:!"
_PAIRS = {"`": "`", '"': '"', "'": "'", "*": "*", "_": "_", "<": ">", "“": "”", "\u2018": "\u2019"}
_MAX_PAIRS = 8
_NOT_PLAIN = regex.compile(r"[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]+")
_NOT_PLAIN_ASCII = re.compile("[^0-9A-Za-z]+")


def strip(text: str) -> str:
    """Returns a text without blanks at its ends."""
    return text.strip(BLANKS)


def bare(text: str) -> str:
    """Returns a text without what models put around a word: blanks, quotes, marks of Markdown and the full stop."""
    return text.strip(_AROUND).rstrip(_AFTER).strip(_AROUND)


def unwrapped(text: str) -> str:
    """Returns a text without blanks, and without quotes and marks that stand on both sides of it."""
    inner = strip(text)
    for _ in range(_MAX_PAIRS):
        if len(inner) < 2 or _PAIRS.get(inner[0]) != inner[-1]:  # noqa: PLR2004 - an opening and a closing mark
            break
        inner = strip(inner[1:-1])
    return inner


def plain(text: str) -> str:
    """Returns a text without what models change in names and words: case, punctuation and blanks."""
    letters = _NOT_PLAIN_ASCII.sub("", text) if text.isascii() else str(_NOT_PLAIN.sub("", text))
    return letters.lower()
