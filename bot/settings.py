"""Environment variables and .env -> Settings, built by the commands and never at import."""

import hashlib
import hmac
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError


def _address(value: str) -> str:
    """A host and a port to listen on."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise ValueError("must be host:port, like 127.0.0.1:8080")
    return value


_PASSWORD = re.compile(r"[^:/]+://[^:/@]*:([^@]*)@")
"""In an address of a database; whatever is in it, as SQLAlchemy reads it."""

Address = Annotated[str, AfterValidator(_address)]
Rate = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Everything an operator can set; .env.example says what each setting is for."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr("sqlite:///career-bot.sqlite")
    store_key: SecretStr | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_listen: Address = "127.0.0.1:8080"
    metrics_listen: Address | None = None
    send_rate: Rate = 30.0
    chat_rate: Rate = 20.0
    admin_chat_ids: Annotated[tuple[int, ...], NoDecode] = ()
    knowledge_dir: Path | None = None
    cache_dir: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("telegram_api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        address = urlsplit(value)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("must be an address like https://api.telegram.org")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _secure(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname):
            raise ValueError("must be an address like https://bot.example.org/telegram; Telegram calls no other")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _allowed_by_telegram(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("may have letters, digits, _ and -, at most 256")
        return value

    @field_validator("admin_chat_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        numbers = value.replace(",", " ").split()
        if not all(number.removeprefix("-").isdecimal() for number in numbers):
            raise ValueError("must be numbers of chats with commas between, like 12345, 67890")
        return numbers

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    def token(self) -> str:
        """The bot's token; empty if there is none."""
        return self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else ""

    def store_secret(self) -> bytes:
        """The key of the hash that stands for a chat in the store: STORE_KEY, else derived from the token.

        Under another key no chat is known again, so STORE_KEY is to be set before the first start or never.
        """
        return self.store_key.get_secret_value().encode() if self.store_key else self._derived("store")

    def hook_secret(self) -> str:
        """What Telegram shows with every update: WEBHOOK_SECRET, else derived from the token, alike for all workers."""
        return self.webhook_secret.get_secret_value() if self.webhook_secret else self._derived("web hook").hex()

    def secrets(self) -> list[str]:
        """What must not be told."""
        found = _PASSWORD.match(self.database_url.get_secret_value())
        password = found[1] if found else ""
        told = (self.telegram_bot_token, self.store_key, self.webhook_secret)
        secrets = [secret.get_secret_value() for secret in told if secret]
        return [secret for secret in (*secrets, password, unquote(password)) if secret]

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.token().encode(), purpose.encode(), hashlib.sha256)


def load_settings() -> Settings:
    """Read the environment and .env.

    Raises:
        SettingsError: naming each variable that cannot be used, and why; never its value.
    """
    try:
        return Settings()
    except UnicodeDecodeError:
        raise SettingsError(".env is not UTF-8 text; save the file as UTF-8") from None
    except ValidationError as error:
        problems = [f"{str(d['loc'][0]).upper()}: {d['msg'].removeprefix('Value error, ')}" for d in error.errors()]
        raise SettingsError("; ".join(problems) + " (see .env.example)") from None
