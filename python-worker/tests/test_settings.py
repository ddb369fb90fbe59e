import subprocess
import sys

import pytest

from conftest import SOURCE
from dspy_worker.settings import InvalidSettings, Settings, read_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)


def test_defaults() -> None:
    settings = read_settings()
    assert (settings.concurrency, settings.pool, settings.log_level) == (64, "default", "info")
    assert settings.lanes == {"interactive", "batch"}
    assert (settings.max_executions, settings.max_rss_mb) == (0, 0), "never recycled"


@pytest.mark.parametrize(("given", "lanes"), [("batch", {"batch"}), (" batch, interactive", {"batch", "interactive"})])
def test_lanes_are_a_list(monkeypatch: pytest.MonkeyPatch, given: str, lanes: set[str]) -> None:
    monkeypatch.setenv("DSPY_NEST_WORKER_LANES", given)
    assert read_settings().lanes == lanes


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("DSPY_NEST_WORKER_LANES", "interactive,fast"),
        ("DSPY_NEST_WORKER_LANES", ","),
        ("DSPY_NEST_WORKER_MAX_EXECUTIONS", "-1"),
        ("DSPY_NEST_WORKER_MAX_RSS_MB", "100"),
        ("DSPY_NEST_MODEL_NETWORKS", "10.0.0.0/8, intranet"),
    ],
)
def test_what_no_worker_can_live_with_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, given: str) -> None:
    monkeypatch.setenv(name, given)
    with pytest.raises(InvalidSettings, match=name):
        read_settings()


def test_every_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSPY_NEST_WORKER_CONCURRENCY", "many")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("NATS_URL", "http://me:secret@host")
    with pytest.raises(InvalidSettings) as caught:
        read_settings()
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert any(line.startswith('DSPY_NEST_WORKER_CONCURRENCY is "many":') for line in lines)
    assert any(line.startswith('LOG_LEVEL is "loud":') for line in lines)
    assert any(line.startswith("NATS_URL is not usable:") and "nats:// or tls://" in line for line in lines)
    assert "secret" not in str(caught.value)


def test_what_is_hidden_is_a_list_of_known_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().redact == {"secrets"}
    monkeypatch.setenv("DSPY_NEST_REDACT", "emails, cards")
    assert read_settings().redact == {"emails", "cards"}
    monkeypatch.setenv("DSPY_NEST_REDACT", "names")
    with pytest.raises(InvalidSettings, match=r"DSPY_NEST_REDACT is .*'secrets', 'emails' or 'cards'"):
        read_settings()


def test_the_worker_does_not_start_with_wrong_settings() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "dspy_worker"],
        env={"PYTHONPATH": str(SOURCE), "DSPY_NEST_WORKER_CONCURRENCY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("The worker cannot start:\nDSPY_NEST_WORKER_CONCURRENCY is")
