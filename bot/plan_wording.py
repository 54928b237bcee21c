"""How plans are worded."""

from collections.abc import Iterator
from typing import Annotated

from bot.career import Career, Fault, Level, Strict, Text, Track
from bot.plan_forms import PlanForms, SkillForms
from bot.quotable import OF_ENTITY, OF_LEVEL, of_second
from bot.templates import OfLevel, OfSkill, OfSkills, OfTold, OfTrack, OfYears, quoting

OfTwoLevels = Annotated[Text, quoting(OF_LEVEL | of_second(OF_LEVEL) | {"told"})]
OfStrategy = Annotated[Text, quoting(OF_ENTITY | {"why"})]


class PlanLabels(Strict):
    """The buttons of a plan."""

    open: Text
    again: Text
    own: Text
    """Stands below the plan that a link holds."""
    under: OfYears
    range: OfYears
    beyond: OfYears
    next: Text
    pay: Text
    track: Annotated[Text, quoting({"short"})]
    had: OfSkill
    lacking: OfSkill
    done: Text
    cancel: Text


class PlanTalk(Strict):
    """What a plan says and asks until it is finished."""

    opening: Text
    granted: Text
    """Stands behind what is said of years that were not asked for."""
    under: OfTold
    """An amount of years of which only the upper end is known."""
    no_years: Text
    years: Text
    goal: Annotated[Text, quoting({"goal_lines"})]
    goal_next: OfLevel
    goal_track: OfTrack
    goal_pay: OfTrack
    which_track: Text
    unsure: Text
    no_level: Annotated[Text, quoting({"title"})]
    skills: Annotated[Text, quoting({"skill_lines", "skills"})]
    level_skills: OfLevel
    track_skills: OfTrack
    nothing: Text
    """Stands where skills would be listed and there are none."""
    noted: Annotated[Text, quoting({"noted"})]
    resumed: Annotated[Text, quoting({"question"})]
    """Stands below the answer to another question."""
    resumed_years: Annotated[Text, quoting({"told", "question"})]
    """The same if that question told the years, which are asked for no more."""
    ask_years: Text
    ask_goal: Text
    ask_skills: Annotated[Text, quoting({"asked", "skills"})]
    """The three questions in one line."""
    unlisted: Text
    """For what people say of themselves that is none of the skills asked for."""
    later: Annotated[Text, quoting({"title", "title2"})]
    """For who names a level above the next one."""
    cancelled: Text
    nothing_to_cancel: Text
    linked: Text
    """Begins the plan that a link holds."""
    outdated: Text


class PlanPage(Strict):
    """A finished plan, line by line."""

    title: Text
    title_track: OfTrack
    title_pay: Text
    below: OfTwoLevels
    inside: OfTwoLevels
    between: OfTwoLevels
    top: Annotated[Text, quoting(OF_LEVEL | {"told"})]
    level: OfLevel
    level_beside: OfLevel
    """The next level where a track is what the plan is about."""
    track: OfTrack
    best_paid: OfTrack
    missing: OfSkills
    had: OfSkills
    complete: OfSkills
    first: Text
    strategy: OfStrategy


class PlanFile(Strict):
    """The lines that a plan has as a file and not as a message."""

    skills: Text
    had: OfSkill
    lacking: OfSkill
    strategies: Text
    strategy: OfStrategy
    end: Annotated[Text, quoting({"name"})]


class StrategyLink(Strict):
    """When a strategy is among the first to follow; of several links, the first that fits counts."""

    strategy: Text
    skills: tuple[Text, ...] = ()
    """It fits whoever lacks one of these."""
    goals: tuple[Text, ...] = ()
    """It fits whoever wants this: "next", "pay", a track, or is "ready", who lacks nothing."""
    why: OfSkills
    """{skills} are those that are lacking."""


class PlanWording(Strict):
    """How plans are asked for, worded, and linked with what is known."""

    forms: PlanForms
    labels: PlanLabels
    talk: PlanTalk
    page: PlanPage
    file: PlanFile
    strategies: tuple[StrategyLink, ...]
    skills: dict[str, SkillForms]

    def faults(self, career: Career) -> Iterator[Fault]:
        """Names of what is not in the career file: where each stands in the section, and what is wrong with it."""
        owners: list[Level | Track] = [*career.levels, *career.tracks]
        known = {skill for owner in owners for skill in owner.skills}
        entities = [target for target, _ in career.entities()]
        goals = {"next", "pay", "ready", *(target for target in entities if target.startswith("track."))}
        for at, link in enumerate(self.strategies):
            if link.strategy not in entities or not link.strategy.startswith("advance."):
                yield ("strategies", at, "strategy"), f"there is no strategy '{link.strategy}'"
            for kind, names, right in (("skills", link.skills, known), ("goals", link.goals, goals)):
                for number, name in enumerate(names):
                    if name not in right:
                        yield ("strategies", at, kind, number), f"there is no {kind.removesuffix('s')} '{name}'"
        for skill in self.skills:
            if skill not in known:
                yield ("skills", skill), f"there is no skill '{skill}'"
