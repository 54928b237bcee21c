"""How the bot words its replies: templates and their placeholders."""

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

from bot.career import Strict, Text

_QUOTABLE = {
    *("role", "advance", "specialising", "ladder", "title", "short", "about", "brief", "Brief", "years", "skills"),
    *("level_lines", "track_lines", "salary_lines", "strategy_lines", "compare_lines", "skill_lines", "salary"),
    *("skill", "title2", "years2", "skills2", "salary2", "told", "say", "known", "self", "other", "above"),
}


def placeholders(template: str) -> set[str]:
    """The names in braces in a text; raises ValueError if the braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"the braces do not match: {error}") from None


def _known_placeholders(template: str) -> str:
    """Refuse a template that quotes what no reply can fill in."""
    if unknown := sorted(placeholders(template) - _QUOTABLE):
        raise ValueError(f"there is no placeholder {{{unknown[0]}}}")
    return template


Template = Annotated[Text, AfterValidator(_known_placeholders)]


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
    failed: Text
    unreadable: Text
    stale_button: Text
    too_many: Text
    """For a chat that writes more than the brake allows; then there is silence for a while."""
    no_memory: Text
    """For what needs the database while it is gone."""
    privacy: Text
    my_data: Text
    """Stands under the file with everything that is kept of a chat."""
    no_data: Text
    forgotten: Text
    pass_on: Text
    """The button under an answer that is not known, which passes the question on to the authors."""
    passed_on: Text
    pass_on_late: Text
    commands: dict[str, Text]
    """Telegram's command menu: command -> description."""
    start: Text
    no_token: Text
    terminal: Text
