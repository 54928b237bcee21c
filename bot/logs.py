"""Log lines for an operator: text or JSON, never with a secret in them."""

import json
import logging
import sys

from bot.settings import Settings

_SILENT = ("telegram",)
"""Tells nothing: it quotes answers of Telegram that cannot be read, with what people wrote; we log such errors."""

_QUIET = ("aiohttp", "aiosqlite", "sqlalchemy", "alembic", "asyncio")
"""Libraries that would tell what people write, or tell too much."""


class SecretlessFormatter(logging.Formatter):
    """Puts "[secret]" wherever a secret would stand, in the message and in a traceback alike."""

    def __init__(self, secrets: list[str], *, as_json: bool) -> None:
        """Format as one line of text or as one JSON object, without these secrets."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line for one event."""
        if not self._as_json:
            return self._without_secrets(super().format(record))
        event = {"time": self.formatTime(record), "level": record.levelname, "name": record.name}
        # Before JSON escapes what is in a secret, after which it would not be recognised.
        event["message"] = self._without_secrets(record.getMessage())
        if record.exc_info:
            event["error"] = self._without_secrets(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def configure_logs(settings: Settings) -> None:
    """Send logs to standard error as the settings say; libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SecretlessFormatter(settings.secrets(), as_json=settings.log_format == "json"))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
