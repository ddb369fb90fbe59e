"""A certificate for 127.0.0.1 that only the tests trust."""

import ssl
from pathlib import Path

_FOLDER = Path(__file__).parent / "tls"


def self_signed() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Returns the TLS settings of a server and of a client that trusts it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(_FOLDER / "cert.pem", _FOLDER / "key.pem")
    client = ssl.create_default_context(cafile=str(_FOLDER / "cert.pem"))
    return server, client
