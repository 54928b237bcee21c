"""Inline mode: answers as cards, in any chat."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.channels.telegram.means import Means
from bot.channels.telegram.messages import bot_link, keyboard, parts, start_of, to_html
from bot.channels.telegram.updates import Incoming
from bot.replies import Reply
from bot.storage import ChatState

CARDS = 5
CACHE_SECONDS = 3_600
PATIENCE = 10.0
"""Seconds after which nobody waits for cards any more."""
DESCRIPTION = 120
"""Characters of an answer that a card shows."""


class Inline:
    """Offers answers as cards."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means

    async def offer(self, incoming: Incoming, state: ChatState) -> ChatState:
        """Offer up to five answers to what is being typed; the most useful ones before anything is."""
        query = incoming.update.inline_query
        if query is None:
            return state
        knows = self._means.advisor.knowledge.has
        replies = [reply for reply in self._answers(query.query) if reply.topics and knows(reply.topics[0])]
        cards = {reply.topics[0]: self._card(reply) for reply in replies}
        answer = {"inline_query_id": query.id, "results": list(cards.values())[:CARDS], "cache_time": CACHE_SECONDS}
        await self._means.speaker.call("answerInlineQuery", answer, PATIENCE)
        return state

    def _answers(self, typed: str) -> Iterator[Reply]:
        """Answers to a question, and those that people ask for next."""
        advisor = self._means.advisor
        reply = advisor.reply(typed, today=date.today())[0] if typed.strip() else None
        if reply and reply.kind == "answer":
            yield reply
        known = reply.suggestions if reply and reply.kind in ("answer", "clarify") else ()
        for topic in (*(s.topic for s in known), *self._means.wording.inline_first):
            # Small talk may be offered too, but it answers no question that could stand on a card.
            if (answer := advisor.answer(topic)) and answer[0].kind == "answer":
                yield answer[0]

    def _card(self, reply: Reply) -> dict[str, Any]:
        """An InlineQueryResultArticle as JSON has it."""
        topic = reply.topics[0]
        link = bot_link(self._means.username, start_of(topic))
        return {
            "type": "article",
            "id": topic,
            "title": self._means.advisor.writer.question(topic),
            "description": " ".join(reply.text.split())[:DESCRIPTION],
            "input_message_content": {"message_text": to_html(parts(reply.markup)[0]), "parse_mode": "HTML"},
            "reply_markup": keyboard([[{"text": self._means.wording.inline_more, "url": link}]]),
        }
