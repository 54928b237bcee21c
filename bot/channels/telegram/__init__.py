"""The advisor in Telegram. Only this package imports the Telegram library."""

from bot.channels.telegram.service import serve

__all__ = ["serve"]
