"""What the knowledge says about a plan: where years stand, what comes next, and which skills that asks for."""

from binascii import crc32
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bot.career import Level, Track
from bot.conversation import Plan, PlanQuestion
from bot.durations import MOST_YEARS, NUANCE
from bot.knowledge import Knowledge
from bot.text import normalise

NEXT, PAY = "next", "pay"
"""What a plan can be for besides a track."""

LONGEST_ID = 40
"""Bytes: a button has no room for more."""

MOST_DIGITS = 2
"""Digits of the years on a button."""

Place = Literal["below", "inside", "between", "top"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where years put a person on the ladder."""

    place: Place
    level: Level
    """The level reached; before the first level that one, and where two meet the lower."""
    above: Level | None
    """The level to reach next."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The skills that one level or track asks for, as ids."""

    entity: Level | Track
    skills: tuple[str, ...]


class PlanFacts:
    """Looks up what plans need."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        self.knowledge = knowledge
        self.levels = knowledge.career.levels
        self.goals = (NEXT, *knowledge.of_kind("track"), PAY)

    @cached_property
    def skills(self) -> dict[str, str]:
        """Every skill of a level or a track: id -> name, in the order of the career file."""
        entities: list[Level | Track] = [*self.knowledge.career.levels, *self.knowledge.career.tracks]
        return {skill_id(name): name for entity in entities for name in entity.skills}

    def names(self, skills: Iterable[str]) -> str:
        """Skills by name, as they stand in a sentence."""
        return ", ".join(self.skills[skill] for skill in skills)

    def standing(self, years: float) -> Standing:
        """Where so many years put a person."""
        at = [self.knowledge.of_kind("level").index(target) for target in self.knowledge.levels_at(years)]
        level, upper = self.levels[at[0]], self.levels[at[-1]]
        if years < level.years_from:
            return Standing("below", level, level)
        if upper is not level:
            return Standing("between", level, upper)
        above = next(iter(self.levels[at[0] + 1 :]), None)
        return Standing("inside" if above else "top", level, above)

    def years_of(self, number: str) -> float | None:
        """The years that a button stands for: a little more than those where its range begins."""
        if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS and str(int(number)) == number):
            return None
        first = self.levels[0].years_from
        return first - NUANCE if int(number) < first else int(number) + NUANCE

    def ahead(self, years: float) -> tuple[str, ...]:
        """The levels that are not reached with so many years, as entity ids."""
        above = self.standing(years).above
        return self.knowledge.of_kind("level")[self.levels.index(above) :] if above else ()

    def track(self, goal: str | None) -> Track | None:
        """The track that a goal leads to, None for one that leads up the ladder."""
        target = self.knowledge.track_by_pay(best=True) if goal == PAY else goal
        entity = self.knowledge.entities.get(target or "")
        return entity if isinstance(entity, Track) else None

    def above(self, plan: Plan) -> Level | None:
        """The level that comes next in a plan, None at the top and where no years are known."""
        return None if plan.years is None else self.standing(plan.years).above

    def asked(self, plan: Plan) -> list[Asked]:
        """What the goal of a plan asks for: the next level, and the track if there is one, each skill once."""
        entities = [entity for entity in (self.above(plan), self.track(plan.goal)) if entity]
        found: list[Asked] = []
        for entity in entities:
            ids = dict.fromkeys(map(skill_id, entity.skills))
            before = {skill for asked in found for skill in asked.skills}
            found.append(Asked(entity, tuple(skill for skill in ids if skill not in before)))
        return [asked for asked in found if asked.skills]

    def needed(self, plan: Plan) -> list[str]:
        """All these skills, as ids."""
        return [skill for asked in self.asked(plan) for skill in asked.skills]

    def open_question(self, plan: Plan) -> PlanQuestion:
        """The first question of a plan that has no answer; that about skills is never answered for good."""
        if plan.years is None:
            return "years"
        leads_nowhere = plan.goal == NEXT and self.above(plan) is None
        return "goal" if plan.goal is None or leads_nowhere else "skills"

    def sound(self, plan: Plan) -> Plan:
        """A plan without whatever this knowledge does not know: it may come from another version, or from anywhere."""
        years = plan.years if plan.years is not None and 0 <= plan.years <= MOST_YEARS + NUANCE else None
        sound = Plan(
            years=None if years is None else round(years, 2),
            goal=plan.goal if plan.goal in self.goals else None,
            skills=tuple(skill for skill in self.skills if skill in plan.skills),
        )
        question = self.open_question(sound)
        finished = plan.question is None and question == "skills"
        return sound.model_copy(update={"question": None if finished else question})


def skill_id(name: str) -> str:
    """What a skill is called on buttons and in plans: "risk_management"."""
    words = "_".join(normalise(name))
    return words if words and len(words.encode()) <= LONGEST_ID else f"{crc32(name.encode()):08x}"
