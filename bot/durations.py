"""Words -> amounts of time, and whether they are experience in this career."""

from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Literal

from bot.knowledge import References
from bot.text import NUMBER_WORDS, Expressions, normalise, number_value

MOST_YEARS = 100
"""More years than this are not experience."""

_UNITS = {"year": 1.0, "years": 1.0, "yr": 1.0, "yrs": 1.0, "y": 1.0, "yoe": 1.0, "decade": 10.0, "decades": 10.0}
_UNITS |= {"month": 1 / 12, "months": 1 / 12, "mths": 1 / 12, "mos": 1 / 12}
_ORDINALS = {"first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0}
NUANCE = 0.01
_MANAGER = frozenset(("pm", "pms", "project", "manager"))
_THEM = frozenset(("them", "those", "these", "it", "that"))
_SPANS = ("from", "until", "till")
_RIGHT_BEHIND = ("more", "left")
_TURNS = frozenset(("now", "then", "but", "before", "later", "since", "afterwards"))
_HOLDING = ("have", "has", "got", "ive", "hes", "shes", "theyve", "for", "am")
_ENDING = frozenset(
    (
        "now",
        "why",
        "who",
        "whos",
        "what",
        "whats",
        "where",
        "wheres",
        "which",
        "how",
        "when",
        "and",
        "but",
        "so",
        "am",
        "is",
    )
)
_ENDING |= {"i", "my", "he", "she", "only", "if", "can", "do", "does"}
_HEDGES = frozenset(
    ("now", "just", "only", "about", "around", "already", "almost", "nearly", "over", "under", "currently")
)
_HEDGES |= {"still", "roughly", "approximately", "less", "more", "than", "like", "the"}
LEAST_AGE = 14
"""Nobody is younger who asks for a career: "i am 3 years" tells experience."""

_OVER = (("over",), ("more", "than"), ("above",), ("past",))
_UNDER = (("nearly",), ("almost",), ("under",), ("less", "than"), ("not", "quite"))
_NONE = ("zero", "no", "0")
_ARTICLES = ("a", "an")
_COUNTING = frozenset((*_ARTICLES, *_NONE, *_ORDINALS, *NUMBER_WORDS))
_MEASURES = frozenset((*_UNITS, "experience"))
"""One of these words stands in every amount of time, or in one before it."""

_BETWEEN = {"and", "a", "half", "or", "so", "plus", "full", "whole", "good", "of", "solid", "long", "odd"}


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of years in the words, and whether it is said to be experience in this career.

    `own` is True if the words say so, False if they say otherwise, None if they leave it open.
    `spent` is False for an age, and for time to come, needed, denied or supposed.
    """

    years: float
    start: int
    end: int
    own: bool | None
    spent: bool = True
    whose: Literal["writer", "other"] | None = None
    plain: bool = True
    """Whether nothing is said beside it that the years could be of: not so in "8 years of chess"."""


class DurationReader:
    """Finds amounts of time."""

    def __init__(self, references: References) -> None:
        """Take the words that show what years were spent on, and by whom."""
        self._profession = frozenset(references.profession)
        self._no_profession = frozenset(references.no_profession)
        self._elsewhere = Expressions(references.elsewhere)
        self._trades = Expressions(references.trades)
        self._computing = Expressions(references.computing)
        self._question = frozenset(references.question)
        self._aged, self._not_aged = Expressions(references.aged), Expressions(references.not_aged)
        self._planned, self._planned_for = Expressions(references.planned), Expressions(references.planned_for)
        self._untrue = Expressions(references.untrue)
        self._never = Expressions(references.never)
        self._neutral = frozenset(
            word
            for name in ("filler", "question", "auxiliary", "pronoun", "oneself", "others", "whose", "neutral")
            for words in getattr(references, name)
            for word in normalise(words)
        )
        self._spent = Expressions(references.spent)
        self._oneself = frozenset(references.oneself) - {"my", "mine", "me"}
        self._others = Expressions(references.others)

    def durations(self, words: tuple[str, ...]) -> list[Duration]:
        """All amounts of time in normalised words."""
        if _MEASURES.isdisjoint(words) and "as" not in words:
            return []
        found: list[tuple[float, int, int]] = []
        at = 0
        while at < len(words):
            amount = _amount(words, at, implied_unit=bool(found)) if _may_count(words[at]) else None
            if amount and found and found[-1][2] >= at - 1 and words[amount[1] - 1].startswith("month"):
                found[-1] = (found[-1][0] + amount[0], found[-1][1], amount[1])
                at = amount[1]
            elif amount:
                low = _number_before(words, at - 1) if words[at - 1 : at] == ("to",) else None
                years = amount[0] if low is None or low >= amount[0] else (low + amount[0]) / 2
                found.append((years, at, amount[1]))
                at = amount[1]
            else:
                at += 1
        found = [amount for amount in found if amount[0] <= MOST_YEARS]
        starts = [*(start for _, start, _ in found[1:]), len(words)]
        amounts, never = [], self._never.within(words)
        for number, ((years, start, end), after) in enumerate(zip(found, starts, strict=False)):
            # Words between two amounts belong to the first: "ten years a developer, one as PM".
            preceding = words[max(0, start - 5) : start] if number == 0 else ()
            following = _told(words[end : min(after, end + 7)], self._question)
            if after < len(words) and "and" in following:
                # "8 years of construction and IT projects for 2".
                following = following[: following.index("and")]
            if following[:1] == ("as",) and not self._profession.isdisjoint(following[:4]):
                # "Coming from sales, 4 years as a PM": what follows says it all.
                preceding = ()
            own = False if self._is_elsewhere(following, preceding) else self._is_own(following, preceding)
            if never and not _as_manager(following):
                own = False
            spent = not self._is_age(words, start, end, years) and not self._is_planned(words, start, end)
            plain = all(word in self._neutral or number_value(word) is not None for word in (*preceding, *following))
            whose = self.whose(words, start)
            amounts.append(Duration(years + _nuance(words, start), start, end, own, spent, whose, plain))
        return amounts

    def whose(self, words: tuple[str, ...], at: int) -> Literal["writer", "other"] | None:
        """Of whom the words speak last before a place among them."""
        for end in range(at, 0, -1):
            if self._others.end(words[:end]):
                return "other"
            if words[end - 1] in self._oneself:
                return "writer"
        return None

    def _is_age(self, words: tuple[str, ...], start: int, end: int, years: float) -> bool:
        """Whether an amount is how old somebody is: "i am 35 years", and not "i am 35 years in"."""
        before = _unhedged(words[:start])
        person = before[-1:] in (("is",), ("was",)) and self._others.end(before[:-1])
        aged = (person or self._aged.end(before)) and words[end - 1] != "yoe"
        return years >= LEAST_AGE and aged and not self._not_aged.begin(words[end:])

    def _is_planned(self, words: tuple[str, ...], start: int, end: int) -> bool:
        """Whether an amount is time to come, needed, denied or supposed: "in 2 years", "not 6 months"."""
        before = _unhedged(words[:start])
        if self._planned_for.begin(words[end:]) or self._untrue.end(before):
            return True
        # "The last 5 years" are spent, and "if I would have 8 years" is a question.
        asked = "if" in before[-4:] and before[-1:] == ("have",)
        return self._planned.end(before) and not asked and not self._spent.begin(words[end:])

    def _is_elsewhere(self, following: tuple[str, ...], preceding: tuple[str, ...]) -> bool:
        """Whether years were spent in another trade, be it on projects: "10 years of construction projects"."""
        turn = max((at + 1 for at, word in enumerate(preceding) if word in _TURNS), default=0)
        sides = (preceding[turn:], following)
        if any(self._elsewhere.within(side) for side in sides):
            return True
        return any(map(self._trades.within, sides)) and not any(map(self._computing.within, sides))

    def _is_own(self, following: tuple[str, ...], preceding: tuple[str, ...]) -> bool | None:
        """What the nearest telling word on either side says; what follows counts first."""
        # "From" before an amount says where it begins only if it stands right there: "from Brazil, six years".
        before_it = [word for at, word in enumerate(reversed(preceding)) if at == 0 or word not in _SPANS]
        for after, before in zip_longest(following, before_it):
            for word in (after, before):
                # "8, who is more senior": only "8 more" is no experience.
                if word in self._no_profession and (word not in _RIGHT_BEHIND or following[:1] == (word,)):
                    return False
                if word in self._profession:
                    return True
        return None


def _told(words: tuple[str, ...], question: frozenset[str]) -> tuple[str, ...]:
    """Words up to where a question begins."""
    asks = next((at for at, word in enumerate(words) if word in question), len(words))
    return words[:asks]


def _as_manager(following: tuple[str, ...]) -> bool:
    """Whether words say at once that an amount was spent in this career: "3 years as a PM", "2 of them as a PM"."""
    if following[:1] == ("of",) and following[1:2] and following[1] in _THEM:
        following = following[2:]
    return following[:1] == ("as",) and not _MANAGER.isdisjoint(following[:4])


def _unhedged(before: tuple[str, ...]) -> tuple[str, ...]:
    """The words before an amount without those that only say how exact it is."""
    end = len(before)
    while end and before[end - 1] in _HEDGES:
        end -= 1
    return before[:end]


def _nuance(words: tuple[str, ...], start: int) -> float:
    """A little more for "over 7 years", a little less for "nearly 7 years": at the end of a range it matters."""
    before = words[max(0, start - 2) : start]
    if before[-1:] in _OVER or before in _OVER:
        return NUANCE
    return -NUANCE if before[-1:] in _UNDER or before in _UNDER else 0.0


def _amount(words: tuple[str, ...], at: int, *, implied_unit: bool) -> tuple[float, int] | None:
    """An amount of years that starts at a word: its value and where it ends."""
    following = words[at + 1 : at + 2]
    if following == ("experience",) and words[at] in _NONE:
        return 0.0, at + 2
    if following == ("year",) and words[at] in _ORDINALS:
        return _ORDINALS[words[at]], at + 2
    value, at = _number(words, at)
    if value is None:
        return None
    recent = words[at - 2 : at - 1] == ("last",) or words[at - 1 : at] in (("last",), ("past",))
    if implied_unit and (following in (("as",), ("of",)) or recent) and words[at] not in _ARTICLES:
        return value, at + 1
    if words[at] not in _ARTICLES and _as_manager(words[at + 1 : at + 7]):
        return value, at + 1
    return _with_unit(words, at, value) or _held(words, at, value)


def _held(words: tuple[str, ...], at: int, value: float) -> tuple[float, int] | None:
    """A number whose unit stands beside another one: "I have 3 years, my friend has 8"."""
    # "For" and "am" go before other numbers as well, unless an amount of time has gone before.
    holding = words[at - 1 : at] and words[at - 1] in _HOLDING and words[at] not in _ARTICLES
    ends = at + 1 == len(words) or words[at + 1] in _ENDING
    return (value, at + 1) if holding and ends and not _UNITS.keys().isdisjoint(words) else None


def _may_count(word: str) -> bool:
    """Whether an amount of time can begin with a word."""
    return word in _COUNTING or word[0].isdigit()


def _number(words: tuple[str, ...], at: int) -> tuple[float | None, int]:
    """The number that a word begins ("twenty five" is one number), and the word it ends with."""
    if words[at] in _ARTICLES:
        return (0.5, at + 1) if words[at + 1 : at + 2] == ("half",) else (1.0, at)
    value = number_value(words[at])
    unit = number_value(words[at + 1]) if at + 1 < len(words) and words[at].isalpha() else None
    if value and unit and value % 10 == 0 and value >= 20 and 1 <= unit < 10:
        return value + unit, at + 1
    return value, at


def _number_before(words: tuple[str, ...], end: int) -> float | None:
    """The number that ends right before a word, of one word or two."""
    for start in (end - 2, end - 1):
        if start >= 0 and (number := _number(words, start))[1] == end - 1:
            return number[0]
    return None


def _with_unit(words: tuple[str, ...], at: int, value: float) -> tuple[float, int] | None:
    """A number followed by a unit of time, with "and a half" and filler between: its value in years and its end."""
    for end in range(at + 1, min(len(words), at + 6)):
        word = words[end]
        if word in _UNITS:
            half = words[end + 1 : end + 4] == ("and", "a", "half")
            return value * _UNITS[word] + 0.5 * half, end + 4 if half else end + 1
        if word == "half" and words[end - 1] in ("and", "a"):
            value += 0.5
        elif word not in _BETWEEN:
            number = number_value(word)
            if number is None or words[at] in _ARTICLES or number < value:
                return None
            # "2 or 3 years", "between 3 and 7": the middle; "i am 45, 3 years in" is no range.
            value = (value + number) / 2
    return None


def counted(words: tuple[str, ...], year: int) -> tuple[str, ...]:
    """Words in which a year that something began in is an amount of time: in 2026 "since 2019" is "since 7 years"."""
    for at, (before, word) in enumerate(pairwise(words)):
        if (
            before in ("since", "from")
            and word.isdecimal()
            and len(word) == 4
            and year - MOST_YEARS < int(word) <= year
        ):
            return (*words[:at], "since", str(year - int(word)), "years", *words[at + 2 :])
    return words
