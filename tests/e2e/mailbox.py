"""Things that come one by one, and the wait for them."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Things in order of arrival, each taken once; with a size, only so many of the newest are kept."""

    def __init__(self, size: int | None = None) -> None:
        self._things: deque[T] = deque(maxlen=size)
        self._came: asyncio.Event | None = None  # there is one while somebody waits

    def put(self, thing: T) -> None:
        """Put a thing in and wake those who wait."""
        self._things.append(thing)
        if self._came is not None:
            self._came.set()
            self._came = None

    async def take(self, count: int, timeout: float, what: str) -> list[T]:
        """Wait for so many things and take them out.

        Raises:
            TimeoutError: fewer than `count` came; they stay.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self._things) < count:
                    self._came = self._came or asyncio.Event()
                    await self._came.wait()
        if len(self._things) < count:
            raise TimeoutError(f"{len(self._things)} of {count} {what} in {timeout} s: {list(self._things)}")
        return [self._things.popleft() for _ in range(count)]
