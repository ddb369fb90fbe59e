"""Keeps models from being called at servers that only the platform's own network reaches."""

import ipaddress
from collections.abc import Iterable, Sequence

from dspy_worker.contracts.networks import REFUSED_NETWORKS

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REFUSED = tuple((ipaddress.ip_network(network), kind) for network, kind in REFUSED_NETWORKS.items())


class AddressRefused(OSError):  # noqa: N818 - an answer of the guard, not a fault of the transport
    """A server has an address that must not be called."""

    def __init__(self, kind: str) -> None:
        """Keeps what the address is; which one it is callers are not told, who could ask for names of this network."""
        super().__init__(f"its address is {kind}")
        self.kind = kind


def networks_of(text: str) -> tuple[Network, ...]:
    """Reads networks with commas between them, `10.0.0.0/8, 192.168.1.7`; raises `ValueError` for what is none."""
    return tuple(ipaddress.ip_network(item.strip(), strict=False) for item in text.split(",") if item.strip())


def refused_as(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Returns what an address is that a model server must not have, None if it may be called."""
    number = ipaddress.ip_address(address)
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    if any(number in network for network in allowed):
        return None
    return next((kind for network, kind in _REFUSED if number in network), None)


class AddressGuard:
    """Judges the addresses that a connection is about to be made to; nothing is looked up between the two."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        """Takes the networks that the operator allows beside the public internet."""
        self._allowed = allowed

    def check(self, addresses: Iterable[str]) -> None:
        """Raises `AddressRefused` if one of a server's addresses must not be called."""
        for address in addresses:
            if (kind := refused_as(address, self._allowed)) is not None:
                raise AddressRefused(kind)
