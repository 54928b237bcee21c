"""Presses of buttons."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import CallbackQuery, Message
from telegram.error import TelegramError

from bot.channels.telegram.means import Means
from bot.channels.telegram.messages import (
    BAD,
    FOR_AUTHORS,
    GOOD,
    PLAN_FILE,
    REASON,
    RIGHT,
    TOPIC,
    Button,
    without_votes,
)
from bot.channels.telegram.speaking import ASIDE_SECONDS
from bot.channels.telegram.updates import Incoming
from bot.storage import ChatState

log = logging.getLogger(__name__)

LONGEST_QUESTION = 1_000
"""Characters of a question that is passed on."""

ACKNOWLEDGE_FIRST = 0.5
"""Seconds that Telegram may take to hear that a button was pressed, before the answer is sent."""

MOST_DIGITS = 18
"""Digits of a number that fits into a database."""

Press = Callable[[Incoming, ChatState, CallbackQuery, str], Awaitable[ChatState]]


class Presses:
    """Does what buttons ask for; they say all that it takes, so they work as long as the message is there."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means
        self._kinds: dict[str, Press] = {
            TOPIC: self._topic,
            FOR_AUTHORS: self._pass_on,
            GOOD: self._vote,
            BAD: self._vote,
            REASON: self._reason,
            RIGHT: self._right_after_all,
            PLAN_FILE: self._plan_file,
            PLAN_FILE + ":": self._plan_file,
        }

    async def press(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Do what a button asks for; a payload that is not ours gets a kind line."""
        query = incoming.update.callback_query
        if query is None:
            return state
        acknowledged = asyncio.create_task(self.acknowledge(query))
        # First the waiting sign goes, then the answer comes; but the answer does not wait for long.
        await asyncio.wait([acknowledged], timeout=ACKNOWLEDGE_FIRST)
        try:
            data = query.data or ""
            for kind, do in self._kinds.items():
                if data == kind or (kind.endswith(":") and data.startswith(kind)):
                    return await do(incoming, state, query, data)
            return await self._stale(incoming, state)
        finally:
            await acknowledged

    async def acknowledge(self, query: CallbackQuery) -> None:
        """Take the waiting sign off the button, with a word that passes by.

        Telegram refuses this for old presses, which are answered all the same.
        """
        told = {"callback_query_id": query.id, "text": self._passing_by(query)}
        try:
            await asyncio.wait_for(self._means.speaker.call("answerCallbackQuery", told, ASIDE_SECONDS), ASIDE_SECONDS)
        except (TelegramError, TimeoutError) as error:
            log.debug("a press could not be acknowledged: %s", error)

    def _passing_by(self, query: CallbackQuery) -> str | None:
        if (query.data or "").startswith(GOOD):
            return self._means.wording.feedback.thanks
        somebody_elses = query.data == FOR_AUTHORS and not _is_writers(query)
        return self._means.wording.pass_on_writer if somebody_elses else None

    async def _topic(self, incoming: Incoming, state: ChatState, query: CallbackQuery, data: str) -> ChatState:
        """Answer a topic, or turn to a page in place."""
        answer = self._means.advisor.answer(data.removeprefix(TOPIC), state.conversation)
        if answer is None:
            return await self._stale(incoming, state)
        reply, conversation = answer
        self._means.count(reply, chosen=True)
        rows = self._means.rows(reply, asked=False)
        if reply.in_place and query.message:
            await self._means.speaker.change(incoming, state, query.message.message_id, reply, rows)
        else:
            await self._means.speaker.reply(incoming, state, reply, rows)
        return replace(state, conversation=conversation)

    async def _pass_on(self, incoming: Incoming, state: ChatState, query: CallbackQuery, _data: str) -> ChatState:
        """Keep the question that our message replied to, for the authors."""
        answered, asked = _answered(query)
        if asked and not _is_writers(query):
            return state
        question = (asked.text or asked.caption) if asked else None
        if answered is None or not question:
            return await self._say(incoming, state, self._means.wording.pass_on_late)
        await self._means.store.pass_on(incoming.owner, answered.message_id, question[:LONGEST_QUESTION])
        return await self._say(incoming, state, self._means.wording.passed_on)

    async def _vote(self, incoming: Incoming, state: ChatState, query: CallbackQuery, data: str) -> ChatState:
        """Keep what a person thinks of an answer, and take the vote off it; a bad one is asked for its reason."""
        kind, _, topic = data.partition(":")
        if query.message is None or not self._means.advisor.knowledge.has(topic):
            return await self._stale(incoming, state)
        good, number = kind + ":" == GOOD, query.message.message_id
        await self._means.store.vote(incoming.owner, number, topic, good=good)
        markup = query.message.reply_markup if isinstance(query.message, Message) else None
        gone = await self._means.speaker.change_buttons(incoming, number, without_votes(markup))
        if good:
            # Who sees the votes go has seen the thanks pass by, too.
            return state if gone else await self._say(incoming, state, self._means.wording.feedback.thanks)
        wording = self._means.wording
        reasons: list[list[Button]] = [
            [{"text": label, "callback_data": f"{REASON}{reason}:{number}"}]
            for reason, label in wording.feedback_reasons.items()
        ]
        reasons.append([{"text": wording.feedback.good_after_all, "callback_data": f"{RIGHT}{number}"}])
        return await self._means.speaker.say(incoming, state, wording.feedback.what, reasons)

    async def _reason(self, incoming: Incoming, state: ChatState, _query: CallbackQuery, data: str) -> ChatState:
        """Keep what was wrong with an answer."""
        reason, _, number = data.removeprefix(REASON).partition(":")
        if reason not in self._means.wording.feedback_reasons or not _is_number(number):
            return await self._stale(incoming, state)
        await self._means.store.give_reason(incoming.owner, int(number), reason)
        return await self._say(incoming, state, self._means.wording.feedback.noted)

    async def _right_after_all(
        self, incoming: Incoming, state: ChatState, _query: CallbackQuery, data: str
    ) -> ChatState:
        """Turn a bad vote into a good one."""
        number = data.removeprefix(RIGHT)
        if not _is_number(number):
            return await self._stale(incoming, state)
        await self._means.store.take_back(incoming.owner, int(number))
        return await self._say(incoming, state, self._means.wording.feedback.thanks)

    async def _plan_file(self, incoming: Incoming, state: ChatState, _query: CallbackQuery, data: str) -> ChatState:
        """Send the plan that the button carries as a text file; one that carries none sends the last one."""
        planner, carried = self._means.advisor.planner, data.removeprefix(PLAN_FILE).removeprefix(":")
        plan = planner.linked(carried) if carried else state.conversation.finished_plan
        if plan is None:
            return await self._stale(incoming, state)
        content = planner.as_text(plan).encode()
        await self._means.speaker.send_file(
            incoming, state, "plan.txt", content, self._means.wording.plan_caption, self._means.first_taps
        )
        return state

    async def _stale(self, incoming: Incoming, state: ChatState) -> ChatState:
        return await self._say(incoming, state, self._means.wording.stale_button)

    async def _say(self, incoming: Incoming, state: ChatState, text: str) -> ChatState:
        """Say a line, with a way on."""
        return await self._means.speaker.say(incoming, state, text, self._means.first_taps)


def _answered(query: CallbackQuery) -> tuple[Message | None, Message | None]:
    """Our message under which a button was pressed, and the one that it answers, as far as Telegram has them."""
    answered = query.message if isinstance(query.message, Message) else None
    return answered, answered.reply_to_message if answered else None


def _is_writers(query: CallbackQuery) -> bool:
    """Whether who pressed a button wrote the question under whose answer it stands."""
    _, asked = _answered(query)
    return asked is None or asked.from_user is None or asked.from_user.id == query.from_user.id


def _is_number(text: str) -> bool:
    """Whether this can be the number of a message."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
