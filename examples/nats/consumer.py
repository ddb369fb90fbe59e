"""Has a program executed by a request, and follows the ends of executions until it sees that one's.

The first argument is the URL of NATS, then come the name of a program and its inputs as JSON.
"""

import asyncio
import json
import sys

import nats
from nats.js.api import ConsumerConfig, DeliverPolicy


async def main(url: str, program: str, inputs: str) -> None:
    """Asks, then listens."""
    connection = await nats.connect(url)
    # It is durable: what happens while this program does not run is delivered when it runs again.
    events = await connection.jetstream().pull_subscribe(
        "dspy.evt.default.execution.execution.*.v1",
        durable="example-python",
        stream="DSPY_EVENTS",
        config=ConsumerConfig(deliver_policy=DeliverPolicy.NEW),
    )

    body = json.dumps({"program": program, "inputs": json.loads(inputs)}).encode()
    answer = await connection.request("dspy.req.default.execution.program.execute.v1", body, timeout=70)
    reply = json.loads(answer.data)
    if not reply["ok"]:
        sys.exit(f"{reply['error']['code']}: {reply['error']['message']}")
    execution = reply["data"]
    print("answer", execution["id"], execution["status"], json.dumps(execution["outputs"]))

    # An event may be delivered again.
    seen: set[str] = set()
    about = None
    while about != execution["id"]:
        [message] = await events.fetch(1, timeout=30)
        event = json.loads(message.data)
        about = event["subject"]
        if event["id"] not in seen:
            print("event", about, event["type"])
        seen.add(event["id"])
        await message.ack()
    await connection.drain()


asyncio.run(main(*sys.argv[1:4]))
