"""What a worker says to the queue about a message."""

import contextlib

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg


async def acknowledge(client: Client, message: Msg, verb: bytes) -> None:
    """Says one of the verbs of `Msg.Ack`, without an answer on purpose: what is lost here is delivered again."""
    with contextlib.suppress(nats.errors.Error):
        await client.publish(message.reply, verb)
