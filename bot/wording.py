"""How the bot words its replies: templates and their placeholders."""

from collections.abc import Iterator, Set
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.career import Career, Fault, Level, Strict, Text, Track
from bot.plan_forms import PlanForms, SkillForms

_QUOTABLE = {
    *("role", "advance", "specialising", "ladder", "title", "short", "about", "brief", "Brief", "years", "skills"),
    *("level_lines", "track_lines", "salary_lines", "strategy_lines", "compare_lines", "skill_lines", "salary"),
    *(
        "skill",
        "title2",
        "years2",
        "skills2",
        "salary2",
        "told",
        "they",
        "They",
        "say",
        "known",
        "self",
        "other",
        "above",
    ),
}


def placeholders(template: str) -> set[str]:
    """The names in braces in a text; raises ValueError if the braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"the braces do not match: {error}") from None


def _quoting(quotable: Set[str]) -> AfterValidator:
    """Refuse a template that quotes what nothing fills in."""

    def checked(template: str) -> str:
        if unknown := sorted(placeholders(template) - quotable):
            raise ValueError(f"there is no placeholder {{{unknown[0]}}}")
        return template

    return AfterValidator(checked)


Template = Annotated[Text, _quoting(_QUOTABLE)]


class Picture(Strict):
    """What stands in a picture and under it."""

    title: Text
    note: Text
    alt: Text
    """What there is to see, for those who can't see it."""
    caption: Annotated[Text, _quoting({"name", "lines"})]


class SalaryPicture(Picture):
    """The picture of what the tracks pay."""

    lines: Annotated[tuple[Annotated[Text, _quoting({"title", "short", "salary"})], ...], Field(min_length=1)]
    """A line of the caption, from the longest wording to the shortest; the first with which all lines fit is used."""


class PathPicture(Picture):
    """The picture of the ladder."""

    lines: Annotated[tuple[Annotated[Text, _quoting({"title", "short", "years", "skills"})], ...], Field(min_length=1)]
    """The same for the levels."""
    years: Annotated[Text, _quoting({"years"})]


class UsagePicture(Strict):
    """The picture of how the bot was used, for its operators."""

    title: Text
    note: Annotated[Text, _quoting({"days", "first", "last", "most"})]
    alt: Text
    kinds: dict[Literal["answer", "clarify", "unknown"], Annotated[Text, _quoting({"number"})]]


class Charts(Strict):
    """The pictures."""

    salary: SalaryPicture
    path: PathPicture
    usage: UsagePicture


OfPlace = Annotated[Text, _quoting({"told", "title", "short", "years", "title2", "years2"})]
OfLevel = Annotated[Text, _quoting({"title", "short", "brief", "Brief", "about", "years", "skills"})]
OfTrack = Annotated[Text, _quoting({"title", "short", "brief", "Brief", "about", "salary", "skills"})]
OfSkills = Annotated[Text, _quoting({"skills"})]
OfSkill = Annotated[Text, _quoting({"skill"})]
OfYears = Annotated[Text, _quoting({"years"})]


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
    track: Annotated[Text, _quoting({"short"})]
    had: OfSkill
    lacking: OfSkill
    done: Text
    cancel: Text


class PlanTalk(Strict):
    """What a plan says and asks until it is finished."""

    opening: Text
    granted: Text
    """Stands behind what is said of years that were not asked for."""
    under: Annotated[Text, _quoting({"told"})]
    """An amount of years of which only the upper end is known."""
    no_years: Text
    years: Text
    goal: Annotated[Text, _quoting({"goal_lines"})]
    goal_next: OfLevel
    goal_track: OfTrack
    goal_pay: OfTrack
    which_track: Text
    unsure: Text
    no_level: Annotated[Text, _quoting({"title"})]
    skills: Annotated[Text, _quoting({"skill_lines", "skills"})]
    level_skills: OfLevel
    track_skills: OfTrack
    nothing: Text
    """Stands where skills would be listed and there are none."""
    noted: Annotated[Text, _quoting({"noted"})]
    resumed: Annotated[Text, _quoting({"question"})]
    """Stands below the answer to another question."""
    resumed_years: Annotated[Text, _quoting({"told", "question"})]
    """The same if that question told the years, which are asked for no more."""
    ask_years: Text
    ask_goal: Text
    ask_skills: Annotated[Text, _quoting({"asked", "skills"})]
    """The three questions in one line."""
    unlisted: Text
    """For what people say of themselves that is none of the skills asked for."""
    later: Annotated[Text, _quoting({"title", "title2"})]
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
    below: OfPlace
    inside: OfPlace
    between: OfPlace
    top: OfPlace
    level: OfLevel
    level_beside: OfLevel
    """The next level where a track is what the plan is about."""
    track: OfTrack
    best_paid: OfTrack
    missing: OfSkills
    had: OfSkills
    complete: OfSkills
    first: Text
    strategy: Annotated[Text, _quoting({"title", "short", "brief", "Brief", "about", "why"})]


