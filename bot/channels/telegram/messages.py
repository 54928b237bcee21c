"""Replies -> Telegram messages: HTML, and suggestions as buttons that carry their question."""

import html
import re
from collections.abc import Iterable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import Suggestion

TOPIC = "t:"
"""Begins the payload of a button that asks for a topic; the topic itself follows, so the button never expires."""

_BOLD = re.compile(r"\*([^*\n]+)\*")


def to_html(markup: str) -> str:
    """*Stars* become bold, everything else is escaped."""
    return _BOLD.sub(r"<b>\1</b>", html.escape(markup, quote=False))


def keyboard(suggestions: Iterable[Suggestion]) -> InlineKeyboardMarkup | None:
    """One button per suggestion, two in a row; None if there are none."""
    buttons = [InlineKeyboardButton(s.label, callback_data=TOPIC + s.topic) for s in suggestions]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return InlineKeyboardMarkup(rows) if rows else None


def asked_topic(payload: str) -> str | None:
    """The topic that a button asks for, None if the payload is not one of ours."""
    return payload.removeprefix(TOPIC) if payload.startswith(TOPIC) else None
