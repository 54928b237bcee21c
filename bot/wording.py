"""How the bot words its replies: templates and their placeholders."""

from collections.abc import Iterator
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from bot.career import Fault, Strict, Text
from bot.plan_wording import PlanWording
from bot.quotable import OF_LEVEL, OF_TRACK, of_answer, of_label, of_page, of_second, of_suggestion
from bot.templates import OfEntity, OfLevel, OfSkill, OfTold, OfTrack, OfYears, checked, quoting

T = TypeVar("T")

AtLeastOne = Annotated[tuple[T, ...], Field(min_length=1)]
"""Wordings of one thing: they take turns, or the first that fits is used."""

_WHO = {"they", "They"}
_LEVELS = OF_LEVEL | of_second(OF_LEVEL)

OfAmount = Annotated[Text, quoting(OF_TRACK | {"amount"})]
OfNumber = Annotated[Text, quoting({"number"})]
OfPerson = Annotated[Text, quoting(OF_LEVEL | _WHO | {"told"})]
OfPlace = Annotated[Text, quoting(_LEVELS | _WHO | {"told"})]
OfLadder = Annotated[Text, quoting({"level_lines"})]


class Picture(Strict):
    """What stands in a picture and under it."""

    title: Text
    note: Text
    alt: Text
    """What there is to see, for those who can't see it."""
    caption: Annotated[Text, quoting({"name", "lines"})]


class SalaryPicture(Picture):
    """The picture of what the tracks pay."""

    lines: AtLeastOne[Annotated[Text, quoting({"title", "short", "skills", "salary"})]]
    """A line of the caption, from the longest wording to the shortest; the first with which all lines fit is used."""


class PathPicture(Picture):
    """The picture of the ladder."""

    lines: AtLeastOne[Annotated[Text, quoting({"title", "short", "skills", "years"})]]
    """The same for the levels."""
    years: OfYears


class UsageKinds(Strict):
    """What became of the questions, from the bottom of a bar up."""

    answer: OfNumber
    clarify: OfNumber
    unknown: OfNumber


class UsagePicture(Strict):
    """The picture of how the bot was used, for its operators."""

    title: Text
    note: Annotated[Text, quoting({"days", "first", "last", "most"})]
    alt: Text
    kinds: UsageKinds


class Charts(Strict):
    """The pictures."""

    salary: SalaryPicture
    path: PathPicture
    usage: UsagePicture


class Lines(Strict):
    """One line of a list inside an answer."""

    level: OfLevel
    track: OfTrack
    salary: OfTrack
    strategy: OfEntity
    skill: OfSkill
    skill_elsewhere: Annotated[Text, quoting({"skill", "title"})]
    """For a skill that was asked for where it is not listed; {title} names who lists it."""
    ladder: OfLevel
    level_compare: OfLevel
    track_compare: OfTrack


class Pay(Strict):
    """How an amount that somebody names stands to the range of a track."""

    below: OfAmount
    within: OfAmount
    above: OfAmount


class NextStep(Strict):
    """Where people stand and what comes next; {they} is who it is about, {told} the years that they told."""

    over: OfTold
    under: OfTold
    """Amounts of time that are a little more, or a little less."""
    you: Text
    they: Text
    below: OfPerson
    """Before the first level; then follows `first`."""
    first: OfPerson
    inside: OfPlace
    between: OfPlace
    """Where two levels meet; then follows `settle`."""
    settle: OfPlace
    level: Annotated[Text, quoting(_LEVELS | _WHO)]
    """For who told a level and no years."""
    then: OfLevel
    """The next level."""
    top: OfLevel
    ask: OfLadder
    elsewhere: OfLadder
    """Asks too, of who told years in another job."""


class Navigation(Strict):
    """The buttons that lead to other pages."""

    back: Text
    home: Text
    browse: Text


class Feedback(Strict):
    """Votes on answers: the two buttons, and what is said and asked after them."""

    good: Text
    bad: Text
    good_after_all: Text
    thanks: Text
    what: Text
    noted: Text


class AdminTalk(Strict):
    """What is said to operators."""

    nothing: Text
    stats: Annotated[
        Text,
        quoting(
            {"days", "people", "questions", "answer", "clarify", "unknown"}
            | {"chosen", "disliked", "reasons", "passed_on", "top"}
        ),
    ]
    reloading: Text
    reloaded: Text
    refused: Text


class Profile(Strict):
    """What Telegram shows of the bot, as long as it may be."""

    name: Annotated[Text, StringConstraints(max_length=64)]
    short: Annotated[Text, StringConstraints(max_length=120)]
    long: Annotated[Text, StringConstraints(max_length=512)]


_QUOTABLE = {
    "answers": of_answer,
    "labels": of_label,
    "questions": of_label,
    "suggestions": of_suggestion,
    "browse": of_page,
}
"""What the templates of a topic may quote."""


class Wording(Strict):
    """How the bot words its replies: templates with {placeholders}; *stars* make bold."""

    answers: dict[str, Text]
    """By topic, or by kind and aspect ("level.skills")."""
    lines: Lines
    pay: Pay
    next_step: NextStep
    smalltalk: dict[str, AtLeastOne[Text]]
    """Small talk has several wordings that take turns."""
    labels: dict[str, Text]
    """What stands on the button of a topic."""
    questions: dict[str, Text]
    """The question that a topic answers, for asking back."""
    suggestions: dict[str, tuple[Text, ...]]
    """Topics worth asking next; {self}, {other} and {above} stand for entities."""
    assumed: Annotated[Text, quoting({"short"})]
    again: Text
    """Begins an answer that was just given."""
    choices: dict[str, tuple[Text, ...]]
    """What to offer when an aspect was left open ("open.skills") and nothing fills it."""
    clarify: AtLeastOne[Text]
    clarify_one: AtLeastOne[Text]
    """The same with one offer only."""
    unknown: AtLeastOne[Text]
    gap: AtLeastOne[Annotated[Text, quoting({"say"})]]
    gap_known: AtLeastOne[Annotated[Text, quoting({"say", "known"})]]
    """The same where the nearest thing that is known follows at once."""
    besides: Annotated[Text, quoting({"say"})]
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
    browse: dict[str, tuple[Text, ...]]
    """The pages below a page, by topic, or by kind and aspect; {self} is its entity, level.*.skills each level's."""
    navigation: Navigation
    command_pages: dict[str, Text]
    """Commands that open a page: command -> topic ("menu.path")."""
    feedback: Feedback
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
    admin: AdminTalk
    profile: Profile
    charts: Charts
    commands: dict[str, Text]
    """Telegram's command menu: command -> description."""
    start: Text
    no_token: Text
    terminal: Text
    terminal_keeps: Text
    """Said to whoever asks in the terminal what is kept."""

    def faults(self) -> Iterator[Fault]:
        """Templates that quote what their topic has not."""
        for name, quotable in _QUOTABLE.items():
            for topic, entry in getattr(self, name).items():
                for template in (entry,) if isinstance(entry, str) else entry:
                    try:
                        checked(template, quotable(topic))
                    except ValueError as error:
                        yield (name, topic), str(error)
