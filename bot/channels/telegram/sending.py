"""Calls to Telegram that must arrive: within its limits, and again when they fail.

The limits are those of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from weakref import WeakValueDictionary

from aiolimiter import AsyncLimiter
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.metrics import Metrics

log = logging.getLogger(__name__)

T = TypeVar("T")

CHAT_PAUSE = 1.0
"""Seconds between two messages in one chat."""

JITTER = 1.05
"""Messages are sent further apart by this factor than their rate asks for: the network may bring them together."""

GROUP_LIMIT = (5, 20.0)
"""Messages in a group within so many seconds; with what drips through meanwhile, at most 20 in a minute."""

GROUPS = 1_000
"""So many groups are watched, those that were written to last."""

FIRST_WAIT = 0.5
LONGEST_WAIT = 20.0
GIVE_UP = 3_600.0
"""Seconds after which a call that only fails is given up."""

FINAL = (BadRequest, ChatMigrated, Forbidden, InvalidToken)
"""Errors that another try would only meet again."""


class Sender:
    """Makes calls until they succeed, no faster than Telegram allows."""

    def __init__(self, rate: float, metrics: Metrics) -> None:
        """Send at most `rate` messages a second, evenly; 0 switches every limit off."""
        self._metrics = metrics
        self._overall = AsyncLimiter(1, JITTER / rate) if rate else None
        self._free_at: OrderedDict[int, float] = OrderedDict()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._groups: OrderedDict[int, AsyncLimiter] = OrderedDict()

    async def send(self, chat: int, call: Callable[[], Awaitable[T]], *, last: float = 0.0) -> T:
        """Make a call that puts a message into a chat.

        Waits as long as Telegram asks for (429), else twice as long after each failure.

        Args:
            chat: Telegram's number of the chat.
            call: begins the call anew each time.
            last: when the chat last got a message, in seconds since 1970.

        Raises:
            TelegramError: one of `FINAL` at once, any other when it has gone on for an hour.
        """

        async def within_limits() -> T:
            await self._hold_back(chat, last)
            result = await call()
            # It may have taken its time to get there.
            self._occupy(chat, time.monotonic())
            return result

        return await self.call(within_limits)

    async def call(self, call: Callable[[], Awaitable[T]], *, give_up: float = GIVE_UP) -> T:
        """Make a call that puts no message into a chat, which Telegram does not limit; otherwise as `send`.

        Raises:
            TelegramError: one of `FINAL` at once, any other when it has gone on for `give_up` seconds.
        """
        wait, began = FIRST_WAIT, time.monotonic()
        while True:
            try:
                return await call()
            except TelegramError as error:
                self._metrics.send_errors.labels(type(error).__name__).inc()
                asked = asked_to_wait(error)
                if isinstance(error, FINAL) or time.monotonic() - began + (asked or wait) > give_up:
                    raise
                if asked is not None:
                    self._metrics.flood_waits.inc()
                pause = asked or wait
                log.warning("Telegram: %s; trying again in %.1f s", error.message, pause)
                await asyncio.sleep(pause)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _hold_back(self, chat: int, last: float) -> None:
        if self._overall is None:
            return
        # Those who send to one chat go one after the other, in the order in which they came.
        async with self._turns.setdefault(chat, asyncio.Lock()):
            # Another process noted this, and its clock may have been ahead.
            early = min(max(last + CHAT_PAUSE - time.time(), 0.0), CHAT_PAUSE)
            now = time.monotonic()
            await asyncio.sleep(max(early, self._free_at.get(chat, 0.0) - now))
            if chat < 0:
                await self._group(chat).acquire()
            await self._overall.acquire()
            self._occupy(chat, time.monotonic())

    def _occupy(self, chat: int, moment: float) -> None:
        """Remember, for as long as it matters, that a chat got a message at a moment and then has a pause."""
        self._free_at[chat] = max(self._free_at.get(chat, 0.0), moment + CHAT_PAUSE)
        self._free_at.move_to_end(chat)
        while next(iter(self._free_at.values())) < time.monotonic():
            self._free_at.popitem(last=False)

    def _group(self, chat: int) -> AsyncLimiter:
        limiter = self._groups.setdefault(chat, AsyncLimiter(*GROUP_LIMIT))
        self._groups.move_to_end(chat)
        if len(self._groups) > GROUPS:
            self._groups.popitem(last=False)
        return limiter


def asked_to_wait(error: TelegramError) -> float | None:
    """Seconds that Telegram asks to wait, None if it does not."""
    if not isinstance(error, RetryAfter):
        return None
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
