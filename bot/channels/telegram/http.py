"""HTTP to the Bot API over aiohttp, which carries three times the messages of the library's own client."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
"""Seconds for an answer; a process that was stopped for ten must not take what came meanwhile for late."""

UPLOAD_SECONDS = 30.0

_JSON = {"Content-Type": "application/json"}
_ERRORS: dict[int, type[TelegramError]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,
    HTTPStatus.CONFLICT: Conflict,
}


class AiohttpRequest(BaseRequest):
    """Sends what the library asks for and hands back status and body; or makes a call without the library's objects."""

    def __init__(self, connections: int = 100) -> None:
        """Take at most so many connections at a time."""
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that the Bot API may take to answer, beyond those of a long poll."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the connection pool."""
        if self._session is None or self._session.closed:
            pool = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=pool, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def call(self, url: str, parameters: Mapping[str, Any], *, seconds: float = READ_SECONDS) -> Any:
        """Make one call of the Bot API and return its result as JSON has it.

        The library's methods turn every parameter and every result into objects, which takes as long as all the rest.

        Args:
            url: that of the method.
            parameters: as Telegram's reference has them; those that are None are left out.
            seconds: how long the Bot API may take.

        Raises:
            TelegramError: as the library would, see https://core.telegram.org/bots/api#making-requests.
        """
        body = json.dumps({name: value for name, value in parameters.items() if value is not None}).encode()
        return _result(*await self._exchange(url, "POST", body, seconds, _JSON))

    async def upload(self, url: str, parameters: Mapping[str, Any], kind: str, filename: str, content: bytes) -> Any:
        """Make a call that takes a file as the parameter `kind`; otherwise as `call`."""
        form = aiohttp.FormData()
        for parameter, value in parameters.items():
            if value is not None:
                form.add_field(parameter, value if isinstance(value, str) else json.dumps(value))
        form.add_field(kind, content, filename=filename, content_type="application/octet-stream")
        return _result(*await self._exchange(url, "POST", form, UPLOAD_SECONDS))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Carry out one request of the library's.

        Raises:
            NetworkError: the Bot API cannot be reached, or it is something else that answers. The library would take
                any page that is not found for a token that is refused.
        """
        del write_timeout, connect_timeout, pool_timeout
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        status, payload = await self._exchange(url, method, _form(request_data), seconds)
        _answer(status, payload)
        return status, payload

    async def _exchange(
        self,
        url: str,
        method: str,
        body: aiohttp.FormData | bytes | None,
        seconds: float,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Status and body; errors of the network become the library's, without the URL, which holds the token."""
        if self._session is None:
            raise RuntimeError("initialize() comes first")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds)
        try:
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as response:
                return response.status, await response.read()
        except (TimeoutError, aiohttp.ServerTimeoutError):
            raise TimedOut("the Bot API took too long to answer") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"no connection to the Bot API ({type(error).__name__})") from None


def _answer(status: int, payload: bytes) -> dict[str, Any]:
    """What the Bot API answers; NetworkError if it is not the Bot API that does."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or "ok" not in answer:
        raise NetworkError(f"status {status} and no answer of the Bot API: check TELEGRAM_API_URL if that goes on")
    return answer


def _result(status: int, payload: bytes) -> Any:
    """What a call gave; TelegramError if it failed."""
    answer = _answer(status, payload)
    if status == HTTPStatus.OK and answer["ok"]:
        return answer.get("result")
    description = answer.get("description")
    message = description if isinstance(description, str) and description else f"status {status}"
    more = answer.get("parameters")
    moved, pause = (more.get("migrate_to_chat_id"), more.get("retry_after")) if isinstance(more, dict) else (None, None)
    if isinstance(moved, int):
        migrated = ChatMigrated(moved)
        # The library's own message tells the number of the chat, which is for no log.
        migrated.message = message
        raise migrated
    if isinstance(pause, int) and pause > 0:
        raise RetryAfter(pause)
    raise _ERRORS.get(status, NetworkError)(message)


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
