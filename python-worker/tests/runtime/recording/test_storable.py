from hypothesis import given
from hypothesis import strategies as st

from dspy_worker.runtime.recording.storable import storable_text

TEXTS = st.text(alphabet=st.characters() | st.sampled_from("\x00\ud800\udfff\U0001f600"), max_size=30)


@given(TEXTS)
def test_a_text_is_changed_only_where_it_has_to_be(text: str) -> None:
    stored = storable_text(text)
    assert "\x00" not in stored
    assert stored.encode().decode() == stored
    if "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text):
        assert stored == text


def test_half_a_pair_and_zero_become_the_replacement_character() -> None:
    assert storable_text("a\x00\ud83d\U0001f600") == "a\ufffd\ufffd\U0001f600"
