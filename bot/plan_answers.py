"""What a message answers to the open question of a plan; whatever says more than an answer is a question, and none.

A message is an answer if all its words are: names, amounts and forms that the wording lists, and words that may stand
around them. One word too many ("what", "explain") makes it a question, for questions come first.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.career import Level, Track
from bot.entities import Reading
from bot.knowledge import Knowledge
from bot.plan_facts import NEXT, PAY, PlanFacts, skill_id
from bot.text import clauses, expanded, normalise, singular

Words = tuple[str, ...]
Read = Callable[[str], Reading]

TRACK = "track"
"""The goal of whoever wants to specialise and does not say in what."""

_DENIED = "denied"
"""A name that the words take back."""

_PLACES = {"ref.first": 0, "ref.second": 1, "ref.third": 2, "ref.last": -1}
_AGED = {"im", "am", "aged"}
"""Words that make a bare number an age."""

_MORE_THAN = re.compile(r"\bmore than\b", re.I)
_OR_MORE = re.compile(r"(\d+)(\s*(?:years|year|yrs|yr|y)\b)?\s*(?:\+|(?:plus|or more|and more|or over|and up)\b)", re.I)
_NO = re.compile(r"\s*(?:no|nope|nah)\s*[,.;:!-]+\s*", re.I)
"""A "no" before a goal that does not deny it: "no, infrastructure"."""

_YEARS = {"year", "yr"}
_LONGEST_FORM = 8
_ITEM_WORDS = 3


@dataclass(frozen=True, slots=True)
class SkillsSaid:
    """Skills that a message says a person has, and has not, as ids."""

    had: frozenset[str]
    lacking: frozenset[str]
    done: bool
    """Whether it says as well that there are no more."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A listed expression among the words, or a single word that is none (its `kind` is "")."""

    kind: str
    words: Words


