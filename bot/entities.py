"""Words -> what they name: levels, tracks and strategies, pointers to something said before, years of experience."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.career import Level
from bot.durations import MOST_YEARS, Duration, DurationReader
from bot.knowledge import Knowledge
from bot.text import Expressions, expanded, normalise, number_value, singular

MOST_GLUE = 6
"""A negation is looked for so many words before a name."""

REFERENCES = (
    *("first", "second", "third", "last", "other", "both", "richer", "poorer"),
    *("above", "after", "below", "middle", "own", "top", "bottom"),
)
"""Ways of pointing at an entity without its name."""

_HAVING = ("with", "has", "have", "had", "got")
"""After these words a number is told as a word too: "her colleague with five", but not "the other two"."""

_COUNTED = frozenset(("k", "question", "questions", "thing", "things", "more"))
"""Before these words a number counts something else."""

_LASTING = ("for", "since", "with", "from")
_GLUE = {"a", "an", "the", "one", "of", "those", "yet", "really", "quite", "just", "being"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in the words.

    `target` is an entity id ("level.junior") or a pointer ("ref.other"); `sure` is false for a mere hint; `denied` is
    true if the words take it back ("not a junior").
    """

    target: str
    start: int
    end: int
    sure: bool
    denied: bool = False
    shift: int = 0
    """1 if the words mean the one above ("just above the rookies"), -1 if the one below."""
    elsewhere: bool = False
    """Whether nobody stands at this level by these words: it is a goal ("to become a senior") or of another job."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood word by word."""

    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    durations: tuple[Duration, ...]
    experience: float | None
    """Years of experience in this career that the words state."""
    certain: bool
    """Whether these are surely years in this career, and not perhaps of something else."""
    theirs: bool = False
    """Whether the years, or else the level, are somebody else's than the writer's."""
    held: str | None = None
    """The level that somebody is said to be at for so many years that `experience` cannot count: it took more."""
    marked: tuple[str, ...] = field(repr=False, default=())
    """The words with markers for the matcher: "@level" and "@level.senior" around a name, "@years", "@money"."""

    def named(self, kind: str) -> list[str]:
        """Entity ids of a kind in the order in which they were named, surely named ones only."""
        named = (mention.target for mention in self.mentions if mention.sure and not mention.denied)
        return [target for target in dict.fromkeys(named) if target.startswith(kind + ".")]

    @property
    def standing(self) -> list[str]:
        """The levels named at which somebody may stand, in their order."""
        goals = {mention.target for mention in self.mentions if mention.elsewhere}
        return [level for level in self.named("level") if level not in goals]

    @property
    def references(self) -> list[str]:
        """The pointers used, as names of references ("other", "above")."""
        return [m.target.removeprefix("ref.") for m in self.mentions if m.target.startswith("ref.")]

    @property
    def hinted(self) -> list[str]:
        """Entity ids that the words may mean, in their order."""
        return list(dict.fromkeys(mention.target for mention in self.mentions if not (mention.sure or mention.denied)))

    @property
    def elsewhere(self) -> float | None:
        """Years that the writer says to have spent in another job, None if there are none."""
        spent = [d.years for d in self.durations if d.own is False and d.spent and d.whose != "other"]
        return spent[-1] if spent else None

    @property
    def bare_number(self) -> float | None:
        """The one number that stands without a unit and is not taken back ("no, 8, not 6"), None if there is none."""
        timed = {at for duration in self.durations for at in range(duration.start, duration.end)}
        numbers = [
            value
            for before, (at, word) in zip(("", *self.words), enumerate(self.words), strict=False)
            if (word[0].isdigit() or before in _HAVING)
            and at not in timed
            and before not in ("not", "$")
            and _COUNTED.isdisjoint(self.words[at + 1 : at + 2])
            if (value := number_value(word)) is not None and value < MOST_YEARS
        ]
        return numbers[0] if len(numbers) == 1 else None


