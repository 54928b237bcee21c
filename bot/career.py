"""The facts of a career: levels, tracks, strategies."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.text import expanded

Place = tuple[str | int, ...]
"""Where something stands among the keys of the YAML."""

Fault = tuple[Place, str]
"""Where something is wrong, and what."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Kind = Literal["level", "track", "advance"]

ASPECTS = ("overview", "experience", "skills", "salary")
"""What can be asked of every level and track: the columns of the grid."""

OF_A_KIND = ("compare", "better_pay")
"""What can be asked of all levels, or all tracks, together."""


def public_topic(topic: str) -> str:
    """The topic id that an answer goes by: pay of a level is `salary`, which track pays better is `track.compare`."""
    if topic.startswith("level.") and topic.endswith(".salary"):
        return "salary"
    if topic.startswith("track.") and topic.endswith(".experience"):
        return "path"
    return "track.compare" if topic == "track.better_pay" else topic


class Strict(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entity(Strict):
    """A thing of the career that people name: a level, a track, a strategy ("advance")."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=32)]
    """It stands in what a button carries, which with all around it has 64 bytes in Telegram."""
    title: Text
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=14)]
    """A name that fits on a button."""
    brief: Text
    """The work in half a line, for lists and comparisons."""
    about: Text
    source: Text
    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Words that surely mean this entity wherever they stand; "(top|upper) (rung|level)" stands for four names."""
    hints: tuple[Text, ...] = ()
    """Words that may mean it: they fill slots and are weighed by the matcher, but decide nothing alone."""

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        """Every name and hint, patterns spelled out."""
        return tuple(name for pattern in (*self.names, *self.hints) for name in expanded(pattern))


class Level(Entity):
    """One step of the ladder."""

    years_from: Annotated[int, Field(ge=0)]
    years_to: int | None = None
    """None: open upwards."""
    skills: tuple[Text, ...]

    @property
    def years(self) -> str:
        """The range of years as people write it: "1-3", "7+"."""
        return f"{self.years_from}+" if self.years_to is None else f"{self.years_from}-{self.years_to}"

    def holds(self, years: float) -> bool:
        """Whether so many years belong to this level; its ends belong to it."""
        return self.years_from <= years and (self.years_to is None or years <= self.years_to)


class Track(Entity):
    """A specialisation."""

    skills: tuple[Text, ...]
    salary_from: Annotated[int, Field(ge=0)]
    salary_to: int

    @property
    def salary(self) -> str:
        """The salary range in US dollars: "$80,000 - $120,000"."""
        return f"${self.salary_from:,} - ${self.salary_to:,}"


class Statement(Strict):
    """Something the page says that belongs to no entity."""

    about: Text
    source: Text


class Career(Strict):
    """All the facts: one file in careers/."""

    name: Text
    title: Text
    role: Statement
    advance: Statement
    specialising: Statement
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    tracks: Annotated[tuple[Track, ...], Field(min_length=1)]
    strategies: Annotated[tuple[Entity, ...], Field(min_length=1)]

    def entities(self) -> Iterator[tuple[str, Entity]]:
        """Every entity with its full id: ("level.junior", …), in the order of the file."""
        for kind, group in (("level", self.levels), ("track", self.tracks), ("advance", self.strategies)):
            for entity in group:
                yield f"{kind}.{entity.id}", entity

    def faults(self) -> Iterator[Fault]:
        """What cannot be true of these facts together."""
        yield from self._wrong_years()
        for at, track in enumerate(self.tracks):
            if track.salary_from > track.salary_to:
                yield ("tracks", at, "salary_from"), f"it is more than salary_to, which is {track.salary_to}"
        for group, entities in (("levels", self.levels), ("tracks", self.tracks), ("strategies", self.strategies)):
            ids = [entity.id for entity in entities]
            for at, name in enumerate(ids):
                if name in OF_A_KIND:
                    yield (group, at, "id"), f"'{name}' is what comparisons are called; give this one another id"
                if name in ids[:at]:
                    yield (group, at, "id"), f"'{name}' stands in {group} twice; give this one an id of its own"

    def _wrong_years(self) -> Iterator[Fault]:
        """Years of levels that leave a gap, overlap or go down: every amount of years must have its place."""
        for at, level in enumerate(self.levels):
            if level.years_to is not None and level.years_to <= level.years_from:
                yield ("levels", at, "years_to"), f"it must be more than years_from, which is {level.years_from}"
            if level.years_to is None and at < len(self.levels) - 1:
                yield ("levels", at, "years_to"), "only the last level may have no end: say where the next one begins"
        for at, (level, above) in enumerate(pairwise(self.levels), start=1):
            if level.years_to is not None and above.years_from != level.years_to:
                wanted = (
                    f"must begin at {level.years_to}, where the level before it ends; levels stand from the bottom up"
                )
                yield ("levels", at, "years_from"), f"this level {wanted}"