class PlanAnswers:
    """Reads answers."""

    def __init__(self, knowledge: Knowledge, facts: PlanFacts) -> None:
        """Prepare for the forms of some knowledge."""
        self._facts = facts
        forms = knowledge.wording.plan.forms
        self._forms = {
            name: frozenset(_roots(form) for pattern in listed for form in expanded(pattern)) for name, listed in forms
        }
        self._filler = frozenset(map(_roots, knowledge.references.filler))
        self._profession = frozenset(map(_roots, knowledge.references.profession))
        self._question = frozenset(knowledge.references.question)
        self._openings = frozenset((word,) for word in knowledge.references.auxiliary)
        self._names: dict[str, list[Words]] = {}
        self._bare_names: dict[str, list[Words]] = {}
        for skill, name in facts.skills.items():
            also = knowledge.wording.plan.skills.get(name)
            self._names[skill] = [_roots(name), *map(_roots, (*also.names, also.label or name) if also else ())]
            self._bare_names[skill] = [*map(_roots, also.bare if also else ())]

    def is_form(self, utterance: str, *names: str) -> bool:
        """Whether a whole message is one of the listed forms, courtesies around it aside."""
        words = _roots(utterance)
        return self._is_listed(words, names) or (bool(words) and self._is_listed(self._bare(words), names))

    def is_word(self, utterance: str, *names: str) -> bool:
        """Whether a whole message is one of the listed forms to the letter, but for courtesies at either end."""
        words = _roots(utterance)
        return self._is_listed(words, names) or self._is_listed(self._bare(words, "courtesy"), names)

    def _is_listed(self, words: Words, names: Iterable[str]) -> bool:
        return any(words in self._forms[name] for name in names)

    def ends(self, utterance: str) -> bool:
        """Whether a whole message says that nothing else is to come, or asks for the plan, or both."""
        kinds = dict.fromkeys(self._forms["done"] | self._forms["show"], "done")
        tokens = _cut(_roots(utterance), kinds)
        rest = [token.words[0] for token in tokens if not token.kind]
        return len(rest) < len(tokens) and self._covered(rest, "courtesy", frozenset())

    def corrects(self, utterance: str) -> bool:
        """Whether words take back what was said before: "no wait, infrastructure"."""
        return _NO.match(utterance) is not None or self._holds(_roots(utterance), "correcting")

    def begins(self, utterance: str, name: str) -> bool:
        """Whether a message begins with a listed form, courtesies before it aside."""
        words = _roots(utterance)
        while words and (words[0],) in self._forms["courtesy"]:
            words = words[1:]
        return any(words[: len(form)] == form for form in self._forms[name])

    def of_years(self, utterance: str) -> bool:
        """Whether a message speaks of years by that word."""
        return not _YEARS.isdisjoint(_roots(utterance))

    def years(self, utterance: str, read: Read) -> float | None:
        """Years that a message tells, with a unit or without."""
        if self.is_form(utterance, "no_years"):
            return 0.0
        plain = _MORE_THAN.sub("over", _OR_MORE.sub(r"over \1\2", utterance))
        told, counted = read(plain), read(f"{plain} years")
        for reading in (told, counted):
            timed = {at for duration in reading.durations for at in range(duration.start, duration.end)}
            rest = [word for at, word in enumerate(reading.words) if at not in timed]
            aged = reading is counted and not _AGED.isdisjoint(rest)
            tells = timed and not aged and not reading.held and reading.durations[0].spent
            if tells and self._covered(rest, "around_years", self._filler | self._profession):
                # Nothing else is said, so that an amount that would be of another job elsewhere is the answer here.
                return reading.experience if reading.experience is not None else reading.durations[0].years
        return None

    def goal(self, utterance: str, read: Read, offered: Sequence[str], ahead: Sequence[str]) -> str | None:
        """The one goal that a message names, `TRACK` for some track or other.

        Args:
            utterance: the message.
            read: reads words.
            offered: the goals to choose from, in their order, for "the first one".
            ahead: the levels that the person has not reached, as entity ids: naming one means the next.
        """
        reading = read(_NO.sub("", utterance, count=1) if _NO.match(utterance) else utterance)
        kinds: dict[Words, str] = {}
        for mention in reading.mentions:
            place, target = _PLACES.get(mention.target, len(offered)), mention.target
            target = offered[place] if place < len(offered) else target
            if target.startswith(("track.", "level.", *offered)):
                kinds[tuple(map(singular, reading.words[mention.start : mention.end]))] = (
                    _DENIED if mention.denied else target
                )
        for form, goal in (("next", NEXT), ("pay", PAY), ("specialise", TRACK)):
            kinds |= dict.fromkeys(self._forms[form], goal)
        tokens = _cut(tuple(map(singular, reading.words)), kinds)
        rest = [token.words[0] for token in tokens if not token.kind]
        goals = {_meant(token.kind, ahead) for token in tokens if token.kind not in ("", _DENIED)}
        if "?" in utterance or not self._covered(rest, "around_goal", self._filler):
            return None
        tracks = {goal for goal in goals if goal.startswith("track.")}
        # "A specialisation, agile" is one goal; "agile or infrastructure" leaves open which.
        goals = (goals - {TRACK} if len(tracks) == 1 else goals - tracks | {TRACK}) if tracks else goals
        # The plan for a track holds the next level anyway.
        goals = tracks if len(tracks) == 1 and goals == tracks | {NEXT} and "or" not in reading.words else goals
        return goals.pop() if len(goals) == 1 and "" not in goals else None

    def skills(self, utterance: str, read: Read, asked: Sequence[str]) -> SkillsSaid | None:
        """The skills that a message names among those asked for, if it does nothing but that."""
        tokens = self._skill_tokens(read(utterance), asked)
        rest = [token.words[0] for token in tokens if not token.kind]
        if "?" in utterance or not self._covered(rest, "around_skills", frozenset()):
            return None
        return _said(tokens, asked, self._groups(asked))

    def claims(self, utterance: str, read: Read) -> bool:
        """Whether a message tells something of the person, or of the person's team, and asks nothing."""
        if self._asks(utterance, read):
            return False
        words = tuple(map(singular, read(utterance).words))
        first = next((at for at, word in enumerate(words) if (word,) not in self._forms["courtesy"]), 0)
        if any(words[first : first + len(form)] == form for form in self._forms["claim_first"]):
            return True
        between = self._forms["around"] | self._forms["around_skills"] | self._forms["without"]
        told = False
        for token in _cut(words, dict.fromkeys(self._forms["subject"], "subject")):
            told = told or token.kind == "subject"
            if told and token.words in self._forms["claim"]:
                return True
            told = told and (token.kind == "subject" or token.words in between)
        return False

    def is_item(self, utterance: str, read: Read) -> bool:
        """Whether a message may be one item of a list that names nothing known: "punctual"."""
        reading = read(utterance)
        words = tuple(map(singular, reading.words))
        short = 0 < len(words) <= _ITEM_WORDS and "skill" not in words
        return short and not reading.mentions and not reading.durations and not self._asks(utterance, read)

    def stated(self, utterance: str, read: Read, asked: Sequence[str]) -> SkillsSaid | None:
        """The skills that a statement names among those asked for, whatever else it says; None if it names none."""
        had: dict[str, bool] = {}
        has, ended = True, False
        for clause in clauses(utterance):
            tokens = self._skill_tokens(read(clause.text), asked, bare=False)
            subjects = [at for at, token in enumerate(tokens) if token.words in self._forms["subject"]]
            named = [at for at, token in enumerate(tokens) if token.kind in asked]
            denials = [at for at, token in enumerate(tokens) if token.kind == "without"]
            has = has or bool(subjects)
            # "Kanban I don't know."
            after = bool(named and subjects and denials) and named[-1] < subjects[0] < denials[0]
            for token in tokens:
                if token.kind in asked:
                    had[token.kind] = has and not after
                elif token.kind in ("without", "but", "yes"):
                    has = token.kind != "without"
            ended = bool(tokens) and tokens[-1].kind == "done" and len(tokens[-1].words) > 1
            has = has or after
        if not had:
            return None
        lacking = frozenset(skill for skill, value in had.items() if not value)
        return SkillsSaid(frozenset(had) - lacking, lacking, ended)

    def _asks(self, utterance: str, read: Read) -> bool:
        """Whether a message may ask or wish for something, however it is put."""
        words = read(utterance).words
        opening = words[:1] in self._openings and not self.begins(utterance, "claim_first")
        starts = any(not self._question.isdisjoint(normalise(clause.text)[:1]) for clause in clauses(utterance))
        return "?" in utterance or opening or starts or self._holds(tuple(map(singular, words)), "asking")

    def skills_in_passing(self, utterance: str, read: Read, asked: Sequence[str]) -> SkillsSaid | None:
        """The skills that a message names, one of them by its full name, whatever else it says and does not ask."""
        reading = read(utterance)
        words = reading.words
        asks = "?" in utterance or not self._question.isdisjoint(words) or words[:1] in self._openings
        names = {name for skill in asked for name in self._names[skill][:1]}
        tokens = self._skill_tokens(reading, asked)
        named = not names.isdisjoint(token.words for token in tokens)
        return _said(tokens, asked, self._groups(asked)) if named and not asks else None

    def _skill_tokens(self, reading: Reading, asked: Sequence[str], *, bare: bool = True) -> list[_Token]:
        words = tuple(map(singular, reading.words))
        kinds: dict[Words, str] = {}
        for form in ("without", "but", "all_but", "all", "rest", "no_rest", "done", "yes"):
            kinds |= {words: kinds.get(words, form) for words in self._forms[form]}
        for skill in asked:
            kinds |= dict.fromkeys([*self._names[skill], *(self._bare_names[skill] if bare else ())], skill)
        groups = self._groups(asked)
        for mention in reading.mentions:
            place = _PLACES.get(mention.target, len(asked))
            if place < len(asked):
                kinds[words[mention.start : mention.end]] = asked[place]
            elif mention.target in groups:
                named = words[mention.start : mention.end]
                kinds |= {named + form: mention.target for form in self._forms["group"]}
        return _cut(words, kinds)

    def _groups(self, asked: Iterable[str]) -> dict[str, list[str]]:
        """The skills asked for by the level or the track that asks for them, as entity ids."""
        entities = self._facts.knowledge.entities.items()
        of_each = {target: set(map(skill_id, e.skills)) for target, e in entities if isinstance(e, Level | Track)}
        return {target: [s for s in asked if s in skills] for target, skills in of_each.items()}

    def _covered(self, rest: Iterable[str], around: str, more: frozenset[Words]) -> bool:
        """Whether words may stand around an answer."""
        allowed = self._forms["around"] | self._forms[around] | more
        return all((singular(word),) in allowed or word[0].isdigit() for word in rest)

    def _holds(self, words: Words, name: str) -> bool:
        """Whether one of the listed forms stands anywhere among words."""
        kinds = dict.fromkeys(self._forms[name], name)
        return any(token.kind for token in _cut(words, kinds))

    def _bare(self, words: Words, name: str = "around") -> Words:
        """Words without those at either end that may stand around any answer, or whatever else is listed."""
        around = self._forms[name]
        while words and (words[0],) in around:
            words = words[1:]
        while words and (words[-1],) in around:
            words = words[:-1]
        return words


