"""The way of a question: utterance and conversation in, reply and conversation out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.career import ASPECTS
from bot.conversation import Conversation
from bot.decision import Meaning, ReplyKind, decide
from bot.entities import Reader, Reading
from bot.interpretation import Interpreter
from bot.knowledge import Knowledge
from bot.matcher import Matcher
from bot.phrases import OUTSIDE, marked_examples
from bot.replies import Reply, Writer
from bot.text import clauses, normalise

MAX_CLAUSES = 6
MAX_LETTERS = 800
"""Messages of more clauses or letters than these are read as one: a story, not a list of questions."""
COURTESY = 0.8
"""A clause is taken for a greeting, thanks or goodbye from this confidence on."""

ITEM_WORDS = 3

COURTESY_WORDS = 6
"""A longer clause is more than a courtesy."""

LEAST = 0.002
"""Confidences up to this are taken for nothing."""

TERSE = 8
"""A message of at most so many words may list what it asks for without question words."""


class Advisor:
    """Answers questions from some knowledge. Pure: the same question in the same conversation gets the same reply."""

    def __init__(self, knowledge: Knowledge, matcher: Matcher | None = None) -> None:
        """Get ready to answer.

        Args:
            knowledge: what to say and how people ask for it.
            matcher: one that was trained on this knowledge before; trained now if there is none.
        """
        self.knowledge = knowledge
        self.matcher = matcher or train(knowledge)
        self.reader = Reader(knowledge)
        self.interpreter = Interpreter(knowledge)
        self.writer = Writer(knowledge)

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
        conversation = conversation or Conversation()
        reading, meaning = self.understand(utterance, conversation)
        told = self._experience(reading, today)
        if told is None and meaning.topics == ("next",) == conversation.topics:
            told = reading.bare_number
        if told is not None:
            conversation = conversation.model_copy(update={"years": told})
        named = self.interpreter.named(reading, conversation)
        reply = self.writer.write(meaning, reading, named, conversation, told)
        about = self.interpreter.about(meaning.topics, reading, conversation)
        return reply, self._remember(conversation, meaning, about)

    def answer(self, topic: str, conversation: Conversation | None = None) -> tuple[Reply, Conversation] | None:
        """Answer a topic that was chosen from suggestions, None if there is no such topic."""
        conversation = conversation or Conversation()
        if not self.knowledge.has(topic):
            return None
        kind: ReplyKind = "smalltalk" if topic in self.knowledge.wording.smalltalk else "answer"
        meaning = Meaning(kind, (topic,), 1.0, "chosen from suggestions")
        reply = self.writer.write(meaning, self.reader.read(()), (), conversation, None)
        return reply, self._remember(conversation, meaning, ())

    def _remember(self, conversation: Conversation, meaning: Meaning, about: Sequence[str]) -> Conversation:
        if meaning.kind == "answer":
            return conversation.answered(self.knowledge, meaning.topics, about)
        return conversation.not_known() if meaning.kind == "unknown" else conversation.chatted()

    def topics(self) -> list[str]:
        """Everything that can be answered: topics, and every cell of the grid."""
        cells = (f"{target}.{aspect}" for target in self.knowledge.entities for aspect in ASPECTS)
        named = [*self.knowledge.wording.suggestions, *cells]
        return [topic for topic in named if self.knowledge.has(topic)]

    def start(self) -> Reply:
        """The first message of a chat: what the bot is, and the best first questions."""
        return Reply(
            "smalltalk",
            ("greeting",),
            1.0,
            self.knowledge.wording.start,
            self.writer.suggestions(["greeting"]),
        )

    def understand(self, utterance: str, conversation: Conversation) -> tuple[Reading, Meaning]:
        """What an utterance is taken to mean, without answering it."""
        texts = clauses(utterance) if len(utterance) <= MAX_LETTERS else ()
        parts = [self._read(text) for text in texts] if 1 < len(texts) <= MAX_CLAUSES else []
        substance = self._substance(parts, conversation)
        reading = self._read(utterance)
        if substance:
            words = tuple(word for part in substance for word in part.words)
            # What is left out as a reaction may still tell years: "ten years a developer, one as PM".
            reading = replace(self.reader.read(words), durations=reading.durations, since=reading.since)
        repeated = self.interpreter.repeated(reading, conversation)
        if repeated:
            weighed = dict.fromkeys(repeated, 1.0)
            asked = [{topic: 1.0} for topic in repeated]
        else:
            weighed = self._weigh(reading, conversation)
            asked = [self._weigh(part, conversation) for part in self._questions(substance or parts, reading)]
        named = self.interpreter.named(reading, conversation)
        inherited = None if conversation.focus in reading.hinted else conversation.focus
        return reading, decide(self.knowledge, weighed, asked, named, inherited)

    def _substance(self, parts: list[Reading], conversation: Conversation) -> list[Reading]:
        """The clauses of a message without those that only greet, thank, react or fill, none if no question is left.

        "Better than I get. And infrastructure?" asks by its last clause alone.
        """
        if parts and self.interpreter.repeated(parts[-1], conversation):
            asking = any(self.interpreter.asks(part) for part in parts[:-1])
            if not asking:
                return parts[-1:]
        kept = [part for part in parts if not self._is_courtesy(part, conversation)]
        return kept if any(self.interpreter.asks(part) for part in kept) else []

    def _is_courtesy(self, part: Reading, conversation: Conversation) -> bool:
        if part.mentions or len(part.words) > COURTESY_WORDS:
            return False
        if self.interpreter.is_bare(part):
            return True
        weighed = self._weigh(part, conversation)
        if any(weighed.get(topic, 0.0) >= COURTESY for topic in ("greeting", "thanks", "goodbye")):
            return True
        likeliest = max(weighed, key=lambda topic: (weighed[topic], topic), default=OUTSIDE)
        return len(part.words) <= ITEM_WORDS and likeliest.startswith(OUTSIDE) and not self.interpreter.asks(part)

    def _questions(self, parts: list[Reading], whole: Reading) -> list[Reading]:
        """The clauses that ask something, each with the name that the message gives, if it has none of its own."""
        if len(parts) < 2:
            return []
        terse = len(whole.words) <= TERSE
        asking = [part for part in parts if self.interpreter.asks(part) or (terse and self._is_item(part))]
        names = [mention for mention in whole.mentions if mention.sure and not mention.target.startswith("ref.")]
        name = whole.words[names[0].start : names[0].end] if names else ()
        return [part if part.mentions or not name else self.reader.read(part.words + name) for part in asking]

    def _is_item(self, part: Reading) -> bool:
        """Whether a clause may be one item of a list of things asked for: "tasks", "strong points"."""
        return len(part.words) <= ITEM_WORDS and not self.interpreter.is_bare(part)

    def repairs(self, utterance: str) -> list[tuple[str, str]]:
        """Words that are taken for other words: (typed, taken) pairs."""
        repaired = [(word, " ".join(self.matcher.speller.repair((word,)))) for word in normalise(utterance)]
        return [(typed, taken) for typed, taken in repaired if typed != taken]

    def _read(self, utterance: str) -> Reading:
        return self.reader.read(self.matcher.speller.repair(normalise(utterance)))

    def _weigh(self, reading: Reading, conversation: Conversation) -> dict[str, float]:
        if not reading.words:
            return {}
        confidences = self.matcher.confidences((*reading.marked, *self.matcher.speller.marks(reading.words)))
        likely = {t: float(c) for t, c in zip(self.matcher.topics, confidences, strict=True) if c > LEAST}
        return self.interpreter.weigh(reading, likely, conversation)

    def _experience(self, reading: Reading, today: date | None) -> float | None:
        if reading.since is not None and today is not None:
            return float(max(0, today.year - reading.since))
        return reading.experience()


def train(knowledge: Knowledge, progress: Callable[[float], None] | None = None) -> Matcher:
    """A matcher for the phrases of some knowledge; `progress` is told the share done, 0 to 1."""
    examples, speller = marked_examples(knowledge)
    return Matcher.train(examples, speller, progress)
