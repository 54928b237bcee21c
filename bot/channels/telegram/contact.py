"""The first contact with Telegram, which is tried for as long as it takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, BotCommand
from telegram.error import Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.sending import asked_to_wait
from bot.wording import Wording

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
MENU_SECONDS = 5.0
"""Seconds that setting the command menu may take, which is good to have and no more."""

REFUSED = (
    "Telegram refuses TELEGRAM_BOT_TOKEN: copy the token from @BotFather once more (/mybots, API Token);"
    " if TELEGRAM_API_URL is set, see that it is right"
)


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


async def introduce(bot: Bot, wording: Wording) -> None:
    """Tell Telegram the command menu and what the bot is, where it has something else; good to have and no more."""
    try:
        await asyncio.wait_for(_introduce(bot, wording), MENU_SECONDS)
    except (TelegramError, TimeoutError) as error:
        log.warning("the command menu and the profile could not be set: %s", error)


async def _introduce(bot: Bot, wording: Wording) -> None:
    menu = tuple(BotCommand(name, text) for name, text in wording.commands.items())
    if await bot.get_my_commands() != menu:
        await bot.set_my_commands(menu)
    profile = wording.profile
    if (await bot.get_my_name()).name != profile.name:
        await bot.set_my_name(profile.name)
    if (await bot.get_my_short_description()).short_description != profile.short:
        await bot.set_my_short_description(profile.short)
    if (await bot.get_my_description()).description != profile.long:
        await bot.set_my_description(profile.long)
