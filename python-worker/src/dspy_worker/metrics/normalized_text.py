"""The words of a text as SQuAD compares them (P. Rajpurkar et al., EMNLP 2016)."""

import unicodedata

import regex

_ARTICLES = frozenset({"a", "an", "the"})
# What SQuAD's script strips (`string.punctuation`), and the punctuation of other languages.
_PUNCTUATION = regex.compile(r"[\p{P}$+<=>^`|~]")
# What either JavaScript or Python takes for white space, so that both languages find the same words.
_SPACE = regex.compile(r"[\s\x1c-\x1f\x85\ufeff]+")


def normalized_words(text: str) -> list[str]:
    """Returns the words in lower case, without punctuation and English articles; letters are composed first (NFC)."""
    plain = _PUNCTUATION.sub("", unicodedata.normalize("NFC", text).lower())
    return [word for word in _SPACE.split(plain) if word and word not in _ARTICLES]
