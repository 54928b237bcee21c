"""The guided plan: three questions, answered by buttons or in words, and a page in the end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from bot import plan_link
from bot.conversation import Conversation, Plan
from bot.knowledge import Knowledge
from bot.plan_answers import TRACK, PlanAnswers, Read, SkillsSaid
from bot.plan_facts import NEXT, PlanFacts
from bot.plan_page import MOST_BUTTONS, PlanPages
from bot.replies import Reply, Suggestion, Writer
from bot.text import normalise
from bot.understanding import Understanding

TOPIC = "plan"
"""The topic of all replies that belong to a plan, and of the button that begins one."""

Turn = tuple[Reply, Conversation]


class Planner:
    """Makes plans. Pure, like the advisor: what it knows of a chat is the conversation handed in."""

    def __init__(self, knowledge: Knowledge, writer: Writer, understanding: Understanding) -> None:
        """Get ready to make plans.

        Args:
            knowledge: what plans are made from.
            writer: words what plans share with other answers.
            understanding: reads what is typed.
        """
        self._knowledge = knowledge
        self._wording = knowledge.wording.plan
        self._facts = PlanFacts(knowledge)
        self._answers = PlanAnswers(knowledge, self._facts)
        self._pages = PlanPages(self._facts, writer)
        self._understanding = understanding
        self.opening = Suggestion(self._wording.labels.open, TOPIC)
        """The button that begins a plan, to be offered anywhere."""

    # What begins and ends a plan.

    def start(self, conversation: Conversation) -> Turn:
        """Begin a plan, whatever came before; years that the conversation knows are not asked for again."""
        return self._begin(Plan(years=conversation.years), conversation, [self._wording.talk.opening])

    def cancel(self, conversation: Conversation) -> Turn:
        """End the open plan without a page, or say that there is none."""
        if self._open(conversation) is None:
            return self._say(self._wording.talk.nothing_to_cancel, (self.opening,)), conversation.chatted()
        return self._drop(conversation)

    def reopen(self, payload: str, conversation: Conversation) -> Turn:
        """Show the plan that a link holds; begin a new one if the link is damaged or out of date."""
        plan = self.linked(payload)
        if plan is None:
            return self._begin(Plan(years=conversation.years), conversation, [self._wording.talk.outdated])
        reply, after = self._finish(plan, conversation)
        markup = f"{self._wording.talk.linked}\n\n{reply.markup}"
        return replace(reply, markup=markup, suggestions=self._pages.after(plan, linked=True)), after

    def linked(self, payload: str) -> Plan | None:
        """The plan that a link holds; None if the link is damaged or out of date."""
        return plan_link.decode(payload, self._knowledge)

    def as_text(self, plan: Plan) -> str:
        """A finished plan as the content of a text file."""
        return self._pages.file(self._facts.sound(plan))

    def link(self, plan: Plan) -> str:
        """The payload of a link to a finished plan; ValueError for one that is not finished."""
        return plan_link.encode(plan, self._knowledge)

    # What answers its questions.

    def pressed(self, topic: str, conversation: Conversation) -> Turn | None:
        """Do what a button of a plan asks for, however old it is; None for a topic that no button ever had.

        Args:
            topic: "plan", "plan.years.3", "plan.goal.next", "plan.skill.scrum", "plan.done", "plan.cancel". A skill
                with ".new" behind it is the same, but answered in a message of its own.
            conversation: what this chat remembers.
        """
        match topic.split(".", 2):
            case ["plan"]:
                return self.start(conversation)
            case ["plan", "cancel"]:
                return self.cancel(conversation)
            case ["plan", *answer]:
                plan = self._facts.sound(conversation.plan or Plan(years=conversation.years))
                return self._chosen(answer, plan, conversation)
        return None

    def typed(self, utterance: str, conversation: Conversation, today: date | None) -> Turn | None:
        """Take a message for a word to the plan, or for an answer to its open question; None if it says more."""
        plan = conversation.plan and self._facts.sound(conversation.plan)
        if turn := self._commanded(utterance, plan, conversation):
            return turn
        read = partial(self._understanding.read, today=today)
        if plan is None or plan.question is None:
            return self._amended(utterance, plan, conversation, read) if plan else None
        for button in self._pages.buttons(plan, below=True):
            asks = "?" in utterance and plan.question != "years"
            typed = normalise(utterance) == normalise(button.label) and not asks
            if ".skill." in button.topic:
                typed = utterance.strip().casefold() == button.label.casefold()
            if typed:
                return self.pressed(button.topic, conversation)
        answered = self._answered(utterance, plan, conversation, read)
        return answered or self._unlisted(utterance, plan, conversation, today)

    def years(self, utterance: str, today: date | None) -> float | None:
        """The years that a message tells which does nothing else, in all the forms that a plan understands."""
        return self._answers.years(utterance, partial(self._understanding.read, today=today))

    def in_passing(self, utterance: str, conversation: Conversation, today: date | None) -> Turn | None:
        """Take a message that is not understood as a question for an answer in many words, if it holds one."""
        plan = self._open(conversation)
        if plan is None:
            return None
        read = partial(self._understanding.read, today=today)
        if plan.question == "years":
            years = read(utterance).experience
            return None if years is None else self._told(years, plan, conversation)
        said = None
        if plan.question == "skills":
            said = self._answers.skills_in_passing(utterance, read, self._facts.needed(plan))
        return self._listed(said, plan, conversation) if said else None

    def resumed(self, reply: Reply, conversation: Conversation) -> Turn:
        """Put the open question of the plan below the answer to another one.

        An answer that leaves nothing to ask, such as a goodbye or a word to somebody in despair, is left alone.
        """
        plan = self._open(conversation)
        if plan is None or not reply.suggestions:
            return reply, conversation
        # Who was just placed by years need not be asked for them.
        told = plan.question == "years" and reply.topics == ("next",) and conversation.years is not None
        if told:
            plan = self._facts.sound(plan.model_copy(update={"years": conversation.years}))
        buttons = self._pages.buttons(plan, below=True)
        asked_back = reply.suggestions if reply.kind == "clarify" else ()
        if len(asked_back) + len(buttons) <= MOST_BUTTONS:
            buttons = (*asked_back, *buttons)
        markup = f"{reply.markup}\n\n{self._pages.reminder(plan, told=told)}"
        return replace(reply, markup=markup, suggestions=buttons), _with(conversation, plan)

    # What is typed.

    def _commanded(self, utterance: str, plan: Plan | None, conversation: Conversation) -> Turn | None:
        """Do what a whole message asks a plan for: to begin, to be shown, to go; None if it is no such word."""
        opened = plan is not None and plan.question is not None
        said = partial(self._answers.is_form if opened else self._answers.is_word, utterance)
        if plan and said("show"):
            to_show = plan.question in (None, "skills")
            return self._go_on(plan, conversation, done=True) if to_show else self._go_on(plan, conversation)
        if said("open", "show", *(["restart"] if opened else [])):
            return self.start(conversation)
        if plan and said("delete"):
            return self._drop(conversation)
        if said("cancel", "delete", *(["stop"] if opened else [])):
            return self.cancel(conversation)
        return self._back(plan, conversation) if plan and opened and said("back") else None

    def _drop(self, conversation: Conversation) -> Turn:
        return self._say(self._wording.talk.cancelled, (self.opening,)), _with(conversation.chatted(), None)

    def _back(self, plan: Plan, conversation: Conversation) -> Turn:
        """Ask the question before; its answer is open again, and all others stay."""
        changes = {"goal": None} if plan.question == "skills" else {"years": None, "goal": None}
        return self._go_on(plan.model_copy(update=changes), conversation)

    def _amended(self, utterance: str, plan: Plan, conversation: Conversation, read: Read) -> Turn | None:
        """Change a finished plan and show it again, if a message surely asks for that and for nothing else."""
        if self._answers.begins(utterance, "adding"):
            said = self._answers.skills(utterance, read, self._facts.needed(plan))
            return self._listed(replace(said, done=True), plan, conversation) if said else None
        if plan.years is not None and self._answers.begins(utterance, "switching"):
            goal = self._answers.goal(utterance, read, [], self._facts.ahead(plan.years))
            if goal:
                return self._aimed(goal, plan, conversation, done=True)
        if self._answers.corrects(utterance) and self._answers.of_years(utterance):
            years = self._answers.years(utterance, read)
            return None if years is None else self._told(years, plan, conversation, done=True)
        return None

    def _unlisted(self, utterance: str, plan: Plan, conversation: Conversation, today: date | None) -> Turn | None:
        """Say that what a person tells of themselves is none of the skills asked for; None if it may be a question."""
        read = partial(self._understanding.read, today=today)
        claims = self._answers.claims(utterance, read)
        if plan.question != "skills" or not (claims or self._answers.is_item(utterance, read)):
            return None
        meaning = self._understanding.understand(utterance, conversation, today).meaning
        lost = meaning.gap is None and (meaning.kind == "unknown" or (claims and meaning.kind == "clarify"))
        # A single word that could be a skill is taken for a question about skills elsewhere.
        item = not claims and any(topic.endswith(".skills") for topic in meaning.topics)
        known = (
            claims and self._answers.stated(utterance, read, [*self._facts.skills]) and not read(utterance).durations
        )
        if not (lost or item or known):
            return None
        return self._go_on(plan, conversation, [self._wording.talk.unlisted])

    # The steps.

    def _open(self, conversation: Conversation) -> Plan | None:
        """The plan of a conversation, if it has a question open."""
        plan = conversation.plan and self._facts.sound(conversation.plan)
        return plan if plan and plan.question else None

    def _chosen(self, answer: list[str], plan: Plan, conversation: Conversation) -> Turn | None:
        """Take the answer that a button stands for; None if no button does."""
        match answer:
            case ["done"]:
                return self._go_on(plan, conversation, done=True)
            case ["years", number] if (years := self._facts.years_of(number)) is not None:
                return self._told(years, plan, conversation)
            case ["goal", goal] if goal in self._facts.goals:
                return self._aimed(goal, plan, conversation)
            case ["skill", skill] if skill.removesuffix(".new") in self._facts.skills:
                return self._toggled(skill, plan, conversation)
        return None

    def _answered(self, utterance: str, plan: Plan, conversation: Conversation, read: Read) -> Turn | None:
        """Take a message as the answer to the open question, or as another number of years at any of them."""
        done = self._answers.is_form(utterance, "done") or self._answers.ends(utterance)
        if done or self._answers.is_form(utterance, "unsure"):
            # Who is not sure of skills has ticked those that are sure.
            lead = [] if done or plan.question == "skills" else [self._wording.talk.unsure]
            return self._go_on(plan, conversation, lead, done=True)
        if plan.question == "skills" and (said := self._skills_said(utterance, plan, read)):
            return self._listed(said, plan, conversation)
        aiming = plan.question == "goal" or (plan.question == "skills" and self._answers.corrects(utterance))
        if aiming and plan.years is not None:
            # After asking back, "the first one" is about that.
            offered = [] if conversation.offered else [goal for goal, _ in self._pages.goals(plan)]
            if goal := self._answers.goal(utterance, read, offered, self._facts.ahead(plan.years)):
                return self._aimed(
                    goal, plan, conversation, self._pages.later(goal, plan.years, read(utterance).named("level"))
                )
        corrects = self._answers.corrects(utterance)
        if plan.question == "skills" and not corrects and (said := self._stated(utterance, plan, conversation, read)):
            return self._listed(said, plan, conversation)
        years, reading = self._answers.years(utterance, read), read(utterance)
        # Once they are known, "none yet" is not about them, and when skills are asked for, "2" is not either.
        of_years = plan.question == "goal" or (corrects and self._answers.of_years(utterance))
        stated = reading.experience is not None or (of_years and reading.bare_number is not None)
        if years is not None and (plan.question == "years" or stated):
            return self._told(years, plan, conversation)
        said = self._stated(utterance, plan, conversation, read) if plan.question == "skills" else None
        return self._listed(said, plan, conversation) if said else None

    def _stated(self, utterance: str, plan: Plan, conversation: Conversation, read: Read) -> SkillsSaid | None:
        """What a statement about oneself says of skills, unless it is a word of somebody in despair."""
        if not self._answers.claims(utterance, read):
            return None
        said = self._answers.stated(utterance, read, self._facts.needed(plan))
        gap = self._understanding.understand(utterance, conversation).meaning.gap if said else None
        group = self._knowledge.outside.get(gap or "")
        return None if group and group.reply and not group.near else said

    def _skills_said(self, utterance: str, plan: Plan, read: Read) -> SkillsSaid | None:
        """What a message says about the skills that a plan asks for, if it does nothing but that."""
        needed = frozenset(self._facts.needed(plan))
        if self._answers.is_form(utterance, "all"):
            return SkillsSaid(needed, frozenset(), done=True)
        if self._answers.is_form(utterance, "none"):
            return SkillsSaid(frozenset(), needed, done=True)
        return self._answers.skills(utterance, read, self._facts.needed(plan))

    def _told(self, years: float, plan: Plan, conversation: Conversation, *, done: bool = False) -> Turn:
        """Take years down, in the conversation as well."""
        years = round(years, 2)
        plan = plan.model_copy(update={"years": years})
        conversation = conversation.model_copy(update={"years": years})
        return self._go_on(plan, conversation, [self._pages.standing(years)], done=done)

    def _aimed(
        self, goal: str, plan: Plan, conversation: Conversation, lead: Iterable[str] = (), *, done: bool = False
    ) -> Turn:
        """Take the goal down; at the top of the ladder there is no next level, and "a track" is no goal yet."""
        if goal == TRACK:
            return self._go_on(plan.model_copy(update={"goal": None}), conversation, [self._wording.talk.which_track])
        if goal == NEXT and plan.years is not None and self._facts.above(plan) is None:
            top = self._facts.standing(plan.years).level
            no_level = self._wording.talk.no_level.format(title=top.title)
            return self._go_on(plan.model_copy(update={"goal": None}), conversation, [no_level])
        aimed = plan.model_copy(update={"goal": goal})
        names = dict(self._pages.goals(plan))
        noted = [self._pages.noted(names[goal])] if plan.years is None and goal in names else []
        return self._go_on(aimed, conversation, [*lead, *noted], done=done)

    def _toggled(self, topic: str, plan: Plan, conversation: Conversation) -> Turn:
        """Turn one skill on or off."""
        skill = topic.removesuffix(".new")
        had = {*plan.skills} ^ {skill}
        # An older button may name a skill that is not asked for any more: to change the list would show nothing.
        asked = plan.question in ("skills", None) and skill in self._facts.needed(plan)
        lead = [] if asked else [self._pages.noted(self._facts.skills[skill])]
        reply, after = self._go_on(self._having(plan, had), conversation, lead)
        still_asked = after.plan is not None and after.plan.question == "skills"
        return replace(reply, in_place=asked and still_asked and topic == skill), after

    def _listed(self, said: SkillsSaid, plan: Plan, conversation: Conversation) -> Turn:
        """Take down all skills that a message names."""
        had = {*plan.skills, *said.had} - said.lacking
        return self._go_on(self._having(plan, had), conversation, done=said.done)

    def _having(self, plan: Plan, had: Iterable[str]) -> Plan:
        """A plan with these skills, in the order of the career file."""
        return plan.model_copy(update={"skills": tuple(skill for skill in self._facts.skills if skill in had)})

    # The replies.

    def _begin(self, plan: Plan, conversation: Conversation, lead: list[str]) -> Turn:
        """Ask the first question, after a word on what is taken for granted."""
        plan = self._facts.sound(plan)
        if plan.years is not None:
            lead = [*lead, f"{self._pages.standing(plan.years)} {self._wording.talk.granted}"]
        return self._go_on(plan, conversation, lead)

    def _go_on(self, plan: Plan, conversation: Conversation, lead: Iterable[str] = (), *, done: bool = False) -> Turn:
        """Ask the first question that is open; without any, or if nothing is left to ask, show the plan."""
        question = self._facts.open_question(plan)
        if question == "skills" and (done or not self._facts.needed(plan)):
            return self._finish(plan.model_copy(update={"question": None}), conversation)
        plan = plan.model_copy(update={"question": question})
        if conversation.plan is None and not lead:
            lead = [self._wording.talk.opening]
        text = "\n\n".join([*lead, self._pages.question(plan)])
        return self._say(text, self._pages.buttons(plan)), _with(conversation.chatted(), plan)

    def _finish(self, plan: Plan, conversation: Conversation) -> Turn:
        """Show a finished plan; from there on, the conversation is about what it leads to."""
        about = self._pages.target(plan)
        after = conversation.answered(self._knowledge, ["next"], about)
        reply = replace(self._say(self._pages.page(plan), self._pages.after(plan)), plan=self.link(plan))
        return reply, _with(after, plan)

    def _say(self, markup: str, buttons: tuple[Suggestion, ...]) -> Reply:
        """A reply of the plan itself."""
        return Reply("answer", (TOPIC,), 1.0, markup, buttons)


def _with(conversation: Conversation, plan: Plan | None) -> Conversation:
    return conversation.model_copy(update={"plan": plan})
