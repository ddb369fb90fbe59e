"""Finds the outputs in an answer: field headers, a JSON object, XML tags, in the form asked for or one like it."""

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from dspy_worker.runtime.texts.json_text import MAX_MENDED_CHARS
from dspy_worker.runtime.texts.lenient_json import read_lenient
from dspy_worker.runtime.texts.text_marks import plain

# An answer may hold other braces before its object. Each try reads to the end at most.
_MAX_TRIES = 5
_END_MARK = "completed"
HEADER = re.compile(r"\[\[ ## (\w+) ## \]\]")
# A name with other letters of a heading around it, or with a colon after it: `**Answer:** x`, `## answer`, `Answer: x`.
_LOOSE_HEADER = re.compile(r"""([\s\[#*_`>"'-]*)([^\W\d_][\w -]{0,80})([\s\]#*_`:"']*)""")
_TAG = re.compile(r"<(/?)\s{0,5}(\w[\w-]{0,63})\s{0,5}>")


class Found(NamedTuple):
    """What stands in an answer for each name: texts in which values are written, or the values as JSON."""

    values: Mapping[str, Any]
    are_texts: bool


def headed_sections(answer: str) -> Found | None:
    """Reads DSPy's chat form: `[[ ## name ## ]]` at the start of a line, then the value; None without a header."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in answer.splitlines():
        header = HEADER.match(line.strip())
        if header is None:
            sections[-1][1].append(line)
        else:
            rest = line[header.end() :].strip()
            sections.append((header[1], [rest] if rest else []))
    found: dict[str, str] = {}
    for name, lines in sections[1:]:
        found.setdefault(name, "\n".join(lines).strip())
    return Found(found, are_texts=True) if found else None


def json_members(answer: str) -> Found | None:
    """Reads an answer that is a JSON object and nothing else; None for any other."""
    try:
        found = orjson.loads(answer)
    except ValueError:
        return None
    return Found(found, are_texts=False) if isinstance(found, dict) else None


def tagged_sections(answer: str, names: Collection[str]) -> Found | None:
    """Reads DSPy's XML form of texts, each in a tag of its name; None unless each is there once."""
    if any(answer.count(f"<{name}>") != 1 or answer.count(f"</{name}>") != 1 for name in names):
        return None
    return Found(_tagged(answer, {plain(name): name for name in names}, is_cut=True), are_texts=True)


def mended_forms(answer: str, names: Sequence[str], *, is_cut: bool) -> Iterator[Found]:
    """Gives what the answer may have meant, the likeliest first; only values that stand in it."""
    if len(answer) > MAX_MENDED_CHARS:
        return
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(plain(name), name)
    yield from _objects(answer, known, is_cut=is_cut)
    yield Found(_loose_sections(answer, known), are_texts=True)
    yield Found(_tagged(answer, known, is_cut=is_cut), are_texts=True)


def _objects(answer: str, known: Mapping[str, str], *, is_cut: bool) -> Iterator[Found]:
    """Finds JSON objects anywhere in the answer."""
    start = answer.find("{")
    for _ in range(_MAX_TRIES):
        if start < 0:
            return
        after = start + 1
        try:
            value, after = read_lenient(answer, start, is_cut=is_cut)
            members = {known[word]: item for name, item in value.items() if (word := plain(name)) in known}
            yield Found(members, are_texts=False)
        except ValueError:
            pass
        start = answer.find("{", after)


def _loose_sections(answer: str, known: Mapping[str, str]) -> dict[str, str]:
    """Reads headings of other forms; nothing if one is there twice, for then a heading may be part of a value."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in answer.splitlines():
        heading = _heading(line, known)
        if heading is None:
            current.append(line)
            continue
        name, rest = heading
        if name in found:
            return {}
        current = [rest] if rest else []
        found[name] = current
    return {name: "\n".join(lines).strip() for name, lines in found.items() if name != _END_MARK or name in known}


def _heading(line: str, known: Mapping[str, str]) -> tuple[str, str] | None:
    header = _LOOSE_HEADER.match(line)
    if header is None:
        return None
    before, word, after = header[1].strip(), plain(header[2]), header[3].strip()
    name = known.get(word, _END_MARK if word == _END_MARK else None)
    is_heading = any(mark in before for mark in "[#*_`") or ":" in after
    if name is None or not is_heading:
        return None
    rest = line[header.end() :].strip()
    if before.endswith("**") and "**" not in after:
        rest = rest.removesuffix("**")
    return name, rest


def _tagged(answer: str, known: Mapping[str, str], *, is_cut: bool) -> dict[str, str]:
    """Reads XML tags, also where text between them is not XML and where the end tag is missing."""
    found: dict[str, str] = {}
    current, begin = None, 0
    for tag in _TAG.finditer(answer):
        name = known.get(plain(tag[2]))
        if name is None or (tag[1] and name != current):
            continue
        if current is not None:
            found.setdefault(current, _tag_text(answer[begin : tag.start()]))
        current, begin = (None, 0) if tag[1] else (name, tag.end())
    if current is not None and not is_cut:
        found.setdefault(current, _tag_text(answer[begin:]))
    return found


def _tag_text(text: str) -> str:
    return without_entities(text).strip()


def without_entities(text: str) -> str:
    """Reads the entities of a text in XML; a text that has a number of thousands of digits in one stays as it is."""
    try:
        return html.unescape(text)
    except ValueError:
        return text
