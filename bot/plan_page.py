"""A plan -> words: its questions, and the page that it ends with."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.career import Entity, Level
from bot.conversation import Plan
from bot.durations import NUANCE
from bot.placement import Placement
from bot.plan_facts import NEXT, PAY, Asked, PlanFacts, Standing
from bot.plan_wording import StrategyLink
from bot.quotable import entity_facts, level_facts, second_facts, track_facts
from bot.replies import Suggestion, Writer

READY = "ready"
"""Beside the goals, what a strategy may be for: whoever has all skills asked for."""

MOST_STRATEGIES = 2
MOST_REASONS = 3
"""So many of the skills that a strategy is for are named again."""

MOST_BUTTONS = 8
LONGEST_LABEL = 25


@dataclass(frozen=True, slots=True)
class _First:
    """A strategy to follow first."""

    topic: str
    facts: dict[str, str]


class PlanPages:
    """Words plans."""

    def __init__(self, facts: PlanFacts, writer: Writer) -> None:
        """Prepare for some knowledge."""
        self._facts = facts
        self._writer = writer
        self._placement = Placement(facts.knowledge)
        self._knowledge = facts.knowledge
        self._wording = facts.knowledge.wording.plan

    # The questions.

    def question(self, plan: Plan) -> str:
        """The open question of a plan, with all that can be answered."""
        talk = self._wording.talk
        if plan.question == "years":
            return talk.years
        if plan.question == "goal":
            return talk.goal.format(goal_lines="\n".join(self._goal_lines(plan)))
        lines = [self._skill_line(asked) for asked in self._facts.asked(plan)]
        return talk.skills.format(skill_lines="\n".join(lines), skills=self._had(plan))

    def reminder(self, plan: Plan, *, told: bool = False) -> str:
        """The open question of a plan in one line, to stand below something else.

        Args:
            plan: with an open question.
            told: whether that something has told the years.
        """
        talk = self._wording.talk
        asked = self._facts.names(self._facts.needed(plan))
        skills = talk.ask_skills.format(asked=asked, skills=self._had(plan))
        questions = {"years": talk.ask_years, "goal": talk.ask_goal, "skills": skills}
        question = questions[plan.question or "skills"]
        if told and plan.years is not None:
            return talk.resumed_years.format(told=self.told(plan.years), question=question)
        return talk.resumed.format(question=question)

    def buttons(self, plan: Plan, *, below: bool = False) -> tuple[Suggestion, ...]:
        """The buttons of the open question.

        Args:
            plan: with an open question.
            below: whether they stand below something else: then they must not change that message, and there is
                one to end the plan.
        """
        labels = self._wording.labels
        cancel = [Suggestion(labels.cancel, "plan.cancel")]
        if plan.question == "years":
            found = self._year_buttons()
        elif plan.question == "goal":
            found = [Suggestion(_cut(label), f"plan.goal.{goal}") for goal, label in self.goals(plan)]
        else:
            toggles = [self._toggle(skill, plan, below=below) for skill in self._facts.needed(plan)]
            found, below = [*toggles[: MOST_BUTTONS - 2], Suggestion(labels.done, "plan.done")], True
        return tuple([*found[: MOST_BUTTONS - 1], *cancel] if below else found[:MOST_BUTTONS])

    def _year_buttons(self) -> list[Suggestion]:
        labels, levels = self._wording.labels, self._facts.levels
        first = levels[0].years_from
        found = [Suggestion(labels.under.format(years=first), "plan.years.0")] if first > 0 else []
        for level in levels:
            label = labels.beyond.format(years=level.years_from) if level.years_to is None else None
            found.append(Suggestion(label or labels.range.format(years=level.years), f"plan.years.{level.years_from}"))
        return found

    def noted(self, name: str) -> str:
        """What is said of an answer to a question that is not open yet."""
        return self._wording.talk.noted.format(noted=name)

    def goals(self, plan: Plan) -> list[tuple[str, str]]:
        """What can be chosen: (goal, label) pairs; at the top there is no next level."""
        labels = self._wording.labels
        chosen = [(NEXT, labels.next)] if plan.years is None or self._facts.above(plan) else []
        tracks = [(goal, self._facts.track(goal)) for goal in self._facts.goals if goal not in (NEXT, PAY)]
        chosen += [(goal, labels.track.format(short=track.short)) for goal, track in tracks if track]
        return [*chosen, (PAY, labels.pay)]

    def _goal_lines(self, plan: Plan) -> list[str]:
        talk, lines = self._wording.talk, []
        for goal, _ in self.goals(plan):
            above, track = self._facts.above(plan), self._facts.track(goal)
            if track:
                lines.append((talk.goal_pay if goal == PAY else talk.goal_track).format(**track_facts(track)))
            elif above:
                lines.append(talk.goal_next.format(**level_facts(above)))
        return lines

    def _skill_line(self, asked: Asked) -> str:
        talk, entity = self._wording.talk, asked.entity
        template = talk.level_skills if isinstance(entity, Level) else talk.track_skills
        facts = level_facts(entity) | track_facts(entity)
        return template.format(**facts | {"skills": self._facts.names(asked.skills)})

    def _toggle(self, skill: str, plan: Plan, *, below: bool) -> Suggestion:
        name = self._facts.skills[skill]
        forms = self._wording.skills.get(name)
        labels = self._wording.labels
        template = labels.had if skill in plan.skills else labels.lacking
        topic = f"plan.skill.{skill}" + (".new" if below else "")
        return Suggestion(_cut(template.format(skill=(forms and forms.label) or name)), topic)

    def _had(self, plan: Plan) -> str:
        had = [skill for skill in self._facts.needed(plan) if skill in plan.skills]
        return self._facts.names(had) or self._wording.talk.nothing

    # Where a person stands.

    def standing(self, years: float) -> str:
        """Where so many years put a person."""
        standing, page = self._facts.standing(years), self._wording.page
        above = level_facts(standing.above) if standing.above else {}
        facts = level_facts(standing.level) | second_facts(above)
        template = {"below": page.below, "inside": page.inside, "between": page.between, "top": page.top}
        return template[standing.place].format(told=self.told(years, standing), **facts)

    def told(self, years: float, standing: Standing | None = None) -> str:
        """An amount of years; one before the first level is known by its upper end only if a button told it."""
        standing = standing or self._facts.standing(years)
        first = standing.level.years_from
        if not years:
            return self._wording.talk.no_years
        if standing.place == "below" and years == round(first - NUANCE, 2):
            return self._wording.talk.under.format(told=self._placement.amount(first))
        return self._placement.amount(years)

    def later(self, goal: str, years: float, named: Sequence[str]) -> list[str]:
        """A word on a level that is named for the next one and is not, if there is one."""
        ahead = self._facts.ahead(years)
        later = [target for target in named if goal == NEXT and target in ahead[1:]]
        if not later:
            return []
        title, title2 = (self._knowledge.entities[target].title for target in (later[0], ahead[0]))
        return [self._wording.talk.later.format(title=title, title2=title2)]

    # The finished plan.

    def page(self, plan: Plan) -> str:
        """A finished plan on one screen."""
        wording = self._wording.page
        first = [wording.strategy.format(**first.facts) for first in self._first(plan)]
        return "\n".join([*self._head(plan), *self._skill_lines(plan), *(["", wording.first, *first] if first else [])])

    def file(self, plan: Plan) -> str:
        """A finished plan as the content of a text file."""
        wording, needed = self._wording.file, self._facts.needed(plan)
        lines = ["\n\n".join(self._head(plan)).replace("*", ""), ""]
        if needed:
            boxes = [(wording.had if skill in plan.skills else wording.lacking, skill) for skill in needed]
            lines += [wording.skills, *(box.format(skill=self._facts.skills[skill]) for box, skill in boxes), ""]
        if first := self._first(plan):
            lines += [wording.strategies, *(wording.strategy.format(**strategy.facts) for strategy in first), ""]
        return "\n".join([*lines, wording.end.format(name=self._knowledge.career.name), ""])

    def after(self, plan: Plan, *, linked: bool = False) -> tuple[Suggestion, ...]:
        """What is worth asking after a finished plan: the first strategy, what the goal is about, another plan.

        Args:
            plan: a finished plan.
            linked: whether a link held it, so that it may be somebody else's.
        """
        strategies = [first.topic for first in self._first(plan)][:1]
        topics = [*strategies, *(f"{target}.overview" for target in self.target(plan))]
        labels = self._wording.labels
        again = Suggestion(labels.own if linked else labels.again, "plan")
        return (*self._writer.suggested(topics), again)

    def target(self, plan: Plan) -> list[str]:
        """What a plan leads to, as an entity id; none at the top of the ladder."""
        entity = self._facts.track(plan.goal) or self._facts.above(plan)
        return [target for target, known in self._knowledge.entities.items() if known is entity][:1]

    def _head(self, plan: Plan) -> list[str]:
        """Title, where the person stands, and what the next step is."""
        page, track, above = self._wording.page, self._facts.track(plan.goal), self._facts.above(plan)
        title = page.title
        if track:
            title = page.title_pay if plan.goal == PAY else page.title_track.format(**track_facts(track))
        lines = [title] if plan.years is None else [title, self.standing(plan.years)]
        if track:
            lines.append((page.best_paid if plan.goal == PAY else page.track).format(**track_facts(track)))
        if above:
            lines.append((page.level_beside if track else page.level).format(**level_facts(above)))
        return lines

    def _skill_lines(self, plan: Plan) -> list[str]:
        needed, page = self._facts.needed(plan), self._wording.page
        missing = [skill for skill in needed if skill not in plan.skills]
        had = [skill for skill in needed if skill in plan.skills]
        if needed and not missing:
            return [page.complete.format(skills=self._facts.names(had))]
        lines = [(page.missing, missing), (page.had, had)]
        return [template.format(skills=self._facts.names(skills)) for template, skills in lines if skills]

    def _first(self, plan: Plan) -> list[_First]:
        """The strategies that fit best: what is lacking or wanted decides, in the order of the wording."""
        missing = [self._facts.skills[skill] for skill in self._facts.needed(plan) if skill not in plan.skills]
        found: dict[str, _First] = {}
        for link in self._wording.strategies:
            lacking = [skill for skill in missing if skill in link.skills]
            if link.strategy not in found and (lacking or _wanted(link, plan, ready=not missing)):
                strategy = self._knowledge.entities[link.strategy]
                facts = _strategy_facts(strategy, link, lacking)
                found[link.strategy] = _First(link.strategy, facts)
        return list(found.values())[:MOST_STRATEGIES]


def _wanted(link: StrategyLink, plan: Plan, *, ready: bool) -> bool:
    return plan.goal in link.goals or (ready and READY in link.goals)


def _strategy_facts(strategy: Entity, link: StrategyLink, lacking: Sequence[str]) -> dict[str, str]:
    return entity_facts(strategy) | {"why": link.why.format(skills=", ".join(lacking[:MOST_REASONS]))}


def _cut(label: str) -> str:
    """A label that fits a button."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
