"""The first contact with Telegram, which is tried for as long as it takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, BotCommand
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.sending import asked_to_wait

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
MENU_SECONDS = 5.0
"""Seconds that setting the command menu may take, which is good to have and no more."""

REFUSED = "Telegram refuses TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more (/mybots, API Token)"


async def until_done(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call until Telegram takes it, and return its result.

    Raises:
        InvalidToken, Forbidden: the token is refused; nothing else ends this.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return await call()
        except (InvalidToken, Forbidden):
            raise
        except TelegramError as error:
            pause = asked_to_wait(error) or wait
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", error.message, pause)
            await asyncio.sleep(pause)
            wait = min(2 * wait, LONGEST_WAIT)


async def set_commands(bot: Bot, commands: dict[str, str]) -> None:
    """Set the command menu: command -> description."""
    try:
        menu = [BotCommand(name, text) for name, text in commands.items()]
        await asyncio.wait_for(bot.set_my_commands(menu), MENU_SECONDS)
    except (TelegramError, TimeoutError) as error:
        log.warning("the command menu could not be set: %s", error)