class Reader:
    """Finds the names that the knowledge gives."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Build the list of names.

        Args:
            knowledge: whose entities, references and words about years are looked for.
        """
        self._names: dict[tuple[str, ...], tuple[str, bool]] = {}
        for reference in REFERENCES:
            self._add(getattr(knowledge.references, reference), f"ref.{reference}", sure=True)
        for target, entity in knowledge.entities.items():
            self._add(entity.hints, target, sure=False)
            self._add(entity.names, target, sure=True)
        self._longest: dict[str, int] = {}
        """How many words the longest name has that begins with a word."""
        for name in self._names:
            self._longest[name[0]] = max(len(name), self._longest.get(name[0], 0))
        references = knowledge.references
        self._negation = Expressions(references.negation)
        self._beyond = Expressions(references.beyond)
        self._short_of = Expressions(references.short_of)
        self._outgrown = Expressions(references.outgrown)
        self._until = frozenset(references.until)
        self._lacking = Expressions(references.lacking)
        self._aims, self._holding = Expressions(references.aims), Expressions(references.holding)
        self._doubting = Expressions(references.doubting)
        self._jobs = frozenset(references.jobs)
        self._knowledge = knowledge
        self._clock = DurationReader(knowledge.references)

    def read(self, words: tuple[str, ...]) -> Reading:
        """Read words that are normalised and repaired."""
        mentions = tuple(self._meant(words, self._mentions(words)))
        durations = tuple(self._clock.durations(words))
        experience, certain = _experience(durations)
        held = self._held(words, mentions, durations) if experience is not None else None
        if held and experience is not None and not self._is_below(experience, held):
            held = None
        marked = _marked(words, mentions, durations)
        theirs = self._are_theirs(words, mentions, durations)
        return Reading(words, mentions, durations, None if held else experience, certain, theirs, held, marked)

    def _are_theirs(self, words: tuple[str, ...], mentions: Iterable[Mention], durations: Iterable[Duration]) -> bool:
        """Whether words tell only of somebody else: "my boss has 10 years", "her colleague with five"."""
        told = [duration.whose == "other" for duration in durations if duration.spent and duration.own is not False]
        if told:
            return all(told)
        levels = [mention.start for mention in mentions if mention.sure and mention.target.startswith("level.")]
        return self._clock.whose(words, levels[-1] if levels else len(words)) == "other"

    def _add(self, names: Iterable[str], target: str, *, sure: bool) -> None:
        for name in names:
            for spelled in expanded(name):
                words = tuple(map(singular, normalise(spelled)))
                # "The first rung" is a level, and no pointer to the first of anything.
                for spelling in (words, words if words[0] == "the" else ("the", *words)):
                    self._names[spelling] = (target, sure)

    def _mentions(self, words: tuple[str, ...]) -> list[Mention]:
        roots = tuple(map(singular, words))
        found: list[Mention] = []
        if self._longest.keys().isdisjoint(roots):
            return found
        after = 0
        for start, root in enumerate(roots):
            if start < after or root not in self._longest:
                continue
            for end in range(min(len(roots), start + self._longest[root]), start, -1):
                name = self._names.get(roots[start:end])
                if name:
                    before, behind = _unglued(words[:start]), words[end : end + MOST_GLUE]
                    denied = self._denied(before) or self._lacking.begin(behind)
                    elsewhere = self._aims.end(before) or not self._jobs.isdisjoint(behind[:2])
                    shift = self._shift(before, behind)
                    found.append(Mention(name[0], start, end, name[1], denied, shift, elsewhere))
                    after = end
                    break
        return found

    def _meant(self, words: tuple[str, ...], mentions: list[Mention]) -> Iterable[Mention]:
        """Take back a level that only ends what is said of another: "how long in the middle before one is a senior"."""
        if self._until.isdisjoint(words):
            yield from mentions
            return
        level_end = 0
        for mention in mentions:
            level = mention.target.startswith("level.")
            ends = level and level_end and self._until & set(words[level_end : mention.start])
            yield replace(mention, denied=True) if ends else mention
            level_end = mention.end if level and not level_end else level_end

    def _is_below(self, years: float, level: str) -> bool:
        """Whether so many years alone would place a person below a level."""
        entity, lowest = self._knowledge.entities[level], self._knowledge.levels_at(years)[0]
        levels = self._knowledge.of_kind("level")
        too_few = isinstance(entity, Level) and years < entity.years_from
        return levels.index(lowest) < levels.index(level) or (lowest == level == levels[0] and too_few)

    def _held(self, words: tuple[str, ...], mentions: Iterable[Mention], durations: Sequence[Duration]) -> str | None:
        """The highest level at which somebody is said to be, of whoever's years count: "a senior for 2 years"."""
        if sum(bool(duration.spent and duration.own) for duration in durations) > 1:
            # "2 years as a junior and 4 as a senior" is all the time there was.
            return None
        writer = any(duration.spent and duration.whose == "writer" for duration in durations)
        held = [
            mention.target
            for mention in mentions
            if mention.target.startswith("level.")
            and mention.sure
            and not (mention.denied or mention.shift or mention.elsewhere)
            and not (writer and self._clock.whose(words, mention.start) == "other")
            and self._is_held(words, mention, durations)
        ]
        return max(held, key=self._knowledge.of_kind("level").index, default=None)

    def _is_held(self, words: tuple[str, ...], mention: Mention, durations: Sequence[Duration]) -> bool:
        """Whether the words around a level say that somebody is there: "i am a", "2 years as a", "... for 2 years"."""
        before = words[: mention.start]
        while before and before[-1] in _GLUE:
            before = before[:-1]
        if before[-1:] == ("as",) and any(duration.end == len(before) - 1 for duration in durations):
            return True
        lasting = any(duration.start == mention.end + 1 for duration in durations)
        if before in ((), ("as",)) and lasting and words[mention.end] in _LASTING:
            return True
        if before[-1:] in (("is",), ("was",)) and self._clock.whose(before, len(before) - 1) == "other":
            return not self._doubting.end(before[:-1])
        return any(
            self._holding.begin(before[start:]) and not self._doubting.end(before[:start])
            for start in range(max(0, len(before) - MOST_GLUE), len(before))
            if self._holding.end(before[start:])
        )

    def _denied(self, before: tuple[str, ...]) -> bool:
        """Whether the words before a name take it back: "senior, not a junior", "no longer one of the juniors"."""
        return self._negation.end(before)

    def _shift(self, before: tuple[str, ...], after: tuple[str, ...]) -> int:
        """Which way the words around a name point from it: "past the beginners", "once junior drops off my badge"."""
        up = self._beyond.end(before) or self._outgrown.begin(after)
        return up - self._short_of.end(before)


