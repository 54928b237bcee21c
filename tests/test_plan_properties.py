"""Whatever is pressed and typed, in whatever order, a plan holds together."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import Conversation, Reply, plan_link
from bot.cache import load_advisor
from bot.conversation import Plan
from bot.plan_facts import PlanFacts

ADVISOR = load_advisor()
KNOWLEDGE = ADVISOR.knowledge
FACTS = PlanFacts(KNOWLEDGE)
LONGEST_ANSWER = 4_096

TOPICS = (
    *(
        "plan",
        "plan.done",
        "plan.cancel",
        "plan.years.0",
        "plan.years.1",
        "plan.years.3",
        "plan.years.7",
        "plan.years.50",
    ),
    *(f"plan.goal.{goal}" for goal in FACTS.goals),
    *(f"plan.skill.{skill}{new}" for skill in FACTS.skills for new in ("", ".new")),
    *("track.agile.salary", "help", "plan.goal.boss", "plan.skill.x", "plan.years.x"),
)
WORDS = (
    *(
        "plan",
        "cancel",
        "stop",
        "done",
        "none",
        "all",
        "not",
        "but",
        "yes",
        "no",
        "next",
        "level",
        "agile",
        "infra",
        "pay",
    ),
    *(
        "scrum",
        "kanban",
        "mentoring",
        "leadership",
        "risk",
        "years",
        "4",
        "half",
        "18",
        "months",
        "over",
        "7",
        "senior",
    ),
    *("what", "does", "i", "have", "and", ",", "?", "the", "first", "one", "thanks", "except", "since", "2019", "+"),
)
TEXTS = st.one_of(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join), st.text(max_size=40))
STEPS = st.one_of(
    st.tuples(st.just("press"), st.one_of(st.sampled_from(TOPICS), st.text(max_size=20).map("plan.".__add__))),
    st.tuples(st.just("type"), TEXTS),
    st.tuples(st.just("tap"), st.integers(0, 7)),
)
PLANS = st.builds(
    Plan,
    years=st.one_of(st.none(), st.floats(0, 101), st.floats()),
    goal=st.one_of(st.none(), st.sampled_from(FACTS.goals), st.text(max_size=5)),
    skills=st.lists(st.one_of(st.sampled_from([*FACTS.skills]), st.text(max_size=5)), max_size=8).map(tuple),
    question=st.sampled_from([None, "years", "goal", "skills"]),
)
CHATS = st.builds(Conversation, plan=st.one_of(st.none(), PLANS), years=st.one_of(st.none(), st.floats(0, 60)))


def taken(
    step: tuple[str, str | int], reply: Reply | None, conversation: Conversation
) -> tuple[Reply, Conversation] | None:
    """What one step leads to; None for a press that no button has."""
    kind, what = step
    if kind == "type":
        return ADVISOR.reply(str(what), conversation)
    if kind == "press":
        return ADVISOR.answer(str(what), conversation)
    buttons = reply.suggestions if reply else ()
    answer = ADVISOR.answer(buttons[int(what) % len(buttons)].topic, conversation) if buttons else None
    assert answer or not buttons, "a button that was shown is answered"
    return answer


def fits(reply: Reply) -> None:
    """Whether a reply has words, and room in a message for itself and its buttons."""
    own = reply.topics == ("plan",)
    reminder = reply.text.rpartition("\n\n")[2]
    assert reply.text.strip()
    assert len(reply.text) <= (1_500 if own else LONGEST_ANSWER)
    assert own or "Back to your plan" not in reply.text or (len(reminder) <= 300 and "\n" not in reminder)
    assert len(reply.suggestions) <= 8
    assert len({suggestion.topic for suggestion in reply.suggestions}) == len(reply.suggestions)
    assert all(0 < len(suggestion.label) <= 25 for suggestion in reply.suggestions)
    assert all(len(suggestion.topic.encode()) <= 60 for suggestion in reply.suggestions)
    assert own or not reply.in_place


@settings(max_examples=600, deadline=None)
@given(CHATS, st.lists(STEPS, min_size=1, max_size=12))
def test_any_sequence_of_presses_and_texts_is_answered_and_fits(
    conversation: Conversation, steps: list[tuple[str, str | int]]
) -> None:
    reply = None
    for step in steps:
        answer = taken(step, reply, conversation)
        if answer is None:
            continue
        reply, conversation = answer
        fits(reply)
        assert Conversation.model_validate_json(conversation.model_dump_json()) == conversation
        if conversation.plan and conversation.plan.question is None and reply.topics == ("plan",):
            payload = plan_link.encode(conversation.plan, KNOWLEDGE)
            assert plan_link.decode(payload, KNOWLEDGE) == FACTS.sound(conversation.plan)


@settings(max_examples=300, deadline=None)
@given(CHATS, st.sampled_from(TOPICS))
def test_the_same_press_in_the_same_chat_gets_the_same_reply(conversation: Conversation, topic: str) -> None:
    assert ADVISOR.answer(topic, conversation) == ADVISOR.answer(topic, conversation)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*FACTS.skills]), max_size=9))
def test_a_skill_pressed_an_even_number_of_times_is_as_it_was(pressed: list[str]) -> None:
    conversation = Conversation(plan=Plan(years=2.0, goal="pay", question="skills"))
    for skill in (*pressed, *pressed):
        answer = ADVISOR.answer(f"plan.skill.{skill}", conversation)
        assert answer is not None
        conversation = answer[1]
    assert conversation.plan == Plan(years=2.0, goal="pay", question="skills")


FINISHED = PLANS.map(lambda plan: FACTS.sound(plan.model_copy(update={"question": None}))).filter(
    lambda plan: plan.question is None
)


@settings(max_examples=500, deadline=None)
@given(FINISHED)
def test_a_finished_plan_comes_back_from_its_link(plan: Plan) -> None:
    payload = plan_link.encode(plan, KNOWLEDGE)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert plan_link.decode(payload, KNOWLEDGE) == plan


@settings(max_examples=500, deadline=None)
@given(FINISHED, st.integers(0, 63), st.sampled_from("ABCxyz019_-"))
def test_a_link_with_another_letter_in_it_is_noticed(plan: Plan, at: int, letter: str) -> None:
    payload = plan_link.encode(plan, KNOWLEDGE)
    at %= len(payload)
    damaged = payload[:at] + letter + payload[at + 1 :]
    assert damaged == payload or plan_link.decode(damaged, KNOWLEDGE) is None


@settings(max_examples=1_000, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text("ABCabc019_-=", max_size=70)))
def test_any_text_in_place_of_a_link_is_none(payload: str) -> None:
    assert plan_link.decode(payload, KNOWLEDGE) is None


@settings(max_examples=300, deadline=None)
@given(FINISHED)
def test_every_finished_plan_has_a_page_and_a_file(plan: Plan) -> None:
    reply, _ = ADVISOR.planner.reopen(plan_link.encode(plan, KNOWLEDGE), Conversation())
    assert len(reply.text.splitlines()) <= 14
    fits(reply)
    assert set(FACTS.needed(plan)) == {
        skill for skill, name in FACTS.skills.items() if f"] {name}\n" in ADVISOR.planner.as_text(plan)
    }
