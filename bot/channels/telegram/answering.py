"""The one way from an update to what the chat gets: answered before? too much? what is it? and then the record."""

import asyncio
import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from telegram import ChatMember, Message
from telegram.error import Forbidden, TelegramError
from telegram.ext import filters

from bot.channels.telegram.admin import Admin
from bot.channels.telegram.asking import Asking
from bot.channels.telegram.brake import ForgottenBrakes, Verdict, judge
from bot.channels.telegram.commands import Commands
from bot.channels.telegram.groups import addressed
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.means import Act, Means
from bot.channels.telegram.messages import command
from bot.channels.telegram.pictures import Pictures
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.updates import Incoming
from bot.storage import ChatState

log = logging.getLogger(__name__)

STALE = 86_400.0
"""Seconds after which a question is answered only if the chat got no answer since."""


class Answering:
    """Answers updates, one at a time for each conversation."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means
        self._admin = Admin(means)
        self._asking = Asking(means, self._admin)
        self._commands = Commands(means, self._asking, Pictures(means))
        self._presses = Presses(means)
        self._brake = ForgottenBrakes()
        self._inline = Inline(means)

    async def answer(self, incoming: Incoming, waiting: Sequence[Incoming]) -> "asyncio.Future[None]":
        """Answer an update, unless it was answered before.

        Args:
            incoming: the update.
            waiting: what came from the same chat meanwhile.

        Returns:
            A future that is done when the answer is recorded.
        """
        self._means.metrics.updates.labels(incoming.kind).inc()
        state = await self._means.store.begin(incoming.owner, incoming.update_id)
        if state is None:
            log.info("update %d was answered before", incoming.update_id)
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        try:
            after = await self._respond(incoming, state, waiting)
        except Exception as error:  # an update of a shape that nobody expects must not stop those behind it
            _report(incoming, error)
            after = state
        except BaseException:
            self._means.store.abandon(incoming.owner)
            raise
        return self._means.store.finish(incoming.owner, incoming.update_id, after)

    async def _respond(self, incoming: Incoming, state: ChatState, waiting: Sequence[Incoming]) -> ChatState | None:
        """Give an update its due and return what is kept of the chat from now on."""
        if incoming.update.my_chat_member:
            return _membership(incoming, state)
        braked = self._brake.remembered(incoming, state)
        act = self._act(incoming)
        if act is None or self._is_stale(act, incoming, braked, waiting):
            return state
        verdict, after = judge(braked, incoming.arrived, 0 if incoming.inline else self._means.settings.chat_rate)
        if verdict is not Verdict.ANSWER and incoming.update.callback_query:
            await self._presses.acknowledge(incoming.update.callback_query)
        if verdict is Verdict.SILENCE:
            return state
        if verdict is Verdict.WARNING:
            act = self._too_many
        kept = await self._carry_out(act, incoming, after)
        self._means.metrics.seconds.observe(time.time() - incoming.arrived)
        if incoming.inline:
            return state
        if kept is None:
            self._brake.remember(incoming, after)
            return None
        return replace(kept, seen_at=time.time())

    def _act(self, incoming: Incoming) -> Act | None:
        """What to do about an update; None for what gets no answer."""
        if incoming.update.callback_query:
            return self._presses.press
        if incoming.update.inline_query:
            return self._inline.offer
        message = incoming.message
        if message is None or not self._is_meant(incoming, message):
            return None
        if message.text or message.caption:
            name = command(message, self._means.username) if incoming.update.message else None
            if name:
                return self._commands.act(name) or self._admin.act(incoming, name) or self._commands.unknown
            return self._asking.question
        service = filters.StatusUpdate.ALL.check_update(incoming.update)
        return None if service or incoming.group or incoming.update.edited_message else self._asking.unreadable

    def _is_meant(self, incoming: Incoming, message: Message) -> bool:
        """Whether a message is meant for the bot, and not only passes by: one of our own cards, or talk in a group."""
        if message.via_bot and message.via_bot.id == self._means.bot_id:
            return False
        return not incoming.group or addressed(message, self._means.bot_id, self._means.username) is not None

    async def _carry_out(self, act: Act, incoming: Incoming, state: ChatState) -> ChatState | None:
        """Act; whatever goes wrong reaches the operator as a line in the log, and the person as a kind one."""
        try:
            return await act(incoming, state)
        except Forbidden:
            log.info("a person has blocked the bot")
            return replace(state, blocked=True)
        except TelegramError as error:
            log.error("an answer could not be delivered: %s", error.message)
        except (SQLAlchemyError, OSError) as error:
            log.error("the database cannot be used (%s)", type(error).__name__)
            await self._last_word(incoming, self._means.wording.no_memory)
        except Exception as error:  # the last resort: nobody is left in silence, and the next update is answered
            _report(incoming, error)
            await self._last_word(incoming, self._means.wording.failed)
        return state

    async def _last_word(self, incoming: Incoming, text: str) -> None:
        if incoming.inline:
            return
        try:
            await self._means.speaker.say(incoming, ChatState(), text)
        except TelegramError as error:
            log.error("an answer could not be delivered: %s", error.message)

    async def _too_many(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Ask a chat that writes too much to wait."""
        return await self._means.speaker.say(incoming, state, self._means.wording.too_many)

    def _is_stale(self, act: Act, incoming: Incoming, state: ChatState, waiting: Sequence[Incoming]) -> bool:
        """Whether a message is so old that only the last one of its chat deserves an answer, and this is not it."""
        message = incoming.update.message
        if message is None or incoming.arrived - message.date.timestamp() < STALE or act in self._commands.never_stale:
            return False
        # A question is not silenced by a picture that came after it and cannot be read.
        later = {self._act(each) for each in waiting if each.update.message} - {None, self._asking.unreadable}
        return bool(later) or state.seen_at > message.date.timestamp()


def _report(incoming: Incoming, error: Exception) -> None:
    """Tell the operator what went wrong, without the message of the error, which may quote what the person wrote."""
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("update %d could not be answered: %s\n%s", incoming.update_id, type(error).__name__, trace)


def _membership(incoming: Incoming, state: ChatState) -> ChatState:
    """Remember that a person has blocked the bot, or is back."""
    change = incoming.update.my_chat_member
    if change is None or incoming.group:
        return state
    blocked = change.new_chat_member.status == ChatMember.BANNED
    log.info("a person has %s the bot", "blocked" if blocked else "unblocked")
    return replace(state, blocked=blocked)
