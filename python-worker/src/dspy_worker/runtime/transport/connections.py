"""Keep-alive connections to model servers, one call at a time on each."""

import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass

from dspy_worker.runtime.transport.active_call import ActiveCall
from dspy_worker.runtime.transport.address_guard import AddressGuard
from dspy_worker.runtime.transport.endpoint import ServerAddress
from dspy_worker.runtime.transport.resolving import addresses_of

# Servers close idle connections after five seconds and more; one that is about to be closed must not be used again.
MAX_IDLE_S = 4.0
# Connections kept per server; more may be open while calls are running.
MAX_IDLE_PER_SERVER = 128


@dataclass(slots=True)
class Connection:
    """An open connection to a server, TLS included."""

    sock: socket.socket
    address: ServerAddress
    idle_since: float = 0.0
    is_reused: bool = False

    def close(self) -> None:
        """Closes the connection for good."""
        self.sock.close()

    def is_quiet(self) -> bool:
        """Tells whether the peer has neither closed the idle connection nor sent what nobody asked for."""
        try:
            # The plain socket's recv: on TLS any pending record means that the connection is not worth keeping.
            socket.socket.recv(self.sock, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class ConnectionPool:
    """Hands out connections, newest first, and takes back those that can serve another call."""

    def __init__(self, tls: ssl.SSLContext | None = None, guard: AddressGuard | None = None) -> None:
        """Takes the TLS settings and who judges addresses; by default the system's authorities and no exception."""
        self._tls = tls
        self._guard = guard or AddressGuard()
        self._idle: defaultdict[ServerAddress, deque[Connection]] = defaultdict(deque)
        self._lock = threading.Lock()

    def acquire(self, address: ServerAddress, call: ActiveCall) -> Connection:
        """Returns a connection attached to the call; raises `OSError` if none can be made."""
        while (kept := self._pop(address)) is not None:
            if time.monotonic() - kept.idle_since < MAX_IDLE_S and kept.is_quiet():
                kept.is_reused = True
                try:
                    call.attach(kept.sock)
                except OSError:
                    kept.close()
                    raise
                return kept
            kept.close()
        return Connection(self._connect(address, call), address)

    def release(self, connection: Connection) -> None:
        """Takes back a connection whose last answer was read to its end."""
        connection.idle_since = time.monotonic()
        with self._lock:
            idle = self._idle[connection.address]
            if len(idle) < MAX_IDLE_PER_SERVER:
                idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Closes all idle connections."""
        with self._lock:
            kept = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in kept:
            connection.close()

    def _pop(self, address: ServerAddress) -> Connection | None:
        with self._lock:
            idle = self._idle.get(address)
            return idle.pop() if idle else None

    def _connect(self, address: ServerAddress, call: ActiveCall) -> socket.socket:
        failure: OSError | None = None
        found = addresses_of(address, call)
        if not address.trusted:
            self._guard.check(target[0] for *_, target in found)
        for family, kind, protocol, _name, target in found:
            sock = socket.socket(family, kind, protocol)
            try:
                call.attach(sock)
                sock.connect(target)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return self._secure(sock, address, call) if address.scheme == "https" else sock
            except OSError as error:
                failure = error
                sock.close()
                if call.ended_by is not None:
                    break
        raise failure or OSError(f"{address.host} has no address")

    def _secure(self, sock: socket.socket, address: ServerAddress, call: ActiveCall) -> ssl.SSLSocket:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        # Wrapping moves the descriptor to a new object, which has to be the watched one before the handshake blocks.
        secured = self._tls.wrap_socket(sock, server_hostname=address.host, do_handshake_on_connect=False)
        try:
            call.attach(secured)
            secured.do_handshake()
        except OSError:
            secured.close()
            raise
        return secured
