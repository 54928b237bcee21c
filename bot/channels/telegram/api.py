"""The Bot API as this bot speaks it: the library's objects where they help, plain JSON where messages are many."""

from collections.abc import Mapping
from typing import Any

from telegram import Bot

from bot.channels.telegram.http import READ_SECONDS, AiohttpRequest
from bot.settings import Settings


class Api:
    """The way to one bot's Bot API.

    Attributes:
        bot: the library's bot, for what is rare.
    """

    def __init__(self, settings: Settings) -> None:
        """Get ready; nothing is sent yet."""
        self._request = AiohttpRequest()
        self.bot = Bot(
            settings.token(),
            base_url=f"{settings.telegram_api_url}/bot",
            base_file_url=f"{settings.telegram_api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def open(self) -> None:
        """Open the connection pool."""
        await self._request.initialize()

    async def close(self) -> None:
        """Close the connection pool."""
        await self._request.shutdown()

    async def call(self, method: str, parameters: Mapping[str, Any], *, seconds: float = READ_SECONDS) -> Any:
        """Call a method and return its result as JSON has it.

        Args:
            method: its name in Telegram's reference.
            parameters: as the reference has them; those that are None are left out.
            seconds: how long the Bot API may take.

        Raises:
            TelegramError: it failed.
        """
        return await self._request.call(f"{self.bot.base_url}/{method}", parameters, seconds=seconds)

    async def upload(self, method: str, parameters: Mapping[str, Any], kind: str, filename: str, content: bytes) -> Any:
        """Call a method that takes a file, as the parameter `kind`, and return its result.

        Raises:
            TelegramError: it failed.
        """
        return await self._request.upload(f"{self.bot.base_url}/{method}", parameters, kind, filename, content)