class PlanFile(Strict):
    """The lines that a plan has as a file and not as a message."""

    skills: Text
    had: OfSkill
    lacking: OfSkill
    strategies: Text
    strategy: Annotated[Text, _quoting({"title", "short", "brief", "Brief", "about", "why"})]
    end: Annotated[Text, _quoting({"name"})]


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


class Wording(Strict):
    """How the bot words its replies: templates with {placeholders}; *stars* make bold."""

    answers: dict[str, Template]
    """By topic, or by kind and aspect ("level.skills")."""
    lines: dict[str, Template]
    """One line of a list inside an answer."""
    next_step: dict[str, Template]
    smalltalk: dict[str, tuple[Text, ...]]
    """Small talk has several wordings that take turns."""
    labels: dict[str, Template]
    """What stands on the button of a topic."""
    questions: dict[str, Template]
    """The question that a topic answers, for asking back."""
    suggestions: dict[str, tuple[Template, ...]]
    """Topics worth asking next; {self}, {other} and {above} stand for entities."""
    assumed: Template
    again: Text
    """Begins an answer that was just given."""
    choices: dict[str, tuple[Text, ...]]
    """What to offer when an aspect was left open ("open.skills") and nothing fills it."""
    clarify: tuple[Text, ...]
    clarify_one: tuple[Text, ...]
    """The same with one offer only."""
    unknown: tuple[Text, ...]
    gap: tuple[Template, ...]
    gap_known: tuple[Template, ...]
    """The same where the nearest thing that is known follows at once."""
    besides: Template
    """Names what was asked beside what was answered."""
    plan: PlanWording
    failed: Text
    unreadable: Text
    stale_button: Text
    unknown_command: Text
    too_many: Text
    """For a chat that writes more than the brake allows; then there is silence for a while."""
    no_memory: Text
    """For what needs the database while it is gone."""
    privacy: Text
    my_data: Text
    """Stands under the file with everything that is kept of a chat."""
    my_data_in_group: Text
    no_data: Text
    forgotten: Text
    forgotten_in_group: Text
    pass_on: Text
    """The button under an answer that is not known, which passes the question on to the authors."""
    passed_on: Text
    pass_on_late: Text
    pass_on_writer: Text
    """Said to somebody else in a group."""
    pages: dict[str, Text]
    """Pages of the menu that show no topic: the first one, "home", and others to begin from."""
    browse: dict[str, tuple[Template, ...]]
    """The pages below a page, by topic, or by kind and aspect; {self} is its entity, level.*.skills each level's."""
    navigation: dict[Literal["back", "home", "browse"], Text]
    command_pages: dict[str, Text]
    """Commands that open a page: command -> topic ("menu.path")."""
    feedback: dict[Literal["good", "bad", "good_after_all", "thanks", "what", "noted"], Text]
    feedback_reasons: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{1,16}$")], Text]
    """What can be wrong with an answer: what is stored -> the button."""
    share: Text
    plan_file: Text
    plan_caption: Text
    """The button that sends a plan as a file, and what stands under the file."""
    language: Text
    """Said once to people whose Telegram speaks another language."""
    inline_first: tuple[Text, ...]
    """Topics that inline mode offers before anything is typed."""
    inline_more: Text
    admin: dict[Literal["nothing", "stats", "reloading", "reloaded", "refused"], Text]
    profile: dict[Literal["name", "short", "long"], Text]
    """What Telegram shows of the bot; at most 64, 120 and 512 characters."""
    charts: Charts
    commands: dict[str, Text]
    """Telegram's command menu: command -> description."""
    start: Text
    no_token: Text
    terminal: Text
    terminal_keeps: Text
    """Said to whoever asks in the terminal what is kept."""
