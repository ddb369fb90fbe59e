"""The wire form of requests: plain JSON out, `{"ok": true, "data": …}` or `{"ok": false, "error": …}` back."""

from collections.abc import Mapping
from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client
from pydantic import ValidationError

from dspy_worker.contracts.messages import WireError
from dspy_worker.failures import RequestRefused, ServiceUnavailable

TENANT_HEADER = "dspy-tenant"
TRACE_HEADER = "traceparent"
REQUEST_TIMEOUT_S = 5.0


async def request(
    client: Client, subject: str, body: Mapping[str, Any], *, tenant: str, traceparent: str | None = None
) -> Any:  # noqa: ANN401 - JSON that the caller validates
    """Asks a service and returns the `data` of its reply.

    Raises `ServiceUnavailable` if nobody answers in time, `RequestRefused` if the answer is an error.
    """
    headers = {TENANT_HEADER: tenant}
    if traceparent is not None:
        headers[TRACE_HEADER] = traceparent
    try:
        reply = await client.request(subject, orjson.dumps(body), timeout=REQUEST_TIMEOUT_S, headers=headers)
    except nats.errors.Error as error:
        message = f'Nobody answered "{subject}" ({type(error).__name__}). Check that its service runs and reaches NATS.'
        raise ServiceUnavailable(message) from error
    return _data(subject, reply.data)


def _data(subject: str, payload: bytes) -> Any:  # noqa: ANN401
    try:
        answer = orjson.loads(payload)
        if answer["ok"] is True:
            return answer["data"]
        error = WireError.from_wire(answer["error"])
    except (ValueError, KeyError, TypeError, ValidationError) as problem:
        message = f'The answer to "{subject}" is not of the agreed form. Check that all services are of one release.'
        raise ServiceUnavailable(message) from problem
    raise RequestRefused(error.code, error.message, retryable=error.retryable, details=error.details.to_wire())
