"""Turns DSPy's canonical request into the body of an OpenAI-compatible chat request."""

import re
from typing import Any

from dspy.lm15 import ImagePart, Message, Request, TextPart, UnsupportedFeatureError

from dspy_worker.runtime.images import sent_url
from dspy_worker.runtime.transport.endpoint import ModelEndpoint

# OpenAI's reasoning models refuse `max_tokens`; every other compatible server knows only that name.
_REASONING_MODEL = re.compile(r"^(o[1345]|gpt-5)(?![0-9])")
_PLAIN_SETTINGS = ("temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty")


def chat_body(request: Request, endpoint: ModelEndpoint) -> dict[str, Any]:
    """Builds a streaming chat request; raises `UnsupportedFeatureError` for what this wire does not carry."""
    if request.tools:
        message = "Tools are not supported by this worker: remove them from the program."
        raise UnsupportedFeatureError(message, feature="tools")
    body: dict[str, Any] = {
        "model": endpoint.wire_model,
        "messages": _messages(request),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    config = request.config
    for name in _PLAIN_SETTINGS:
        if (value := getattr(config, name)) is not None:
            body[name] = value
    if config.max_tokens is not None:
        name = "max_completion_tokens" if _REASONING_MODEL.match(endpoint.wire_model) else "max_tokens"
        body[name] = config.max_tokens
    if config.stop:
        body["stop"] = list(config.stop)
    if config.response_format is not None:
        body["response_format"] = _response_format(config.response_format)
    body.update(config.extensions or {})
    return body


def _messages(request: Request) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if request.system:
        system = request.system if isinstance(request.system, str) else "".join(_text(part) for part in request.system)
        messages.append({"role": "system", "content": system})
    messages.extend({"role": message.role, "content": _content(message)} for message in request.messages)
    return messages


def _content(message: Message) -> str | list[dict[str, Any]]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return "".join(_text(part) for part in message.parts)
    return [_block(part) for part in message.parts]


def _text(part: object) -> str:
    if not isinstance(part, TextPart):
        raise _unsupported(part)
    return str(part.text)


def _block(part: object) -> dict[str, Any]:
    if isinstance(part, ImagePart) and (url := _image_url(part)) is not None:
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "text", "text": _text(part)}


def _image_url(part: ImagePart) -> str | None:
    if part.url is not None:
        return sent_url(str(part.url))
    return f"data:{part.media_type};base64,{part.data}" if part.data is not None else None


def _unsupported(part: object) -> UnsupportedFeatureError:
    kind = getattr(part, "type", type(part).__name__)
    message = (
        f'A part of kind "{kind}" cannot be sent to the model: only text and images with a URL or inline data can.'
    )
    return UnsupportedFeatureError(message, feature=f"messages[*].parts[{kind}]")


def _response_format(canonical: dict[str, Any]) -> dict[str, Any]:
    if canonical["type"] != "json_schema":
        return canonical
    schema = {"name": canonical.get("name", "response"), "schema": canonical["schema"]}
    if "strict" in canonical:
        schema["strict"] = canonical["strict"]
    return {"type": "json_schema", "json_schema": schema}
