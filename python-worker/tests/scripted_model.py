"""A threaded OpenAI-compatible server that misbehaves on request."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = str | Sequence[str]


@dataclass
class Script:
    """What the server does with a request, and what it saw.

    Attributes:
        reply: Text to answer, or a list of what comes at a time, or a function from the request's body to either.
        held: Called with its number, from 0, before each piece of a stream but the first.
        mode: `stream`, `json`, `hang` (before headers), `hang_mid_stream`, `hang_mid_json`, `drip` (pings, no token),
            `trickle` (a token now and then, for ever), `trickle_reply` (the same after the reply), `trickle_json`,
            `cut`, `cut_late` (after the reply), `status`, or a function from the number of the request, from 0, to
            one of them.
        status: HTTP status of mode `status`.
        body: Body of mode `status`.
        headers: Headers of mode `status`.
    """

    reply: Reply | Callable[[dict[str, Any]], Reply] = "hello"
    held: Callable[[int], object] = lambda _number: None
    mode: str | Callable[[int], str] = "stream"
    finish_reason: str = "stop"
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)
    request_headers: list[dict[str, str]] = field(default_factory=list)
    peers: set[tuple[str, int]] = field(default_factory=set)
    arrived: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    closed_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def pieces(self, request: dict[str, Any]) -> Sequence[str]:
        reply = self.reply(request) if callable(self.reply) else self.reply
        return [reply] if isinstance(reply, str) else reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    script: Script

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        script = self.script
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with script.lock:
            number = len(script.requests)
            script.requests.append(request)
            script.request_headers.append(dict(self.headers))
            script.arrived_at.append(time.monotonic())
            script.peers.add(self.client_address)
        script.arrived.set()
        with contextlib.suppress(OSError):
            getattr(self, f"_{script.mode(number) if callable(script.mode) else script.mode}")(request)

    def _status(self, _request: dict[str, Any]) -> None:
        self.send_response(self.script.status)
        for name, value in self.script.headers.items():
            self.send_header(name, value)
        self._send_body(self.script.body)

    def _json(self, request: dict[str, Any]) -> None:
        message = {"role": "assistant", "content": "".join(self.script.pieces(request))}
        document = {
            "id": "c1",
            "model": request["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": self.script.finish_reason}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self._send_body(json.dumps(document).encode())

    def _stream(self, request: dict[str, Any]) -> None:
        self._start_stream()
        self._send_pieces(request)
        self._chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": self.script.finish_reason}]})
        self._chunk({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}})
        self._raw(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _send_pieces(self, request: dict[str, Any]) -> None:
        for number, piece in enumerate(self.script.pieces(request)):
            if number > 0:
                self.script.held(number)
            self._chunk({"choices": [{"index": 0, "delta": {"content": piece}}], "model": request["model"]})

    def _hang(self, _request: dict[str, Any]) -> None:
        self._wait_for_close()

    def _hang_mid_stream(self, _request: dict[str, Any]) -> None:
        self._start_stream()
        self._chunk({"choices": [{"index": 0, "delta": {"content": "some"}}]})
        self._wait_for_close()

    def _hang_mid_json(self, _request: dict[str, Any]) -> None:
        self._start_json()
        self._wait_for_close()

    def _trickle(self, _request: dict[str, Any]) -> None:
        self._start_stream()
        self._repeat(lambda: self._chunk({"choices": [{"index": 0, "delta": {"content": "some "}}]}))

    def _trickle_reply(self, request: dict[str, Any]) -> None:
        self._start_stream()
        self._send_pieces(request)
        self._repeat(lambda: self._chunk({"choices": [{"index": 0, "delta": {"content": " more"}}]}))

    def _trickle_json(self, _request: dict[str, Any]) -> None:
        self._start_json()
        self._repeat(self._blank)

    def _drip(self, _request: dict[str, Any]) -> None:
        self._start_stream()
        self._repeat(lambda: self._raw(b": ping\n\n"))

    def _cut(self, _request: dict[str, Any]) -> None:
        self._start_stream()
        self._chunk({"choices": [{"index": 0, "delta": {"content": "some"}}]})
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _cut_late(self, request: dict[str, Any]) -> None:
        self._start_stream()
        self._send_pieces(request)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _garbage(self, _request: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self._send_body(b"<html>not json</html>")

    def _repeat(self, send: Callable[[], object]) -> None:
        try:
            while True:
                send()
                time.sleep(0.02)
        except OSError:
            self._note_close()
            raise

    def _blank(self) -> None:
        self.wfile.write(b" ")
        self.wfile.flush()

    def _start_json(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b'{"id": ')
        self.wfile.flush()

    def _start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()

    def _chunk(self, value: dict[str, Any]) -> None:
        self._raw(b"data: " + json.dumps(value).encode() + b"\n\n")

    def _raw(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send_body(self, body: bytes) -> None:
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _wait_for_close(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.settimeout(20)
            self.connection.recv(1)
        self._note_close()
        self.close_connection = True

    def _note_close(self) -> None:
        self.script.closed_at = time.monotonic()
        self.script.closed.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: clients that hang up are what many tests are about."""


@contextmanager
def scripted_model(script: Script | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Script]:
    """Runs the server on a free port; `script.url` is its base URL."""
    script = script or Script()
    handler = type("Handler", (_Handler,), {"script": script})
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    script.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """Gives the URL of a listener that never finishes a handshake."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                client.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
