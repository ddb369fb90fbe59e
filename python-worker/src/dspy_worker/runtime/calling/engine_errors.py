"""Says in DSPy's error tree what went wrong in a model call; no message ever carries the key."""

import orjson
from dspy import lm15

from dspy_worker.runtime.transport.address_guard import AddressRefused
from dspy_worker.runtime.transport.endpoint import ModelEndpoint
from dspy_worker.runtime.transport.http_call import MAX_ANSWER_BYTES, HttpRefusal

_MAX_QUOTED = 500
# What did not happen in time, and the member of `limits` that allows more.
_CLOCKS = {
    "connect": ("the connection did not stand", "connectMs"),
    "first_token": ("no first token came", "firstTokenMs"),
    "idle": ("no further token came", "idleMs"),
    "attempt": ("the answer was not complete", "attemptMs"),
}
_STATUS_ERRORS: dict[int, type[lm15.LM15Error]] = {
    401: lm15.AuthError,
    402: lm15.BillingError,
    403: lm15.AuthError,
    408: lm15.TimeoutError,
    409: lm15.ServerError,
    425: lm15.ServerError,
    429: lm15.RateLimitError,
    504: lm15.TimeoutError,
}
_FIRST_SERVER_ERROR, _LAST_SERVER_ERROR = 500, 599
_FIRST_REDIRECT, _LAST_REDIRECT = 300, 399
_CONTEXT_CODES = ("context_length_exceeded", "exceed_context_size_error")


def refusal_error(refusal: HttpRefusal, endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Turns the server's refusal into DSPy's error for its HTTP status."""
    said, code = _said(refusal.body, endpoint.api_key)
    message = f"The model server at {endpoint.server} answered HTTP {refusal.status}{f': {said}' if said else '.'}"
    if _FIRST_REDIRECT <= refusal.status <= _LAST_REDIRECT:
        message += (
            " It sends the call elsewhere, which is not followed. Give the model the final address as its base URL."
        )
    if code in _CONTEXT_CODES:
        return lm15.ContextLengthError(message, status=refusal.status, provider_code=code)
    kind = _STATUS_ERRORS.get(refusal.status)
    if kind is None:
        is_server_error = _FIRST_SERVER_ERROR <= refusal.status <= _LAST_SERVER_ERROR
        kind = lm15.ServerError if is_server_error else lm15.InvalidRequestError
    return kind(message, status=refusal.status, retry_after=refusal.retry_after_s, provider_code=code)


def stream_error(chunk: dict[str, object], endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Turns an error that the server sent in the middle of an answer into DSPy's error."""
    said, code = _said(orjson.dumps(chunk), endpoint.api_key)
    return lm15.ServerError(f"The model server at {endpoint.server} broke its answer off: {said}", provider_code=code)


def too_large_error(endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Says that an answer was given up because of its size; making the call again would not help."""
    most = f"{MAX_ANSWER_BYTES // 1024 // 1024} MiB"
    return lm15.ProviderError(
        f"The model server at {endpoint.server} sent more than {most}. Ask for less, for example with maxTokens."
    )


def address_error(error: AddressRefused, endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Says that a server was not called because of where it is; making the call again would not help."""
    return lm15.ProviderError(
        f"The model server at {endpoint.server} must not be called: its address is {error.kind}. Use a server on the "
        "public internet, or have the operator add the network to DSPY_NEST_MODEL_NETWORKS."
    )


def transport_error(error: Exception, endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Turns a failure of the connection or of the answer's form into DSPy's error."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    text = _without_key(what, endpoint.api_key)[:_MAX_QUOTED]
    message = f"The model server at {endpoint.server} could not be used ({text}). Check that it runs and its base URL."
    return lm15.TransportError(message)


def clock_error(clock: str, limit_s: float, endpoint: ModelEndpoint) -> lm15.LM15Error:
    """Names the clock that ended a call and what allows more."""
    what, member = _CLOCKS[clock]
    return lm15.TimeoutError(
        f"The model server at {endpoint.server} was too slow: {what} in {limit_s:g} s. Allow more with limits.{member}."
    )


def _said(body: bytes, api_key: str | None) -> tuple[str, str | None]:
    text, code = body.decode("utf-8", "replace"), None
    try:
        document = orjson.loads(body)
    except ValueError:
        document = None
    error = document.get("error") if isinstance(document, dict) else None
    if isinstance(error, dict):
        text = str(error.get("message") or error)
        code = str(error.get("code") or error.get("type") or "") or None
    elif isinstance(error, str):
        text = error
    return _without_key(text.strip(), api_key)[:_MAX_QUOTED], code


def _without_key(text: str, api_key: str | None) -> str:
    return text.replace(api_key, "[key]") if api_key else text
