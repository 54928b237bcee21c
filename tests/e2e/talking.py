"""Talking to a bot in the tests' Telegram: what is written, pressed and pushed, in private chats and in groups."""

import itertools
from typing import Any

from tests.e2e.bot_api import BotApi, SentMessage

BOT = "123456:bot-under-test"
NAME = "career_test_bot"
PAID = "$85,000 - $130,000"
"""What a question for the pay in infrastructure is answered with."""

AGILE = "$80,000 - $120,000"
ADMIN = 77
"""The chat of an operator."""

NUMBERS = itertools.count(5000)


async def ask(api: BotApi, chat: int, text: str, **person: Any) -> SentMessage:
    api.say(chat, text, **person)
    return (await api.sent(chat))[0]


async def press(api: BotApi, chat: int, message: SentMessage, label: str) -> SentMessage:
    """Press a button by its label and wait for what comes of it."""
    api.press(chat, message.message_id, dict(flat(message))[label])
    return (await api.sent(chat))[0]


def flat(message: SentMessage) -> list[tuple[str, str]]:
    return [button for row in message.buttons for button in row]


def pressable(message: SentMessage) -> list[tuple[str, str]]:
    return [(label, data) for label, data in flat(message) if not data.startswith("https://")]


def push(api: BotApi, chat: int, content: dict[str, Any], **head: Any) -> None:
    """Deliver a message of any content from a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    message = {"message_id": next(NUMBERS), "date": 2_000_000_000, "from": person, "chat": person | {"type": "private"}}
    api.push({"message": message | head | content})


def group_message(api: BotApi, text: str, *, person: int = 5, group: int = -900, **more: Any) -> int:
    """Write into a group and return the message's number; a mention or a command is marked as Telegram does it."""
    number = next(NUMBERS)
    entities = []
    if text.startswith("/"):
        entities.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
    if f"@{NAME}" in text and not text.startswith("/"):
        entities.append({"type": "mention", "offset": text.index("@"), "length": len(NAME) + 1})
    api.push(
        {
            "message": {
                "message_id": number,
                "date": 2_000_000_000,
                "from": {"id": person, "is_bot": False, "first_name": "Ada"},
                "chat": {"id": group, "type": "supergroup", "title": "PMs"},
                "text": text,
                "entities": entities,
            }
            | more
        }
    )
    return number
