"""What people type to a plan, and what else they call a skill."""

from typing import Annotated

from pydantic import StringConstraints

from bot.career import Strict, Text


class PlanForms(Strict):
    """What is typed to a plan: whole messages, then words that an answer is made of; "(a|my)" stands for either."""

    open: tuple[Text, ...]
    show: tuple[Text, ...]
    delete: tuple[Text, ...]
    """Open or finished, the plan goes."""
    cancel: tuple[Text, ...]
    """Understood with a plan and without one."""
    stop: tuple[Text, ...]
    """The same, but understood only while a plan is open."""
    restart: tuple[Text, ...]
    back: tuple[Text, ...]
    """Ask the question before once more."""
    done: tuple[Text, ...]
    none: tuple[Text, ...]
    unsure: tuple[Text, ...]
    all: tuple[Text, ...]
    no_years: tuple[Text, ...]
    next: tuple[Text, ...]
    pay: tuple[Text, ...]
    specialise: tuple[Text, ...]
    courtesy: tuple[Text, ...]
    """Words that may stand around a whole message where no plan is open."""
    around: tuple[Text, ...]
    """Words that may stand around any answer and change nothing."""
    around_years: tuple[Text, ...]
    around_goal: tuple[Text, ...]
    correcting: tuple[Text, ...]
    """One of these makes a goal that is named too late a change of mind."""
    switching: tuple[Text, ...]
    """With one of these before another goal, a finished plan is changed."""
    adding: tuple[Text, ...]
    """With one of these before skills, a finished plan is changed."""
    around_skills: tuple[Text, ...]
    yes: tuple[Text, ...]
    without: tuple[Text, ...]
    """Words before skills that a person does not have."""
    but: tuple[Text, ...]
    """Words after which a person has them again."""
    all_but: tuple[Text, ...]
    group: tuple[Text, ...]
    """Words behind a level or a track that make it all skills which it asks for."""
    rest: tuple[Text, ...]
    """Words for all skills that the message does not name."""
    no_rest: tuple[Text, ...]
    """The same, said to be lacking."""
    subject: tuple[Text, ...]
    """Who people speak of when they tell what they can do."""
    claim: tuple[Text, ...]
    """Words behind a subject that tell what they have or do."""
    claim_first: tuple[Text, ...]
    """The same at the beginning of a message, without a subject."""
    asking: tuple[Text, ...]
    """Words that no such statement holds."""


class SkillForms(Strict):
    """What else a skill is called."""

    label: Annotated[Text, StringConstraints(max_length=23)] | None = None
    """A shorter name for its button."""
    names: tuple[Text, ...] = ()
    bare: tuple[Text, ...] = ()
    """Names that mean something else in a longer statement ("I have no time"): they count in mere lists."""
