"""Commands: the few words behind a slash."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from telegram.error import TelegramError

from bot.channels.telegram.asking import Asking
from bot.channels.telegram.means import Act, Means
from bot.channels.telegram.messages import PLAN, argument, command, topic_of
from bot.channels.telegram.pictures import Pictures
from bot.channels.telegram.updates import Incoming
from bot.conversation import Conversation
from bot.replies import Reply
from bot.storage import ChatState


class Commands:
    """Carries out commands."""

    def __init__(self, means: Means, asking: Asking, pictures: Pictures) -> None:
        """Take what answering takes, what answers questions, and what has the pictures."""
        self._means = means
        self._asking = asking
        self._pictures = pictures
        self._acts: dict[str, Act] = {
            "start": self._start,
            "plan": self._plan,
            "cancel": self._cancel,
            "help": self._help,
            "privacy": self._privacy,
            "mydata": self._my_data,
            "forget": self._forget,
        }

    @property
    def never_stale(self) -> Sequence[Act]:
        """What is done however late the command comes: that which is asked of one's own data."""
        return [self._privacy, self._my_data, self._forget]

    async def unknown(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say that there is no such command, unless its words are a question: "/agile pay"."""
        words = (incoming.message.text or "") if incoming.message else ""
        asked = words.replace(f"@{self._means.username}", "").replace("_", " ")
        reply, conversation = self._means.advisor.reply(asked, state.conversation, today=date.today())
        if reply.kind == "answer":
            self._means.count(reply)
            return await self._asking.answer(incoming, state, reply, conversation)
        return await self._means.speaker.say(
            incoming, state, self._means.wording.unknown_command, self._means.first_taps
        )

    def act(self, name: str) -> Act | None:
        """What carries out a command; None if there is no such command."""
        return self._page if name in self._means.wording.command_pages else self._acts.get(name)

    async def _start(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Greet, and begin a new conversation; or open what a link carries, in the one that goes on."""
        carried = argument(incoming.message) if incoming.message else ""
        opened = self._opened(carried, state.conversation) if carried else None
        reply, conversation = opened or (self._means.advisor.start(), Conversation())
        self._means.count(reply, chosen=True)
        return await self._asking.answer(incoming, state, reply, conversation)

    def _opened(self, carried: str, conversation: Conversation) -> tuple[Reply, Conversation] | None:
        advisor = self._means.advisor
        if carried.startswith(PLAN):
            return advisor.planner.reopen(carried.removeprefix(PLAN), conversation)
        return advisor.answer(topic_of(carried), conversation)

    async def _page(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Open a page to browse from, with its picture if there is one."""
        message = incoming.message
        name = (command(message, self._means.username) if message else None) or ""
        topic = self._means.wording.command_pages[name]
        answer = self._means.advisor.answer(topic, state.conversation)
        if answer is None:
            return await self._help(incoming, state)
        reply, conversation = answer
        self._means.count(reply, chosen=True)
        rows = self._means.rows(reply, asked=True)
        # A picture has no room for the question of a plan, which an answer brings back.
        if conversation.open_plan or not await self._pictures.send(incoming, state, name, rows):
            await self._means.speaker.reply(incoming, state, reply, rows)
        return replace(state, conversation=conversation)

    async def _plan(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Begin a plan."""
        return await self._topic(incoming, state, "plan")

    async def _help(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say what can be asked."""
        return await self._topic(incoming, state, "help")

    async def _topic(self, incoming: Incoming, state: ChatState, topic: str) -> ChatState:
        answer = self._means.advisor.answer(topic, state.conversation)
        reply, conversation = answer or (self._means.advisor.start(), state.conversation)
        self._means.count(reply, chosen=True)
        return await self._asking.answer(incoming, state, reply, conversation)

    async def _cancel(self, incoming: Incoming, state: ChatState) -> ChatState:
        """End what is going on."""
        reply, conversation = self._means.advisor.planner.cancel(state.conversation)
        return await self._asking.answer(incoming, state, reply, conversation)

    async def _privacy(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say what is kept, and for how long."""
        return await self._means.speaker.say(incoming, state, self._means.wording.privacy)

    async def _my_data(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Send everything that is kept of this person as a file, where nobody else sees it."""
        if incoming.group:
            return await self._means.speaker.say(incoming, state, self._means.wording.my_data_in_group)
        kept = await self._means.store.export(incoming.owner)
        if not kept:
            return await self._means.speaker.say(incoming, state, self._means.wording.no_data)
        content = json.dumps(kept, indent=1, ensure_ascii=False).encode()
        await self._means.speaker.send_file(
            incoming, state, "my-data.json", content, self._means.wording.my_data, self._means.first_taps
        )
        return state

    async def _forget(self, incoming: Incoming, state: ChatState) -> None:
        """Delete everything that is kept of this person, or in a group what is kept of them there.

        Nothing is kept of this very message either.
        """
        await self._means.store.forget(incoming.owner)
        wording = self._means.wording
        try:
            said = wording.forgotten_in_group if incoming.group else wording.forgotten
            await self._means.speaker.say(incoming, state, said)
        except TelegramError as error:
            self._means.metrics.send_errors.labels(type(error).__name__).inc()
