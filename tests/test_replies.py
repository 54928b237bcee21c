"""What people read: where they stand, what they may have assumed, and kindness."""

from datetime import date

import pytest

from bot import Advisor, Conversation
from bot.channels.telegram.messages import rows_of


def first_line(advisor: Advisor, utterance: str, conversation: Conversation | None = None) -> str:
    return advisor.reply(utterance, conversation)[0].text.splitlines()[0]


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("I have 6 months as a pm, where do I stand", "With 6 months you are before the first level, Junior"),
        ("less than a year as pm, what level am i", "With under 1 year you are before the first level, Junior"),
        ("15 months as a pm, what am i", "With 15 months you stand at Junior IT Project Manager (1-3 years)."),
        ("2.5 years as a pm, what comes next", "With 2.5 years you stand at Junior IT Project Manager (1-3 years)."),
        ("3 years as a pm, where do i stand", "With 3 years you stand where two levels meet, Junior"),
        ("five years as a pm, where do i stand", "With 5 years you stand at IT Project Manager (3-7 years)."),
        ("7 years as a pm, where do i stand", "With 7 years you stand where two levels meet, IT Project Manager"),
        ("over 7 years as a pm, what next", "With over 7 years you stand at Senior IT Project Manager (7+ years)."),
        ("a decade as pm, where am i", "With 10 years you stand at Senior IT Project Manager (7+ years)."),
        ("ten years a developer, one as PM, where do I stand", "With 1 year you stand at Junior"),
        ("I'm 45, 3 years as project manager", "With 3 years you stand where two levels meet"),
        ("I'm 32, 2 years as PM", "With 2 years you stand at Junior"),
        ("I don't have 5 years, I have 2. where am I", "With 2 years you stand at Junior"),
        ("not 5 years, 2 years. where do i stand", "With 2 years you stand at Junior"),
        ("how many years till i'm senior if i have 4 now", "With 4 years you stand at IT Project Manager"),
        ("I have 5 years, how many years are left until senior?", "With 5 years you stand at IT Project Manager"),
        ("My manager has only 2 years and I have 9, why is he above me?", "With 9 years you stand at Senior"),
        ("5 as dev, 2 as PM, where am i", "With 2 years you stand at Junior"),
        ("6 years, 4 of them as project manager, where am i", "With 4 years you stand at IT Project Manager"),
        ("my boss has 10 years as a pm, which level is that", "With 10 years they stand at Senior"),
    ],
)
def test_years_place_a_person_on_the_ladder(advisor: Advisor, told: str, stands: str) -> None:
    assert first_line(advisor, told).startswith(stands)


def test_whoever_is_placed_hears_what_comes_next_and_which_skills_to_build(advisor: Advisor) -> None:
    text = advisor.reply("I have 4 years as a PM, what comes next")[0].text
    assert "Next comes Senior IT Project Manager (7+ years)" in text
    assert "Strategic Planning, Advanced Risk Management, Mentoring" in text


def test_where_two_levels_meet_both_are_named_with_the_skills_of_the_upper_one(advisor: Advisor) -> None:
    text = advisor.reply("3 years as a pm, where do i stand")[0].text
    assert "Junior IT Project Manager (1-3 years) and IT Project Manager (3-7 years)" in text
    assert "Leadership, Risk Management, Budget Management" in text


def test_asking_whether_one_is_senior_is_not_saying_so(advisor: Advisor) -> None:
    assert first_line(advisor, "am i senior yet").startswith("Tell me how many years")
    assert first_line(advisor, "am i senior yet", Conversation(years=4.0)).startswith("With 4 years you stand at IT")


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("I've been a senior for 2 years, what comes next", "You are at Senior IT Project Manager (7+ years)."),
        ("I've been a mid-level PM for 1 year", "You are at IT Project Manager (3-7 years)."),
        ("my friend has been a senior PM for 2 years, what level is he", "They are at Senior IT Project Manager"),
        ("I've been a mid-level PM for 5 years, where do I stand", "With 5 years you stand at IT Project Manager"),
        ("I have 6 months to become a senior, what should I do", "Tell me how many years"),
        (
            "been a senior developer for 5 years, where do i stand",
            "The years of this ladder are years as a project manager",
        ),
        ("I'm 35 years, where do I stand", "Tell me how many years"),
        ("my colleague has 5 years and I have 2, what level am I", "With 2 years you stand at Junior"),
        ("event manager for 6 years, what level am i", "The years of this ladder are years as a project manager"),
    ],
)
def test_a_level_is_told_only_by_what_places_a_person(advisor: Advisor, told: str, stands: str) -> None:
    assert first_line(advisor, told).startswith(stands)


