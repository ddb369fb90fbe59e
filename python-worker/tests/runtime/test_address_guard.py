"""Which model servers are called: by their address, at the moment of the connection."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from dspy import lm15
from hypothesis import given
from hypothesis import strategies as st

from builders import connection, execution_with
from dspy_worker.contracts.networks import REFUSED_NETWORKS
from dspy_worker.errors import error_code
from dspy_worker.runtime.calling.engine import ModelEngine
from dspy_worker.runtime.calling.lm import endpoint_of
from dspy_worker.runtime.calling.retry import is_transient
from dspy_worker.runtime.transport import resolving
from dspy_worker.runtime.transport.address_guard import AddressGuard, networks_of, refused_as
from dspy_worker.runtime.transport.connections import ConnectionPool
from scripted_model import scripted_model

FIXTURES = Path(__file__).parents[3] / "libs" / "contracts" / "fixtures" / "addresses" / "model-servers.json"
LOOPBACK = networks_of("127.0.0.0/8, ::1")


@pytest.mark.parametrize("case", orjson.loads(FIXTURES.read_bytes()), ids=lambda case: f"{case['address']}")
def test_addresses_are_judged_as_the_registry_judges_them(case: dict[str, Any]) -> None:
    assert refused_as(case["address"], networks_of(case["allowed"])) == case["refusedAs"]


@given(st.sampled_from(sorted(REFUSED_NETWORKS)).flatmap(lambda text: st.ip_addresses(network=text)))
def test_no_address_of_a_refused_network_is_called_however_it_is_written(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert refused_as(str(address)) is not None
    assert refused_as(address.exploded) is not None
    if address.version == 4:
        assert refused_as(f"::ffff:{address}") == refused_as(str(address))
    assert refused_as(str(address), networks_of(str(address))) is None


@given(st.ip_addresses(v=4))
def test_an_address_of_the_internet_is_called(address: ipaddress.IPv4Address) -> None:
    refused = any(address in ipaddress.ip_network(network) for network in REFUSED_NETWORKS)
    assert (refused_as(str(address)) is not None) == refused
    assert refused or address.is_global, "what Python calls private, shared or reserved is refused"


@pytest.mark.parametrize("text", ["10.0.0.0/33", "::/129", "models.example", "10.0.0.0/a", "10.0.0"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        networks_of(text)


def ask(url: str, pool: ConnectionPool, *, trusted: bool = False) -> str:
    endpoint = endpoint_of(connection(url, trusted=trusted))
    request = lm15.Request("any", messages=(lm15.Message.user("hi"),))
    return str(ModelEngine(endpoint, pool=pool, execution=execution_with()).complete(request).text)


def refusal_of(call: Callable[[], object]) -> str:
    with pytest.raises(lm15.LM15Error) as caught:
        call()
    assert error_code(caught.value) == "model_error"
    assert not is_transient(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_a_server_of_this_machine_is_called_only_if_allowed(host: str) -> None:
    with scripted_model() as script:
        url = script.url.replace("127.0.0.1", host)
        said = refusal_of(lambda: ask(url, ConnectionPool()))
        assert "its address is loopback" in said
        assert "DSPY_NEST_MODEL_NETWORKS" in said
        assert not script.peers
        assert ask(url, ConnectionPool(guard=AddressGuard(LOOPBACK))) == "hello"


def test_a_name_that_leads_elsewhere_later_is_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [["127.0.0.1"], ["127.0.0.1", "169.254.169.254"]]
    look_up = resolving._look_up

    def rebound(address: Any) -> Any:
        return [(*look_up(address)[0][:4], (host, address.port)) for host in found.pop(0)]

    monkeypatch.setattr(resolving, "_look_up", rebound)
    pool = ConnectionPool(guard=AddressGuard(LOOPBACK))
    with scripted_model() as script:
        url = script.url.replace("127.0.0.1", "localhost")
        assert [ask(url, pool) for _ in range(2)] == ["hello", "hello"]
        assert len(found) == 1, "a connection is judged when it is made, not for each call"
        pool.close()
        assert "link-local" in refusal_of(lambda: ask(url, pool))
        assert len(script.requests) == 2


def test_a_connection_to_the_operators_server_is_not_lent_to_others() -> None:
    pool = ConnectionPool()
    with scripted_model() as script:
        assert ask(script.url, pool, trusted=True) == "hello"
        assert "loopback" in refusal_of(lambda: ask(script.url, pool))
        assert len(script.requests) == 1


def test_a_redirect_is_not_followed() -> None:
    with scripted_model() as hidden, scripted_model() as script:
        script.mode, script.status, script.headers = "status", 307, {"Location": f"{hidden.url}/chat/completions"}
        assert "not followed" in refusal_of(lambda: ask(script.url, ConnectionPool(), trusted=True))
        assert not hidden.peers
