"""Updates as they come from Telegram, read one by one, so that one that cannot be read spoils no other."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update

log = logging.getLogger(__name__)

KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY]
"""The kinds of updates that Telegram is asked for."""


@dataclass(frozen=True)
class Incoming:
    """An update of a chat.

    Attributes:
        update_id: Telegram's number of it.
        chat: Telegram's number of the chat.
        update: what happened.
        arrived: when it came, in seconds since 1970.
    """

    update_id: int
    chat: int
    update: Update
    arrived: float = field(default_factory=time.time)


def read(raw: Any, bot: Bot) -> Incoming | None:
    """An update from Telegram's JSON; None, with a line in the log, if it cannot be read or belongs to no chat."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    try:
        update = Update.de_json(raw, bot)
        chat = update.effective_chat
    except Exception as error:  # whatever the library meets in JSON of another shape than it expects
        log.error("update %s cannot be read (%s) and is skipped", number, type(error).__name__)
        return None
    if not _is_number(update.update_id) or chat is None or not _is_number(chat.id):
        log.info("update %s belongs to no chat and is skipped", number)
        return None
    return Incoming(update.update_id, chat.id, update)


def _is_number(value: object) -> bool:
    """Whether this can be one of Telegram's numbers, and fits into a database."""
    return isinstance(value, int) and abs(value) < 2**63
