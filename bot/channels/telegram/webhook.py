"""Sets the web hook, once for all workers that share a store."""

import asyncio
import hashlib
import logging
import time

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import TelegramError, TimedOut

from bot.channels.telegram.contact import until_done
from bot.channels.telegram.updates import KINDS
from bot.settings import Settings
from bot.storage import Store

log = logging.getLogger(__name__)

CONNECTIONS = 100
"""Updates that Telegram may bring at a time; those of one chat come one after another."""

NOTE = "web hook"
"""The note that says which hook is set, or until when a worker is about to set it."""

BUSY = "until "
TRY_SECONDS = 8.0
BUSY_SECONDS = TRY_SECONDS + 2
"""Seconds after which a worker that was about to set the hook is taken for dead."""

LOOK_SECONDS = 0.2
"""Seconds between two looks whether another worker has set it."""


class _Hook:
    def __init__(self, bot: Bot, settings: Settings, store: Store) -> None:
        self._bot = bot
        self._store = store
        self._url, self._secret = settings.webhook_url or "", settings.hook_secret()
        self._wanted = hashlib.sha256(f"{self._url} {self._secret} {KINDS} {CONNECTIONS}".encode()).hexdigest()

    async def set(self) -> None:
        """Set it, whoever else may have done so."""
        await self._bot.set_webhook(
            self._url, allowed_updates=KINDS, secret_token=self._secret, max_connections=CONNECTIONS
        )

    async def see_to_it(self) -> bool:
        """Try once to set it, unless that is done; False while another worker tries.

        The note is locked only to be read and written: on SQLite all answers would wait for it meanwhile.
        """
        async with self._store.note(NOTE) as note:
            before = note.value
            if before.startswith(BUSY) and time.time() < float(before.removeprefix(BUSY)):
                return False
            note.value = f"{BUSY}{time.time() + BUSY_SECONDS}"
        try:
            async with asyncio.timeout(TRY_SECONDS):
                if before != self._wanted or (await self._bot.get_webhook_info()).url != self._url:
                    await self.set()
        except (TelegramError, TimeoutError) as error:
            await self._note("")
            raise TimedOut("it takes too long") if isinstance(error, TimeoutError) else error from None
        await self._note(self._wanted)
        return True

    async def _note(self, value: str) -> None:
        async with self._store.note(NOTE) as note:
            note.value = value


async def set_web_hook(bot: Bot, settings: Settings, store: Store) -> None:
    """Have Telegram bring updates to WEBHOOK_URL, unless another worker has seen to it.

    It is never taken away: workers come and go, and the others still need it.

    Raises:
        InvalidToken, Forbidden: the token is refused.
    """
    hook = _Hook(bot, settings, store)
    try:
        while not await until_done(hook.see_to_it):
            await asyncio.sleep(LOOK_SECONDS)
    except (SQLAlchemyError, OSError) as error:
        log.warning("the web hook is set without asking other workers: the database is gone (%s)", type(error).__name__)
        await until_done(hook.set)
