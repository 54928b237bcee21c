"""What people tend to ask next: how much likelier a topic is after what was said than out of the blue.

The figures are the square roots of ratios counted over 802 later turns of 316 conversations by eight writers: how often
the next question stood in this relation to the conversation, against how many topics do. The root leaves the words of
the question their say, some of which tell the same.
"""

from collections.abc import Mapping

from bot.career import ASPECTS, OF_A_KIND
from bot.conversation import Conversation
from bot.knowledge import Knowledge
from bot.phrases import OUTSIDE

LISTED = 2.1
SAME_ASPECT_OF_LISTED = 3.5
SAME_ASPECT_OF_KIN = 3.1
OTHER_ASPECT = 2.7
KIN = 1.1
OTHER_CELL = 0.7
LISTED_STRATEGY = 3.9
STRATEGY = 1.3
COMPARISON = 1.8
OTHER_COMPARISON = 0.3
SAME_TOPIC = 1.3
COURTESY = 1.5
OTHER_SMALL_TALK = 0.4
OUT = 0.55
ASIDE = 0.1


class Expectation:
    """Weighs topics by what was said before."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        self._knowledge = knowledge

    def weigh(self, weighed: Mapping[str, float], conversation: Conversation) -> dict[str, float]:
        """Multiply every confidence by how much likelier its topic is here; the sum stays what it was."""
        if not conversation.topics:
            return dict(weighed)
        expected = {topic: value * self._ratio(topic, conversation) for topic, value in weighed.items()}
        # What is likelier than not beside something else that is, is meant together with it: "the same two for ...".
        together = [topic for topic, value in weighed.items() if value > 0.5]
        if len(together) > 1:
            share = sum(expected[topic] for topic in together) / len(together)
            expected |= dict.fromkeys(together, share)
        before, after = sum(weighed.values()), sum(expected.values())
        return {topic: value * before / after for topic, value in expected.items()} if after else expected

    def _ratio(self, topic: str, conversation: Conversation) -> float:
        if topic.startswith(OUTSIDE):
            return ASIDE if self._knowledge.outside[topic.removeprefix(OUTSIDE)].aside == "yes" else OUT
        if topic in self._knowledge.wording.smalltalk:
            return COURTESY if topic in ("thanks", "goodbye") else OTHER_SMALL_TALK
        if topic in conversation.topics:
            return SAME_TOPIC
        target, _, aspect = topic.rpartition(".")
        if topic in self._knowledge.entities:
            return LISTED_STRATEGY if topic in conversation.listed else STRATEGY
        if aspect in OF_A_KIND:
            return COMPARISON if self._spoken_of(target, conversation) else OTHER_COMPARISON
        return (
            self._of_cell(target, aspect, conversation)
            if aspect in ASPECTS and target in self._knowledge.entities
            else 1.0
        )

    def _of_cell(self, target: str, aspect: str, conversation: Conversation) -> float:
        same = any(topic.rpartition(".")[2] == aspect for topic in conversation.topics)
        if target == conversation.focus:
            return OTHER_ASPECT
        if target in conversation.listed:
            return SAME_ASPECT_OF_LISTED if same else LISTED
        if conversation.focus and conversation.focus.partition(".")[0] == target.partition(".")[0]:
            return SAME_ASPECT_OF_KIN if same else KIN
        return OTHER_CELL

    def _spoken_of(self, kind: str, conversation: Conversation) -> bool:
        spoken_of = (*conversation.listed, conversation.focus or "")
        return any(entity.startswith(kind + ".") for entity in spoken_of)
