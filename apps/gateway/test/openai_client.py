"""Asks a gateway by the official Python client of OpenAI, and prints what that read."""

import asyncio
import json
import sys

from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel

MESSAGES: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Why?"}]


class Answer(BaseModel):
    """The outputs of the program, as a caller writes them down."""

    answer: str


def main(base_url: str) -> None:
    """Prints one JSON object."""
    client = OpenAI(base_url=base_url, api_key="none")
    completion = client.chat.completions.create(model="qa", messages=MESSAGES)
    parsed = client.chat.completions.parse(model="qa", messages=MESSAGES, response_format=Answer)
    stream = client.chat.completions.create(
        model="qa", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    told = {
        "models": [model.id for model in client.models.list()],
        "answer": completion.choices[0].message.content,
        "total_tokens": completion.usage and completion.usage.total_tokens,
        "parsed": (parsed.choices[0].message.parsed or Answer(answer="nothing")).answer,
        "pieces": "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices),
        "usage": [chunk.usage.total_tokens for chunk in chunks if chunk.usage],
        "awaited": asyncio.run(ask(base_url)),
    }
    try:
        client.chat.completions.create(model="Gpt", messages=MESSAGES)
    except NotFoundError as error:
        told["missing"] = error.code
    try:
        client.chat.completions.create(model="qa", messages=MESSAGES, n=2)
    except BadRequestError as error:
        told["refused"] = {"param": error.param, "code": error.code}
    print(json.dumps(told))


async def ask(base_url: str) -> str | None:
    """The same answer, awaited."""
    async with AsyncOpenAI(base_url=base_url, api_key="none") as client:
        completion = await client.chat.completions.create(model="qa", messages=MESSAGES)
        return completion.choices[0].message.content


main(sys.argv[1])
