"""Calls to Telegram that must arrive: tried again when the network fails or Telegram asks to wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 6
FIRST_WAIT = 0.5
FINAL = (BadRequest, Forbidden, InvalidToken)
"""Errors that another try would only meet again."""


async def insist(call: Callable[[], Awaitable[T]], tries: int = TRIES) -> T:
    """Make a call until it succeeds.

    Waits as long as Telegram asks for (429), else twice as long after each failure.

    Raises:
        TelegramError: one of `FINAL` at once, any other after so many tries.
    """
    wait = FIRST_WAIT
    for attempt in range(1, tries + 1):
        try:
            return await call()
        except FINAL:
            raise
        except TelegramError as error:
            if attempt == tries:
                raise
            pause = _asked_for(error) or wait
            log.warning("Telegram: %s; trying again in %.1f s", error.message, pause)
            await asyncio.sleep(pause)
            wait *= 2
    raise ValueError("tries must be at least 1")


def _asked_for(error: TelegramError) -> float | None:
    if not isinstance(error, RetryAfter):
        return None
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
