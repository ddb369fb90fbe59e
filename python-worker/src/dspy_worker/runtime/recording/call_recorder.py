"""Notes every model call of an execution while it runs and tells of them at its end."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

import orjson

from dspy_worker.contracts.messages import ModelCallV1, RecordedMessage
from dspy_worker.runtime.recording.storable import storable_text

# RECORDED_CALLS_MAX and RECORDED_TEXT_MAX_CHARS of the contracts.
MAX_CALLS = 100
MAX_TEXT_CHARS = 100_000
# Enough to see what went on, also with many calls; each execution keeps as much.
MAX_TOTAL_CHARS = 1_000_000

CallReason = Literal["first", "model_retry", "parse_retry"]

_asks_again: ContextVar[bool] = ContextVar("asks_again", default=False)
_attempt: ContextVar[int | None] = ContextVar("attempt", default=None)


@contextmanager
def asking_again() -> Iterator[None]:
    """Marks the calls of the block as made because an answer could not be read."""
    token = _asks_again.set(True)
    try:
        yield
    finally:
        _asks_again.reset(token)


@contextmanager
def being_attempt(number: int) -> Iterator[None]:
    """Marks the calls of the block as those of one of several attempts at the same time."""
    token = _attempt.set(number)
    try:
        yield
    finally:
        _attempt.reset(token)


@dataclass(slots=True, eq=False)
class CallNote:
    """What is known of one call so far; times in seconds, `messages` as they went over the wire."""

    model: str
    reason: CallReason
    messages: Sequence[Mapping[str, Any]]
    attempt: int | None = None
    began_at: float = field(default_factory=time.time)
    began: float = field(default_factory=time.perf_counter)
    duration_s: float = 0.0
    first_token_s: float | None = None
    error_code: str | None = None
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    completion: str | None = None

    def note_first_token(self) -> None:
        """Remembers when the answer began."""
        if self.first_token_s is None:
            self.first_token_s = time.perf_counter() - self.began


class CallRecorder:
    """The calls of one attempt at an execution; safe to use from several threads.

    They are in the order in which they began. Those that several answers of a module are asked for with at the same
    time are together for each answer, so that their order says which is whose.
    """

    def __init__(self, *, attempt: int, keeps_texts: bool) -> None:
        """Takes the number of the attempt and whether prompts and completions are kept."""
        self._attempt = attempt
        self._keeps_texts = keeps_texts
        self._notes: list[CallNote] = []
        self._lock = threading.Lock()
        self._own = threading.local()

    @property
    def last(self) -> CallNote | None:
        """The call that this thread began last."""
        note: CallNote | None = getattr(self._own, "last", None)
        return note

    def begin(self, model: str, messages: Sequence[Mapping[str, Any]], *, is_retry: bool) -> CallNote:
        """Notes that a call to a model begins, with the messages that it sends."""
        reason: CallReason = "model_retry" if is_retry else "parse_retry" if _asks_again.get() else "first"
        note = CallNote(model, reason, messages, _attempt.get())
        self._own.last = note
        with self._lock:
            self._notes.append(note)
        return note

    def calls(self, clean: Callable[[str], str]) -> tuple[ModelCallV1, ...]:
        """Returns the calls for the outcome; `clean` takes out of each text what must not leave the worker."""
        room = MAX_TOTAL_CHARS
        calls = []
        for index, note in enumerate(_together(self._notes)[:MAX_CALLS]):
            texts = _texts(note, clean, min(room // 2, MAX_TEXT_CHARS)) if self._keeps_texts else _NO_TEXTS
            room = max(0, room - texts.chars)
            calls.append(self._call(index, note, texts))
        return tuple(calls)

    def _call(self, index: int, note: CallNote, texts: "_Texts") -> ModelCallV1:
        return ModelCallV1(
            index=index,
            attempt=self._attempt,
            reason=note.reason,
            model=note.model,
            started_at=_timestamp(note.began_at),
            duration_ms=note.duration_s * 1000,
            first_token_ms=None if note.first_token_s is None else note.first_token_s * 1000,
            error_code=note.error_code,
            finish_reason=None if note.finish_reason is None else storable_text(note.finish_reason),
            prompt_tokens=note.prompt_tokens,
            completion_tokens=note.completion_tokens,
            cost_usd=note.cost_usd,
            messages=texts.messages,
            completion=texts.completion,
            truncated=texts.is_cut,
        )


def _together(notes: Sequence[CallNote]) -> list[CallNote]:
    """Puts the calls of each attempt together, where several were made at the same time."""
    ordered: list[CallNote] = []
    for _, run in groupby(notes, key=lambda note: note.attempt is not None):
        ordered += sorted(run, key=lambda note: (note.model, note.attempt or 0))
    return ordered


@dataclass(frozen=True, slots=True)
class _Texts:
    messages: list[RecordedMessage] | None
    completion: str | None
    is_cut: bool
    chars: int


_NO_TEXTS = _Texts(None, None, is_cut=False, chars=0)


def _texts(note: CallNote, clean: Callable[[str], str], room: int) -> _Texts:
    """Keeps up to `room` characters of the prompt and as many of the completion."""
    messages, left, is_cut = [], room, False
    for message in note.messages:
        text = clean(recorded_text(message))
        messages.append(RecordedMessage(role=str(message.get("role")), content=text[:left]))
        is_cut = is_cut or len(text) > left
        left = max(0, left - len(text))
    completion = None if note.completion is None else storable_text(clean(note.completion))
    if completion is not None and len(completion) > room:
        completion, is_cut = completion[:room], True
    return _Texts(messages, completion, is_cut, room - left + len(completion or ""))


def recorded_text(message: Mapping[str, Any]) -> str:
    """Gives a message's text; one with images as the JSON that was sent, but for the images' data: inputs have it."""
    content = message.get("content")
    if not isinstance(content, str):
        content = orjson.dumps([_without_data(part) for part in content or ()]).decode()
    return storable_text(content)


def _without_data(part: Mapping[str, Any]) -> Mapping[str, Any]:
    url = part["image_url"]["url"] if part.get("type") == "image_url" else ""
    if not url.startswith("data:"):
        return part
    head, _, data = url.partition(",")
    return {**part, "image_url": {"url": f"{head},… ({len(data)} characters)"}}


def _timestamp(unix_s: float) -> str:
    return dt.datetime.fromtimestamp(unix_s, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
