"""What reaches a chat: replies as messages, in place of messages, and lines that are no answers."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import Rows, keyboard, parts, to_html
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import Incoming
from bot.metrics import Metrics
from bot.replies import Reply, plain
from bot.storage import ChatState

log = logging.getLogger(__name__)

ASIDE_SECONDS = 5.0
"""Seconds for which what is good to have is tried: buttons that change, a waiting sign that goes."""


class Speaker:
    """Speaks to chats."""

    def __init__(self, api: Api, sender: Sender, metrics: Metrics) -> None:
        """Take the way to Telegram, what keeps its limits, and what counts."""
        self._api = api
        self._sender = sender
        self._metrics = metrics

    async def say(self, incoming: Incoming, state: ChatState, text: str, rows: Rows = ()) -> ChatState:
        """Send a line that is no answer; nothing that is kept changes by it.

        Raises:
            TelegramError: it cannot be delivered.
        """
        texts = parts(text)
        for number, part in enumerate(texts, start=1):
            await self._send(incoming, state, {"text": part, "reply_markup": _below(rows, number, texts)})
        self._metrics.replies.labels("notice").inc()
        return state

    async def reply(
        self, incoming: Incoming, state: ChatState, reply: Reply, rows: Rows, *, quote: bool = False
    ) -> int:
        """Send a reply, in several messages if it is too long for one; returns the number of the last.

        Args:
            incoming: what is answered.
            state: what is kept of the chat.
            reply: what to say.
            rows: the buttons under it.
            quote: whether it hangs on the message that it answers, as it always does in a group.

        Raises:
            TelegramError: it cannot be delivered.
        """
        sent = 0
        texts = parts(reply.markup)
        for number, markup in enumerate(texts, start=1):
            content: dict[str, Any] = {"reply_markup": _below(rows, number, texts)}
            if quote:
                content["reply_parameters"] = _reply_to(incoming)
            sent = await self._markup(incoming, state, markup, content)
        self._metrics.replies.labels(reply.kind).inc()
        return sent

    async def change(self, incoming: Incoming, state: ChatState, message_id: int, reply: Reply, rows: Rows) -> int:
        """Put a reply in place of one of our messages, or send it if that one cannot be changed any more.

        Returns:
            The number of the message that shows it now.

        Raises:
            TelegramError: it cannot be delivered.
        """
        texts = parts(reply.markup)
        content = {"message_id": message_id, "reply_markup": keyboard(rows)}
        try:
            if len(texts) > 1:
                return await self.reply(incoming, state, reply, rows)
            await self._markup(incoming, state, texts[0], content, method="editMessageText")
        except BadRequest as error:
            if "not modified" in error.message:
                return message_id
            log.info("a message cannot be changed (%s); a new one is sent", error.message)
            return await self.reply(incoming, state, reply, rows)
        self._metrics.replies.labels(reply.kind).inc()
        return message_id

    async def change_buttons(self, incoming: Incoming, message_id: int, rows: Rows) -> bool:
        """Give one of our messages other buttons; False if it cannot be changed any more."""
        wanted = {"chat_id": incoming.chat, "message_id": message_id, "reply_markup": keyboard(rows)}
        try:
            await self.call("editMessageReplyMarkup", wanted, ASIDE_SECONDS)
        except TelegramError as error:
            log.debug("buttons cannot be changed: %s", error.message)
            return False
        return True

    async def call(self, method: str, parameters: Mapping[str, Any], seconds: float) -> Any:
        """Call a method that puts no message into a chat, again and again for so many seconds.

        Raises:
            TelegramError: it failed.
        """
        return await self._sender.call(lambda: self._api.call(method, parameters), give_up=seconds)

    async def send_file(
        self, incoming: Incoming, state: ChatState, name: str, content: bytes, caption: str, rows: Rows
    ) -> None:
        """Send a text file.

        Raises:
            TelegramError: it cannot be delivered.
        """
        message = {"chat_id": incoming.chat, "caption": caption, "reply_markup": keyboard(rows)} | _place(incoming)
        await self._sender.send(
            incoming.chat,
            lambda: self._api.upload("sendDocument", message, "document", name, content),
            last=state.seen_at,
        )
        self._metrics.replies.labels("file").inc()

    async def send_photo(
        self, incoming: Incoming, state: ChatState, photo: bytes | str, caption: str, rows: Rows
    ) -> str:
        """Send a picture, by its bytes or by the file id under which Telegram keeps it; returns that id.

        Raises:
            TelegramError: it cannot be delivered.
        """
        content = {"caption": caption, "reply_markup": keyboard(rows)} | _place(incoming)

        async def send() -> Any:
            if isinstance(photo, str):
                return await self._api.call("sendPhoto", {"chat_id": incoming.chat, "photo": photo} | content)
            return await self._api.upload(
                "sendPhoto", {"chat_id": incoming.chat} | content, "photo", "picture.png", photo
            )

        message = await self._sender.send(incoming.chat, send, last=state.seen_at)
        self._metrics.replies.labels("picture").inc()
        return str(message["photo"][-1]["file_id"])

    async def _markup(
        self,
        incoming: Incoming,
        state: ChatState,
        markup: str,
        content: dict[str, Any],
        method: str = "sendMessage",
    ) -> int:
        """Send markup as HTML; if Telegram refuses it, the same text goes out plain."""
        try:
            return await self._send(incoming, state, {"text": to_html(markup), "parse_mode": "HTML"} | content, method)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.warning("Telegram refused the markup of a reply: %s", error.message)
            return await self._send(incoming, state, {"text": plain(markup)} | content, method)

    async def _send(
        self, incoming: Incoming, state: ChatState, content: dict[str, Any], method: str = "sendMessage"
    ) -> int:
        message = {"chat_id": incoming.chat} | content
        if method == "sendMessage":
            message = _place(incoming) | message
        sent = await self._sender.send(incoming.chat, lambda: self._api.call(method, message), last=state.seen_at)
        return int(sent["message_id"]) if isinstance(sent, dict) else 0


def _below(rows: Rows, number: int, texts: Sequence[str]) -> dict[str, Any] | None:
    """The buttons below one of several texts: they stand below the last."""
    return keyboard(rows) if number == len(texts) else None


def _reply_to(incoming: Incoming) -> dict[str, Any] | None:
    return {"message_id": incoming.answers, "allow_sending_without_reply": True} if incoming.answers else None


def _place(incoming: Incoming) -> dict[str, Any]:
    """Where a message goes in a group: below what it answers, in its topic of a forum."""
    if not incoming.group:
        return {}
    return {"reply_parameters": _reply_to(incoming), "message_thread_id": incoming.thread}
