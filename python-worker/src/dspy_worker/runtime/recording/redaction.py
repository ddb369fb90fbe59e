"""Takes secrets, and what an operator adds to them, out of texts that leave the worker."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

RedactedClass = Literal["secrets", "emails", "cards"]
REDACTED = "[redacted]"
# Shorter keys are words that stand in for one, such as `none`; hiding them would spoil ordinary text.
MIN_KNOWN_SECRET_CHARS = 8
_LUHN_TENS = 10


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, searched for only if one of its marks is in the lower-cased text: most texts have none."""

    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str] = REDACTED


def _token(marks: Sequence[str], body: str, *, letters: str = r"A-Za-z0-9_\-") -> _Rule:
    # One try for each run of letters, so that the time is linear in the length of the text.
    return _Rule(tuple(mark.lower() for mark in marks), re.compile(rf"(?<![{letters}])(?:{body})"))


def _is_card_number(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value >= _LUHN_TENS else value
    return total % _LUHN_TENS == 0


def _hidden_card(match: re.Match[str]) -> str:
    return REDACTED if _is_card_number(re.sub(r"[ -]", "", match[0])) else match[0]


_RULES: dict[RedactedClass, tuple[_Rule, ...]] = {
    "secrets": (
        _token(["sk-", "sk_live", "rk_live"], r"sk-[A-Za-z0-9_\-]{16,}|[sr]k_live_[A-Za-z0-9]{16,}"),
        _token(["akia", "asia"], r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])", letters="A-Za-z0-9"),
        _token(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"gh[pousr]_[A-Za-z0-9]{36,}"),
        _token(["github_pat_"], r"github_pat_[A-Za-z0-9_]{22,}"),
        _token(["glpat-"], r"glpat-[A-Za-z0-9_\-]{20,}"),
        _token(["xox"], r"xox[abprs]-[A-Za-z0-9\-]{10,}"),
        _token(["aiza"], r"AIza[A-Za-z0-9_\-]{35}"),
        _token(["hf_"], r"hf_[A-Za-z0-9]{30,}"),
        _token(["eyj"], r"eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}"),
        _Rule(
            ("private key-----",),
            re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"),
        ),
        _Rule(
            ("authorization",),
            re.compile(
                r"(?i)(\bauthorization[\"']?\s{0,5}[:=]\s{0,5}[\"']?)(?:(?:bearer|basic|token)\s{1,5})?[^\s\"',;\[]{6,}"
            ),
            rf"\1{REDACTED}",
        ),
        _Rule(("bearer",), re.compile(r"(?i)(\bbearer\s{1,5})[A-Za-z0-9._~+/=\-]{16,}"), rf"\1{REDACTED}"),
        _Rule(
            ("api-key", "api_key", "apikey"),
            re.compile(r"(?i)(api[_\-]?key[\"']?\s{0,5}[:=]\s{0,5}[\"']?)[A-Za-z0-9_\-]{16,}"),
            rf"\1{REDACTED}",
        ),
        _Rule(("://",), re.compile(r"(://[^\s/:@]{0,128}:)[^\s/@]{1,128}(?=@)"), rf"\1{REDACTED}"),
    ),
    "emails": (
        _token(
            ["@"],
            r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}",
            letters=r"A-Za-z0-9._%+\-",
        ),
    ),
    "cards": (_Rule(("",), re.compile(r"(?<![0-9])(?:[0-9][ -]?){12,18}[0-9](?![0-9])"), _hidden_card),),
}


class Redaction:
    """Replaces secrets in texts by `[redacted]`, in time linear in their length."""

    def __init__(self, classes: Collection[RedactedClass] = ()) -> None:
        """Takes the classes of texts to hide; secrets are hidden whether they are named or not."""
        rules = [rule for name, rules in _RULES.items() if name in {"secrets", *classes} for rule in rules]
        self._marks = [(mark, rule) for rule in rules for mark in rule.marks]

    def clean(self, text: str, known_secret: str | None = None) -> str:
        """Returns the text without what is to be hidden and without the secret that is known, such as a key."""
        if known_secret is not None and len(known_secret) >= MIN_KNOWN_SECRET_CHARS:
            text = text.replace(known_secret, REDACTED)
        lowered = text.lower()
        applied: _Rule | None = None
        for mark, rule in self._marks:
            if mark in lowered and rule is not applied:
                text = rule.pattern.sub(rule.replacement, text)
                applied = rule
        return text
