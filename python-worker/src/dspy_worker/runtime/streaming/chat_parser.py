"""Reads an answer in DSPy's chat form while it comes in, to the same end as `headed_sections`."""

import re
from collections.abc import Mapping

from dspy_worker.runtime.answers.forms import HEADER
from dspy_worker.runtime.streaming.events import Event
from dspy_worker.runtime.streaming.fields import StreamedField
from dspy_worker.runtime.streaming.values import Found, Stripped, value_of

# What `str.splitlines` takes for the end of a line.
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BEGINNING = re.compile(
    r"\[(?:\[(?: (?:#(?:#(?: (?:\w+(?: (?:#(?:#(?: (?:\](?:\])?)?)?)?)?)?)?)?)?)?)?)?"  # of a header
)
# A longer line is no header, whatever comes.
_MAX_HEADER = 400


class ChatParser:
    """Reads the sections under `[[ ## name ## ]]`."""

    def __init__(self, fields: Mapping[str, StreamedField]) -> None:
        """Takes the outputs by their names in the answer."""
        self._fields = fields
        self._out = Found()
        self._seen: set[str] = set()
        self._value: Stripped | None = None
        # The line so far, while it may still be a header.
        self._line: str | None = ""
        self._is_header = False
        self._held = ""

    def feed(self, text: str) -> list[Event]:
        """Takes more of the answer; returns what is new."""
        text = self._held + text
        # Before it is known whether a line feed follows.
        self._held = "\r" if text.endswith("\r") else ""
        for line in text[: len(text) - len(self._held)].splitlines(keepends=True):
            content = line.removesuffix("\n").removesuffix("\r") if line.endswith("\r\n") else line.rstrip(_LINE_ENDS)
            if content:
                self._go_on(content)
            if len(content) < len(line):
                self._end_line()
        return self._out.take()

    def close(self) -> list[Event]:
        """Says that the answer is complete; returns what is new."""
        self._end_line()
        if self._value is not None:
            self._value.close()
        return self._out.take()

    def _go_on(self, text: str) -> None:
        if self._line is None:
            self._pass_on(text)
            return
        line = self._line + text
        stripped = line.strip()
        header = HEADER.match(stripped)
        if header is not None:
            self._line, self._is_header = None, True
            self._begin(header[1])
            self._pass_on(line[header.end() :])
        elif len(line) <= _MAX_HEADER and (stripped == "" or _BEGINNING.fullmatch(line.lstrip())):
            self._line = line
        else:
            self._line = None
            self._pass_on(line)

    def _end_line(self) -> None:
        if self._line:
            self._pass_on(self._line)
        if self._is_header and self._value is not None:
            self._value.drop_blanks()
        self._pass_on("\n")
        self._line, self._is_header = "", False

    def _begin(self, name: str) -> None:
        if self._value is not None:
            self._value.close()
        field = self._fields.get(name)
        is_new = name not in self._seen
        self._seen.add(name)
        self._value = Stripped(value_of(field, self._out)) if field is not None and is_new else None

    def _pass_on(self, text: str) -> None:
        if self._value is not None:
            self._value.feed(text)
