"""What a message means: the way from the text to the decision, clause by clause and as a whole."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.career import ASPECTS
from bot.conversation import Conversation
from bot.decision import PART, Clause, Meaning, decide, likeliest
from bot.entities import Reader, Reading
from bot.expectation import Expectation
from bot.interpretation import Interpreter, Weighed
from bot.knowledge import NOWHERE, Knowledge
from bot.matcher import Matcher
from bot.phrases import OPEN, OUTSIDE, marked_examples
from bot.text import clauses, normalise

MAX_CLAUSES = 8
MAX_LETTERS = 800
"""Messages of more clauses or letters than these are read as one: a story, not a list of questions."""

COURTESY = 0.8
"""A clause is taken for a greeting, thanks or goodbye from this confidence on."""

ASIDE = 0.5
"""A clause is taken for a mere reaction from this confidence on."""

COURTESY_WORDS = 6
"""A longer clause is more than a courtesy."""

ASIDE_WORDS = 3
"""A longer clause is more than a reaction."""

ITEM_WORDS = 6
ITEM = 0.9
"""A clause of so few words is an item of a list of things asked for from this confidence on."""

STANDALONE = 0.1
"""How much rarer it is in a conversation than among the examples that words point nowhere."""

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
        pointers = Matcher.train_words(examples.pointers, examples.speller)
        return cls(Matcher.train_words(examples.topics, examples.speller, progress), pointers)


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, read and decided on."""

    reading: Reading
    meaning: Meaning
    targets: tuple[str, ...]
    """Entities that the words name or point at."""
    pointing: dict[str, float]
    """How likely the words point where, if they name nothing."""
    ignored: tuple[str, ...]
    """Words of the message that took no part: those of mere courtesies and reactions, and those in no phrase."""


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
        self._expectation = Expectation(knowledge)
        self._oneself = frozenset(knowledge.references.oneself)

    def understand(self, utterance: str, conversation: Conversation) -> Understood:
        """Find out what an utterance means in a conversation."""
        reading = everything = self.read(utterance)
        years = reading.experience()
        if years is not None:
            conversation = conversation.model_copy(update={"years": years})
        parts = self._parts(utterance, reading, conversation)
        substance = self._substance(parts, conversation)
        if substance and not self._is_small_talk(reading, conversation, substance):
            words = tuple(word for part in substance for word in part.reading.words)
            # What is left out as a reaction may still tell years: "ten years a developer, one as PM".
            reading = replace(self._reader.read(words), durations=reading.durations, since=reading.since)
        pointing = self._pointing(reading, conversation)
        targets = self._interpreter.targets(reading, pointing, conversation)
        repeated = self._interpreter.repeated(reading, conversation)
        if repeated:
            weighed = dict.fromkeys(repeated, 1.0)
            asked = [Clause({topic: 1.0}, asks=True, rest={}) for topic in repeated]
        else:
            weighed = self._weigh(reading, conversation, pointing)
            asked = self._asked(substance or parts, conversation)
        inherited = None if conversation.focus in reading.hinted else conversation.focus
        meaning = decide(self._knowledge, weighed, asked, targets, inherited, conversation.listed)
        about = self._interpreter.about(meaning.topics, targets, everything)
        return Understood(reading, meaning, tuple(about), pointing, self._ignored(everything, reading))

    def _ignored(self, everything: Reading, used: Reading) -> tuple[str, ...]:
        left = Counter(everything.words) - Counter(used.words)
        known = self.matchers.topics.knows
        return tuple(word for word in everything.words if left[word] or not known(word))

    def read(self, text: str) -> Reading:
        """Words, repaired and looked up, without any meaning yet."""
        return self._reader.read(self.matchers.topics.speller.repair(normalise(text)))

    def _parts(self, utterance: str, whole: Reading, conversation: Conversation) -> list[_Part]:
        """The clauses of a message, each read as a small turn after the one before; none for a message of one."""
        readings = self._clauses(utterance)
        if len(readings) < 2:
            return []
        # What is named late may be meant from the beginning: "how many years, and which skills, for a junior".
        conversation = conversation.spoke_of([*whole.named("level"), *whole.named("track")][:1])
        parts = []
        for reading in readings:
            weighed = self._weigh(reading, conversation, self._pointing(reading, conversation))
            parts.append(_Part(reading, weighed))
            topic, confidence = likeliest(weighed)
            cell = topic.rpartition(".")[2] in ASPECTS and confidence >= PART
            described = [topic.rpartition(".")[0]] if cell and not topic.startswith(OPEN) else []
            named = self._interpreter.named(reading, conversation) or described
            asked = cell and self._interpreter.asks(reading)
            conversation = conversation.spoke_of(named, [topic] if asked else [])
        return parts

    def _clauses(self, utterance: str) -> list[Reading]:
        """The clauses of a message; a bare name behind an "and" belongs to the clause before it."""
        texts = clauses(utterance) if len(utterance) <= MAX_LETTERS else ()
        if not 1 < len(texts) <= MAX_CLAUSES:
            return []
        readings: list[Reading] = []
        for clause in texts:
            reading = self.read(clause.text)
            named = bool(readings) and bool(readings[-1].mentions and reading.mentions)
            if named and clause.joined and self._interpreter.is_bare(reading):
                readings[-1] = self._reader.read((*readings[-1].words, *reading.words))
            else:
                readings.append(reading)
        return readings

    def _substance(self, parts: list[_Part], conversation: Conversation) -> list[_Part]:
        """The clauses of a message without those that only greet, thank, react or fill, none if no question is left.

        "Better than I get. And infrastructure?" asks by its last clause alone.
        """
        repeated = bool(parts) and self._interpreter.repeated(parts[-1].reading, conversation)
        if repeated and not any(self._asks_by_itself(part) for part in parts[:-1]):
            return parts[-1:]
        kept = [part for part in parts if not self._is_courtesy(part)]
        return kept if any(self._interpreter.asks(part.reading) for part in kept) else []

    def _is_small_talk(self, reading: Reading, conversation: Conversation, substance: list[_Part]) -> bool:
        """Whether a message is small talk as a whole, and no clause of it surely asks: "ta, that's what i wanted"."""
        topic, confidence = likeliest(self._weigh(reading, conversation, self._pointing(reading, conversation)))
        sure = any(likeliest(part.weighed)[1] >= PART for part in substance)
        return topic in self._knowledge.wording.smalltalk and confidence >= PART and not sure

    def _asks_by_itself(self, part: _Part) -> bool:
        """Whether a clause asks, be it with one bare word: "the years, for both?"."""
        topic, confidence = likeliest(part.weighed)
        item = confidence >= PART and topic.rpartition(".")[2] in ASPECTS and not part.reading.mentions
        return item or self._interpreter.asks(part.reading)

    def _is_courtesy(self, part: _Part) -> bool:
        words = part.reading.words
        if part.reading.mentions or len(words) > COURTESY_WORDS:
            return False
        if self._interpreter.is_bare(part.reading):
            return True
        if any(part.weighed.get(topic, 0.0) >= COURTESY for topic in ("greeting", "thanks", "goodbye")):
            return True
        topic, confidence = likeliest(part.weighed)
        group = self._knowledge.outside.get(topic.removeprefix(OUTSIDE))
        aside = group is not None and group.aside == "yes" and confidence >= ASIDE
        return len(words) <= ASIDE_WORDS and aside and not self._interpreter.asks(part.reading)

    def _asked(self, parts: list[_Part], conversation: Conversation) -> list[Clause]:
        """The clauses, and which of them ask something."""
        asked = []
        for number, part in enumerate(parts):
            asks = self._interpreter.asks(part.reading) or self._is_item(part)
            others = [other for at, other in enumerate(parts) if at != number]
            rest = self._reader.read(tuple(word for other in others for word in other.reading.words)) if asks else None
            weighed = self._weigh(rest, conversation, self._pointing(rest, conversation)) if rest else {}
            asked.append(Clause(part.weighed, asks, weighed))
        return asked

    def _is_item(self, part: _Part) -> bool:
        """Whether a clause may be one item of a list of things asked for: "tasks", "getting my name out there"."""
        words, (topic, confidence) = part.reading.words, likeliest(part.weighed)
        story = topic.endswith(".overview") and (part.reading.mentions or len(words) > ASIDE_WORDS)
        told = not self._oneself.isdisjoint(words[:1]) or topic in ("role", "next")
        short = len(words) <= ITEM_WORDS and not self._interpreter.is_bare(part.reading)
        return short and not story and not told and confidence >= ITEM

    def _weigh(self, reading: Reading, conversation: Conversation, pointing: dict[str, float]) -> dict[str, float]:
        if not reading.words:
            return {}
        likely = _confidences(self.matchers.topics, reading)
        weighed = self._interpreter.weigh(reading, likely, pointing, conversation)
        return self._expectation.weigh(weighed, conversation)

    def _pointing(self, reading: Reading, conversation: Conversation) -> dict[str, float]:
        """How likely the words point where: asked only where they name nothing, and there is something to point at."""
        spoken_of = conversation.topics or conversation.focus or conversation.years is not None
        if not spoken_of or not reading.words or self._interpreter.named(reading, conversation):
            return {}
        pointing = _confidences(self.matchers.pointers, reading)
        # Phrases that stand for themselves are rarer in a conversation than among the examples.
        brief = len(reading.words) <= ASIDE_WORDS and conversation.focus is not None
        pointing[NOWHERE] = pointing.get(NOWHERE, 0.0) * (STANDALONE**2 if brief else STANDALONE)
        total = sum(pointing.values())
        return {pointer: share / total for pointer, share in pointing.items()}


def _confidences(matcher: Matcher, reading: Reading) -> dict[str, float]:
    """All labels of a matcher that are not negligible."""
    confidences = matcher.confidences((*reading.marked, *matcher.speller.marks(reading.words)))
    return {label: float(c) for label, c in zip(matcher.topics, confidences, strict=True) if c > LEAST}
