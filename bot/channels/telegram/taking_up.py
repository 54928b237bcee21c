"""What a process before has kept and not answered is taken up again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.channels.telegram.updates import Incoming, read
from bot.storage import Store

log = logging.getLogger(__name__)

FIRST_SECONDS = 2.0
"""Seconds that new updates wait for those that are older than they."""

RETRY_SECONDS = 1.0


@asynccontextmanager
async def taking_up(store: Store, bot: Bot, take: Callable[[Incoming], object]) -> AsyncIterator[None]:
    """Hand on what waits in the store: on entering, or as soon as the database is there."""
    task = asyncio.create_task(_take_up(store, bot, take))
    try:
        await asyncio.wait([task], timeout=FIRST_SECONDS)
        yield
    finally:
        task.cancel()


async def _take_up(store: Store, bot: Bot, take: Callable[[Incoming], object]) -> None:
    told = False
    while True:
        try:
            held = await store.held()
        except (SQLAlchemyError, OSError) as error:
            if not told:
                log.warning("updates that wait in the database wait on (%s)", type(error).__name__)
            told = True
            await asyncio.sleep(RETRY_SECONDS)
            continue
        for raw in held:
            if incoming := read(raw, bot):
                take(incoming)
        return
