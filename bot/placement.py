"""Years, or the level that somebody is at -> where that is on the ladder and what comes next, in words."""

from bot.career import Level
from bot.conversation import Conversation
from bot.durations import NUANCE
from bot.entities import Reading
from bot.knowledge import Knowledge
from bot.quotable import level_facts, second_facts
from bot.text import Expressions


class Placement:
    """Says where people stand."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        self._knowledge = knowledge
        self._wording = knowledge.wording.next_step
        self._whether = Expressions(knowledge.references.whether)
        self._oneself = frozenset(knowledge.references.oneself)

    def text(self, reading: Reading, conversation: Conversation, told: float | None) -> str:
        """Where a person stands and what comes next; asks for the years if nothing tells.

        Args:
            reading: the words, which may name a level.
            conversation: what was said before.
            told: years of experience that the words tell.
        """
        years, named, theirs = told, self._named(reading), reading.theirs
        if told is None and named is None and not self._is_another(reading, conversation):
            years, named, theirs = conversation.years, _placed(conversation), conversation.years_theirs
        they = self._wording.they if theirs else self._wording.you
        who = {"they": they, "They": they.capitalize()}
        if years is not None:
            return self._by_years(years, who)
        if named is None:
            lines = (self._level_line(level) for level in self._knowledge.career.levels)
            template = self._wording.elsewhere if _timed(reading) else self._wording.ask
            return template.format(level_lines="\n".join(lines))
        return self._at(named, named, self._wording.level, who)

    def amount(self, years: float | None) -> str:
        """An amount of time as people say it: "1 year", "2.5 years", "18 months", "over 7 years"; "" for None."""
        if years is None:
            return ""
        whole = round(years)
        if 0 < abs(years - whole) <= NUANCE * 1.01:
            template = self._wording.over if years > whole else self._wording.under
            return template.format(told=self.amount(whole))
        months = round(years * 12)
        if 0 < months < 24 and months % 12:
            return "1 month" if months == 1 else f"{months} months"
        amount = f"{round(years, 1):g}"
        return "1 year" if amount == "1" else f"{amount} years"

    def _named(self, reading: Reading) -> str | None:
        """The level at which somebody is by the words; where they tell time, one that is only spoken of counts not."""
        if reading.held or _timed(reading) or self._whether.within(reading.words):
            return reading.held
        return next(reversed(reading.standing), None)

    def _is_another(self, reading: Reading, conversation: Conversation) -> bool:
        """Whether who was placed last is somebody else than who says "I" now."""
        return conversation.years_theirs and not self._oneself.isdisjoint(reading.words)

    def _by_years(self, years: float, who: dict[str, str]) -> str:
        at = self._knowledge.levels_at(years)
        level = self._knowledge.entities[at[0]]
        facts = who | {"told": self.amount(years)}
        if isinstance(level, Level) and years < level.years_from:
            facts |= level_facts(level)
            return f"{self._wording.below.format(**facts)}\n{self._wording.first.format(**facts)}"
        template = self._wording.between if len(at) > 1 else self._wording.inside
        return self._at(at[0], at[-1], template, facts)

    def _at(self, lower: str, upper: str, template: str, who: dict[str, str]) -> str:
        """What there is to say of a level, or of where two meet, and of what comes next."""
        level, last = (self._knowledge.entities[target] for target in (lower, upper))
        facts = level_facts(level) | second_facts(level_facts(last)) | who
        lines = [template.format(**facts)]
        if level is not last:
            lines.append(self._wording.settle.format(**facts))
        above = self._knowledge.level_after(upper)
        then = self._wording.then.format(**level_facts(above)) if above else None
        return "\n".join([*lines, then or self._wording.top.format(**level_facts(last))])

    def _level_line(self, level: Level) -> str:
        return self._knowledge.wording.lines.level.format(**level_facts(level))


def _placed(conversation: Conversation) -> str | None:
    """The level at which somebody was just placed: there they are still, and nowhere by one only talked about."""
    focus = conversation.focus if conversation.topics == ("next",) else None
    return focus if focus and focus.startswith("level.") else None


def _timed(reading: Reading) -> bool:
    """Whether words tell of time that somebody spent on something."""
    return any(duration.spent for duration in reading.durations)