def test_a_level_that_was_named_takes_the_place_of_years_told_before(advisor: Advisor) -> None:
    _, conversation = advisor.reply("I have 2 years as a PM, where do I stand")
    _, conversation = advisor.reply("no, I've been a senior for 2 years, where do I stand", conversation)
    assert (conversation.level, conversation.years) == ("level.senior", None)


def test_an_age_that_is_told_is_no_question(advisor: Advisor) -> None:
    text = advisor.reply("i am 45, 3 years as pm, where do i stand")[0].text
    assert text.startswith("With 3 years you stand where two levels meet")
    assert "The rest of your question" not in text


def test_years_in_another_job_are_not_counted(advisor: Advisor) -> None:
    assert first_line(advisor, "12 years as a nurse, where do i stand").startswith(
        "The years of this ladder are years as a project manager"
    )


@pytest.mark.parametrize(
    "told",
    [
        "I have 5 years but not as a PM. where do i stand",
        "I never worked as PM but led teams for 6 years, where do I stand",
        "I have 6 years of experience in IT, none as PM, where am i",
        "coming back after 6 years at home with the kids, where do i stand",
        "DBA with 9 years of experience, which level am I",
        "using Jira for 8 years where am i",
        "it'll be 3 years in June. where do i stand",
        "how do i become senior faster than 7 years, where do i stand",
    ],
)
def test_years_that_may_be_of_something_else_place_nobody(advisor: Advisor, told: str) -> None:
    text = advisor.reply(told)[0].text
    assert "stand at" not in text
    assert "two levels meet" not in text


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("about four", "With 4 years you stand at IT Project Manager"),
        ("3 and a half", "With 3.5 years you stand at IT Project Manager"),
        ("I do not have any experience", "With 0 years you are before the first level"),
        ("2 of them as a PM", "With 2 years you stand at Junior"),
        ("none yet", "With 0 years you are before the first level"),
        ("fifteen", "With 15 years you stand at Senior"),
        ("2-3 years", "With 2.5 years you stand at Junior"),
        ("more than 7", "With over 7 years you stand at Senior"),
        ("just under 3", "With under 3 years you stand at Junior"),
    ],
)
def test_the_question_for_years_takes_any_answer(advisor: Advisor, told: str, stands: str) -> None:
    _, conversation = advisor.reply("where do I stand")
    assert first_line(advisor, told, conversation).startswith(stands)


def test_years_of_somebody_else_are_not_those_of_who_asks_then(advisor: Advisor) -> None:
    _, conversation = advisor.reply("My boss has 10 years.")
    reply, conversation = advisor.reply("what comes next for me?", conversation)
    assert reply.text.startswith("Tell me how many years you have worked")
    assert first_line(advisor, "2", conversation).startswith("With 2 years you stand at Junior")


def test_a_year_since_when_counts_only_with_a_clock(advisor: Advisor) -> None:
    asked = "i have been a pm since 2019, where do i stand"
    assert advisor.reply(asked, today=date(2024, 5, 1))[0].text.startswith("With 5 years")
    assert not advisor.reply(asked)[0].text.startswith("With")


def test_a_year_since_when_counts_for_nothing_in_another_job(advisor: Advisor) -> None:
    asked = "a nurse since 2010. where do i stand as a project manager"
    assert not advisor.reply(asked, today=date(2024, 5, 1))[0].text.startswith("With")


@pytest.mark.parametrize(
    "asked", ["I'm 52, where do I stand", "i am level 2, what comes next", "i earn 80k, what next"]
)
def test_a_number_without_a_unit_is_no_experience(advisor: Advisor, asked: str) -> None:
    reply, conversation = advisor.reply(asked)
    assert (reply.text.startswith("With"), conversation.years) == (False, None)


def test_years_told_in_one_sentence_are_not_taken_for_a_name_in_another(advisor: Advisor) -> None:
    conversation = advisor.reply("what does agile pay")[1]
    assert advisor.reply("8 years. what skills for infrastructure?", conversation)[0].topics == (
        "track.infrastructure.skills",
    )


