"""What the bot does with each kind of update."""

import logging
from datetime import date
from typing import Any

from telegram import CallbackQuery, Chat, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.advisor import Advisor
from bot.channels.telegram.messages import asked_topic, keyboard, to_html
from bot.channels.telegram.sending import insist
from bot.conversation import Conversation
from bot.replies import Reply
from bot.storage import Store

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE


class Handlers:
    """Hands what people write to the advisor, and its replies back to their chat."""

    def __init__(self, advisor: Advisor, store: Store) -> None:
        """Take the advisor that answers and the store that remembers conversations."""
        self._advisor = advisor
        self._store = store

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Say which update goes where."""
        private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("start", self.start, private))
        application.add_handler(CommandHandler("help", self.help, private))
        application.add_handler(MessageHandler(private & (filters.TEXT | filters.CAPTION), self.question))
        application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, self.unreadable))
        application.add_handler(CallbackQueryHandler(self.button))
        application.add_error_handler(self.error)

    async def start(self, update: Update, _context: Context) -> None:
        """Greet, and begin a new conversation."""
        chat = _chat(update)
        await self._store.save(chat.id, Conversation())
        await self._send(chat, self._advisor.start())

    async def help(self, update: Update, _context: Context) -> None:
        """Say what can be asked."""
        await self._answer_topic(_chat(update), "help")

    async def question(self, update: Update, _context: Context) -> None:
        """Answer a question in the person's own words."""
        chat, message = _chat(update), update.effective_message
        utterance = (message.text or message.caption or "") if message else ""
        conversation = await self._store.load(chat.id)
        reply, conversation = self._advisor.reply(utterance, conversation, today=date.today())
        await self._send(chat, reply)
        await self._store.save(chat.id, conversation)

    async def unreadable(self, update: Update, _context: Context) -> None:
        """Say that only text can be read."""
        await insist(lambda: _chat(update).send_message(self._advisor.knowledge.wording.unreadable))

    async def button(self, update: Update, _context: Context) -> None:
        """Answer the question that a button carries; a payload that is not ours gets a kind line."""
        query, chat = update.callback_query, update.effective_chat
        if query is None:
            return
        await _acknowledge(query)
        topic = asked_topic(query.data or "")
        if chat and (topic is None or not await self._answer_topic(chat, topic)):
            await insist(lambda: chat.send_message(self._advisor.knowledge.wording.stale_button))

    async def error(self, update: object, context: Context) -> None:
        """Tell the operator what failed, and the person that it did."""
        chat = update.effective_chat if isinstance(update, Update) else None
        if isinstance(context.error, Forbidden):
            log.info("a person has blocked the bot")
        elif isinstance(context.error, TelegramError):
            log.error("an answer could not be delivered: %s", context.error.message)
        else:
            log.error("an update could not be answered", exc_info=context.error)
            if chat:
                await insist(lambda: chat.send_message(self._advisor.knowledge.wording.failed))

    async def _answer_topic(self, chat: Chat, topic: str) -> bool:
        answer = self._advisor.answer(topic, await self._store.load(chat.id))
        if answer is None:
            return False
        await self._send(chat, answer[0])
        await self._store.save(chat.id, answer[1])
        return True

    async def _send(self, chat: Chat, reply: Reply) -> None:
        """Send a reply as HTML; if Telegram refuses the markup, the same text goes out plain."""
        buttons = keyboard(reply.suggestions)
        try:
            await insist(
                lambda: chat.send_message(to_html(reply.markup), parse_mode=ParseMode.HTML, reply_markup=buttons)
            )
        except BadRequest as error:
            log.warning("Telegram refused the markup of a reply: %s", error.message)
            await insist(lambda: chat.send_message(reply.text, reply_markup=buttons))


async def _acknowledge(query: CallbackQuery) -> None:
    """Take the waiting sign off the button; Telegram refuses this for old presses, which are answered all the same."""
    try:
        await query.answer()
    except TelegramError as error:
        log.debug("a press could not be acknowledged: %s", error.message)


def _chat(update: Update) -> Chat:
    chat = update.effective_chat
    if chat is None:
        raise ValueError("an update of this kind has a chat")
    return chat
