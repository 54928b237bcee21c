"""Long polling: updates are fetched, and confirmed by the offset of a later request once they are answered.

Telegram sends everything from the offset on, at most 100 updates, so those in hand come again with those that are new.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.chats import Chats, Done
from bot.channels.telegram.contact import FIRST_WAIT, LONGEST_WAIT
from bot.channels.telegram.ending import Ending
from bot.channels.telegram.http import READ_SECONDS
from bot.channels.telegram.sending import asked_to_wait
from bot.channels.telegram.updates import KINDS, Incoming, read
from bot.storage import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 25
BATCH = 100
"""Updates that Telegram sends at most."""

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
"""Seconds between requests while something is in hand: Telegram answers those at once with what it sent before."""

STUCK_SECONDS = 0.5
"""Seconds that an update may take before those behind a whole batch go on without it."""

MOST_STUCK = 10
"""Others go on without so many chats; if more are stuck it is not the chats, and all wait."""

CONFIRM_SECONDS = 1.0


@dataclass(frozen=True)
class _InHand:
    done: Done
    chat: int
    since: float
    raw: Any


class Polling:
    """Fetches updates, hands them on and confirms what was answered."""

    def __init__(self, api: Api, chats: Chats, store: Store) -> None:
        """Fetch from this bot for these chats; the store keeps what Telegram is told to forget before its answer."""
        self._api = api
        self._store = store
        self._chats = chats
        self._offset = 0
        self._in_hand: dict[int, _InHand] = {}
        self._let_go: list[_InHand] = []
        self._fetched: set[int] = set()

    async def run(self) -> None:
        """Fetch and hand on until cancelled.

        Raises:
            InvalidToken, Forbidden: the token is refused.
        """
        wait, pause = FIRST_WAIT, SHORTEST_PAUSE
        while True:
            asked_at = time.monotonic()
            try:
                raw = await self._fetch(BATCH, POLL_SECONDS)
            except (InvalidToken, Forbidden):
                raise
            except TelegramError as error:
                asked = asked_to_wait(error) or wait
                _report(error, asked)
                await asyncio.sleep(asked)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            if not raw:
                # All is confirmed. After a quiet week Telegram may count on from a lower number, so none is asked for.
                self._offset = 0
            new = self._take(raw)
            pause = SHORTEST_PAUSE if new else min(2 * pause, LONGEST_PAUSE)
            # A request that is long under way costs nothing meanwhile: the next one then follows at once.
            await self._progress(asked_at + pause - time.monotonic())
            self._advance()
            # Behind a whole batch nothing new can come until some of it is answered.
            if len(raw) >= BATCH and not new:
                await self._go_on_without()

    def take_again(self, incoming: Incoming) -> None:
        """Take in hand an update that Telegram holds no more."""
        done = self._chats.put(incoming)
        self._let_go.append(_InHand(done, incoming.chat, time.monotonic(), None))

    async def confirm(self, ending: Ending) -> None:
        """Tell Telegram, if it listens, what need not be sent again."""
        self._advance()
        with suppress(TelegramError, TimeoutError):
            await asyncio.wait_for(self._fetch(1, 0), ending.seconds(CONFIRM_SECONDS))

    async def _fetch(self, limit: int, seconds: int) -> list[Any]:
        # Past the library's method, which reads all updates or none: one that it cannot read would stop all others.
        wanted = {"offset": self._offset, "limit": limit, "timeout": seconds, "allowed_updates": KINDS}
        found = await self._api.call("getUpdates", wanted, seconds=seconds + READ_SECONDS)
        return found if isinstance(found, list) else []

    def _take(self, raw: list[Any]) -> int:
        """Take in hand what was not fetched before; returns how many updates that are."""
        new = 0
        for each in raw:
            number = each.get("update_id") if isinstance(each, dict) else None
            if not isinstance(number, int) or number in self._fetched:
                continue
            new += 1
            self._fetched.add(number)
            if incoming := read(each, self._api.bot):
                self._in_hand[number] = _InHand(self._chats.put(incoming), incoming.chat, time.monotonic(), each)
        return new

    async def _progress(self, pause: float) -> None:
        """Wait until a third of what is in hand is answered, but no longer than the pause."""
        waiting = [each.done for each in self._in_hand.values() if not each.done.done()]
        if not waiting or pause <= 0:
            return
        third = asyncio.get_running_loop().create_future()
        left = len(waiting) // 3

        def count(_done: Done) -> None:
            nonlocal left
            left -= 1
            if left <= 0 and not third.done():
                third.set_result(None)

        for done in waiting:
            done.add_done_callback(count)
        await asyncio.wait([third], timeout=pause)
        for done in waiting:
            done.remove_done_callback(count)

    def _advance(self) -> None:
        """Move the offset up to the first update that is still in hand."""
        for number in [n for n, each in self._in_hand.items() if each.done.done() and not each.done.cancelled()]:
            del self._in_hand[number]
        if self._fetched:
            self._offset = min(self._in_hand, default=max(self._fetched) + 1)
            self._fetched = {number for number in self._fetched if number >= self._offset}

    async def _go_on_without(self) -> None:
        """Confirm updates that have kept a whole batch from going on for too long; the store keeps them meanwhile."""
        self._let_go = [each for each in self._let_go if not each.done.done()]
        late = {n: each for n, each in self._in_hand.items() if time.monotonic() - each.since > STUCK_SECONDS}
        chats = {each.chat for each in (*late.values(), *self._let_go)}
        if not late or len(chats) > MOST_STUCK:
            return
        try:
            await self._store.hold({number: each.raw for number, each in late.items()})
        except (SQLAlchemyError, OSError) as error:
            log.warning("all wait for a chat that takes long, for the database is gone (%s)", type(error).__name__)
            return
        log.warning("%d answers take long; others go on without waiting for them", len(late))
        self._let_go += [self._in_hand.pop(number) for number in late if number in self._in_hand]
        self._advance()


def _report(error: TelegramError, wait: float) -> None:
    if isinstance(error, Conflict) and "webhook" in error.message.lower():
        log.error("a web hook was set for this token; only one process can use it. Trying again in %.0f s", wait)
    elif isinstance(error, Conflict):
        log.error("another process is polling with the same token; only one can. Trying again in %.0f s", wait)
    else:
        log.warning("polling is interrupted (%s); trying again in %.0f s", error.message, wait)