def test_which_pays_better_is_answered_in_the_first_line(advisor: Advisor) -> None:
    line = first_line(advisor, "which of the two tracks pays better, agile or infrastructure")
    assert line.startswith("IT Infrastructure Project Management has the higher range: $85,000 - $130,000")


def test_a_comparison_lays_only_the_named_levels_side_by_side(advisor: Advisor) -> None:
    text = advisor.reply("what is the difference between a junior and a senior")[0].text
    assert "Junior IT Project Manager, 1-3 years" in text
    assert "Senior IT Project Manager, 7+ years" in text
    assert "• IT Project Manager" not in text


def test_what_was_taken_from_the_conversation_is_shown(advisor: Advisor) -> None:
    _, conversation = advisor.reply("what does the agile track pay")
    assert "Agile" in first_line(advisor, "which skills does it need", conversation)


def test_who_is_in_despair_is_sent_to_people(advisor: Advisor) -> None:
    reply, _ = advisor.reply("i want to kill myself")
    assert reply.kind == "unknown"
    assert "emergency number" in reply.text
    assert reply.suggestions == ()


@pytest.mark.parametrize(
    "words", ["I want to die of boredom at work", "this commute is killing me", "I want to report something"]
)
def test_strong_words_are_no_despair(advisor: Advisor, words: str) -> None:
    assert "emergency number" not in advisor.reply(words)[0].text


@pytest.mark.parametrize("words", ["everything is hopeless, I can't carry on living", "I feel like ending it all"])
def test_despair_is_heard_in_many_words(advisor: Advisor, words: str) -> None:
    assert "emergency number" in advisor.reply(words)[0].text


def test_who_asks_what_is_kept_is_told_the_commands(advisor: Advisor) -> None:
    text = advisor.reply("please erase what you have on me")[0].text
    assert all(command in text for command in ("/privacy", "/mydata", "/forget"))


def test_an_unknown_question_names_what_is_not_known_and_offers_three_others(advisor: Advisor) -> None:
    reply, _ = advisor.reply("how much does the PMP exam cost")
    assert "nothing on the exams" in reply.text
    assert [suggestion.topic for suggestion in reply.suggestions] == ["advance.certifications", "advance", "path"]


def test_the_nearest_thing_that_is_known_is_told_with_the_gap(advisor: Advisor) -> None:
    reply, _ = advisor.reply("is the PMP exam hard")
    assert (reply.kind, reply.topics) == ("unknown", ())
    assert "nothing on the exams" in reply.text
    assert "make you more marketable" in reply.text


def test_a_part_of_a_message_that_is_not_known_is_named_behind_the_answer(advisor: Advisor) -> None:
    reply, _ = advisor.reply("which skills does a junior need, and how do I write a good CV?")
    assert (reply.kind, reply.topics) == ("answer", ("level.junior.skills",))
    assert reply.text.splitlines()[-1] == (
        "The rest of your question I can't answer. I can't help with CVs, cover letters or profiles."
    )


@pytest.mark.parametrize(
    ("asked", "elsewhere"),
    [
        ("do juniors need leadership", "Leadership is not among them: it is listed for IT Project Manager."),
        ("does a senior need budget management?", "Budget Management is not among them: it is listed for IT Project"),
        ("is vendor management a junior skill", "Vendor Management is not among them: it is listed for IT Infra"),
        ("do seniors need risk management", "Risk Management is not among them: it is listed for IT Project Manager."),
        ("does the agile track need mentoring", "Mentoring is not among them: it is listed for Senior IT Project"),
    ],
)
def test_a_skill_that_is_not_on_the_list_asked_for_is_told_where_it_is(
    advisor: Advisor, asked: str, elsewhere: str
) -> None:
    assert advisor.reply(asked)[0].text.splitlines()[-1].startswith(elsewhere)


@pytest.mark.parametrize("asked", ["do juniors need time management", "does a senior need advanced risk management"])
def test_a_skill_on_the_list_asked_for_needs_no_word_more(advisor: Advisor, asked: str) -> None:
    assert "not among them" not in advisor.reply(asked)[0].text


