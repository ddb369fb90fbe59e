"""Brings outcomes to the execution service, for as long as it takes."""

import asyncio

import structlog
from pydantic import MISSING

from dspy_worker.contracts.messages import Coercion, ErrorDetails, ExecutionOutcomeV1, ModelCallV1, WireError
from dspy_worker.contracts.sizes import PAYLOAD_MAX_BYTES
from dspy_worker.contracts.subjects import REQUEST_EXECUTION_COMPLETE
from dspy_worker.failures import OutputInvalid, RequestRefused, ServiceUnavailable
from dspy_worker.messaging.queue.delivery import Delivery
from dspy_worker.messaging.requests import Requests
from dspy_worker.runtime.result import RunResult

RETRY_MIN_S, RETRY_MAX_S = 0.05, 2.0

_log = structlog.get_logger(__name__)


class OutcomeSender:
    """Sends an outcome to the replica that holds the caller, else to any replica, until one of them answers."""

    def __init__(self, requests: Requests) -> None:
        """Takes what asks the services."""
        self._requests = requests

    async def send(self, outcome: ExecutionOutcomeV1, reply_to: str, traceparent: str | None) -> None:
        """Returns once the outcome was taken, or refused for good; then the job may be acknowledged."""
        body, delay_s = _encoded(outcome), RETRY_MIN_S
        while True:
            for subject in (reply_to, REQUEST_EXECUTION_COMPLETE):
                try:
                    await self._requests.ask(subject, body, tenant=outcome.tenant, traceparent=traceparent)
                except ServiceUnavailable as unavailable:
                    _log.debug("outcome not taken yet", subject=subject, problem=unavailable.message)
                except RequestRefused as refusal:
                    if not refusal.retryable:
                        # Running the job again would end in the same refusal.
                        _log.error("outcome refused", subject=subject, code=refusal.code, problem=refusal.message)
                        return
                    _log.warning("outcome not taken yet", subject=subject, code=refusal.code)
                else:
                    return
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_MAX_S)


def _encoded(outcome: ExecutionOutcomeV1) -> bytes:
    """Writes an outcome; one that no message can hold is a failure, for the execution has to end."""
    body = outcome.model_dump_json(by_alias=True).encode()
    if len(body) <= PAYLOAD_MAX_BYTES:
        return body
    message = f"The outcome has {len(body)} bytes, but at most {PAYLOAD_MAX_BYTES} are kept. Ask for shorter outputs."
    error = WireError(code=OutputInvalid.code, message=message, retryable=False, details=ErrorDetails.from_wire({}))
    failed = {
        "status": "failed",
        "outputs": None,
        "error": error,
        "coercions": list[Coercion](),
        "calls": list[ModelCallV1](),
    }
    return outcome.model_copy(update=failed).model_dump_json(by_alias=True).encode()


def outcome_of(
    delivery: Delivery, worker_id: str, result: RunResult, queue_ms: float, last_sequence: int | None
) -> ExecutionOutcomeV1:
    """Tells how one delivery of a job ended.

    `queue_ms` is how long the job had waited for it, `last_sequence` the number of the last event that was told of it.
    """
    return ExecutionOutcomeV1(
        execution_id=delivery.job.execution_id,
        tenant=delivery.tenant,
        epoch=delivery.job.epoch,
        attempt=delivery.attempt,
        worker=worker_id,
        status=result.status,
        outputs=result.outputs,
        error=result.error,
        coercions=list(result.coercions),
        usage=result.usage,
        queue_ms=queue_ms,
        worker_ms=result.worker_ms,
        lm_ms=result.lm_ms,
        parse_ms=result.parse_ms,
        recovery=result.recovery,
        calls=list(result.calls),
        answered_by=MISSING if result.answered_by is None else result.answered_by,
        last_sequence=MISSING if last_sequence is None else last_sequence,
    )
