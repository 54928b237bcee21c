"""The bot in Telegram, from its start until it is told to end."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web
from telegram.error import Forbidden, InvalidToken

from bot.advisor import Advisor
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.api import Api
from bot.channels.telegram.chats import Chats
from bot.channels.telegram.contact import REFUSED, introduce, until_done
from bot.channels.telegram.ending import Ending
from bot.channels.telegram.means import Means
from bot.channels.telegram.pages import Pages
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.speaking import Speaker
from bot.channels.telegram.taking_up import taking_up
from bot.channels.telegram.webhook import set_web_hook
from bot.errors import ChannelError
from bot.metrics import Metrics
from bot.settings import Settings
from bot.storage import Store

log = logging.getLogger(__name__)

PAGES_SECONDS = 1.0
"""Seconds that web pages may take at the end."""

CLOSE_SECONDS = 3.0
"""Seconds that the store may take to close at the end, and at least one of them."""


def serve(settings: Settings, advisor: Advisor) -> None:
    """Answer in Telegram until SIGTERM or Ctrl-C.

    Raises:
        ChannelError: the token is refused, or nobody can listen on the address.
        StoreError: the database cannot be used, and waiting will not help.
    """
    # What is loaded by now stays: a search of it for garbage, again and again, would take a sixth of all time.
    gc.collect()
    gc.freeze()
    asyncio.run(_serve(settings, advisor))


async def _serve(settings: Settings, advisor: Advisor) -> None:
    work = asyncio.create_task(_work(settings, advisor))
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, work.cancel)
    with suppress(asyncio.CancelledError):
        await work


async def _work(settings: Settings, advisor: Advisor) -> None:
    metrics, ending = Metrics(), Ending()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(_opened(settings, ending))
        api = await stack.enter_async_context(_connected(settings))
        speaker = Speaker(api, Sender(settings.send_rate, metrics), metrics)
        chats = Chats(Answering(Means(advisor, store, speaker, api, metrics, settings)).answer)
        pages = Pages(store, metrics)
        try:
            if settings.webhook_url:
                await _take_calls(settings, api, advisor, store, pages, chats, ending)
            else:
                await _poll(settings, api, advisor, store, pages, chats, ending)
        except (InvalidToken, Forbidden):
            raise ChannelError(REFUSED) from None


async def _poll(
    settings: Settings, api: Api, advisor: Advisor, store: Store, pages: Pages, chats: Chats, ending: Ending
) -> None:
    """Fetch updates until cancelled."""
    runner = await pages.listen(settings.metrics_listen) if settings.metrics_listen else None
    polling = Polling(api, chats, store)
    try:
        await until_done(api.bot.initialize)
        # Polling is refused as long as a web hook is set.
        await until_done(api.bot.delete_webhook)
        await introduce(api.bot, advisor.knowledge.wording)
        log.info("answering as @%s", api.bot.username)
        async with taking_up(store, api.bot, polling.take_again):
            await polling.run()
    finally:
        await chats.finish(ending)
        await polling.confirm(ending)
        if runner:
            await _let_go(runner, ending)


async def _take_calls(
    settings: Settings, api: Api, advisor: Advisor, store: Store, pages: Pages, chats: Chats, ending: Ending
) -> None:
    """Let Telegram bring updates until cancelled."""
    pages.add_hook(settings, api.bot, chats)
    # What is answered needs the bot's name.
    await until_done(api.bot.initialize)
    runner = await pages.listen(settings.webhook_listen)
    try:
        async with taking_up(store, api.bot, chats.put):
            await set_web_hook(api.bot, settings, store)
            await introduce(api.bot, advisor.knowledge.wording)
            log.info("answering as @%s at %s", api.bot.username, settings.webhook_url)
            await asyncio.Event().wait()
    finally:
        for site in list(runner.sites):
            await site.stop()
        await chats.finish(ending)
        await _let_go(runner, ending)


async def _let_go(runner: web.AppRunner, ending: Ending) -> None:
    """End the pages; who is still being served is hung up on."""
    with suppress(TimeoutError):
        await asyncio.wait_for(runner.cleanup(), ending.seconds(PAGES_SECONDS))


@asynccontextmanager
async def _opened(settings: Settings, ending: Ending) -> AsyncIterator[Store]:
    store = Store(settings.database_url.get_secret_value(), settings.store_secret())
    try:
        await store.open()
        yield store
    finally:
        await store.close(max(1.0, ending.seconds(CLOSE_SECONDS)))


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[Api]:
    api = Api(settings)
    await api.open()
    try:
        yield api
    finally:
        await api.close()
