import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog

from dspy_worker.logs import MAX_SECRETS, Redactor, configure_logs

SECRET = "very-secret-key"


@pytest.fixture
def redactor() -> Iterator[Redactor]:
    redactor = Redactor()
    redactor.hide(SECRET)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    configure_logs("info", redactor)
    yield redactor
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_logs_are_json_lines_with_their_context(redactor: Redactor, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", redactor)
    structlog.contextvars.bind_contextvars(executionId="e1", traceId="t1")
    structlog.get_logger("ours").info("done", jobs=3)
    logging.getLogger("library").warning("hm %s", "x", extra={"executionId": "e2"})
    logging.getLogger("library").debug("too low")
    logging.getLogger("dspy").warning("about a prompt")
    ours, library = map(orjson.loads, capsys.readouterr().err.splitlines())
    assert (ours["message"], ours["jobs"], ours["level"], ours["executionId"]) == ("done", 3, "info", "e1")
    assert (library["message"], library["level"], library["traceId"]) == ("hm x", "warning", "t1")


def test_secrets_are_hidden_wherever_they_stand(redactor: Redactor, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", redactor)
    log = structlog.get_logger("ours")
    text = f"got {SECRET}"
    log.info(text, apiKey="abc", nested={"password": "abc", "deep": [SECRET]}, url="nats://me:abc123@host:1")
    try:
        int(f"Authorization: Bearer abc123 {SECRET}")
    except ValueError:
        log.exception("failed")
    written = capsys.readouterr().err
    assert SECRET not in written
    assert "abc" not in written
    assert written.count("[hidden]") == 8
    assert "nats://me:[hidden]@host:1" in written


def test_secrets_are_bounded_and_short_ones_left_alone() -> None:
    redactor = Redactor()
    redactor.hide("a")
    for number in range(MAX_SECRETS + 5):
        redactor.hide(f"secret-{number:08}")
    assert len(redactor._secrets) == MAX_SECRETS
    assert redactor(None, "info", {"message": "a cat"}) == {"message": "a cat"}