def _experience(durations: Sequence[Duration]) -> tuple[float | None, bool]:
    """What is said to be spent in this career, added up, or else the longest time of which nothing is said.

    Where the writer tells years too, those of others do not count. The second value is False where something is said
    beside the time that it could be of.
    """
    spent = [duration for duration in durations if duration.spent]
    if any(duration.whose == "writer" for duration in spent):
        spent = [duration for duration in spent if duration.whose != "other"]
    own = [duration.years for duration in spent if duration.own]
    if own:
        return sum(own), True
    open_ones = [duration for duration in spent if duration.own is None]
    plain = [duration.years for duration in open_ones if duration.plain]
    return max(plain or [duration.years for duration in open_ones], default=None), bool(plain)


def _unglued(before: tuple[str, ...]) -> tuple[str, ...]:
    """The words before a name without articles and the like, near enough to belong to it."""
    near = before[-MOST_GLUE:]
    while near and near[-1] in _GLUE:
        near = near[:-1]
    return near


def _marked(words: tuple[str, ...], mentions: Iterable[Mention], durations: Iterable[Duration]) -> tuple[str, ...]:
    """The words with markers around names, behind amounts of time, and before numbers."""
    before: dict[int, list[str]] = {}
    meant = [mention for mention in mentions if not mention.denied]
    for mention in meant:
        before.setdefault(mention.end, []).append("@" + mention.target)
    for duration in durations:
        before.setdefault(duration.end, []).append("@years")
    for mention in meant:
        before.setdefault(mention.start, []).append("@" + mention.target.partition(".")[0])
    for at, word in enumerate(words):
        if word[0].isdigit():
            large = len(word) > 3 or words[at + 1 : at + 2] == ("k",) or words[at - 1 : at] == ("$",)
            before.setdefault(at, []).append("@money" if large else "@number")
    if not before:
        return words
    return tuple(part for at, word in enumerate((*words, "")) for part in (*before.get(at, ()), word) if part)
