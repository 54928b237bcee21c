"""What the bot knows, what it says and how people ask for it, as strict models."""

from collections.abc import Container, Iterator
from functools import cached_property
from typing import Literal

from bot.career import ASPECTS, OF_A_KIND, Career, Entity, Kind, Level, Strict, Text, Track
from bot.wording import Wording

ALWAYS = (
    *("role", "path", "salary", "next", "level.compare", "track.compare", "track.better_pay"),
    *("greeting", "help", "unknown"),
)
"""What the program itself answers with, or offers something after, whatever else there is."""

IT = "it"
NAMED = "named"
NOWHERE = "nowhere"
"""Pointers to the thing just talked about, to a thing that is named, and to nothing."""

Pointer = Literal[
    "it", "above", "below", "middle", "top", "bottom", "other", "first", "second", "third", "last", "both", "richer",
    "poorer", "named",
]  # fmt: skip
OpenAspect = Literal["overview", "experience", "skills", "salary", "compare", "better_pay", "same", "more"]


class Asking(Strict):
    """How people ask: phrases by topic, and phrases that lean on what was said before."""

    phrases: dict[str, tuple[Text, ...]]
    """Topic, or aspect of a kind ("level.skills", with a {level} slot)."""
    follow_ups: dict[Pointer, dict[OpenAspect, tuple[Text, ...]]]
    """How the words point at the thing meant, and what they ask of it."""


class OutsideGroup(Strict):
    """A family of questions that must not be answered."""

    say: Text | None = None
    """Names the gap: what exactly is not known."""
    reply: tuple[Text, ...] = ()
    """The whole reply, where naming a gap would be the wrong answer; several wordings take turns."""
    comfort: Text | None = None
    """A kind word before the answer to a question that stands beside such words."""
    aside: Literal["yes", "no"] = "no"
    """Whether such words may stand beside a question without changing what it asks ("better than I get")."""
    urgent: Literal["yes", "no"] = "no"
    """Whether such words are heard however little is sure: a cry for help must not be missed."""
    known: Text | None = None
    """The topic that holds the nearest thing that is known; it is told at once."""
    near: tuple[Text, ...] = ()
    """Topics worth offering instead."""
    phrases: tuple[Text, ...]


class References(Strict):
    """Words that point at something said before, and words about years."""

    first: tuple[Text, ...]
    second: tuple[Text, ...]
    third: tuple[Text, ...]
    whether: tuple[Text, ...]
    """Words that ask whether a level is reached, where a name alone would tell that it is."""
    other: tuple[Text, ...]
    above: tuple[Text, ...]
    after: tuple[Text, ...]
    below: tuple[Text, ...]
    middle: tuple[Text, ...]
    own: tuple[Text, ...]
    top: tuple[Text, ...]
    bottom: tuple[Text, ...]
    both: tuple[Text, ...]
    last: tuple[Text, ...]
    richer: tuple[Text, ...]
    poorer: tuple[Text, ...]
    negation: tuple[Text, ...]
    """Words after which a name is not meant."""
    beyond: tuple[Text, ...]
    short_of: tuple[Text, ...]
    """Words before the name of a level that mean the one above it, or the one below."""
    outgrown: tuple[Text, ...]
    """Words after the name of a level that mean the one above it."""
    yes: tuple[Text, ...]
    """Words that say yes to what was asked back."""
    again: tuple[Text, ...]
    """Words that ask all the last questions again, and not the very last one only."""
    ahead: tuple[Text, ...]
    """Words by which people ask for the level to come, and not for where they stand."""
    reason: tuple[Text, ...]
    """Words by which people ask why: no other aspect of a thing tells them that."""
    arriving: tuple[Text, ...]
    """Words by which people ask for the level to come as a place to get to."""
    lacking: tuple[Text, ...]
    """Words after a name that make it a mere measure: "what must I know that the juniors don't"."""
    until: tuple[Text, ...]
    """Words between two levels after which the second only ends what is said of the first."""
    between: tuple[Text, ...]
    """Words that put a level between two that are named."""
    difference: tuple[Text, ...]
    """Words that compare the two instead."""
    pronoun: tuple[Text, ...]
    """Words that stand for the thing talked about."""
    oneself: tuple[Text, ...]
    """Words by which people speak of themselves."""
    question: tuple[Text, ...]
    """Words that make a question wherever they stand."""
    auxiliary: tuple[Text, ...]
    """Words that make a question at its beginning."""
    filler: tuple[Text, ...]
    """Words without meaning for the topic."""
    profession: tuple[Text, ...]
    """Words that show that years were spent in this career."""
    no_profession: tuple[Text, ...]
    """Words that show that they were not, and what an amount of years can also be."""
    elsewhere: tuple[Text, ...]
    """Words that show so wherever they stand beside the years: other jobs that are called like this one."""
    trades: tuple[Text, ...]
    """The same, unless one of the next shows that it was computing in this trade."""
    computing: tuple[Text, ...]
    aged: tuple[Text, ...]
    """Words before an amount of years that make it an age."""
    not_aged: tuple[Text, ...]
    """Words behind it that make it none."""
    planned: tuple[Text, ...]
    """Words before an amount of time that is to come, or needed, or only supposed."""
    untrue: tuple[Text, ...]
    """Words before an amount that deny it, or put it off, whatever stands behind it: "I don't have 5 years as a PM"."""
    never: tuple[Text, ...]
    """Words that show that no years were spent in this career."""
    neutral: tuple[Text, ...]
    """Words beside an amount that say nothing of what it was spent on; so do fillers and words of questions."""
    planned_for: tuple[Text, ...]
    """Words behind such an amount."""
    spent: tuple[Text, ...]
    """Words behind an amount that make it one that was spent all the same: "in 5 years as a PM"."""
    holding: tuple[Text, ...]
    """Words before a level by which somebody says to be there."""
    doubting: tuple[Text, ...]
    """Words before these that ask it instead."""
    aims: tuple[Text, ...]
    """Words before a level that is only wanted."""
    jobs: tuple[Text, ...]
    """Other jobs that have levels: a "senior developer" is at no level of this career."""
    whose: tuple[Text, ...]
    """Words beside those that speak of somebody else."""
    others: tuple[Text, ...]
    """Words for somebody else."""


