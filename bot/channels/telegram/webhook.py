"""Sets the web hook, once for all workers that share a store."""

import hashlib
import logging

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.channels.telegram.contact import until_done
from bot.channels.telegram.updates import KINDS
from bot.settings import Settings
from bot.storage import Store

log = logging.getLogger(__name__)

CONNECTIONS = 100
"""Updates that Telegram may bring at a time; those of one chat come one after another."""


async def set_web_hook(bot: Bot, settings: Settings, store: Store) -> None:
    """Have Telegram bring updates to WEBHOOK_URL, unless another worker has seen to it.

    It is never taken away: workers come and go, and the others still need it.

    Raises:
        InvalidToken, Forbidden: the token is refused.
    """
    url, secret = settings.webhook_url or "", settings.hook_secret()
    wanted = hashlib.sha256(f"{url} {secret} {KINDS} {CONNECTIONS}".encode()).hexdigest()

    async def set_it() -> None:
        await bot.set_webhook(url, allowed_updates=KINDS, secret_token=secret, max_connections=CONNECTIONS)

    async def is_set() -> bool:
        return (await until_done(bot.get_webhook_info)).url == url

    try:
        async with store.note("web hook") as note:
            if note.value != wanted or not await is_set():
                await until_done(set_it)
                note.value = wanted
    except (SQLAlchemyError, OSError) as error:
        log.warning("the web hook is set without asking other workers: the database is gone (%s)", type(error).__name__)
        await until_done(set_it)
