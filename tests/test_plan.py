"""The guided plan: what it asks, what it takes for an answer, and what stands on its page."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot import Advisor, Conversation, Knowledge, KnowledgeError, Reply, load_knowledge, plan_link
from bot.conversation import Plan
from bot.loading import shipped_directory
from bot.plan_facts import PlanFacts

YEARS = Plan()
GOAL = Plan(years=4.0, question="goal")
SKILLS = Plan(years=4.0, goal="track.agile", question="skills")
FINISHED = Plan(years=4.0, goal="next", skills=("mentoring",), question=None)
OPEN = {"years": YEARS, "goal": GOAL, "skills": SKILLS}


def say(advisor: Advisor, utterance: str, plan: Plan | None, *, years: float | None = None) -> tuple[Reply, Plan]:
    """The reply to a message in a chat with a plan, and the plan from then on."""
    conversation = Conversation(plan=plan, years=years if plan is None else plan.years)
    reply, after = advisor.reply(utterance, conversation)
    return reply, after.plan or Plan(question=None)


def press(advisor: Advisor, topic: str, conversation: Conversation | None = None) -> tuple[Reply, Conversation]:
    answer = advisor.answer(topic, conversation)
    assert answer is not None
    return answer


def talk(advisor: Advisor, *steps: str) -> tuple[Reply, Conversation]:
    """The reply to the last of some steps of a fresh chat: topics of buttons, or messages."""
    reply, conversation = Reply("unknown", (), 0.0, ""), Conversation()
    for step in steps:
        pressed = step in {suggestion.topic for suggestion in reply.suggestions}
        reply, conversation = press(advisor, step, conversation) if pressed else advisor.reply(step, conversation)
    return reply, conversation


def labels(reply: Reply) -> list[str]:
    return [suggestion.label for suggestion in reply.suggestions]


# How a plan begins.


@pytest.mark.parametrize(
    "typed",
    [
        "/plan",
        "plan",
        "Plan!",
        "my plan",
        "Make my plan",
        "make me a plan",
        "PLAN MY CAREER",
        "plan please",
        "I want a career plan",
        "how do I make a plan",
        "can you make a plan for me",
        "create my plan",
    ],
)
def test_a_plan_begins_with_a_few_typed_forms(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, None)
    assert (reply.kind, reply.topics, plan.question) == ("answer", ("plan",), "years")


@pytest.mark.parametrize("typed", ["I have a plan B", "is there a pension plan", "how do I plan a project"])
def test_a_message_that_says_more_than_such_a_form_begins_none(advisor: Advisor, typed: str) -> None:
    assert advisor.reply(typed)[1].plan is None


def test_the_years_to_choose_from_are_those_of_the_levels(advisor: Advisor) -> None:
    reply, _ = talk(advisor, "plan")
    assert labels(reply) == ["Under 1", "1-3", "3-7", "7 or more"]
    assert [s.topic for s in reply.suggestions] == ["plan.years.0", "plan.years.1", "plan.years.3", "plan.years.7"]


def test_years_that_the_chat_knows_are_not_asked_for_but_said(advisor: Advisor) -> None:
    reply, conversation = talk(advisor, "I have 4 years as a PM, what comes next", "plan")
    assert conversation.plan == GOAL
    assert "With 4 years you are at IT Project Manager (3-7 years). That goes by the years you told me" in reply.text


def test_years_taken_for_granted_can_be_corrected_with_a_bare_number(advisor: Advisor) -> None:
    reply, conversation = talk(advisor, "I have 4 years as a PM, what comes next", "plan", "2")
    assert conversation.plan == Plan(years=2.0, question="goal")
    assert "With 2 years you are at Junior" in reply.text


def test_a_bare_number_among_skills_is_no_number_of_years(advisor: Advisor) -> None:
    assert say(advisor, "2", SKILLS)[1] == SKILLS
    assert say(advisor, "no, 2 years", SKILLS)[1] == SKILLS.model_copy(update={"years": 2.0})


def test_a_plan_begun_anew_starts_over(advisor: Advisor) -> None:
    _, conversation = talk(advisor, "plan", "plan.years.3", "plan.goal.next", "mentoring", "/plan")
    assert conversation.plan == Plan(years=3.01, question="goal")


# The first question: years.


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("4", 4.0),
        ("four and a half years", 4.5),
        ("four and a half", 4.5),
        ("18 months", 1.5),
        ("about 5", 5.0),
        ("2-3", 2.5),
        ("almost 3", 2.99),
        ("7+", 7.01),
        ("7+ years", 7.01),
        ("more than seven years", 7.01),
        ("less than a year", 0.99),
        ("I have been a PM for 4 years", 4.0),
        ("I started two years ago", 2.0),
        ("5?", 5.0),
        ("3 yeras", 3.0),
        ("none", 0.0),
        ("I've just started", 0.0),
        ("7 or more", 7.01),
        ("Under 1", 0.99),
    ],
)
def test_years_are_told_in_free_text(advisor: Advisor, typed: str, years: float) -> None:
    _, plan = say(advisor, typed, YEARS)
    assert plan == Plan(years=years, question="goal")


def test_a_year_since_when_is_an_answer_with_a_clock(advisor: Advisor) -> None:
    _, conversation = advisor.reply("since 2019", Conversation(plan=YEARS), today=date(2024, 5, 1))
    assert conversation.plan == Plan(years=5.0, question="goal")


@pytest.mark.parametrize(
    "typed", ["I'm 52", "12 years as a nurse", "how many years does a senior need", "1000", "agile"]
)
def test_what_is_no_number_of_years_in_the_job_leaves_the_question_open(advisor: Advisor, typed: str) -> None:
    _, plan = say(advisor, typed, YEARS)
    assert plan == YEARS


def test_years_told_to_a_plan_are_known_to_the_chat(advisor: Advisor) -> None:
    _, conversation = talk(advisor, "plan", "5 years", "cancel")
    assert advisor.reply("where do I stand", conversation)[0].text.startswith("With 5 years you stand at IT Project")


def test_who_is_placed_in_between_is_not_asked_for_years_again(advisor: Advisor) -> None:
    reply, conversation = talk(advisor, "plan", "I have 2 years as a PM, where do I stand")
    assert conversation.plan == Plan(years=2.0, question="goal")
    assert reply.text.splitlines()[-1] == "Back to your plan, with 2 years: where do you want to go from here?"


# The second question: the goal.


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("the next level", "next"),
        ("I want to become a senior", "next"),
        ("promotion", "next"),
        ("the first one", "next"),
        ("Agile", "track.agile"),
        ("agile sounds nice", "track.agile"),
        ("scrum please", "track.agile"),
        ("I would like to specialise in infra", "track.infrastructure"),
        ("not agile, infrastructure", "track.infrastructure"),
        ("Better pay", "pay"),
        ("I want to earn more", "pay"),
        ("the last one", "pay"),
    ],
)
def test_the_goal_is_named_in_free_text(advisor: Advisor, typed: str, goal: str) -> None:
    _, plan = say(advisor, typed, GOAL)
    assert plan == Plan(years=4.0, goal=goal, question="skills")


@pytest.mark.parametrize("typed", ["a specialisation", "agile or infrastructure", "a track"])
def test_who_wants_some_track_is_asked_which(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, GOAL)
    assert reply.text.startswith("Which of them?")
    assert plan == GOAL


@pytest.mark.parametrize(
    "typed", ["agile?", "what does agile pay", "which pays better", "junior", "what is the next level"]
)
def test_a_question_about_a_goal_is_answered_and_chooses_nothing(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, GOAL)
    assert reply.topics != ("plan",)
    assert plan == GOAL


def test_at_the_top_no_next_level_is_offered(advisor: Advisor) -> None:
    reply, _ = talk(advisor, "plan", "plan.years.7")
    assert labels(reply) == ["Agile", "Infrastructure", "Better pay"]
    assert "the highest level I know of" in reply.text


@pytest.mark.parametrize("step", ["plan.goal.next", "next level"])
def test_who_wants_the_next_level_at_the_top_hears_that_there_is_none(advisor: Advisor, step: str) -> None:
    top = Conversation(plan=Plan(years=9.0, question="goal"), years=9.0)
    reply, conversation = advisor.answer(step, top) or advisor.reply(step, top)
    assert "is the highest level I know of, so there is no next one" in reply.text
    assert labels(reply) == ["Agile", "Infrastructure", "Better pay"]
    assert conversation.plan == top.plan


def test_where_two_levels_meet_the_upper_one_is_next(advisor: Advisor) -> None:
    reply, _ = say(advisor, "next level", Plan(years=7.0, question="goal"))
    assert "For Senior IT Project Manager" in reply.text


def test_before_the_first_level_that_one_is_next(advisor: Advisor) -> None:
    reply, _ = say(advisor, "next level", Plan(years=0.5, question="goal"))
    assert "For Junior IT Project Manager" in reply.text


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("no wait, infrastructure", "track.infrastructure"),
        ("hang on, rather better pay", "pay"),
        ("infra", "track.agile"),
    ],
)
def test_the_goal_can_still_be_changed_when_skills_are_asked_for(advisor: Advisor, typed: str, goal: str) -> None:
    _, plan = say(advisor, typed, SKILLS)
    assert plan == SKILLS.model_copy(update={"goal": goal})


# The third question: skills.


def test_the_skills_asked_for_are_those_of_the_next_level_and_of_the_track(advisor: Advisor) -> None:
    reply, _ = say(advisor, "agile", GOAL)
    assert labels(reply) == [
        *("Strategic Planning", "Advanced Risk Mgmt", "Mentoring"),
        *("Agile Methodologies", "Scrum", "Kanban", "Done", "Stop the plan"),
    ]


@pytest.mark.parametrize(
    ("typed", "skills"),
    [
        ("scrum and kanban, and mentoring", ["mentoring", "scrum", "kanban"]),
        ("I know scrum", ["scrum"]),
        ("scurm obviously, and a bit of kanbann", ["scrum", "kanban"]),
        ("✓ Scrum", ["scrum"]),
        ("risk and strategy", ["strategic_planning", "advanced_risk_management"]),
        ("I mentor people and do strategic planning every day", ["strategic_planning", "mentoring"]),
        ("not kanban, but scrum", ["scrum"]),
        ("scrum yes, kanban no", ["scrum"]),
        ("I have nothing except scrum", ["scrum"]),
        ("all of the agile skills", ["agile_methodologies", "scrum", "kanban"]),
        ("all the senior ones except mentoring", ["strategic_planning", "advanced_risk_management"]),
        ("the senior ones and scrum", ["strategic_planning", "advanced_risk_management", "mentoring", "scrum"]),
        ("the first one and the last one", ["strategic_planning", "kanban"]),
        ("mentoring, scrum not", ["mentoring"]),
        ("risk mgmt", ["advanced_risk_management"]),
        (
            "all but mentoring and scrum",
            ["strategic_planning", "advanced_risk_management", "agile_methodologies", "kanban"],
        ),
    ],
)
def test_skills_are_named_in_free_text(advisor: Advisor, typed: str, skills: list[str]) -> None:
    reply, plan = say(advisor, typed, SKILLS)
    assert plan == SKILLS.model_copy(update={"skills": tuple(skills)})
    assert not reply.in_place


@pytest.mark.parametrize(
    ("typed", "skills"),
    [
        ("scrum, the rest not", ["scrum"]),
        ("only scrum, none of the others", ["scrum"]),
        ("scrum yes, the rest no", ["scrum"]),
        (
            "not mentoring and scrum but the rest",
            ["strategic_planning", "advanced_risk_management", "agile_methodologies", "kanban"],
        ),
    ],
)
def test_who_speaks_of_the_rest_has_said_everything(advisor: Advisor, typed: str, skills: list[str]) -> None:
    reply, plan = say(advisor, typed, SKILLS.model_copy(update={"skills": ("kanban",)}))
    assert plan == SKILLS.model_copy(update={"skills": tuple(skills), "question": None})
    assert reply.text.startswith("Your plan: Agile")


def test_a_skill_can_be_taken_back_in_words(advisor: Advisor) -> None:
    _, plan = say(advisor, "remove kanban", SKILLS.model_copy(update={"skills": ("scrum", "kanban")}))
    assert plan.skills == ("scrum",)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("done", 1),
        ("that's it", 1),
        ("no", 1),
        ("kanban, that's all", 2),
        ("none", 0),
        ("I don't have any", 0),
        ("all", 6),
    ],
)
def test_a_word_that_ends_the_list_shows_the_plan(advisor: Advisor, typed: str, count: int) -> None:
    reply, plan = say(advisor, typed, SKILLS.model_copy(update={"skills": ("scrum",)}))
    assert plan.question is None
    assert len(plan.skills) == count
    assert reply.text.startswith("Your plan: Agile")


@pytest.mark.parametrize(
    "typed", ["mentoring?", "what is kanban", "what does scrum pay", "tell me about scrum", "I want to learn scrum"]
)
def test_a_question_that_names_a_skill_is_a_question(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, SKILLS)
    assert reply.topics != ("plan",)
    assert plan == SKILLS


def test_a_button_turns_a_skill_on_and_off_in_the_same_message(advisor: Advisor) -> None:
    on, conversation = talk(advisor, "plan", "4", "plan.goal.track.agile", "plan.skill.scrum")
    off, _ = press(advisor, "plan.skill.scrum", conversation)
    assert (on.in_place, off.in_place) == (True, True)
    assert "✓ Scrum" in labels(on)
    assert "Scrum" in labels(off)


def test_the_text_says_as_well_which_skills_are_on(advisor: Advisor) -> None:
    reply, _ = talk(advisor, "plan", "4", "agile", "plan.skill.scrum", "plan.skill.mentoring")
    assert reply.text.splitlines()[-1] == "You have: Mentoring, Scrum."


def test_a_button_below_another_answer_leaves_that_answer_standing(advisor: Advisor) -> None:
    reply, conversation = talk(advisor, "plan", "4", "agile", "what does a junior do")
    pressed, after = press(advisor, reply.suggestions[4].topic, conversation)
    assert not pressed.in_place
    assert after.plan == SKILLS.model_copy(update={"skills": ("scrum",)})


@pytest.mark.parametrize("question", ["years", "goal"])
def test_who_does_not_know_is_asked_kindly_once_more(advisor: Advisor, question: str) -> None:
    reply, plan = say(advisor, "I don't know", OPEN[question])
    assert reply.text.startswith("No harm done, a guess will do.")
    assert plan == OPEN[question]


@pytest.mark.parametrize(
    ("typed", "skills"),
    [
        ("I know scrum, and I have led a small team", ["leadership", "scrum"]),
        ("I have led a small team and handled budgets", ["leadership", "budget_management"]),
        ("I have been doing scrum for years", ["scrum"]),
        ("I manage the budget", ["budget_management"]),
        ("I used to handle risks", ["risk_management"]),
        ("my team does kanban every sprint", ["kanban"]),
        ("not kanban, I meant budgets", ["budget_management"]),
        ("I have never led a team, but I know scrum", ["scrum"]),
    ],
)
def test_a_statement_about_oneself_tells_skills_whatever_else_it_says(
    advisor: Advisor, typed: str, skills: list[str]
) -> None:
    early = SKILLS.model_copy(update={"years": 2.0})
    assert say(advisor, typed, early)[1] == early.model_copy(update={"skills": tuple(skills)})


@pytest.mark.parametrize("typed", ["I'm not a leader", "I have never led a team", "I'm bad at leadership"])
def test_a_statement_can_take_a_skill_back(advisor: Advisor, typed: str) -> None:
    plan = SKILLS.model_copy(update={"years": 2.0, "skills": ("leadership",)})
    assert say(advisor, typed, plan)[1].skills == ()


@pytest.mark.parametrize("typed", ["punctual", "organised", "I am organised", "I know servers really well"])
def test_what_is_none_of_the_skills_asked_for_gets_a_line(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, SKILLS)
    assert reply.text.startswith("Nothing of that is on this list")
    assert plan == SKILLS


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        *(
            (typed, {"goal": "track.infrastructure"})
            for typed in (
                *("change to infrastructure", "switch to infra", "let's do infrastructure"),
                *("I'd prefer infrastructure", "no, infrastructure please"),
            )
        ),
        *((typed, {"years": 8.0}) for typed in ("change my years to 8", "make it 8 years", "8 years, not 2")),
    ],
)
def test_earlier_answers_can_be_changed_in_words(advisor: Advisor, typed: str, change: dict[str, object]) -> None:
    assert say(advisor, typed, SKILLS)[1] == SKILLS.model_copy(update=change)


@pytest.mark.parametrize("typed", ["back", "go back"])
def test_back_asks_the_question_before_and_keeps_all_else(advisor: Advisor, typed: str) -> None:
    plan = say(advisor, typed, SKILLS.model_copy(update={"skills": ("scrum",)}))[1]
    assert plan == Plan(years=4.0, skills=("scrum",), question="goal")
    assert say(advisor, typed, plan)[1] == Plan(skills=("scrum",), question="years")


@pytest.mark.parametrize("typed", ["skip", "not sure", "show me the plan", "I'm done, show me the plan"])
def test_who_wants_to_see_the_plan_sees_it_with_what_is_ticked(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, SKILLS.model_copy(update={"skills": ("scrum",)}))
    assert reply.text.startswith("Your plan: Agile")
    assert plan == SKILLS.model_copy(update={"skills": ("scrum",), "question": None})


@pytest.mark.parametrize("typed", ["my plan", "show my plan", "what was my plan", "show me the plan"])
def test_a_finished_plan_is_shown_again(advisor: Advisor, typed: str) -> None:
    reply, plan = say(advisor, typed, FINISHED)
    assert reply.text.startswith("Your plan: the next level")
    assert (reply.plan, plan) == (advisor.planner.link(FINISHED), FINISHED)


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ("I can do kanban", {"skills": ("kanban",)}),
        ("add kanban", {"skills": ("kanban",)}),
        ("I already know scrum", {"skills": ("scrum",)}),
        ("change it to infrastructure", {"goal": "track.infrastructure"}),
        ("actually I have 5 years not 2", {"years": 5.0}),
    ],
)
def test_a_finished_plan_is_changed_and_shown_again(advisor: Advisor, typed: str, change: dict[str, object]) -> None:
    finished = SKILLS.model_copy(update={"question": None})
    reply, plan = say(advisor, typed, finished)
    assert reply.plan
    assert plan == finished.model_copy(update=change)


@pytest.mark.parametrize("plan", [FINISHED, *OPEN.values()])
def test_a_plan_can_be_deleted(advisor: Advisor, plan: Plan) -> None:
    assert advisor.reply("delete my plan", Conversation(plan=plan))[1].plan is None


def test_a_level_that_comes_later_is_not_planned_for_without_a_word(advisor: Advisor) -> None:
    reply, plan = say(advisor, "I want to be a senior", Plan(years=2.0, question="goal"))
    assert reply.text.startswith("Senior IT Project Manager comes later; the next level for you is IT Project Manager.")
    assert plan.goal == "next"


def test_the_next_level_and_a_track_is_the_track(advisor: Advisor) -> None:
    assert say(advisor, "the next level and agile", GOAL)[1].goal == "track.agile"


def test_the_label_of_a_skill_typed_by_hand_does_what_its_button_does(advisor: Advisor) -> None:
    infra = SKILLS.model_copy(update={"goal": "track.infrastructure"})
    ticked = say(advisor, "Infra Knowledge", infra)[1]
    assert ticked.skills == ("infrastructure_knowledge",)
    assert say(advisor, "✓ Infra Knowledge", ticked)[1].skills == ()


# Other questions in between.


@pytest.mark.parametrize("question", OPEN)
@pytest.mark.parametrize("asked", ["what does agile pay", "which certifications help", "how much is the pmp exam"])
def test_another_question_is_answered_as_ever_and_the_open_one_stands_below(
    advisor: Advisor, question: str, asked: str
) -> None:
    without, _ = advisor.reply(asked)
    reply, plan = say(advisor, asked, OPEN[question])
    assert plan == OPEN[question]
    assert (reply.kind, reply.topics) == (without.kind, without.topics)
    answer, _, reminder = reply.text.rpartition("\n\n")
    assert answer == without.text
    assert reminder.startswith("Back to your plan: ")
    assert len(reminder.splitlines()) == 1


def test_a_plan_goes_on_after_any_number_of_other_questions(advisor: Advisor) -> None:
    asked = ["what does a senior do", "and agile?", "what is the capital of france", "hi"] * 3
    _, conversation = talk(advisor, "plan", *asked, "4", *asked, "better pay", *asked, "vendors", *asked, "done")
    assert conversation.plan == Plan(years=4.0, goal="pay", skills=("vendor_management",), question=None)


def test_a_suggestion_tapped_meanwhile_is_an_interruption_too(advisor: Advisor) -> None:
    reply, after = press(advisor, "track.agile.salary", Conversation(plan=GOAL, years=4.0))
    assert reply.topics == ("track.agile.salary",)
    assert reply.text.splitlines()[-1].startswith("Back to your plan: ")
    assert after.plan == GOAL


def test_what_was_asked_back_keeps_its_buttons_and_can_be_picked_in_words(advisor: Advisor) -> None:
    conversation = Conversation(plan=GOAL, years=4.0)
    reply, after = advisor.reply("which skills", conversation)
    assert reply.kind == "clarify"
    assert [s.topic for s in reply.suggestions][: len(after.offered)] == list(after.offered) != []
    assert advisor.reply("the first one", after)[0].topics == after.offered[:1]


@pytest.mark.parametrize("question", OPEN)
@pytest.mark.parametrize("said", ["I want to kill myself", "no more mentoring, I want to die", "bye"])
def test_who_is_in_despair_or_leaves_hears_nothing_of_the_plan(advisor: Advisor, question: str, said: str) -> None:
    reply, plan = say(advisor, said, OPEN[question])
    assert "plan" not in reply.text
    assert reply.suggestions == ()
    assert plan == OPEN[question]


# How a plan ends.


@pytest.mark.parametrize("question", OPEN)
@pytest.mark.parametrize(
    "typed", ["cancel", "/cancel", "Cancel please", "stop", "never mind", "Stop the plan", "plan.cancel"]
)
def test_a_plan_can_be_dropped_at_any_point(advisor: Advisor, question: str, typed: str) -> None:
    conversation = Conversation(plan=OPEN[question])
    reply, after = advisor.answer(typed, conversation) or advisor.reply(typed, conversation)
    assert after.plan is None
    assert reply.text.startswith("All right, I have dropped the plan.")
    assert [s.topic for s in reply.suggestions] == ["plan"]


@pytest.mark.parametrize("plan", [None, FINISHED])
@pytest.mark.parametrize("typed", ["cancel", "/cancel", "plan.cancel"])
def test_without_an_open_plan_there_is_nothing_to_cancel(advisor: Advisor, plan: Plan | None, typed: str) -> None:
    conversation = Conversation(plan=plan)
    reply, after = advisor.answer(typed, conversation) or advisor.reply(typed, conversation)
    assert "nothing to cancel" in reply.text
    assert after.plan == plan


@pytest.mark.parametrize("typed", ["stop", "never mind", "done", "4", "agile", "all", "back"])
def test_words_to_a_plan_mean_what_they_always_meant_where_none_is_open(advisor: Advisor, typed: str) -> None:
    assert advisor.reply(typed, Conversation(plan=FINISHED))[0] == advisor.reply(typed)[0]


# The page.


def test_a_plan_for_the_next_level_says_where_one_stands_and_what_is_missing(advisor: Advisor) -> None:
    reply, _ = talk(advisor, "plan", "4", "next", "risk", "done")
    assert reply.text.splitlines() == [
        "Your plan: the next level",
        "With 4 years you are at IT Project Manager (3-7 years).",
        "Next: Senior IT Project Manager (7+ years): oversees complex projects with larger teams and budgets, mentors, "
        "contributes to strategic planning.",
        "Skills to build: Strategic Planning, Mentoring.",
        "Skills you have: Advanced Risk Management.",
        "",
        "What to do first:",
        "• Develop leadership skills (for Strategic Planning, Mentoring): take on challenging projects, ask peers and "
        "mentors for feedback.",
        "• Join professional organizations (people who can help you on): the Project Management Institute, for one, "
        "offers contacts, resources and events.",
    ]


def test_a_plan_for_a_track_quotes_its_work_and_salary_and_the_next_level(advisor: Advisor) -> None:
    text = talk(advisor, "plan", "2", "agile", "none")[0].text
    assert "Agile Project Management ($80,000 - $120,000): managing projects with Agile methodologies" in text
    assert "Your next level: IT Project Manager (3-7 years)." in text
    assert "Pursue advanced certifications (one of them is for Agile): PMP or Agile Certified Practitioner." in text


def test_better_pay_leads_to_the_track_with_the_highest_range(advisor: Advisor) -> None:
    text = talk(advisor, "plan", "9", "better pay", "none")[0].text
    assert "The highest range is that of IT Infrastructure Project Management ($85,000 - $130,000)" in text
    assert "you are at Senior IT Project Manager (7+ years), the highest level I know of" in text


def test_who_has_every_skill_is_told_so(advisor: Advisor) -> None:
    text = talk(advisor, "plan", "4", "next", "all")[0].text
    assert "You have every skill that it asks for: Strategic Planning, Advanced Risk Management, Mentoring." in text
    assert "Share your knowledge (you have the skills, so pass them on)" in text


@pytest.mark.parametrize("years", ["0", "plan.years.0", "2", "3", "5", "7", "plan.years.7"])
@pytest.mark.parametrize("goal", ["next", "agile", "infrastructure", "pay"])
@pytest.mark.parametrize("skills", ["none", "all", "scrum and vendors, done"])
def test_every_plan_fits_one_screen(advisor: Advisor, years: str, goal: str, skills: str) -> None:
    reply, conversation = talk(advisor, "plan", years, goal, skills)
    if conversation.plan and conversation.plan.question is None:
        assert len(reply.text.splitlines()) <= 12
        assert len(reply.text) <= 1_000
        assert 1 <= reply.text.count("• ") <= 2


def test_after_a_plan_the_talk_is_about_what_it_leads_to(advisor: Advisor) -> None:
    _, conversation = talk(advisor, "plan", "4", "agile", "done")
    assert advisor.reply("and what does that pay?", conversation)[0].topics == ("track.agile.salary",)


def test_the_buttons_below_a_plan_are_answered(advisor: Advisor) -> None:
    reply, conversation = talk(advisor, "plan", "4", "next", "done")
    assert [press(advisor, s.topic, conversation)[0].topics for s in reply.suggestions] == [
        ("advance.leadership",),
        ("level.senior.overview",),
        ("plan",),
    ]


def test_a_plan_as_a_file_lists_every_skill_with_a_box_and_no_markup(advisor: Advisor) -> None:
    lines = advisor.planner.as_text(FINISHED).splitlines()
    assert lines[0] == "Your plan: the next level"
    boxes = [line for line in lines if line.startswith("[")]
    assert boxes == ["[ ] Strategic Planning", "[ ] Advanced Risk Management", "[x] Mentoring"]
    assert "*" not in "".join(lines)
    assert lines[-1].startswith("From what is on record about careers in IT project management.")


# Old buttons, old chats, old links.


@pytest.mark.parametrize(
    ("topic", "plan"),
    [
        ("plan", Plan()),
        ("plan.done", Plan()),
        ("plan.years.3", Plan(years=3.01, question="goal")),
        ("plan.goal.pay", Plan(goal="pay")),
        ("plan.skill.scrum", Plan(skills=("scrum",))),
    ],
)
def test_a_button_of_a_plan_that_nobody_remembers_begins_one_with_its_answer(
    advisor: Advisor, topic: str, plan: Plan
) -> None:
    reply, conversation = press(advisor, topic)
    assert conversation.plan == plan
    assert not reply.in_place


def test_an_answer_from_such_a_button_is_noted_and_kept(advisor: Advisor) -> None:
    reply, conversation = press(advisor, "plan.goal.track.agile")
    assert reply.text.startswith("Noted: Agile.")
    assert advisor.reply("4", conversation)[1].plan == SKILLS


def test_a_skill_pressed_after_the_page_opens_the_plan_again_with_all_its_answers(advisor: Advisor) -> None:
    reply, after = press(advisor, "plan.skill.strategic_planning", Conversation(plan=FINISHED))
    assert reply.in_place
    assert after.plan == Plan(years=4.0, goal="next", skills=("strategic_planning", "mentoring"), question="skills")
    assert press(advisor, "plan.done", after)[0].text.startswith("Your plan: the next level")


@pytest.mark.parametrize(
    "topic",
    [
        *("plan.", "plan.x", "plans", "plan.years", "plan.years.", "plan.years.03", "plan.years.-1", "plan.years.100"),
        *(
            "plan.years.³",
            "plan.years.1.5",
            "plan.goal.boss",
            "plan.goal.track",
            "plan.goal.level.senior",
            "plan.skill.",
        ),
        *("plan.skill.magic", "plan.skill.scrum.new.new", "plan.done.1", "plan.cancel.1", "PLAN", ""),
    ],
)
def test_a_topic_that_no_button_ever_had_is_not_answered(advisor: Advisor, topic: str) -> None:
    assert advisor.answer(topic) is None


def test_a_plan_outlives_a_restart(advisor: Advisor) -> None:
    _, conversation = talk(advisor, "plan", "4", "agile", "scrum")
    assert Conversation.model_validate_json(conversation.model_dump_json()) == conversation


def test_a_conversation_stored_before_there_were_plans_still_loads() -> None:
    assert Conversation.model_validate_json('{"topics": ["path"], "turn": 3}').plan is None


def test_what_a_stored_plan_holds_of_other_knowledge_is_dropped(advisor: Advisor) -> None:
    stale = Plan(years=4.0, goal="track.cobol", skills=("cobol", "scrum"), question=None)
    reply, plan = say(advisor, "agile", stale.model_copy(update={"question": "skills"}))
    assert plan == Plan(years=4.0, goal="track.agile", skills=("scrum",), question="skills")
    assert reply.topics == ("plan",)
    assert press(advisor, "plan.done", Conversation(plan=stale))[1].plan == Plan(
        years=4.0, skills=("scrum",), question="goal"
    )


def test_a_link_shows_the_plan_it_was_made_from(advisor: Advisor, knowledge: Knowledge) -> None:
    payload = plan_link.encode(FINISHED, knowledge)
    reply, conversation = advisor.planner.reopen(payload, Conversation())
    assert payload == advisor.planner.link(FINISHED)
    assert reply.text.startswith(
        "This is the plan that the link holds; it may be somebody else's.\n\nYour plan: the next"
    )
    assert labels(reply)[-1] == "Make my own plan"
    assert conversation.plan == FINISHED


def test_somebody_elses_link_says_nothing_of_my_own_years(advisor: Advisor) -> None:
    _, conversation = advisor.planner.reopen(advisor.planner.link(FINISHED), Conversation(years=1.0))
    assert conversation.years == 1.0


@pytest.mark.parametrize("payload", ["", "x", "nonsense", "AQEAyAwAaaB8WQA", "ä", "A" * 65])
def test_a_link_that_cannot_be_read_begins_a_new_plan_with_a_kind_line(advisor: Advisor, payload: str) -> None:
    reply, conversation = advisor.planner.reopen(payload, Conversation())
    assert reply.text.startswith("That link is incomplete, or older than what I know now")
    assert conversation.plan == Plan()


@pytest.mark.parametrize("change", ["a level less", "tracks in another order", "another skill"])
def test_a_link_made_from_other_knowledge_is_out_of_date(knowledge: Knowledge, change: str) -> None:
    content = knowledge.model_dump()
    career = content["career"]
    match change:
        case "a level less":
            career["levels"] = career["levels"][:2]
        case "tracks in another order":
            career["tracks"] = career["tracks"][::-1]
        case "another skill":
            career["tracks"][0]["skills"] = ("Agile Methodologies", "Scrum", "Extreme Programming")
    assert plan_link.decode(plan_link.encode(FINISHED, knowledge), Knowledge.model_validate(content)) is None


def test_a_link_outlives_changes_of_what_plans_only_quote(knowledge: Knowledge) -> None:
    content = knowledge.model_dump()
    content["career"]["tracks"][0]["salary_to"] += 5_000
    content["career"]["levels"][2]["brief"] = "does something else"
    assert plan_link.decode(plan_link.encode(FINISHED, knowledge), Knowledge.model_validate(content)) == FINISHED


def test_only_a_finished_plan_has_a_link(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="finished"):
        plan_link.encode(SKILLS, knowledge)


# What is said of strategies and skills must be known.


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("strategy: advance.brand", "strategy: advance.luck", "there is no strategy 'advance.luck'"),
        ("strategy: advance.brand", "strategy: level.senior", "there is no strategy 'level.senior'"),
        ("goals: [ready]", "goals: [fame]", "there is no goal 'fame'"),
        ("skills: [Leadership, Mentoring,", "skills: [Leadership, Juggling,", "there is no skill 'Juggling'"),
        ("    Mentoring: {", "    Juggling: {", "there is no skill 'Juggling'"),
    ],
)
def test_a_link_to_what_is_not_in_the_career_file_is_refused(
    advisor: Advisor, tmp_path: Path, old: str, new: str, message: str
) -> None:
    folder = Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))
    replies = folder / "replies.yaml"
    text = replies.read_text(encoding="utf-8")
    assert old in text
    replies.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"replies\.yaml:\d+: .*{message}"):
        Advisor(load_knowledge(folder), advisor.matchers)


def test_every_skill_has_a_strategy_and_words_that_the_speller_leaves_alone(
    advisor: Advisor, knowledge: Knowledge
) -> None:
    plan = knowledge.wording.plan
    linked = {skill for link in plan.strategies for skill in link.skills}
    for skill in PlanFacts(knowledge).skills.values():
        assert skill in linked
        for name in (skill, *(plan.skills[skill].names if skill in plan.skills else ())):
            assert " ".join(advisor.understand(name, Conversation()).everything.words) == name.lower()


def test_a_plan_over_a_long_ladder_and_long_skills_still_fits_its_buttons(
    advisor: Advisor, knowledge: Knowledge
) -> None:
    content = knowledge.model_dump()
    skills = [f"Handling of Extraordinarily Complicated Matters of the {number}th Kind" for number in range(12)]
    rung = content["career"]["levels"][-1]
    content["career"]["levels"] = (*content["career"]["levels"][:-1], rung | {"years_to": 8})
    content["career"]["levels"] += tuple(
        rung | {"id": f"rung_{letter}", "years_from": 8 + at, "years_to": 9 + at, "skills": skills}
        for at, letter in enumerate("abcdefgh")
    )
    long = Advisor(Knowledge.model_validate(content), advisor.matchers)
    for steps in (["plan"], ["plan", "9.5"], ["plan", "9.5", "next"], ["plan", "9.5", "agile", "what does agile pay"]):
        reply, _ = talk(long, *steps)
        assert 1 < len(reply.suggestions) <= 8
        assert all(len(s.label) <= 25 and len(s.topic.encode()) <= 60 for s in reply.suggestions)
        assert len({s.topic for s in reply.suggestions}) == len(reply.suggestions)
    _, conversation = talk(long, "plan", "9.5", "next", "all")
    assert conversation.plan
    assert plan_link.decode(long.planner.link(conversation.plan), long.knowledge) == conversation.plan


@pytest.fixture
def ending(knowledge: Knowledge) -> Knowledge:
    """Knowledge whose highest level ends after 12 years."""
    content = knowledge.model_dump()
    *lower, top = content["career"]["levels"]
    content["career"]["levels"] = (*lower, top | {"years_to": 12})
    return Knowledge.model_validate(content)


@pytest.mark.parametrize(
    ("years", "place"),
    [
        ("half a year", "are before the first level, Junior IT Project Manager"),
        ("3 years", "Junior IT Project Manager (1-3 years) and IT Project Manager (3-7 years)"),
        ("5 years", " at IT Project Manager (3-7 years)"),
        ("12 years", " at Senior IT Project Manager (7-12 years)"),
        ("20 years", " at Senior IT Project Manager (7-12 years)"),
    ],
)
def test_an_answer_and_a_plan_place_years_alike_also_beyond_a_ladder_that_ends(
    advisor: Advisor, ending: Knowledge, years: str, place: str
) -> None:
    over_it = Advisor(ending, advisor.matchers)
    assert place in over_it.reply(f"i have {years} as a project manager, where do i stand")[0].text
    assert place in talk(over_it, "plan", f"{years} as a project manager")[0].text


def test_years_beyond_a_ladder_that_ends_have_no_level_to_come(ending: Knowledge) -> None:
    standing = PlanFacts(ending).standing(20)
    assert (standing.place, standing.level.id, standing.above) == ("top", "senior", None)
