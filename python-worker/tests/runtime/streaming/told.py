"""What a reader makes of the events that are told."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dspy_worker.runtime.calling.teller import AnswerParser
from dspy_worker.runtime.streaming.events import Event, Partial, Restarted, Status, Token


@dataclass
class Told:
    """The texts and the parts after the last restart."""

    texts: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, str, Any]] = field(default_factory=list)
    restarts: int = 0
    statuses: list[str] = field(default_factory=list)

    def hear(self, events: Iterable[Event]) -> "Told":
        for event in events:
            match event:
                case Token(name, delta):
                    assert delta, "a token brings text"
                    self.texts[name] = self.texts.get(name, "") + delta
                case Partial(name, pointer, value):
                    self.parts.append((name, pointer, value))
                case Restarted():
                    self.texts, self.parts, self.restarts = {}, [], self.restarts + 1
                case Status(message):
                    self.statuses.append(message)
        return self

    def key(self) -> tuple[dict[str, str], str]:
        return self.texts, json.dumps(self.parts)


def read(parser: AnswerParser, chunks: Sequence[str]) -> Told:
    told = Told()
    for chunk in chunks:
        told.hear(parser.feed(chunk))
    return told.hear(parser.close())


def split(text: str, cuts: Iterable[int]) -> list[str]:
    """Cuts a text at the places, each taken modulo its length."""
    places = sorted({cut % (len(text) + 1) for cut in cuts})
    return [text[begin:end] for begin, end in zip([0, *places], [*places, len(text)], strict=True)]
