"""Looks up the addresses of a server without blocking a stop: the system's resolver cannot be interrupted."""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import Any

from dspy_worker.runtime.transport.active_call import ActiveCall
from dspy_worker.runtime.transport.endpoint import ServerAddress

# Family, kind, protocol, canonical name and address, as `socket.getaddrinfo` gives them.
Found = Sequence[tuple[int, int, int, str, Any]]


def addresses_of(address: ServerAddress, call: ActiveCall) -> Found:
    """Returns the addresses of a server; raises `OSError` if there are none or the call was ended meanwhile."""
    return _look_up(address) if _is_number(address.host) else _look_up_aside(address, call)


def _look_up(address: ServerAddress) -> Found:
    return socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)


def _look_up_aside(address: ServerAddress, call: ActiveCall) -> Found:
    """Waits for another thread on a socket, which ending the call shuts down like that of a connection."""
    found: list[Found | OSError] = []
    waiting, done = socket.socketpair()

    def look_up() -> None:
        with done:
            try:
                found.append(_look_up(address))
            except OSError as error:
                found.append(error)

    with waiting:
        try:
            call.attach(waiting)
        except OSError:
            done.close()
            raise
        threading.Thread(target=look_up, name="resolver", daemon=True).start()
        waiting.recv(1)
        call.detach()
    if not found:
        raise ConnectionAbortedError(call.ended_by)
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
