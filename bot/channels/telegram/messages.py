"""Replies -> Telegram messages: HTML, and suggestions as buttons that carry their question."""

import html
import re
from collections.abc import Iterable
from typing import Any

from telegram import Message, MessageEntity

from bot.replies import Suggestion

TOPIC = "t:"
"""Begins the payload of a button that asks for a topic; the topic itself follows, so the button never expires."""

FOR_AUTHORS = "pass-on"
"""The payload of the button that passes a question on."""

_BOLD = re.compile(r"\*([^*\n]+)\*")


def to_html(markup: str) -> str:
    """*Stars* become bold, everything else is escaped."""
    return _BOLD.sub(r"<b>\1</b>", html.escape(markup, quote=False))


def keyboard(suggestions: Iterable[Suggestion], *, pass_on: str | None = None) -> dict[str, Any] | None:
    """An InlineKeyboardMarkup as JSON has it.

    One button per suggestion, two in a row, and one to pass the question on if it has a label; None without any.
    """
    buttons = [{"text": s.label, "callback_data": TOPIC + s.topic} for s in suggestions]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    if pass_on:
        rows.append([{"text": pass_on, "callback_data": FOR_AUTHORS}])
    return {"inline_keyboard": rows} if rows else None


def command(message: Message) -> str:
    """The command that a message begins with, in lower case and without the bot's name; empty if it is none."""
    text = message.text or ""
    marked = message.entities[0] if message.entities else None
    if marked is None or marked.type != MessageEntity.BOT_COMMAND or marked.offset != 0:
        return ""
    return text[1 : marked.length].partition("@")[0].lower()


def asked_topic(payload: str) -> str | None:
    """The topic that a button asks for, None if the payload is not one of ours."""
    return payload.removeprefix(TOPIC) if payload.startswith(TOPIC) else None
