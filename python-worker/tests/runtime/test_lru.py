from dspy_worker.runtime.lru import LruCache


def test_keeps_what_was_used_last() -> None:
    cache: LruCache[str, int] = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    assert len(cache) == 2


def test_makes_a_value_once() -> None:
    cache: LruCache[str, list[int]] = LruCache(2)
    assert cache.get_or_make("a", lambda: [1]) is cache.get_or_make("a", lambda: [2])