def _meant(target: str, ahead: Sequence[str]) -> str:
    """The goal that a named thing stands for; "" if it is none."""
    if not target.startswith("level."):
        return target
    return NEXT if target in ahead else ""


def _said(tokens: Sequence[_Token], asked: Sequence[str], groups: Mapping[str, Sequence[str]]) -> SkillsSaid | None:
    """What expressions say about skills; None if they name none.

    "Not" counts for all that follows up to a "but". Where a "yes" or a "no" stands last, each is about the skill
    before it.
    """
    kinds = [token.kind for token in tokens if token.kind]
    # "All the agile ones" are not all.
    named_next = {*groups, *asked}
    kinds = [kind for kind, after in pairwise([*kinds, ""]) if kind != "all" or after not in named_next]
    first = next((at for at, kind in enumerate(kinds) if kind in asked), len(kinds))
    backwards = kinds[first:][-1:] in (["yes"], ["without"])
    had: dict[str, bool] = {}
    has, latest, named = True, "", False
    for kind in kinds:
        if kind in asked:
            had[kind], latest, named = has, kind, True
        elif backwards and latest and kind in ("yes", "without"):
            had[latest] = kind == "yes"
        elif kind in ("all", "all_but"):
            had |= dict.fromkeys(asked, has)
            has, named = has and kind == "all", True
        elif kind in groups:
            had |= dict.fromkeys(groups[kind], has)
            named = True
        elif kind in ("rest", "no_rest"):
            had |= {skill: has and kind == "rest" for skill in asked if skill not in had}
            named = True
        elif kind in ("without", "but", "yes"):
            has = kind != "without"
    if not named:
        return None
    return SkillsSaid(
        frozenset(skill for skill, value in had.items() if value),
        frozenset(skill for skill, value in had.items() if not value),
        kinds[-1] == "done" or not {"rest", "no_rest"}.isdisjoint(kinds),
    )


def _cut(words: Words, kinds: Mapping[Words, str]) -> list[_Token]:
    """Words as listed expressions, the longest first, and single words between them."""
    tokens: list[_Token] = []
    at = 0
    while at < len(words):
        ends = range(min(len(words), at + _LONGEST_FORM), at, -1)
        end = next((end for end in ends if words[at:end] in kinds), at + 1)
        tokens.append(_Token(kinds.get(words[at:end], ""), words[at:end]))
        at = end
    return tokens


@lru_cache(maxsize=64)  # a message is compared with many forms
def _roots(text: str) -> Words:
    """The words of a text as they are compared: in the singular."""
    return tuple(map(singular, normalise(text)))
