"""What a message means: the way from the text to the decision, clause by clause and as a whole."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation import Conversation
from bot.decision import PART, Clause, Meaning, decide
from bot.entities import Reader, Reading
from bot.interpretation import Interpreter, Weighed
from bot.knowledge import Knowledge
from bot.matcher import Matcher
from bot.phrases import OUTSIDE, marked_examples
from bot.text import clauses, normalise

MAX_CLAUSES = 8
MAX_LETTERS = 800
"""Messages of more clauses or letters than these are read as one: a story, not a list of questions."""

COURTESY = 0.8
"""A clause is taken for a greeting, thanks or goodbye from this confidence on."""

COURTESY_WORDS = 6
"""A longer clause is more than a courtesy."""

ITEM_WORDS = 3

TERSE = 8
"""A message of at most so many words may list what it asks for without question words."""

LEAST = 0.002
"""Confidences up to this are taken for nothing."""


@dataclass(frozen=True, slots=True)
class Matchers:
    """What was learnt from the phrases."""

    topics: Matcher
    """What is asked."""
    pointers: Matcher
    """What words point at that name nothing."""

    @classmethod
    def train(cls, knowledge: Knowledge, progress: Callable[[float], None] | None = None) -> "Matchers":
        """Learn the phrases of some knowledge; `progress` is told the share done, 0 to 1."""
        examples = marked_examples(knowledge)
        pointers = Matcher.train(examples.pointers, examples.speller)
        return cls(Matcher.train(examples.topics, examples.speller, progress), pointers)


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, read and decided on."""

    reading: Reading
    meaning: Meaning
    targets: tuple[str, ...]
    """Entities that the words name or point at."""
    pointing: dict[str, float]
    """How likely the words point where, if they name nothing."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause, and what it means after the clauses before it."""

    reading: Reading
    weighed: Weighed


class Understanding:
    """Finds out what messages mean."""

    def __init__(self, knowledge: Knowledge, matchers: Matchers) -> None:
        """Get ready to understand questions to some knowledge."""
        self._knowledge = knowledge
        self.matchers = matchers
        self._reader = Reader(knowledge)
        self._interpreter = Interpreter(knowledge)

    def understand(self, utterance: str, conversation: Conversation) -> Understood:
        """Find out what an utterance means in a conversation."""
        reading = self.read(utterance)
        years = reading.experience()
        if years is not None:
            conversation = conversation.model_copy(update={"years": years})
        parts = self._parts(utterance, conversation)
        substance = self._substance(parts, conversation)
        if substance:
            words = tuple(word for part in substance for word in part.reading.words)
            # What is left out as a reaction may still tell years: "ten years a developer, one as PM".
            reading = replace(self._reader.read(words), durations=reading.durations, since=reading.since)
        pointing = self._pointing(reading, conversation)
        targets = self._interpreter.targets(reading, pointing, conversation)
        repeated = self._interpreter.repeated(reading, conversation)
        if repeated:
            weighed = dict.fromkeys(repeated, 1.0)
            asked = [Clause({topic: 1.0}, asks=True) for topic in repeated]
        else:
            weighed = self._weigh(reading, conversation, pointing)
            asked = self._asked(substance or parts, reading)
        inherited = None if conversation.focus in reading.hinted else conversation.focus
        meaning = decide(self._knowledge, weighed, asked, targets, inherited, conversation.listed)
        about = self._interpreter.about(meaning.topics, targets)
        return Understood(reading, meaning, tuple(about), pointing)

    def read(self, text: str) -> Reading:
        """Words, repaired and looked up, without any meaning yet."""
        return self._reader.read(self.matchers.topics.speller.repair(normalise(text)))

    def _parts(self, utterance: str, conversation: Conversation) -> list[_Part]:
        """The clauses of a message, each read as a small turn after the one before; none for a message of one."""
        texts = clauses(utterance) if len(utterance) <= MAX_LETTERS else ()
        if not 1 < len(texts) <= MAX_CLAUSES:
            return []
        parts = []
        for text in texts:
            reading = self.read(text)
            weighed = self._weigh(reading, conversation, self._pointing(reading, conversation))
            parts.append(_Part(reading, weighed))
            spoken_of = self._interpreter.named(reading, conversation) or self._described(weighed)
            conversation = conversation.spoke_of(spoken_of)
        return parts

    def _described(self, weighed: Weighed) -> list[str]:
        """The entity that a clause surely describes without naming it."""
        topic, confidence = _likeliest(weighed)
        target = topic.rpartition(".")[0]
        return [target] if confidence >= PART and target in self._knowledge.entities else []

    def _substance(self, parts: list[_Part], conversation: Conversation) -> list[_Part]:
        """The clauses of a message without those that only greet, thank, react or fill, none if no question is left.

        "Better than I get. And infrastructure?" asks by its last clause alone.
        """
        if parts and self._interpreter.repeated(parts[-1].reading, conversation):
            asking = any(self._interpreter.asks(part.reading) for part in parts[:-1])
            if not asking:
                return parts[-1:]
        kept = [part for part in parts if not self._is_courtesy(part)]
        return kept if any(self._interpreter.asks(part.reading) for part in kept) else []

    def _is_courtesy(self, part: _Part) -> bool:
        words = part.reading.words
        if part.reading.mentions or len(words) > COURTESY_WORDS:
            return False
        if self._interpreter.is_bare(part.reading):
            return True
        if any(part.weighed.get(topic, 0.0) >= COURTESY for topic in ("greeting", "thanks", "goodbye")):
            return True
        aside = _likeliest(part.weighed)[0].startswith(OUTSIDE) and not self._interpreter.asks(part.reading)
        return len(words) <= ITEM_WORDS and aside

    def _asked(self, parts: list[_Part], whole: Reading) -> list[Clause]:
        """The clauses, and which of them ask something."""
        terse = len(whole.words) <= TERSE
        return [
            Clause(part.weighed, self._interpreter.asks(part.reading) or (terse and self._is_item(part.reading)))
            for part in parts
        ]

    def _is_item(self, reading: Reading) -> bool:
        """Whether a clause may be one item of a list of things asked for: "tasks", "strong points"."""
        return len(reading.words) <= ITEM_WORDS and not self._interpreter.is_bare(reading)

    def _weigh(self, reading: Reading, conversation: Conversation, pointing: dict[str, float]) -> dict[str, float]:
        if not reading.words:
            return {}
        return self._interpreter.weigh(reading, _confidences(self.matchers.topics, reading), pointing, conversation)

    def _pointing(self, reading: Reading, conversation: Conversation) -> dict[str, float]:
        """How likely the words point where: asked only where they name nothing, and there is something to point at."""
        spoken_of = conversation.topics or conversation.focus or conversation.years is not None
        if not spoken_of or not reading.words or self._interpreter.named(reading, conversation):
            return {}
        return _confidences(self.matchers.pointers, reading)


def _confidences(matcher: Matcher, reading: Reading) -> dict[str, float]:
    """All labels of a matcher that are not negligible."""
    confidences = matcher.confidences((*reading.marked, *matcher.speller.marks(reading.words)))
    return {label: float(c) for label, c in zip(matcher.topics, confidences, strict=True) if c > LEAST}


def _likeliest(weighed: Weighed) -> tuple[str, float]:
    return max(weighed.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))
