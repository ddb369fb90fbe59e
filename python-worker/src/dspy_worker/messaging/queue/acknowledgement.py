"""What a worker says to the queue about a message."""

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

_log = structlog.get_logger(__name__)


async def acknowledge(client: Client, message: Msg, verb: bytes) -> None:
    """Says one of the verbs of `Msg.Ack`, without an answer on purpose: what is lost here is delivered again."""
    try:
        await client.publish(message.reply, verb)
    except nats.errors.Error as error:
        _log.debug("could not acknowledge", error=str(error))
