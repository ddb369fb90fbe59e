"""A bounded cache for values that are the same for ever, such as everything named by a content hash."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Keeps the values used last; safe to use from several threads."""

    def __init__(self, max_items: int) -> None:
        """Takes how many values are kept."""
        self._max_items = max_items
        self._items: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Returns the value and marks it as used, or None."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
            return self._items.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keeps a value, in place of the one unused longest if there is no room."""
        with self._lock:
            self._items[key] = value
            self._items.move_to_end(key)
            if len(self._items) > self._max_items:
                self._items.popitem(last=False)

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """Returns the kept value, or makes and keeps it; two threads may make the same value at the same time."""
        if (found := self.get(key)) is not None:
            return found
        value = make()
        self.put(key, value)
        return value

    def __len__(self) -> int:
        """Returns how many values are kept."""
        return len(self._items)
