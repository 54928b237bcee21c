"""What the bot does with an update: the one way from what a person did to what the chat gets."""

import asyncio
import json
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import CallbackQuery, InputFile, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import filters

from bot.advisor import Advisor
from bot.channels.telegram.api import Api
from bot.channels.telegram.brake import Verdict, judge
from bot.channels.telegram.messages import FOR_AUTHORS, asked_topic, command, keyboard, to_html
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import Incoming
from bot.conversation import Conversation
from bot.metrics import Metrics
from bot.replies import Reply
from bot.storage import ChatState, Store

log = logging.getLogger(__name__)

STALE = 86_400.0
"""Seconds after which a question is answered only if the chat got no answer since."""

LONGEST_QUESTION = 1_000
"""Characters of a question that is passed on."""

ACKNOWLEDGE_FIRST = 0.5
ACKNOWLEDGE_SECONDS = 5.0
"""Seconds that Telegram may take to hear that a button was pressed: before the answer, and in all."""


Act = Callable[[Incoming, ChatState], Awaitable[ChatState | None]]
"""Answers an update of a chat of which this is kept; returns what is to be kept from now on."""


class Answering:
    """Answers updates, one at a time for each chat."""

    def __init__(
        self, api: Api, advisor: Advisor, store: Store, sender: Sender, metrics: Metrics, chat_rate: float
    ) -> None:
        """Take what speaks to Telegram, what answers, remembers, keeps the limits and counts.

        `chat_rate` is how many messages a minute one chat may write; 0 switches the brake off.
        """
        self._api = api
        self._advisor = advisor
        self._wording = advisor.knowledge.wording
        self._store = store
        self._sender = sender
        self._metrics = metrics
        self._chat_rate = chat_rate
        self._commands: dict[str, Act] = {
            "start": self._start,
            "help": self._help,
            "privacy": self._privacy,
            "mydata": self._my_data,
            "forget": self._forget,
        }

    async def answer(self, incoming: Incoming, more: bool) -> "asyncio.Future[None]":
        """Answer an update, unless it was answered before.

        Args:
            incoming: the update.
            more: whether the same chat has written more meanwhile.

        Returns:
            A future that is done when the answer is recorded.
        """
        self._metrics.updates.labels("button" if incoming.update.callback_query else "message").inc()
        state = await self._store.begin(incoming.chat, incoming.update_id)
        if state is None:
            log.info("update %d was answered before", incoming.update_id)
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        try:
            after = await self._respond(incoming, state, more)
        except Exception as error:  # an update of a shape that nobody expects must not stop those behind it
            _report(incoming, error)
            after = state
        except BaseException:
            self._store.abandon(incoming.chat)
            raise
        return self._store.finish(incoming.chat, incoming.update_id, after)

    async def _respond(self, incoming: Incoming, state: ChatState, more: bool) -> ChatState | None:
        """Give an update its due and return what is kept of the chat from now on."""
        act = self._act(incoming)
        if act is None or (act == self._question and _is_stale(incoming, state, more)):
            return state
        verdict, after = judge(state, incoming.arrived, self._chat_rate)
        if verdict is Verdict.SILENCE:
            return state
        if verdict is Verdict.WARNING:
            act = self._too_many
        kept = await self._carry_out(act, incoming, after)
        self._metrics.seconds.observe(time.time() - incoming.arrived)
        return replace(kept, seen_at=time.time()) if kept else None

    def _act(self, incoming: Incoming) -> Act | None:
        """What to do about an update; None for what gets no answer."""
        if incoming.update.callback_query:
            return self._button
        message = incoming.update.message
        if message is None or message.chat.type != ChatType.PRIVATE:
            return None
        if message.text or message.caption:
            return self._commands.get(command(message), self._question)
        return None if filters.StatusUpdate.ALL.check_update(incoming.update) else self._unreadable

    async def _carry_out(self, act: Act, incoming: Incoming, state: ChatState) -> ChatState | None:
        """Act; whatever goes wrong reaches the operator as a line in the log, and the person as a kind one."""
        try:
            return await act(incoming, state)
        except Forbidden:
            log.info("a person has blocked the bot")
        except TelegramError as error:
            log.error("an answer could not be delivered: %s", error.message)
        except (SQLAlchemyError, OSError) as error:
            log.error("the database cannot be used (%s)", type(error).__name__)
            await self._last_word(incoming, self._wording.no_memory)
        except Exception as error:  # the last resort: nobody is left in silence, and the next update is answered
            _report(incoming, error)
            await self._last_word(incoming, self._wording.failed)
        return state

    async def _last_word(self, incoming: Incoming, text: str) -> None:
        try:
            await self._say(incoming, ChatState(), text)
        except TelegramError as error:
            log.error("an answer could not be delivered: %s", error.message)

    # One for each thing that people do.

    async def _question(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Answer a question in the person's own words."""
        message = incoming.update.message
        utterance = (message.text or message.caption or "") if message else ""
        reply, conversation = self._advisor.reply(utterance, state.conversation, today=date.today())
        await self._send(incoming, state, reply)
        return replace(state, conversation=conversation)

    async def _start(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Greet, and begin a new conversation."""
        await self._send(incoming, state, self._advisor.start())
        return replace(state, conversation=Conversation())

    async def _help(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say what can be asked."""
        return await self._answer_topic(incoming, state, "help")

    async def _privacy(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say what is kept, and for how long."""
        return await self._say(incoming, state, self._wording.privacy)

    async def _my_data(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Send everything that is kept of this chat as a file."""
        kept = await self._store.export(incoming.chat)
        if not kept:
            return await self._say(incoming, state, self._wording.no_data)
        file = InputFile(json.dumps(kept, indent=1, ensure_ascii=False).encode(), filename="my-data.json")
        await self._sender.send(
            incoming.chat,
            lambda: self._api.bot.send_document(incoming.chat, file, caption=self._wording.my_data),
            last=state.seen_at,
        )
        return state

    async def _forget(self, incoming: Incoming, state: ChatState) -> None:
        """Delete everything that is kept of this chat."""
        del state
        await self._store.forget(incoming.chat)
        await self._last_word(incoming, self._wording.forgotten)

    async def _unreadable(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say that only text can be read."""
        return await self._say(incoming, state, self._wording.unreadable)

    async def _too_many(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Ask a chat that writes too much to wait."""
        return await self._say(incoming, state, self._wording.too_many)

    async def _button(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Do what a button asks for; a payload that is not ours gets a kind line."""
        query = incoming.update.callback_query
        if query is None:
            return state
        acknowledged = asyncio.create_task(_acknowledge(query))
        # First the waiting sign goes, then the answer comes; but the answer does not wait for long.
        await asyncio.wait([acknowledged], timeout=ACKNOWLEDGE_FIRST)
        try:
            if query.data == FOR_AUTHORS:
                return await self._pass_on(incoming, state, query)
            return await self._answer_topic(incoming, state, asked_topic(query.data or ""))
        finally:
            await acknowledged

    async def _pass_on(self, incoming: Incoming, state: ChatState, query: CallbackQuery) -> ChatState:
        """Keep the question that our message replied to, for the authors."""
        answered = query.message if isinstance(query.message, Message) else None
        asked = answered.reply_to_message if answered else None
        question = (asked.text or asked.caption) if asked else None
        if answered is None or not question:
            return await self._say(incoming, state, self._wording.pass_on_late)
        await self._store.pass_on(incoming.chat, answered.message_id, question[:LONGEST_QUESTION])
        return await self._say(incoming, state, self._wording.passed_on)

    # What reaches the chat.

    async def _answer_topic(self, incoming: Incoming, state: ChatState, topic: str | None) -> ChatState:
        answer = self._advisor.answer(topic, state.conversation) if topic else None
        if answer is None:
            return await self._say(incoming, state, self._wording.stale_button)
        reply, conversation = answer
        await self._send(incoming, state, reply)
        return replace(state, conversation=conversation)

    async def _say(self, incoming: Incoming, state: ChatState, text: str) -> ChatState:
        """Send a line that is no answer; nothing changes by it."""
        await self._deliver(incoming, state, {"text": text})
        self._metrics.replies.labels("notice").inc()
        return state

    async def _send(self, incoming: Incoming, state: ChatState, reply: Reply) -> None:
        """Send a reply as HTML; if Telegram refuses the markup, the same text goes out plain."""
        asked = incoming.update.message if reply.kind == "unknown" else None
        content: dict[str, Any] = {
            "reply_markup": keyboard(reply.suggestions, pass_on=self._wording.pass_on if asked else None)
        }
        if asked:
            # A reply carries the words of the question along: they can be passed on without being kept till then.
            content["reply_parameters"] = {"message_id": asked.message_id, "allow_sending_without_reply": True}
        try:
            await self._deliver(incoming, state, {"text": to_html(reply.markup), "parse_mode": "HTML"} | content)
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise
            log.warning("Telegram refused the markup of a reply: %s", error.message)
            await self._deliver(incoming, state, {"text": reply.text} | content)
        self._metrics.replies.labels(reply.kind).inc()

    async def _deliver(self, incoming: Incoming, state: ChatState, content: dict[str, Any]) -> None:
        message = {"chat_id": incoming.chat} | content
        await self._sender.send(incoming.chat, lambda: self._api.call("sendMessage", message), last=state.seen_at)


def _report(incoming: Incoming, error: Exception) -> None:
    """Tell the operator what went wrong, without the message of the error, which may quote what the person wrote."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("update %d could not be answered: %s\n%s", incoming.update_id, type(error).__name__, trace)


def _is_stale(incoming: Incoming, state: ChatState, more: bool) -> bool:
    """Whether a question is so old that only the last one of its chat deserves an answer, and this is not it."""
    message = incoming.update.message
    if message is None or incoming.arrived - message.date.timestamp() < STALE:
        return False
    return more or state.seen_at > message.date.timestamp()


async def _acknowledge(query: CallbackQuery) -> None:
    """Take the waiting sign off the button; Telegram refuses this for old presses, which are answered all the same."""
    try:
        await asyncio.wait_for(query.answer(), ACKNOWLEDGE_SECONDS)
    except (TelegramError, TimeoutError) as error:
        log.debug("a press could not be acknowledged: %s", error)
