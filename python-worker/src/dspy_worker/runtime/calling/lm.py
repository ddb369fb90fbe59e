"""Makes DSPy language models of the platform's models."""

import dspy

from dspy_worker.contracts.messages import ModelConnectionV1
from dspy_worker.failures import UnsupportedOption
from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.transport.endpoint import ModelEndpoint, parse_base_url

_TOKENS_PER_MILLION = 1_000_000


def endpoint_of(connection: ModelConnectionV1) -> ModelEndpoint:
    """Reads a connection as the registry sent it; raises `UnsupportedOption` if nothing can be called with it."""
    server, path = parse_base_url(connection.base_url, trusted=connection.trusted is True)
    key = connection.api_key
    if not (path.isascii() and path.isprintable() and " " not in path):
        message = f'The base URL of model "{connection.name}" has characters that must be percent-encoded.'
        raise UnsupportedOption(message)
    if key is not None and not (key.isascii() and key.isprintable()):
        message = f'The key of model "{connection.name}" has characters that no HTTP header carries. Enter it again.'
        raise UnsupportedOption(message)
    pricing = connection.pricing
    return ModelEndpoint(
        name=f"{connection.name}@{connection.version}",
        wire_model=connection.model,
        server=server,
        path=path,
        api_key=key or None,
        input_usd=_per_token(pricing.input_per_million_usd) if pricing else None,
        output_usd=_per_token(pricing.output_per_million_usd) if pricing else None,
        grammar=connection.capabilities.grammar,
        json_schema=connection.capabilities.json_schema,
    )


def make_lm(engine: ModelEngine, **settings: float) -> dspy.LM:
    """Makes the model of one execution: no cache, no retry, and a name that DSPy finds in no price list."""
    return dspy.LM(f"dspy-nest/{engine.endpoint.name}", engine=engine, cache=False, num_retries=0, **settings)


def _per_token(per_million_usd: float | None) -> float | None:
    return None if per_million_usd is None else per_million_usd / _TOKENS_PER_MILLION
