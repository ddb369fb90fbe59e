"""Builds DSPy's canonical response from what an OpenAI-compatible server answers."""

from collections.abc import Callable
from typing import Any

from dspy.lm15 import Message, Response, TextPart, ThinkingPart, Usage

_FINISH_REASONS = {"stop": "stop", "length": "length", "content_filter": "content_filter"}


class ReplyBuilder:
    """Collects the chunks of a stream, or one whole completion, into a response."""

    def __init__(self, model: str, on_text: Callable[[str], None] | None = None) -> None:
        """Takes the model's name for servers that do not say theirs, and who hears the text as it comes."""
        self._model = model
        self._on_text = on_text
        self._id: str | None = None
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._usage: dict[str, Any] = {}
        self._finish_reason: str | None = None

    def add(self, chunk: dict[str, Any]) -> bool:
        """Takes the next object of the answer; tells whether it brought text."""
        self._id = self._id or _string(chunk.get("id"))
        self._model = _string(chunk.get("model")) or self._model
        if isinstance(usage := chunk.get("usage"), dict):
            self._usage = usage
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        self._finish_reason = _string(choice.get("finish_reason")) or self._finish_reason
        delta = choice.get("delta") or choice.get("message")
        return self._add_text(delta) if isinstance(delta, dict) else False

    def _add_text(self, delta: dict[str, Any]) -> bool:
        text = _string(delta.get("content"))
        thinking = _string(delta.get("reasoning_content")) or _string(delta.get("reasoning"))
        if text:
            self._text.append(text)
            if self._on_text is not None:
                self._on_text(text)
        if thinking:
            self._thinking.append(thinking)
        return bool(text or thinking)

    @property
    def finish_reason(self) -> str | None:
        """Why the answer ended, in the server's words; None if it did not say, so that the answer may not be whole."""
        return self._finish_reason

    @property
    def text(self) -> str:
        """The text collected so far."""
        return "".join(self._text)

    @property
    def usage(self) -> Usage:
        """Tokens as the server counted them; None for what it did not say."""
        details = self._usage.get("prompt_tokens_details")
        return Usage(
            input_tokens=_count(self._usage.get("prompt_tokens")),
            output_tokens=_count(self._usage.get("completion_tokens")),
            cache_read_tokens=_count(details.get("cached_tokens")) if isinstance(details, dict) else None,
        )

    def response(self) -> Response:
        """Returns the response collected so far."""
        parts: list[TextPart | ThinkingPart] = [ThinkingPart("".join(self._thinking))] if self._thinking else []
        parts.append(TextPart(self.text))
        return Response(
            id=self._id,
            model=self._model,
            message=Message(role="assistant", parts=tuple(parts)),
            finish_reason=_FINISH_REASONS.get(self._finish_reason or "", "stop"),
            usage=self.usage,
        )


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
