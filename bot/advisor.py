"""The way of a question: utterance and conversation in, reply and conversation out."""

from collections.abc import Sequence
from datetime import date

from bot.conversation import Conversation
from bot.knowledge import Knowledge
from bot.meaning import Meaning, ReplyKind
from bot.menu import HOME, PAGE, Menu
from bot.plan import Planner
from bot.replies import Reply, Suggestion, Writer
from bot.text import normalise
from bot.understanding import Matchers, Understanding, Understood

BACK = "back"
LONGEST_LABEL = 40
"""Characters of what can be the label of a button, typed by hand."""


class Advisor:
    """Answers questions from some knowledge. Pure: the same question in the same conversation gets the same reply."""

    def __init__(self, knowledge: Knowledge, matchers: Matchers | None = None) -> None:
        """Get ready to answer.

        Args:
            knowledge: what to say and how people ask for it.
            matchers: what was learnt from the phrases of this knowledge before; learnt now if there is none.
        """
        self.knowledge = knowledge
        self.matchers = matchers or Matchers.train(knowledge)
        self.writer = Writer(knowledge)
        self.menu = Menu(knowledge, self.writer)
        self._understanding = Understanding(knowledge, self.matchers)
        self._labels = self._by_label()
        self.planner = Planner(knowledge, self.writer, self._understanding)

    def reply(
        self, utterance: str, conversation: Conversation | None = None, *, today: date | None = None
    ) -> tuple[Reply, Conversation]:
        """Answer one message.

        Args:
            utterance: anything a person can type.
            conversation: what this chat remembers; None for a fresh chat.
            today: makes "since 2019" a number of years; without it such a statement counts for nothing.

        Returns:
            The reply, and the conversation to hand in with the next message.
        """
        conversation = (conversation or Conversation()).sound(self.knowledge)
        if planned := self.planner.typed(utterance, conversation, today):
            return planned
        if labelled := self._labelled(utterance, conversation):
            return labelled
        if conversation.topics == ("next",) and (years := self.planner.years(utterance, today)) is not None:
            return self._placed(utterance, years, conversation, today)
        understood = self.understand(utterance, conversation, today)
        meaning, years = understood.meaning, understood.years
        # What is known to lie outside is a question too.
        not_understood = meaning.kind == "clarify" or (meaning.kind == "unknown" and meaning.gap is None)
        if not_understood and (planned := self.planner.in_passing(utterance, conversation, today)):
            return planned
        # Who is at a level that took more years than are told has told no number of them.
        if years is not None or understood.everything.held:
            told = {"years": years, "years_theirs": understood.everything.theirs}
            conversation = conversation.model_copy(update=told)
        if (elsewhere := understood.everything.elsewhere) is not None:
            conversation = conversation.model_copy(update={"years_elsewhere": elsewhere})
        reply = self.writer.write(meaning, understood.reading, understood.targets, conversation, years)
        return self.planner.resumed(reply, self._remember(conversation, meaning, understood.targets))

    def _placed(
        self, utterance: str, years: float, conversation: Conversation, today: date | None
    ) -> tuple[Reply, Conversation]:
        """Where so many years place a person, after that was asked, and the conversation after it."""
        meaning = Meaning("answer", ("next",), 1.0, "only years, after where one stands")
        reading = self._understanding.read(utterance, today)
        told = {"years": years, "years_theirs": reading.theirs}
        conversation = conversation.model_copy(update=told)
        reply = self.writer.write(meaning, reading, (), conversation, years)
        return self.planner.resumed(reply, self._remember(conversation, meaning, ()))

    def answer(self, topic: str, conversation: Conversation | None = None) -> tuple[Reply, Conversation] | None:
        """Answer a topic that was chosen from suggestions, None if there is no such topic."""
        conversation = (conversation or Conversation()).sound(self.knowledge)
        if page := self.menu.shown(topic):
            return self._turn_to(page, conversation)
        if planned := self.planner.pressed(topic, conversation):
            return planned
        if not self.knowledge.has(topic):
            return None
        kind: ReplyKind = "smalltalk" if topic in self.knowledge.wording.smalltalk else "answer"
        meaning = Meaning(kind, (topic,), 1.0, "chosen from suggestions")
        reply = self.writer.write(meaning, self._understanding.read(""), (), conversation, None)
        return self.planner.resumed(reply, self._remember(conversation, meaning, ()))

    def _turn_to(self, page: str, conversation: Conversation) -> tuple[Reply, Conversation] | None:
        """A page of the menu."""
        if own := self.menu.own(page):
            return own, conversation
        answer = self.answer(page, conversation)
        return (self.menu.page(page, answer[0]), answer[1]) if answer else None

    def _labelled(self, utterance: str, conversation: Conversation) -> tuple[Reply, Conversation] | None:
        """What the button does whose label was typed by hand; None if it is no label."""
        topic = self._labels.get(normalise(utterance)) if len(utterance) <= LONGEST_LABEL else None
        if topic == BACK:
            topic = PAGE + self.menu.above(conversation.topics)
        return self.answer(topic, conversation) if topic else None

    def _by_label(self) -> dict[tuple[str, ...], str]:
        """Topics by the words on their buttons."""
        navigation = self.knowledge.wording.navigation
        labels = {navigation.back: BACK, navigation.home: PAGE + HOME, navigation.browse: PAGE + HOME}
        return {normalise(label): topic for label, topic in labels.items()} | {
            normalise(self.writer.label(topic)): topic
            for topic in self.topics()
            if topic not in self.knowledge.wording.smalltalk
        }

    def _remember(self, conversation: Conversation, meaning: Meaning, about: Sequence[str]) -> Conversation:
        match meaning.kind:
            case "answer":
                return conversation.answered(self.knowledge, meaning.topics, about)
            case "clarify":
                return conversation.asked_back(self.knowledge, meaning.offers, meaning.guess, about)
            case "unknown":
                return conversation.not_known()
        return conversation.chatted(about)

    def topics(self) -> list[str]:
        """Everything that can be answered: topics, and every cell of the grid."""
        return self.knowledge.topics()

    def start(self) -> Reply:
        """The first message of a chat: what the bot is, and the best first questions."""
        return Reply(
            "smalltalk",
            ("greeting",),
            1.0,
            self.knowledge.wording.start,
            (*self.writer.suggestions(["greeting"])[:2], self.planner.opening),
            (Suggestion(self.knowledge.wording.navigation.browse, PAGE + HOME),),
        )

    def understand(self, utterance: str, conversation: Conversation, today: date | None = None) -> Understood:
        """What an utterance is taken to mean, without answering it."""
        return self._understanding.understand(utterance, conversation.sound(self.knowledge), today)

    def ignored(self, understood: Understood) -> tuple[str, ...]:
        """Words of a message that took no part in what it is taken to mean."""
        return self._understanding.ignored(understood)

    def repairs(self, utterance: str) -> list[tuple[str, str]]:
        """Words that are taken for other words: (typed, taken) pairs."""
        repaired = [(word, " ".join(self.matchers.topics.speller.repair((word,)))) for word in normalise(utterance)]
        return [(typed, taken) for typed, taken in repaired if typed != taken]
