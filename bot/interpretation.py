"""Ranked topics and what this chat said before -> the topics meant, weighed.

"and infrastructure?" names a thing and no aspect, "how long does that take?" an aspect and no thing, "the other one"
neither: what is missing comes from the conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.career import ASPECTS, OF_A_KIND
from bot.conversation import Conversation
from bot.entities import Reading
from bot.knowledge import IT, NOWHERE, Knowledge
from bot.phrases import OPEN
from bot.pointers import Pointers
from bot.text import normalise, number_value

Weighed = Mapping[str, float]
"""Confidence per topic, 0 to 1."""

Pointing = Mapping[str, float]
"""Confidence per pointer, 0 to 1; empty where words need no pointer, or there is nothing to point at."""

_CELL_KINDS = ("level", "track")
_MORE = {"level": ("overview", "skills", "experience"), "track": ("overview", "skills", "salary")}
_ENDS = ("top", "bottom")
_TELLING = ("am", "have")
"""Words that ask before "I" and tell behind it."""

_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
_OF_THE_CAREER = {"overview": "role", "experience": "path", "salary": "salary"}

UNSURE = 0.3
"""What is left of an open aspect where the words point nowhere."""

FAINT = 0.1
"""Pointers less likely than this are not followed."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What the words may be about: some entities, how likely that is, and the pointer that led there, if one did."""

    share: float
    targets: Sequence[str]
    pointer: str | None

    @property
    def leaning(self) -> Sequence[str]:
        """The entities, if the words name them or lean on the conversation."""
        return () if self.pointer == NOWHERE else self.targets


