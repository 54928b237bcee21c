"""Updates as they come from Telegram, read one by one, so that one that cannot be read spoils no other."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Message, Update
from telegram.constants import ChatType

log = logging.getLogger(__name__)

KINDS = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]
"""The kinds of updates that Telegram is asked for."""

NEEDED = frozenset(
    {
        *("message_id", "date", "edit_date", "from", "chat", "text", "entities", "caption", "caption_entities"),
        *("message_thread_id", "is_topic_message"),
    }
)
"""Fields of a message that an answer needs."""

SAID = frozenset(
    {
        *("text", "caption", "animation", "audio", "checklist", "contact", "dice", "document", "game", "location"),
        *("paid_media", "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice"),
    }
)
"""Fields that a message of a person has; others are news about the chat."""

KIND_NAMES = {
    Update.MESSAGE: "message",
    Update.EDITED_MESSAGE: "edit",
    Update.CALLBACK_QUERY: "button",
    Update.INLINE_QUERY: "inline",
    Update.MY_CHAT_MEMBER: "membership",
}
"""What the metrics call them."""


@dataclass(frozen=True)
class Incoming:
    """An update, and where its answer goes.

    Attributes:
        update_id: Telegram's number of it.
        chat: Telegram's number of the chat; of the person, for an inline query.
        owner: whose conversation it is: a private chat's, or that of one person in one group. Inline queries, which are
            no conversation, have one of their own: none waits for what is answered in a chat.
        update: what happened.
        arrived: when it came, in seconds since 1970.
    """

    update_id: int
    chat: int
    owner: str
    update: Update
    arrived: float = field(default_factory=time.time)

    @property
    def kind(self) -> str:
        """One of the values of `KIND_NAMES`."""
        return next((name for kind, name in KIND_NAMES.items() if getattr(self.update, kind) is not None), "other")

    @property
    def message(self) -> Message | None:
        """What a person wrote, for the first time or anew."""
        return self.update.message or self.update.edited_message

    @property
    def group(self) -> bool:
        """Whether others are in the chat."""
        return self.update.effective_chat is not None and self.update.effective_chat.type != ChatType.PRIVATE

    @property
    def inline(self) -> bool:
        """Whether it asks for cards while something is being typed."""
        return self.update.inline_query is not None

    @property
    def message_id(self) -> int | None:
        """The number of what a person wrote."""
        return self.message.message_id if self.message else None

    @property
    def thread(self) -> int | None:
        """The topic of a forum in which it was written."""
        written = self.message or self._pressed
        return written.message_thread_id if written and written.is_topic_message else None

    @property
    def answers(self) -> int | None:
        """The number of the message below which the answer belongs: what was written, or where a button was pressed."""
        written = self.message or self._pressed
        return written.message_id if written else None

    @property
    def _pressed(self) -> Message | None:
        pressed = self.update.callback_query.message if self.update.callback_query else None
        return pressed if isinstance(pressed, Message) else None


def read(raw: Any, bot: Bot) -> Incoming | None:
    """An update from Telegram's JSON; None, with a line in the log, if it cannot be read or comes from nobody."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    try:
        update = _parsed(raw, bot)
        chat, person = update.effective_chat, update.effective_user
        place = chat.id if chat else person.id if person else None
        shared = chat is not None and chat.type != ChatType.PRIVATE and person is not None
        owner = f"{place}/{person.id}" if shared and person else str(place)
        owner = f"inline/{place}" if update.inline_query else owner
    except Exception as error:  # whatever the library meets in JSON of another shape than it expects
        log.error("update %s cannot be read (%s) and is skipped", number, type(error).__name__)
        return None
    if not _is_number(update.update_id) or not isinstance(place, int) or not _is_number(place):
        log.info("update %s comes from nobody and is skipped", number)
        return None
    return Incoming(update.update_id, place, owner, update)


def _parsed(raw: Any, bot: Bot) -> Update:
    """An update as the library has it; what Telegram has added to a message since does not cost a person the answer."""
    try:
        return Update.de_json(raw, bot)
    except (TypeError, ValueError, KeyError, AttributeError):
        kind = Update.EDITED_MESSAGE if Update.EDITED_MESSAGE in raw else Update.MESSAGE
        message = raw.get(kind)
        if not isinstance(message, Mapping) or SAID.isdisjoint(message):
            raise
        known = {field: value for field, value in message.items() if field in NEEDED}
        return Update.de_json({"update_id": raw["update_id"], kind: known}, bot)


def _is_number(value: object) -> bool:
    """Whether this can be one of Telegram's numbers, and fits into a database."""
    return isinstance(value, int) and abs(value) < 2**63
