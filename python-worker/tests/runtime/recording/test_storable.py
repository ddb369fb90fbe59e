from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from dspy_worker.runtime.recording.storable import storable_json, storable_text

TEXTS = st.text(alphabet=st.characters() | st.sampled_from("\x00\ud800\udfff\U0001f600"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(TEXTS)
def test_a_text_is_changed_only_where_it_has_to_be(text: str) -> None:
    stored = storable_text(text)
    assert "\x00" not in stored
    assert stored.encode().decode() == stored
    if "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text):
        assert stored == text


@given(JSON)
def test_any_json_can_be_stored(value: Any) -> None:
    assert b"\\u0000" not in orjson.dumps(storable_json(value)).replace(b"\\\\", b"")


def test_half_a_pair_and_zero_become_the_replacement_character() -> None:
    assert storable_json({"a\x00": ["\ud83d", "\U0001f600"]}) == {"a\ufffd": ["\ufffd", "\U0001f600"]}