class Interpreter:
    """Puts words and conversation together."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        references = knowledge.references
        self._knowledge = knowledge
        self._pointers = Pointers(knowledge)
        self._levels = knowledge.of_kind("level")
        self._filler = frozenset(words for words in references.filler if " " not in words)
        self._openers = [words for words in references.filler if " " in words]
        self._between_words = frozenset(references.between)
        self._difference = frozenset(references.difference)
        self._question = frozenset(references.question)
        self._auxiliary = frozenset(references.auxiliary)
        self._again = frozenset(references.again)
        self._oneself = frozenset(references.oneself)
        self._yes = frozenset(references.yes)
        self._ahead = frozenset(references.ahead)
        self._reason = frozenset(references.reason)
        self._people = frozenset(word for words in (*references.others, *references.whose) for word in normalise(words))
        self._opening = self._auxiliary | frozenset(references.pronoun)

    def weigh(
        self,
        reading: Reading,
        confidences: Weighed,
        named: Sequence[str],
        pointing: Pointing,
        conversation: Conversation,
    ) -> dict[str, float]:
        """Move the confidence of what was left open onto the things that the words or the conversation name.

        Args:
            reading: the words.
            confidences: the matcher's confidence per topic, aspects left open ("open.skills") among them.
            named: the entities that the words name.
            pointing: how likely the words point where, if they name nothing.
            conversation: what was said before.

        Returns:
            Confidence per topic; "open." topics remain only where nothing fills them.
        """
        ways = self._ways(reading, named, pointing, conversation)
        weighed: dict[str, float] = {}
        for topic, confidence in confidences.items():
            for way in ways:
                # An open aspect needs something to lean on: it is doubtful where the words lean on nothing.
                doubt = UNSURE if topic.startswith(OPEN) and way.pointer == NOWHERE and pointing else 1.0
                for meant in self._meant(topic, reading, way, conversation):
                    weighed[meant] = weighed.get(meant, 0.0) + way.share * confidence * doubt
        return weighed

    def named(self, reading: Reading, conversation: Conversation) -> list[str]:
        """Entities that the words name, or point at in words that surely do so, in the order of the words."""
        if not reading.mentions:
            return []
        between = self._between(reading)
        if between:
            return [between]
        found: list[str] = []
        single = bool(reading.named("level") or reading.named("track"))
        for mention in reading.mentions:
            kind, _, name = mention.target.partition(".")
            # "Mid level, both": both questions, and not both things.
            if mention.sure and not mention.denied and not (single and mention.target == "ref.both"):
                meant = self._pointers.follow(name, reading, conversation) if kind == "ref" else [mention.target]
                found += [self._shifted(target, mention.shift) for target in meant]
        return list(dict.fromkeys(found))

    def pointed(self, reading: Reading, pointing: Pointing, conversation: Conversation) -> list[str]:
        """Entities that the words most likely point at, beyond the one just talked about."""
        likeliest = max(pointing, key=lambda pointer: (pointing[pointer], pointer), default=NOWHERE)
        targets = list(self._pointers.follow(likeliest, reading, conversation))
        return [] if likeliest == NOWHERE or (likeliest == IT and len(targets) < 2) else targets

    def _ways(
        self, reading: Reading, named: Sequence[str], pointing: Pointing, conversation: Conversation
    ) -> list[_Way]:
        """What the words may be about: the things named, else whatever they may point at."""
        if named:
            return [_Way(1.0, named, None)]
        ways = [
            _Way(share, self._pointers.follow(pointer, reading, conversation), pointer)
            for pointer, share in pointing.items()
            if share >= FAINT
        ]
        # What too many pointers share is lost to none: thanks are thanks wherever the words point.
        rest = 1.0 - sum(way.share for way in ways)
        return [*ways, _Way(rest, (), NOWHERE)] if rest >= FAINT or not ways else ways

    def _shifted(self, target: str, shift: int) -> str:
        """The entity that a mention means: the one named, or the neighbour of a level."""
        return self._pointers.step(target, shift) if target in self._levels else target

    def _between(self, reading: Reading) -> str | None:
        """The level that is told by its neighbours: "no longer the rookie but not yet an old hand"."""
        between = self._between_words & set(reading.words) and not self._difference & set(reading.words)
        levels = {m.target: m.denied for m in reading.mentions if m.target in self._levels}
        for below, level, above in zip(self._levels, self._levels[1:], self._levels[2:], strict=False):
            outer = below in levels and above in levels and level not in levels
            if outer and ((levels[below] and levels[above]) or between):
                return level
        return None

    def repeated(self, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The last question asked again of other things ("and infrastructure?"), none if the words say more.

        After asking back, the one of the topics offered that the words pick ("the first", "yes").
        """
        if conversation.offered and (picked := self._picked(reading, conversation.offered)):
            return picked
        if not conversation.topics:
            return []
        told = self._speaks_of_years(reading, conversation) and self.told(reading, conversation) is not None
        if told and self._is_of_people(reading):
            return ["next"]
        if not self.is_bare(reading):
            return []
        named = self.named(reading, conversation)
        return self._same(named, conversation, reading) if named else []

    def told(self, reading: Reading, conversation: Conversation) -> float | None:
        """Years of experience that words tell: a bare number does so where years are spoken of."""
        if reading.experience is not None:
            return reading.experience if reading.certain else None
        return reading.bare_number if self._speaks_of_years(reading, conversation) else None

    def _speaks_of_years(self, reading: Reading, conversation: Conversation) -> bool:
        """Whether years are to be expected: after being placed, or of oneself after the years of a level."""
        of_years = any(topic == "path" or topic.endswith(".experience") for topic in conversation.topics)
        return "next" in conversation.topics or (of_years and not self._oneself.isdisjoint(reading.words))

    def _picked(self, reading: Reading, offered: Sequence[str]) -> Sequence[str]:
        """The offered topic that words pick which say nothing else."""
        if reading.words and self._yes.issuperset(reading.words):
            return offered[:1]
        places = [_PLACES[reference] for reference in reading.references if reference in _PLACES]
        if "both" in reading.references and self.is_bare(reading):
            return offered
        picks = bool(places) and places[0] < len(offered) and self.is_bare(reading)
        return [offered[places[0]]] if picks else []

    def _is_of_people(self, reading: Reading) -> bool:
        """Whether the words hold nothing but somebody and a number: "and her colleague with five?"."""
        words = tuple(word for word in reading.words if word not in self._people and number_value(word) is None)
        return self.is_bare(replace(reading, words=words, mentions=(), durations=()))

    def is_bare(self, reading: Reading) -> bool:
        """Whether the words hold names or pointers at most, and nothing else that means anything."""
        spans = [(mention.start, mention.end) for mention in reading.mentions]
        spans += [(duration.start, duration.end) for duration in reading.durations]
        covered = {at for start, end in spans for at in range(start, end)}
        rest = f" {' '.join(word for at, word in enumerate(reading.words) if at not in covered)} "
        for opener in self._openers:
            rest = rest.replace(f" {opener} ", " ")
        return all(word in self._filler or word[0].isdigit() for word in rest.split())

    def asks(self, reading: Reading) -> bool:
        """Whether words have the shape of a question, and not of a name or a piece of a story."""
        opening = next((word for word in reading.words if word not in self._filler or word in self._opening), "")
        # "I am 45" tells, "am I too old" asks.
        telling = opening in _TELLING and reading.words[1:2] == (opening,) and reading.words[0] in self._oneself
        asking = opening in self._auxiliary and not telling
        question = asking or any(word in self._question for word in reading.words)
        return question and not self.is_bare(reading)

    def about(self, topics: Sequence[str], targets: Sequence[str], reading: Reading) -> list[str]:
        """Entities that an answer is about beyond those of its topics.

        Of "which pays better", the one that does; of "what comes next", the level that does.
        """
        if "track.better_pay" in topics:
            return [self._knowledge.track_by_pay(best=True)]
        if "next" not in topics:
            return list(targets)
        years, steps = reading.experience, 1 if self._ahead & set(reading.words) else 0
        if reading.held:
            return [self._pointers.step(reading.held, steps)]
        return (
            [self._pointers.step(self._knowledge.levels_at(years)[-1], 1)]
            if steps and years is not None
            else list(targets)
        )

    def _meant(self, topic: str, reading: Reading, way: _Way, conversation: Conversation) -> Sequence[str]:
        """The topics that one topic of the matcher stands for, if the words are about these things."""
        kind = topic.partition(".")[0]
        aspect = topic.rpartition(".")[2]
        if topic == "next" and conversation.topics == ("next",) and reading.references and not reading.durations:
            # Who points at a level right after being placed asks about that level, not to be placed again.
            return []
        if topic.startswith(OPEN):
            placed = self._placed(reading, way) if aspect in ASPECTS and aspect != "salary" else []
            filled = self._open(aspect, reading, placed or way.targets, conversation)
            return filled or [self._unfilled(aspect, conversation)]
        if self._is_pay_of_levels(topic, way):
            # The lowest and the highest are of pay where no level is spoken of.
            of_levels = way.pointer not in _ENDS or conversation.focus in self._levels
            return (_grid_cells("salary", way.leaning) if of_levels else []) or ["salary"]
        if topic == "role" and way.pointer is not None:
            # "What do they do" asks for the job by itself, and for a level where one is spoken of.
            return _grid_cells("overview", way.leaning) or [topic]
        if aspect not in ASPECTS or kind not in _CELL_KINDS:
            return [topic]
        return self._cell(topic, reading, way)

    def _is_pay_of_levels(self, topic: str, way: _Way) -> bool:
        """Whether pay is asked of levels: only of those named, for a level merely guessed at says nothing.

        Pay is given by track, so which of two levels pays more asks for the pay of a level as well.
        """
        if topic.endswith(".better_pay"):
            return way.pointer is None and bool(way.targets) and set(way.targets) <= set(self._levels)
        return topic == "salary" or (topic.startswith("level.") and topic.endswith(".salary"))

    def _cell(self, topic: str, reading: Reading, way: _Way) -> Sequence[str]:
        """A cell of the grid that was guessed from a description gives way to what the words name or point at."""
        target, _, aspect = topic.rpartition(".")
        placed = self._placed(reading, way) if target in self._levels else []
        if placed:
            return _cells(aspect, placed)
        if way.pointer is not None:
            return _cells(aspect, way.leaning) or [topic]
        of_kind = [entity for entity in way.targets if entity.startswith(target.partition(".")[0] + ".")]
        if of_kind:
            return [topic if target in of_kind else f"{of_kind[0]}.{aspect}"]
        return _cells(aspect, way.targets) if reading.references else [topic]

    def _placed(self, reading: Reading, way: _Way) -> list[str]:
        """The level of somebody whose years are told, where nothing else is named or pointed at."""
        years = reading.experience
        if years is None or way.pointer not in (IT, NOWHERE):
            return []
        return self._knowledge.levels_at(years)[-1:]

    def _unfilled(self, aspect: str, conversation: Conversation) -> str:
        """What an open aspect means where nothing fills it: that of the career as a whole, if it has one."""
        whole = _OF_THE_CAREER.get(aspect)
        return whole if whole and not (conversation.listed and aspect != "salary") else OPEN + aspect

    def _open(self, aspect: str, reading: Reading, targets: Sequence[str], conversation: Conversation) -> Sequence[str]:
        """Topics for an aspect that was left open, none if nothing fills it."""
        match aspect:
            case "same":
                return self._same(targets or reading.hinted, conversation, reading)
            case "more" if targets and targets[0] != conversation.focus:
                return _cells("overview", targets)
            case "more":
                return self._more(conversation, reading)
            case "better_pay":
                return ["track.better_pay"]
            case "compare":
                kinds = [target.partition(".")[0] for target in (*targets, *conversation.listed)]
                return [f"{kind}.compare" for kind in kinds if kind in _CELL_KINDS][:1]
        return _cells(aspect, targets)

    def _same(self, named: Sequence[str], conversation: Conversation, reading: Reading) -> Sequence[str]:
        """The last question, with all that it asked, asked again of the things named; or the last few questions."""
        kinds = {target.partition(".")[0] for target in named}
        compared = [topic for topic in conversation.topics if topic.rpartition(".")[2] in OF_A_KIND]
        if len(named) > 1 and compared and {compared[0].partition(".")[0]} == kinds:
            return compared[:1]
        last = [topic.rpartition(".")[2] for topic in conversation.topics]
        aspects = [aspect for aspect in last if aspect in ASPECTS] or ["overview"]
        if self._again & set(reading.words):
            aspects = list(dict.fromkeys((*conversation.aspects, *aspects)))
        return list(dict.fromkeys(cell for aspect in aspects for cell in _cells(aspect, named)))

    def _more(self, conversation: Conversation, reading: Reading) -> Sequence[str]:
        """What comes after the last answer when a person asks for more: the next aspect of the same thing.

        Who asks why gets the answer itself once more: there is no other reason.
        """
        if not conversation.topics or self._reason & set(reading.words):
            return conversation.topics[-1:]
        last = conversation.topics[-1]
        target, _, aspect = last.rpartition(".")
        order = _MORE.get(target.partition(".")[0], ())
        if target not in self._knowledge.entities or aspect not in order:
            return [last]
        return [f"{target}.{order[(order.index(aspect) + 1) % len(order)]}"]


def _grid_cells(aspect: str, targets: Sequence[str]) -> list[str]:
    """An aspect of levels and tracks as topics."""
    return [f"{target}.{aspect}" for target in targets if not target.startswith("advance.")]


def _cells(aspect: str, targets: Sequence[str]) -> list[str]:
    """An aspect of some entities as topics; a strategy is a topic by itself, and gives way to levels and tracks."""
    strategies = ["advance"] if len(targets) > 1 else list(targets)
    return _grid_cells(aspect, targets) or ([] if aspect == "salary" else strategies)
