"""What operators ask in the chat: why an answer came about, how it goes, and to read the knowledge anew."""

import asyncio
import logging
from datetime import date

from telegram.error import BadRequest

from bot import sheet
from bot.author.explain import explained
from bot.cache import load_advisor
from bot.channels.telegram.contact import introduce
from bot.channels.telegram.means import Act, Means
from bot.channels.telegram.messages import argument, length
from bot.channels.telegram.updates import Incoming
from bot.charts import LONGEST_CAPTION
from bot.conversation import Conversation
from bot.errors import BotError
from bot.storage import CHOSEN, ChatState, Statistics
from bot.usage_chart import usage_chart

log = logging.getLogger(__name__)

PERIODS = (7, 30)
"""Days that statistics are for."""

QUESTIONS = ("answer", "clarify", "unknown")
"""What becomes of a question; small talk is none."""


class Admin:
    """Serves the chats of ADMIN_CHAT_IDS; for all others its commands do not exist."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means
        self._asked: dict[int, tuple[str, Conversation]] = {}
        self._acts: dict[str, Act] = {"why": self._why, "stats": self._stats, "reload": self._reload}

    def act(self, incoming: Incoming, name: str) -> Act | None:
        """What carries out a command of an operator."""
        return self._acts.get(name) if incoming.chat in self._means.settings.admin_chat_ids else None

    def heard(self, incoming: Incoming, utterance: str, before: Conversation) -> None:
        """Remember, in memory and of operators only, what /why is to explain."""
        if incoming.chat in self._means.settings.admin_chat_ids:
            self._asked[incoming.chat] = utterance, before

    async def _why(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Explain the last answer, or the answer to what follows the command."""
        given = argument(incoming.message) if incoming.message else ""
        utterance, before = (given, Conversation()) if given else self._asked.get(incoming.chat, ("", Conversation()))
        if not utterance:
            return await self._means.speaker.say(incoming, state, self._means.wording.admin.nothing)
        rows = explained(self._means.advisor, utterance, before, date.today())
        text = "\n".join(f"{name}: {value or '-'}" for name, value in rows.items())
        return await self._means.speaker.say(incoming, state, text)

    async def _stats(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Say how it went in the last 7 and 30 days."""
        periods = [await self._means.store.statistics(days) for days in PERIODS]
        wording, name = self._means.wording, self._means.advisor.knowledge.career.name
        text = "\n\n".join(wording.admin.stats.format(**self._figures(found)) for found in periods)
        if not sheet.available() or length(text) > LONGEST_CAPTION:
            return await self._means.speaker.say(incoming, state, text)
        picture = await asyncio.to_thread(usage_chart, wording.charts.usage, name, periods[-1].days)
        try:
            await self._means.speaker.send_photo(incoming, state, picture, text, ())
        except BadRequest:
            return await self._means.speaker.say(incoming, state, text)
        return state

    def _figures(self, found: Statistics) -> dict[str, object]:
        """What the template of the statistics quotes."""
        wording, advisor = self._means.wording, self._means.advisor
        labelled = {*advisor.topics()} - {*wording.smalltalk}
        asked = found.number(*QUESTIONS)
        shares = {kind: f"{found.number(kind) / asked:.0%}" if asked else "-" for kind in QUESTIONS}
        reasons = [f"{label} {found.disliked.get(reason, 0)}" for reason, label in wording.feedback_reasons.items()]
        topics = [
            f"{advisor.writer.label(topic) if topic in labelled else topic} {n}" for topic, n in found.topics.items()
        ]
        return {
            "days": len(found.days),
            "people": found.people,
            "questions": asked,
            "chosen": found.number(CHOSEN),
            "disliked": sum(found.disliked.values()),
            "reasons": ", ".join(reasons),
            "passed_on": found.passed_on,
            "top": ", ".join(topics) or "-",
            **shares,
        }

    async def _reload(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Read the knowledge anew, the command menu and the profile as well; if it is wrong, the old one stays."""
        settings = self._means.settings
        await self._means.speaker.say(incoming, state, self._means.wording.admin.reloading)
        try:
            self._means.advisor = await asyncio.to_thread(load_advisor, settings.knowledge_dir, settings.cache_dir)
        except BotError as error:
            return await self._means.speaker.say(incoming, state, f"{self._means.wording.admin.refused}\n{error}")
        log.info("the knowledge was read anew")
        await introduce(self._means.api.bot, self._means.wording)
        return await self._means.speaker.say(incoming, state, self._means.wording.admin.reloaded)
