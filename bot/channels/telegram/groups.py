"""Groups, where the bot speaks only when it is spoken to."""

import re

from telegram import Message, MessageEntity


def addressed(message: Message, bot_id: int, username: str) -> str | None:
    """What a message in a group asks the bot, None if it is not meant for it.

    It is when it mentions the bot, replies to it, or begins with a command that names the bot.
    """
    text = message.text or message.caption or ""
    if not text:
        return None
    entities = (*message.entities, *message.caption_entities)
    named = re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE)
    spoken_to = any(e.type == MessageEntity.TEXT_MENTION and e.user and e.user.id == bot_id for e in entities)
    replied = message.reply_to_message
    mentioned = any(e.type in (MessageEntity.MENTION, MessageEntity.BOT_COMMAND) for e in entities) and named.search(
        text
    )
    if not (spoken_to or mentioned or (replied and replied.from_user and replied.from_user.id == bot_id)):
        return None
    return named.sub(" ", text).strip()
