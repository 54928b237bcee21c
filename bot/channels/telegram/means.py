"""What answering an update takes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.advisor import Advisor
from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import Button, buttons, rows_of
from bot.channels.telegram.speaking import Speaker
from bot.channels.telegram.updates import Incoming
from bot.metrics import Metrics
from bot.plan import TOPIC as PLAN_TOPIC
from bot.replies import Reply
from bot.settings import Settings
from bot.storage import CHOSEN, ChatState, Store
from bot.wording import Wording

Act = Callable[[Incoming, ChatState], Awaitable[ChatState | None]]
"""Answers an update of a chat of which this is kept; returns what is to be kept from now on."""


@dataclass
class Means:
    """All that answers need; the advisor changes when the knowledge is read anew."""

    advisor: Advisor
    store: Store
    speaker: Speaker
    api: Api
    metrics: Metrics
    settings: Settings

    @property
    def wording(self) -> Wording:
        """The words of the knowledge that is in use."""
        return self.advisor.knowledge.wording

    @property
    def bot_id(self) -> int:
        """Telegram's number of the bot."""
        return self.api.bot.id

    @property
    def username(self) -> str:
        """The bot's name in Telegram, without the @."""
        return self.api.bot.username

    @property
    def first_taps(self) -> list[list[Button]]:
        """The buttons of the start, a way on from whatever has no other."""
        return buttons(self.advisor.start().suggestions)

    def count(self, reply: Reply, *, chosen: bool = False) -> None:
        """Count a reply for the statistics; `chosen` if a button or a command asked for it."""
        chosen = chosen or reply.topics == (PLAN_TOPIC,)
        topic = reply.topics[0] if reply.topics and reply.kind == "answer" else ""
        self.store.count(CHOSEN if chosen else reply.kind, topic)

    def rows(self, reply: Reply, *, asked: bool) -> list[list[Button]]:
        """All buttons under a reply; `asked` if it answers what a person wrote."""
        return rows_of(reply, self.wording, self.username, asked=asked)