@pytest.mark.parametrize(
    ("asked", "owner"),
    [
        ("which level needs time management", "level.junior"),
        ("when do I need budget management", "level.mid"),
        ("for which position is strategic planning required", "level.senior"),
        ("who needs vendor management", "track.infrastructure"),
        ("is kanban a skill of any track", "track.agile"),
    ],
)
def test_who_asks_where_a_skill_belongs_gets_the_list_that_has_it(advisor: Advisor, asked: str, owner: str) -> None:
    assert advisor.reply(asked)[0].topics == (f"{owner}.skills",)


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("I make 70k as an agile pm, am I underpaid?", ["In dollars, 70,000 would be below the range of Agile."]),
        ("i earn $95,000 in infrastructure, is that fair", ["In dollars, 95,000 would lie within the range of Infra"]),
        ("is it true that agile pays 120k", ["In dollars, 120,000 would lie within the range of Agile."]),
        (
            "can I make 150k as a pm?",
            [
                "In dollars, 150,000 would be above the range of Agile.",
                "In dollars, 150,000 would be above the range of I",
            ],
        ),
    ],
)
def test_an_amount_is_set_against_the_range_asked_for(advisor: Advisor, asked: str, stands: list[str]) -> None:
    lines = advisor.reply(asked)[0].text.splitlines()[-len(stands) :]
    assert all(line.startswith(words) for line, words in zip(lines, stands, strict=True))


@pytest.mark.parametrize(
    "asked", ["what does agile pay", "what does agile pay after 5 years", "agile pay: 80k or 120k?"]
)
def test_without_one_amount_nothing_is_compared(advisor: Advisor, asked: str) -> None:
    assert "In dollars" not in advisor.reply(asked)[0].text


def test_another_comparison_is_no_repetition(advisor: Advisor) -> None:
    _, conversation = advisor.reply("compare junior and senior")
    reply, conversation = advisor.reply("and mid and senior", conversation)
    assert reply.text.startswith("Side by side:")
    assert advisor.reply("and mid and senior", conversation)[0].text.startswith("That is all I have on this.")


def test_the_other_ways_to_get_ahead_are_all_of_them(advisor: Advisor) -> None:
    _, conversation = advisor.reply("should I start a blog?")
    assert advisor.reply("the others?", conversation)[0].topics == ("advance",)


def test_pay_of_several_levels_is_said_once(advisor: Advisor) -> None:
    reply, _ = advisor.reply("what do juniors and seniors earn")
    assert reply.topics == ("salary",)
    assert reply.text.count("$80,000") == 1


def test_an_answer_that_was_just_given_says_that_there_is_no_more(advisor: Advisor) -> None:
    first, conversation = advisor.reply("which certifications help")
    again, _ = advisor.reply("tell me more about that", conversation)
    assert again.text == f"That is all I have on this.\n{first.text}"


def test_a_group_of_unknown_questions_is_named_only_if_it_is_likely(advisor: Advisor) -> None:
    reply, _ = advisor.reply("what is the capital of france")
    assert reply.kind == "unknown"
    assert "I have nothing on" not in reply.text


def test_a_question_beside_bad_news_is_answered_with_a_kind_word(advisor: Advisor) -> None:
    reply, _ = advisor.reply("My dad passed away last week. What does a junior do?")
    assert reply.topics == ("level.junior.overview",)
    assert reply.text.startswith("I am sorry to hear that.\n\nJunior IT Project Manager")


def test_bad_news_gets_a_kind_word(advisor: Advisor) -> None:
    assert advisor.reply("they let me go last week")[0].text.startswith("I am sorry to hear that.")


@pytest.mark.parametrize("words", ["no", "not what I asked", "stop"])
def test_words_that_ask_nothing_get_other_words_each_time(advisor: Advisor, words: str) -> None:
    first, conversation = advisor.reply(words)
    assert advisor.reply(words, conversation)[0].text != first.text


@pytest.mark.parametrize(
    ("utterance", "gap"),
    [
        ("how much does the PMP exam cost", True),
        ("what is the capital of france", True),
        ("i want to kill myself", False),
        ("they let me go last week", False),
        ("your numbers are wrong", False),
        ("asdfghjkl", False),
    ],
)
def test_only_a_gap_in_the_knowledge_is_for_the_authors(advisor: Advisor, utterance: str, *, gap: bool) -> None:
    reply, _ = advisor.reply(utterance)
    labels = [
        button["text"] for row in rows_of(reply, advisor.knowledge.wording, "a_bot", asked=True) for button in row
    ]
    assert (advisor.knowledge.wording.pass_on in labels) == gap
