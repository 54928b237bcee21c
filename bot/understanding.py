"""What a message means: the way from the text to the decision, clause by clause and as a whole."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from bot.career import ASPECTS
from bot.conversation import Conversation
from bot.decision import PART, decide
from bot.durations import counted
from bot.entities import Reader, Reading
from bot.expectation import Expectation
from bot.interpretation import Interpreter, Pointing, Weighed
from bot.knowledge import IT, NOWHERE, Knowledge
from bot.matcher import Matcher
from bot.meaning import Clause, Meaning, likeliest
from bot.phrases import OPEN, OUTSIDE, marked_examples
from bot.skill_names import SkillNames
from bot.text import ClauseText, clauses, normalise

MAX_CLAUSES = 8
MAX_LETTERS = 800
"""Messages of more clauses or letters than these are read as one: a story, not a list of questions."""

COURTESY = 0.8
"""A clause is taken for a greeting, thanks or goodbye from this confidence on."""

ASIDE = 0.5
"""A clause is taken for a mere reaction from this confidence on."""

HINTED = 0.4
"""A clause that uses a hint for an entity speaks of it from this confidence on."""

COURTESY_WORDS = 6
"""A longer clause is more than a courtesy."""

ASIDE_WORDS = 3
"""A longer clause is more than a reaction."""

ITEM_WORDS = 6
ITEM = 0.9
"""A clause of so few words is an item of a list of things asked for from this confidence on."""

STANDALONE = 0.1
"""How much rarer it is in a conversation than among the examples that words point nowhere."""

LEAST = 0.004
"""Confidences up to this are taken for nothing."""


READ, COUNTED = 0.4, 0.65
"""Shares of the time of training that have passed when the phrases are read, and when the regression begins."""


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
        if progress:
            progress(READ)
        pointers = Matcher.train_words(examples.pointers, examples.speller)
        told = partial(_tell_rest, progress) if progress else None
        topics = Matcher.train_words(examples.topics, examples.speller, told)
        return cls(topics, pointers)


@dataclass(frozen=True, slots=True)
class Understood:
    """A message, read and decided on."""

    reading: Reading
    meaning: Meaning
    targets: tuple[str, ...]
    """Entities that the words name or point at."""
    years: float | None
    """Years of experience that are told, 0 or more."""
    everything: Reading
    """All words, those of mere courtesies and reactions among them."""


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
        self._skills = SkillNames(knowledge)
        self._oneself = frozenset(knowledge.references.oneself)

    def understand(self, utterance: str, conversation: Conversation, today: date | None = None) -> Understood:
        """Find out what an utterance means in a conversation; without `today`, "since 2019" tells no years."""
        reading = everything = _of_this_career(self.read(utterance, today), conversation)
        if reading.experience is not None:
            conversation = conversation.model_copy(update={"years": reading.experience})
        parts = self._parts(self._clauses(utterance, today), reading, conversation)
        substance = self._substance(parts, conversation)
        if substance and not self._is_small_talk(reading, conversation, substance):
            reading = self._joined(substance, reading)
        named = self._interpreter.named(reading, conversation)
        pointing = {} if named else self._pointing(reading, conversation)
        targets = named or self._interpreter.pointed(reading, pointing, conversation)
        repeated = self._interpreter.repeated(reading, conversation)
        weighed: Weighed
        if repeated:
            weighed = dict.fromkeys(repeated, 1.0)
            asked = [Clause({topic: 1.0}, asks=True, names=True, rest=dict) for topic in repeated]
        else:
            alone = len(substance) == 1 and reading is not everything
            weighed = substance[0].weighed if alone else self._weigh(reading, conversation, named, pointing)
            asked = self._asked(substance or parts, conversation)
        inherited = None if conversation.focus in reading.hinted else conversation.focus
        meaning = decide(self._knowledge, weighed, asked, targets, inherited, conversation.listed)
        about = self._interpreter.about(meaning.topics, targets, everything)
        placed = meaning.topics == ("next",)
        certain = reading.experience if reading.certain else None
        years = self._interpreter.told(reading, conversation) if placed else certain
        return Understood(reading, meaning, tuple(about), years, everything)

    def ignored(self, understood: Understood) -> tuple[str, ...]:
        """Words of a message that took no part: those of courtesies and reactions, and those in no phrase."""
        words = understood.everything.words
        left = Counter(words) - Counter(understood.reading.words)
        return tuple(word for word in words if left[word] or not self.matchers.topics.knows(word))

    def read(self, text: str, today: date | None = None) -> Reading:
        """Words, repaired and looked up, without any meaning yet."""
        words = self.matchers.topics.speller.repair(normalise(text))
        return self._reader.read(counted(words, today.year) if today else words)

    def _parts(self, readings: list[Reading], whole: Reading, conversation: Conversation) -> list[_Part]:
        """The clauses of a message, each as a small turn after the one before; none for a message of one."""
        if len(readings) < 2:
            return []
        # What is named late may be meant from the beginning: "how many years, and which skills, for a junior".
        spoken_of = [*whole.named("level"), *whole.named("track")]
        conversation = conversation.spoke_of(spoken_of[:1])
        parts = []
        for reading in readings:
            named: Sequence[str] = self._interpreter.named(reading, conversation)
            pointing = {} if named else self._pointing(reading, conversation)
            if len(spoken_of) == 1 and self._belongs_to_one(reading, named, pointing, conversation):
                pointing = {IT: 1.0}
            weighed = self._weigh(reading, conversation, named, pointing)
            parts.append(_Part(reading, weighed))
            if max(pointing.values(), default=0.0) >= PART:
                named = self._interpreter.pointed(reading, pointing, conversation)
            topic, confidence = likeliest(weighed)
            target, _, aspect = topic.rpartition(".")
            # A description that uses one of the entity's own words needs to be less sure.
            cell = aspect in ASPECTS and confidence >= (HINTED if target in reading.hinted else PART)
            described = [target] if cell and not topic.startswith(OPEN) else []
            asked = cell and self._interpreter.asks(reading)
            conversation = conversation.spoke_of(named or described, [topic] if asked else [])
        return parts

    def _belongs_to_one(
        self, reading: Reading, named: Sequence[str], pointing: Pointing, conversation: Conversation
    ) -> bool:
        """Whether a clause is an item that can only be meant of the one thing in the message: "duties", "the pay"."""
        item = len(reading.words) <= ASIDE_WORDS and not self._interpreter.asks(reading)
        return item and not named and not self._interpreter.pointed(reading, pointing, conversation)

    def _clauses(self, utterance: str, today: date | None) -> list[Reading]:
        """The clauses of a message; what an "and" joins within one of them stays together."""
        texts = clauses(utterance) if len(utterance) <= MAX_LETTERS else ()
        if len(texts) < 2:
            return []
        if len(texts) > MAX_CLAUSES:
            # A story: what it asks stands at its end.
            told = " ".join(clause.text for clause in texts[: 1 - MAX_CLAUSES])
            texts = (ClauseText(told, joined=False), *texts[1 - MAX_CLAUSES :])
        readings: list[Reading] = []
        for clause in texts:
            reading = self.read(clause.text, today)
            if readings and clause.joined and self._belongs(reading, readings[-1]):
                readings[-1] = self._reader.read((*readings[-1].words, *reading.words))
            else:
                readings.append(reading)
        return readings

    def _belongs(self, reading: Reading, before: Reading) -> bool:
        """Whether a joined clause only names one more thing: "what do juniors | and seniors earn"."""
        if not before.mentions or not reading.mentions:
            return False
        last, first = before.mentions[-1], reading.mentions[0]
        alike = last.target.partition(".")[0] == first.target.partition(".")[0]
        adjoining = alike and last.end == len(before.words) and first.start == 0
        return adjoining or self._interpreter.is_bare(reading)

    def _substance(self, parts: list[_Part], conversation: Conversation) -> list[_Part]:
        """The clauses of a message without those that only greet, thank, react or fill, none if no question is left.

        "Better than I get. And infrastructure?" asks by its last clause alone.
        """
        repeated = bool(parts) and self._interpreter.repeated(parts[-1].reading, conversation)
        if repeated and not any(self._asks_by_itself(part) for part in parts[:-1]):
            return parts[-1:]
        kept = [part for part in parts if not self._is_courtesy(part)]
        return kept if any(self._interpreter.asks(part.reading) for part in kept) else []

    def _joined(self, parts: list[_Part], whole: Reading) -> Reading:
        """Some clauses of a message as one reading."""
        words = tuple(word for part in parts for word in part.reading.words)
        reading = parts[0].reading if len(parts) == 1 else self._reader.read(words)
        # What is left out as a reaction may still tell years: "ten years a developer, one as PM".
        return replace(
            reading, experience=whole.experience, certain=whole.certain, theirs=whole.theirs, held=whole.held
        )

    def _is_small_talk(self, reading: Reading, conversation: Conversation, substance: list[_Part]) -> bool:
        """Whether a message is small talk as a whole, and no clause of it surely asks: "ta, that's what i wanted"."""
        if any(likeliest(part.weighed)[1] >= PART for part in substance):
            return False
        topic, confidence = likeliest(self._weigh(reading, conversation))
        return topic in self._knowledge.wording.smalltalk and confidence >= PART

    def _asks_by_itself(self, part: _Part) -> bool:
        """Whether a clause asks, be it with one bare word: "the years, for both?"."""
        topic, confidence = likeliest(part.weighed)
        item = confidence >= PART and topic.rpartition(".")[2] in ASPECTS and not part.reading.mentions
        return item or self._interpreter.asks(part.reading)

    def _is_courtesy(self, part: _Part) -> bool:
        words = part.reading.words
        if part.reading.mentions or part.reading.durations or len(words) > COURTESY_WORDS:
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
        named = {mention.target for part in parts for mention in part.reading.mentions if mention.sure}
        return [
            Clause(
                part.weighed,
                self._interpreter.asks(part.reading) or self._is_item(part),
                bool(part.reading.mentions) or likeliest(part.weighed)[0].rpartition(".")[0] in named,
                partial(self._weigh_others, parts, part, conversation),
            )
            for part in parts
        ]

    def _weigh_others(self, parts: list[_Part], left_out: _Part, conversation: Conversation) -> Weighed:
        words = (word for part in parts if part is not left_out for word in part.reading.words)
        return self._weigh(self._reader.read(tuple(words)), conversation)

    def _is_item(self, part: _Part) -> bool:
        """Whether a clause may be one item of a list of things asked for: "tasks", "getting my name out there"."""
        words, (topic, _) = part.reading.words, likeliest(part.weighed)
        aspect = topic.rpartition(".")[2]
        told = not self._oneself.isdisjoint(words[:1]) or topic in ("role", "next")
        if told or len(words) > ITEM_WORDS or self._interpreter.is_bare(part.reading):
            return False
        # Whose pay or skills are meant may be open; that it is these has to be sure.
        same = sum(confidence for other, confidence in part.weighed.items() if other.rpartition(".")[2] == aspect)
        return same >= ITEM and (aspect != "overview" or self._says_overview(part.reading))

    def _says_overview(self, reading: Reading) -> bool:
        """Whether words ask what one does, and do not only name a thing or tell a story: "mid level duties"."""
        named = {at for mention in reading.mentions for at in range(mention.start, mention.end)}
        words = tuple(word for at, word in enumerate(reading.words) if at not in named)
        if len(words) > ASIDE_WORDS or not words:
            return False
        weighed = _confidences(self.matchers.topics, self._reader.read(words))
        return sum(weighed.get(topic, 0.0) for topic in (OPEN + "overview", "role")) >= ITEM

    def _weigh(
        self,
        reading: Reading,
        conversation: Conversation,
        named: Sequence[str] | None = None,
        pointing: Pointing | None = None,
    ) -> Weighed:
        """The topics that words may ask for; what they name and point at is found out unless it is given."""
        if not reading.words:
            return {}
        if named is None:
            named = self._interpreter.named(reading, conversation)
        if pointing is None:
            pointing = {} if named else self._pointing(reading, conversation)
        likely = _confidences(self.matchers.topics, reading)
        weighed = self._interpreter.weigh(reading, likely, named, pointing, conversation)
        return self._expectation.weigh(self._skills.lead(reading.words, weighed, named), conversation)

    def _pointing(self, reading: Reading, conversation: Conversation) -> Pointing:
        """How likely words that name nothing point where; nothing where there is nothing to point at."""
        spoken_of = conversation.topics or conversation.focus or conversation.years is not None
        if not spoken_of or not reading.words:
            return {}
        pointing = _confidences(self.matchers.pointers, reading)
        # Phrases that stand for themselves are rarer in a conversation than among the examples.
        brief = len(reading.words) <= ASIDE_WORDS and conversation.focus is not None
        pointing[NOWHERE] = pointing.get(NOWHERE, 0.0) * (STANDALONE**2 if brief else STANDALONE)
        total = sum(pointing.values())
        return {pointer: share / total for pointer, share in pointing.items()}


def _of_this_career(reading: Reading, conversation: Conversation) -> Reading:
    """Words of which the years count only if they were not told of another job before."""
    told_before = reading.experience is not None and reading.experience == conversation.years_elsewhere
    own = any(duration.own for duration in reading.durations)
    return replace(reading, experience=None) if told_before and not own else reading


def _tell_rest(progress: Callable[[float], None], share: float) -> None:
    """Tell a share of the last step of training as a share of the whole."""
    progress(COUNTED + (1 - COUNTED) * share)


def _confidences(matcher: Matcher, reading: Reading) -> dict[str, float]:
    """All labels of a matcher that are not negligible."""
    confidences = matcher.confidences((*reading.marked, *matcher.speller.marks(reading.words)))
    return {matcher.topics[at]: float(confidences[at]) for at in np.flatnonzero(confidences > LEAST)}
