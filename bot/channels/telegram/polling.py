"""Long polling: from the first contact with the Bot API until the process is told to end.

Updates that were fetched are answered side by side, those of one chat in order, and only then are they confirmed to
Telegram, by the offset of the next request.
"""

import asyncio
import logging
import signal
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, Forbidden, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder

from bot.advisor import Advisor
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.http import AiohttpRequest
from bot.errors import ChannelError
from bot.settings import Settings
from bot.storage import Store

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
POLL_SECONDS = 25
BATCH = 100
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY]
PATIENCE = 5.0
"""Seconds that what is in hand may take when the process is told to end, and a call that is good to have."""

REFUSED = "Telegram refuses TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more (/mybots, API Token)"


def serve(settings: Settings, advisor: Advisor) -> None:
    """Answer in Telegram until SIGTERM or Ctrl-C.

    Raises:
        ChannelError: the token is refused.
    """
    asyncio.run(_serve(settings, advisor))


def build_application(settings: Settings, advisor: Advisor, store: Store, request: AiohttpRequest) -> App:
    """The library's application with our handlers, not yet in contact with Telegram."""
    if settings.telegram_bot_token is None:
        raise ChannelError("TELEGRAM_BOT_TOKEN is not set")
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(request)
        .get_updates_request(request)
        .rate_limiter(AIORateLimiter(max_retries=0))
        .updater(None)
        .build()
    )
    Handlers(advisor, store).register(application)
    return application


async def _serve(settings: Settings, advisor: Advisor) -> None:
    request = AiohttpRequest()
    application = build_application(settings, advisor, Store(), request)
    work = asyncio.create_task(_work(application, advisor))
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, work.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await work
    except (InvalidToken, Forbidden):
        raise ChannelError(REFUSED) from None
    finally:
        await request.shutdown()


async def _work(application: App, advisor: Advisor) -> None:
    await _until_reached(application)
    try:
        await _set_commands(application, advisor)
        log.info("answering as @%s", application.bot.username)
        await _poll(application)
    finally:
        await application.shutdown()


async def _until_reached(application: App) -> None:
    """Make first contact; whatever fails is tried again for ever, except a refused token."""
    wait = FIRST_WAIT
    while True:
        try:
            await application.initialize()
            # Polling is refused as long as a web hook is set.
            await application.bot.delete_webhook()
            return
        except (InvalidToken, Forbidden):
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", error.message, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


async def _set_commands(application: App, advisor: Advisor) -> None:
    commands = [BotCommand(name, text) for name, text in advisor.knowledge.wording.commands.items()]
    try:
        await asyncio.wait_for(application.bot.set_my_commands(commands), PATIENCE)
    except (TelegramError, TimeoutError) as error:
        log.warning("the command menu could not be set: %s", error)


async def _poll(application: App) -> None:
    """Fetch updates and answer them, until cancelled; then finish what is in hand and confirm it."""
    offset, wait = 0, FIRST_WAIT
    while True:
        try:
            updates = await application.bot.get_updates(offset, BATCH, POLL_SECONDS, allowed_updates=KINDS)
            wait = FIRST_WAIT
        except (InvalidToken, Forbidden):
            raise
        except TelegramError as error:
            _report(error, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            continue
        if not updates:
            continue
        answering = asyncio.create_task(_answer(application, updates))
        try:
            await asyncio.shield(answering)
        except asyncio.CancelledError:
            await asyncio.wait([answering], timeout=PATIENCE)
            if answering.done():
                await _confirm(application, updates[-1].update_id + 1)
            answering.cancel()
            raise
        offset = updates[-1].update_id + 1


async def _answer(application: App, updates: Iterable[Update]) -> None:
    """Answer updates: chats side by side, each chat in order."""
    chats: dict[int | None, list[Update]] = defaultdict(list)
    for update in updates:
        chats[update.effective_chat.id if update.effective_chat else None].append(update)
    await asyncio.gather(*(_answer_chat(application, waiting) for waiting in chats.values()))


async def _answer_chat(application: App, updates: Iterable[Update]) -> None:
    for update in updates:
        await application.process_update(update)


async def _confirm(application: App, offset: int) -> None:
    with suppress(TelegramError, TimeoutError):
        await asyncio.wait_for(application.bot.get_updates(offset, 1, 0), PATIENCE / 2)


def _report(error: TelegramError, wait: float) -> None:
    if isinstance(error, Conflict):
        log.error("another process is polling with the same token; only one can. Trying again in %.0f s", wait)
    else:
        log.warning("polling is interrupted (%s); trying again in %.0f s", error.message, wait)
