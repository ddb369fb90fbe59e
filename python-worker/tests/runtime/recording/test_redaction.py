import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dspy_worker.runtime.recording.redaction import REDACTED, Redaction

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SECRETS = Redaction()
ALL = Redaction(["secrets", "emails", "cards"])


@pytest.mark.parametrize(
    "secret",
    [
        "sk-abcdefghijklmnop1234",
        "sk-proj-abc_def-123456789012",
        "sk-ant-api03-abcdefghijklmnop",
        "sk_live_abcdefghijklmnop1234",
        "AKIAIOSFODNN7EXAMPLE",
        f"ghp_{LETTERS}",
        f"github_pat_{LETTERS}",
        f"glpat-{LETTERS[:20]}",
        "xoxb-123456789012-abcdefgh",
        f"AIza{LETTERS[:35]}",
        f"hf_{LETTERS}",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize("around", ["{}", "my key is {}, thanks", '{{"key": "{}"}}', "KEY={}\n"])
def test_keys_of_common_forms_are_hidden(secret: str, around: str) -> None:
    assert SECRETS.clean(around.format(secret)) == around.format(REDACTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abc123def456ghi789", "Authorization: [redacted]"),
        ('"authorization":"Basic dXNlcjpwYXNz"', '"authorization":"[redacted]"'),
        ("curl -H 'authorization: token 0123456789abcdef'", "curl -H 'authorization: [redacted]'"),
        ("bearer abcdefghijklmnopqrstuv", "bearer [redacted]"),
        ("X-Api-Key: 0123456789abcdef0", "X-Api-Key: [redacted]"),
        ("postgres://app:hunter2@db/app", "postgres://app:[redacted]@db/app"),
    ],
)
def test_credentials_are_hidden_where_they_stand(text: str, expected: str) -> None:
    assert SECRETS.clean(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The bearer of good news asked for authorization: yes.",
        "task-management-systems-overview risk-taking-behaviour-in-teams",
        "Visit http://example.com:8080/a@b or https://example.com",
        "hf_short, sk-learn, ghp_x, AKIA",
        "mail ann@example.com, card 4111 1111 1111 1111",
        "",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert SECRETS.clean(text) == text


def test_a_known_secret_is_hidden_whatever_its_form() -> None:
    assert SECRETS.clean("a plain-old-key b", "plain-old-key") == "a [redacted] b"
    assert SECRETS.clean("none of it", "none") == "none of it", "too short to be one"


def test_emails_and_cards_are_hidden_on_request() -> None:
    assert Redaction(["emails"]).clean("ann.b+c@mail.example.co.uk!") == "[redacted]!"
    cards = Redaction(["cards"])
    assert cards.clean("pay 4111 1111 1111 1111 or 4111-1111-1111-1111.") == "pay [redacted] or [redacted]."
    assert cards.clean("order 4111 1111 1111 1112, 1234567890123456789012") == (
        "order 4111 1111 1111 1112, 1234567890123456789012"
    )
    assert Redaction(["emails"]).clean("sk-abcdefghijklmnop1234") == REDACTED, "secrets are always hidden"


@given(st.text(alphabet="sk-AKIghp_eyJ.@:/ 4bearauthoizt\n", max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = SECRETS.clean(text)
    assert SECRETS.clean(once) == once


@pytest.mark.parametrize(
    "piece",
    ["sk-", "sk-a ", "eyJ", "eyJ.", "eyJaaaaaaaaaa.", "a@", "a.", "4 ", "4", "://a:", "bearer ", "authorization:",
     "-----BEGIN PRIVATE KEY-----", "api_key=", "ghp_a", "xoxb-"],
)  # fmt: skip
def test_hostile_texts_take_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        ALL.clean(text)
        return time.process_time() - started

    assert seconds(200_000) < 10
