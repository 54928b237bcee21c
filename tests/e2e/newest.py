"""A memory that does not grow for ever."""

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Newest(OrderedDict[K, V]):
    """A dictionary that forgets its oldest key when it is full; without a size, it never is."""

    def __init__(self, size: int | None) -> None:
        super().__init__()
        self._size = size

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        if self._size is not None and len(self) > self._size:
            self.popitem(last=False)