class Knowledge(Strict):
    """Everything that the advisor knows and says."""

    career: Career
    asking: Asking
    references: References
    outside: dict[str, OutsideGroup]
    wording: Wording

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Entities by full id ("level.junior")."""
        return dict(self.career.entities())

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        """Ids of all entities of a kind, in the order of the career file."""
        return tuple(target for target in self.entities if target.startswith(kind + "."))

    def phrase_lists(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """All lists of phrases, each with its place among the keys of the YAML."""
        for topic, phrases in self.asking.phrases.items():
            yield ("asking", "phrases", topic), phrases
        for name, group in self.outside.items():
            yield ("outside", name, "phrases"), group.phrases
        for pointer, aspects in self.asking.follow_ups.items():
            for aspect, phrases in aspects.items():
                yield ("asking", "follow_ups", pointer, aspect), phrases

    def levels_at(self, years: float) -> list[str]:
        """Levels to which a number of years belongs: two where they meet, the first below all, the last above all."""
        ladder = list(zip(self.of_kind("level"), self.career.levels, strict=True))
        held = [target for target, level in ladder if level.holds(years)]
        below_all = years < self.career.levels[0].years_from
        return held or [ladder[0 if below_all else -1][0]]

    def track_by_pay(self, *, best: bool) -> str:
        """The track that pays best, or worst, by the upper end of its range."""
        tracks = {target: e.salary_to for target, e in self.entities.items() if isinstance(e, Track)}
        return (max if best else min)(tracks, key=lambda target: tracks[target])

    def level_after(self, level: str) -> Level | None:
        """The level above a level id, None above the last one."""
        at = self.of_kind("level").index(level) + 1
        return self.career.levels[at] if at < len(self.career.levels) else None

    def has(self, topic: str) -> bool:
        """Whether there is such a topic or cell to answer."""
        target, dot, aspect = topic.rpartition(".")
        if target in self.entities:
            return not target.startswith("advance.") and aspect in ASPECTS
        of_a_kind = target in ("level", "track") and aspect in OF_A_KIND
        named = not dot or of_a_kind or (target == "advance" and topic in self.entities)
        return named and topic in self.wording.suggestions and topic != "unknown"

    def topics(self) -> list[str]:
        """Everything that can be answered: topics, and every cell of the grid."""
        cells = (f"{target}.{aspect}" for target in self.entities for aspect in ASPECTS)
        return [topic for topic in dict.fromkeys((*self.wording.suggestions, *cells)) if self.has(topic)]


def key_of(topic: str, keys: Container[str]) -> str:
    """The key that serves a topic: the topic itself if there is one for it, else its kind and aspect."""
    kind, dot, rest = topic.partition(".")
    return topic if topic in keys or not dot else f"{kind}.{rest.rpartition('.')[2]}"


def is_of_kind(topic: str) -> bool:
    """Whether a topic is an aspect of a kind ("level.skills"), whose phrases have slots for its entities."""
    kind, _, aspect = topic.rpartition(".")
    return kind in ("level", "track") and aspect in (*ASPECTS, *OF_A_KIND)
