"""The patterns of the shared fixtures, which the signature language reads too."""

import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.values.patterns import MAX_PATTERNED_LENGTH, Pattern

FIXTURES = Path(__file__).parents[4] / "libs" / "signature" / "fixtures"
PATTERNS = [orjson.loads(line) for line in (FIXTURES / "patterns.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("fixture", PATTERNS, ids=lambda fixture: fixture["pattern"])
def test_patterns_find_what_javascript_finds(fixture: dict[str, Any]) -> None:
    pattern = Pattern(fixture["pattern"])
    assert [text for text in fixture["takes"] if not pattern.is_in(text)] == []
    assert [text for text in fixture["refuses"] if pattern.is_in(text)] == []


@pytest.mark.parametrize("pattern", ["(a+)+b", "^(a|a)*$", "(.*)*x", "(?:a?){200}a{200}b"])
def test_steps_that_overlap_take_time_linear_in_the_text(pattern: str) -> None:
    matcher = Pattern(pattern)
    started = time.process_time()
    assert not matcher.is_in("a" * (MAX_PATTERNED_LENGTH - 1) + "!")
    assert time.process_time() - started < 10


@pytest.mark.parametrize(("text", "expected"), [("a" * MAX_PATTERNED_LENGTH, True), ("😀" * 50_000 + "a", False)])
def test_a_text_that_is_too_long_matches_nothing(text: str, expected: bool) -> None:
    assert Pattern("a").is_in(text) is expected


def test_the_largest_pattern_fits_the_engine() -> None:
    # 1,000 steps, of which a general category counts as 20.
    for largest in (r"(?:[^a]{1,30}){1,30}", r"[\p{L}\p{Cn}]{25}".replace("Cn", "So"), r"\P{L}{50}"):
        Pattern(largest)


def test_a_pattern_of_another_release_is_refused() -> None:
    with pytest.raises(UnsupportedOption, match="Publish the signature again"):
        Pattern("(")
