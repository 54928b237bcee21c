"""How many messages Telegram lets a bot send."""

import time
from collections import deque

from tests.e2e.telegram_errors import too_many_requests


class FloodLimits:
    """Counts the messages of a bot: 30 a second in all, one a second in a private chat, 20 a minute in a group."""

    def __init__(self) -> None:
        self._all = _Window(30, 1.0)
        self._chats: dict[int, _Window] = {}

    def count(self, chat_id: int) -> None:
        """Count a message that is about to be sent.

        Raises:
            RefusedError: it is one too many; it does not count.
        """
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Window(20, 60.0) if chat_id < 0 else _Window(1, 1.0)
        now = time.monotonic()
        wait = max(self._all.wait(now), chat.wait(now))
        if wait > 0:
            raise too_many_requests(int(wait) + 1)
        self._all.add(now)
        chat.add(now)


class _Window:
    """The times of the last messages: no more than `count` in any stretch of so many seconds."""

    def __init__(self, count: int, seconds: float) -> None:
        self._times: deque[float] = deque(maxlen=count)
        self._seconds = seconds

    def wait(self, now: float) -> float:
        """Seconds until one more message fits in; none if it is zero or less."""
        full = len(self._times) == self._times.maxlen
        return self._times[0] + self._seconds - now if full else 0.0

    def add(self, now: float) -> None:
        self._times.append(now)
