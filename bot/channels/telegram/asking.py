"""Questions in people's own words, and what cannot be read."""

from dataclasses import replace
from datetime import date

from bot.channels.telegram.admin import Admin
from bot.channels.telegram.groups import addressed
from bot.channels.telegram.means import Means
from bot.channels.telegram.updates import Incoming
from bot.conversation import Conversation
from bot.replies import Reply
from bot.storage import REMEMBERED_ANSWERS, ChatState


class Asking:
    """Answers questions."""

    def __init__(self, means: Means, admin: Admin) -> None:
        """Take what answering takes, and who explains answers to operators."""
        self._means = means
        self._admin = admin

    async def question(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Answer a question; one that was edited, by changing the answer that it got."""
        utterance = _utterance(incoming, self._means)
        before = _before(incoming, state)
        self._admin.heard(incoming, utterance, before)
        reply, conversation = self._means.advisor.reply(utterance, before, today=date.today())
        if not incoming.update.edited_message:
            self._means.count(reply)
        reply, state = self._with_language(incoming, reply, state)
        if not _is_edit_of_an_older_one(incoming, state):
            return await self.answer(incoming, replace(state, before=before), reply, conversation)
        # What was talked about since stays as it is.
        return await self.answer(incoming, state, reply, state.conversation)

    async def answer(self, incoming: Incoming, state: ChatState, reply: Reply, conversation: Conversation) -> ChatState:
        """Send a reply to what a person wrote, and remember which message it is."""
        rows = self._means.rows(reply, asked=True)
        asked = incoming.message_id or 0
        given = dict(state.answers).get(asked) if incoming.update.edited_message else None
        if given:
            sent = await self._means.speaker.change(incoming, state, given, reply, rows)
        else:
            # A reply carries the words of the question along: they can be passed on without being kept till then.
            quote = reply.kind == "unknown"
            sent = await self._means.speaker.reply(incoming, state, reply, rows, quote=quote)
        answers = tuple((q, sent if q == asked else a) for q, a in state.answers)
        if not given:
            answers = (*answers, (asked, sent))[-REMEMBERED_ANSWERS:]
        return replace(state, conversation=conversation, answers=answers)

    async def unreadable(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say that only text can be read."""
        return await self._means.speaker.say(incoming, state, self._means.wording.unreadable)

    def _with_language(self, incoming: Incoming, reply: Reply, state: ChatState) -> tuple[Reply, ChatState]:
        """The reply, with a line on the language the first time that somebody writes whose Telegram speaks another."""
        person = incoming.update.effective_user
        if state.told_language or incoming.group or not person or not person.language_code:
            return reply, state
        if person.language_code.lower().startswith("en"):
            return reply, state
        markup = f"{reply.markup}\n\n{self._means.wording.language}"
        return replace(reply, markup=markup), replace(state, told_language=True)


def _before(incoming: Incoming, state: ChatState) -> Conversation:
    """What the chat had talked about when it asked this: an edit is the same question, and none after it."""
    if _is_edit_of_an_older_one(incoming, state):
        return Conversation(years=state.conversation.years, years_theirs=state.conversation.years_theirs)
    last = state.answers[-1][0] if state.answers else None
    edits_the_last = incoming.update.edited_message is not None and incoming.message_id == last
    return state.before if edits_the_last and state.before is not None else state.conversation


def _is_edit_of_an_older_one(incoming: Incoming, state: ChatState) -> bool:
    """Whether a question was edited that has been answered and was not the last."""
    asked = [question for question, _ in state.answers]
    return incoming.update.edited_message is not None and incoming.message_id in asked[:-1]


def _utterance(incoming: Incoming, means: Means) -> str:
    message = incoming.message
    if message is None:
        return ""
    text = message.text or message.caption or ""
    return addressed(message, means.bot_id, means.username) or "" if incoming.group else text
