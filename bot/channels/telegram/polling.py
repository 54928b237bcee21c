"""Long polling: from the first contact with the Bot API until the process is told to end."""

import asyncio
import logging
import signal
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
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


def serve(settings: Settings, advisor: Advisor) -> None:
    """Answer in Telegram until SIGTERM or Ctrl-C.

    Raises:
        ChannelError: the token is refused.
    """
    asyncio.run(_serve(build_application(settings, advisor, Store()), advisor))


def build_application(settings: Settings, advisor: Advisor, store: Store) -> App:
    """The library's application with our handlers, not yet in contact with Telegram."""
    if settings.telegram_bot_token is None:
        raise ChannelError("TELEGRAM_BOT_TOKEN is not set")
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(connections=2))
        .rate_limiter(AIORateLimiter(max_retries=3))
        .build()
    )
    Handlers(advisor, store).register(application)
    return application


async def _serve(application: App, advisor: Advisor) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    connecting = asyncio.create_task(_connect(application))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((connecting, stopping), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not connecting.done():
            return
        await connecting
        await _set_commands(application, advisor)
        await application.start()
        updater = application.updater
        if updater is None:
            raise ChannelError("the application was built without polling")
        kinds = [Update.MESSAGE, Update.CALLBACK_QUERY]
        await updater.start_polling(allowed_updates=kinds, error_callback=_polling_failed)
        log.info("answering as @%s", application.bot.username)
        await stopping
        await updater.stop()
        await application.stop()
    finally:
        connecting.cancel()
        stopping.cancel()
        await application.shutdown()


async def _connect(application: App) -> None:
    """Make first contact; an unreachable server is tried again for ever, a refused token ends the program."""
    wait = FIRST_WAIT
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise ChannelError(
                "Telegram refuses TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more (/mybots, API Token)"
            ) from None
        except NetworkError as error:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", error.message, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


async def _set_commands(application: App, advisor: Advisor) -> None:
    commands = [BotCommand(name, text) for name, text in advisor.knowledge.wording.commands.items()]
    try:
        await application.bot.set_my_commands(commands)
    except TelegramError as error:
        log.warning("the command menu could not be set: %s", error.message)


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another process is polling with the same token; only one can")
    else:
        log.warning("polling is interrupted: %s", error.message)
