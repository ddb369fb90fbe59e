"""An HTTP server that answers what a test says, and keeps what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

EXECUTION: dict[str, Any] = {
    "id": "01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d10",
    "program": "qa",
    "version": 1,
    "status": "succeeded",
    "inputs": {"question": "Why?"},
    "outputs": {"answer": "Because.", "sure": 0.5},
    "error": None,
    "model": "default",
    "usage": {"promptTokens": 7, "completionTokens": 2, "costUsd": None},
    "traceId": "ab" * 16,
}


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """One answer; the body is JSON, or text as it is."""

    status: int = 200
    body: Any = field(default_factory=lambda: EXECUTION)
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def problem(status: int, code: str, **more: Any) -> Answer:
    """An error as the platform tells it."""
    return Answer(status, {"status": status, "code": code, "detail": f"It is {code}.", **more})


def events(*steps: dict[str, Any]) -> Answer:
    """A stream that ends after these events."""
    text = "".join(f"id: {step['sequence']}\nevent: {step['type']}\ndata: {json.dumps(step)}\n\n" for step in steps)
    location = {"location": f"/v1/executions/{EXECUTION['id']}"}
    return Answer(body=f"retry: 2000\n\n: \n\n{text}", content_type="text/event-stream", headers=location)


def lines(*rows: dict[str, Any], **headers: str) -> Answer:
    """Lines of JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        body="".join(f"{json.dumps(row)}\n" for row in rows), content_type="application/x-ndjson", headers=named
    )


@dataclass
class Platform:
    """What is answered, the last answer again and again, and what was asked."""

    url: str
    answers: list[Answer]
    asked: list[Asked]


@contextmanager
def platform(*answers: Answer) -> Iterator[Platform]:
    """Answers as long as the block runs."""
    scripted = Platform("", list(answers), [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            scripted.asked.append(Asked(self.command, self.path, headers, self.read()))
            answer = scripted.answers.pop(0) if len(scripted.answers) > 1 else scripted.answers[0]
            sent = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
            self.send_response(answer.status)
            self.send_header("content-type", answer.content_type)
            self.send_header("content-length", str(len(sent)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def read(self) -> Any:
            text = self.rfile.read(int(self.headers.get("content-length", 0)))
            while self.headers.get("transfer-encoding") == "chunked" and (size := int(self.rfile.readline(), 16)):
                text += self.rfile.read(size)
                self.rfile.readline()
            if self.headers.get("content-type") == "application/x-ndjson":
                return [json.loads(line) for line in text.splitlines()]
            return json.loads(text) if text else None

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - names that http.server dictates

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()
