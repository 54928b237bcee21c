"""Messages as people write them: clause by clause, and in the light of what was said before."""

import pytest

from bot import Advisor, Conversation

AGILE_PAY = Conversation(
    topics=("track.agile.salary",), focus="track.agile", track="track.agile", listed=("track.agile",)
)
JUNIOR_WORK = Conversation(
    topics=("level.junior.overview",), focus="level.junior", level="level.junior", listed=("level.junior",)
)
ASKED_BACK = Conversation(offered=("track.agile.salary", "path"))


def topics(advisor: Advisor, utterance: str, conversation: Conversation | None = None) -> tuple[str, ...]:
    return advisor.reply(utterance, conversation)[0].topics


@pytest.mark.parametrize(
    ("utterance", "asked"),
    [
        ("hi! what does a senior project manager do?", ["level.senior.overview"]),
        ("thanks, that helps. which skills does the agile track need?", ["track.agile.skills"]),
        ("what does a junior do and for how many years", ["level.junior.overview", "level.junior.experience"]),
        ("how many years, and which skills, for a junior", ["level.junior.experience", "level.junior.skills"]),
        ("I go for the scrum route. What must I be good at?", ["track.agile.skills"]),
        ("which certificates help, and where do I meet other PMs?", ["advance.certifications", "advance.networking"]),
        ("1) the career ladder 2) what does agile pay", ["path", "track.agile.salary"]),
        ("skills for junior and senior", ["level.junior.skills", "level.senior.skills"]),
        ("skills for agile and infra", ["track.agile.skills", "track.infrastructure.skills"]),
        ("infra pm: skills + pay", ["track.infrastructure.skills", "track.infrastructure.salary"]),
        ("duties and skills of a senior pm", ["level.senior.overview", "level.senior.skills"]),
        ("mid level duties and years", ["level.mid.overview", "level.mid.experience"]),
        ("senior - yrs, skills", ["level.senior.experience", "level.senior.skills"]),
        ("certs and networking", ["advance.certifications", "advance.networking"]),
        (
            "ok, so, I was a cook, then a clerk, moved twice, had two kids, started again, learnt a lot, liked it, and "
            "now I wonder: what does the agile track pay? And which skills does it need?",
            ["track.agile.salary", "track.agile.skills"],
        ),
    ],
)
def test_every_question_of_a_message_is_answered_in_its_order(
    advisor: Advisor, utterance: str, asked: list[str]
) -> None:
    assert topics(advisor, utterance) == tuple(asked)


@pytest.mark.parametrize(
    ("utterance", "conversation", "meant"),
    [
        ("and infrastructure?", AGILE_PAY, "track.infrastructure.salary"),
        ("skills?", AGILE_PAY, "track.agile.skills"),
        ("no sorry, I meant infrastructure", AGILE_PAY, "track.infrastructure.salary"),
        ("and the level above, what do they do there", JUNIOR_WORK, "level.mid.overview"),
        ("which skills do they want there", JUNIOR_WORK, "level.junior.skills"),
        ("how do I get promoted", JUNIOR_WORK, "advance"),
    ],
)
def test_what_a_message_lacks_comes_from_the_conversation(
    advisor: Advisor, utterance: str, conversation: Conversation, meant: str
) -> None:
    assert topics(advisor, utterance, conversation) == (meant,)


def test_the_same_without_a_conversation_means_something_else(advisor: Advisor) -> None:
    assert topics(advisor, "and infrastructure?") == ("track.infrastructure.overview",)
    assert topics(advisor, "and the level above, what do they do there") != ("level.mid.overview",)


@pytest.mark.parametrize(
    ("utterance", "level"),
    [
        ("what should somebody with five years of this be good at", "mid"),
        ("my sister has ten years as a PM, which skills must she have", "senior"),
    ],
)
def test_years_say_which_level_is_meant(advisor: Advisor, utterance: str, level: str) -> None:
    assert topics(advisor, utterance) == (f"level.{level}.skills",)


@pytest.mark.parametrize(
    ("utterance", "picked"),
    [
        ("yes", ["track.agile.salary"]),
        ("the first one", ["track.agile.salary"]),
        ("the second", ["path"]),
        ("the last one", ["path"]),
        ("both", ["track.agile.salary", "path"]),
    ],
)
def test_after_asking_back_an_offer_can_be_picked_in_words(advisor: Advisor, utterance: str, picked: list[str]) -> None:
    assert topics(advisor, utterance, ASKED_BACK) == tuple(picked)


def test_after_asking_back_a_new_question_is_a_new_question(advisor: Advisor) -> None:
    assert topics(advisor, "what does a junior do", ASKED_BACK) == ("level.junior.overview",)


def test_an_offer_can_be_picked_only_at_once(advisor: Advisor) -> None:
    _, conversation = advisor.reply("thanks", ASKED_BACK)
    assert conversation.offered == ()


@pytest.mark.parametrize("told", ["what if I had 6", "and with six years?", "6 years then"])
def test_who_was_placed_is_placed_again_by_other_years(advisor: Advisor, told: str) -> None:
    _, conversation = advisor.reply("two years as a PM, where do I stand?")
    reply, _ = advisor.reply(told, conversation)
    assert reply.text.startswith("With 6 years you stand at IT Project Manager")


@pytest.mark.parametrize("told", ["and her colleague with five?", "my friend has 5", "his brother, 5"])
def test_after_years_a_number_beside_a_person_is_theirs(advisor: Advisor, told: str) -> None:
    _, conversation = advisor.reply("she has managed IT projects for eight years. where does she stand?")
    reply, _ = advisor.reply(told, conversation)
    assert reply.text.startswith("With 5 years they stand at IT Project Manager")


def test_after_years_a_number_of_other_things_places_nobody(advisor: Advisor) -> None:
    _, conversation = advisor.reply("two years as a PM, where do I stand?")
    assert topics(advisor, "I have 2 questions", conversation) != ("next",)


def test_years_told_of_another_job_place_nobody_when_they_are_told_again(advisor: Advisor) -> None:
    _, conversation = advisor.reply("I was a nurse for 11 years. What does a junior do?")
    reply, conversation = advisor.reply("would my 11 years count for anything", conversation)
    assert reply.topics == ("next",)
    assert reply.text.startswith("The years of this ladder are years as a project manager")
    reply, _ = advisor.reply("and with 11 years as a project manager, where am I", conversation)
    assert reply.text.startswith("With 11 years you stand at Senior")


@pytest.mark.parametrize(
    ("told", "asked", "meant"),
    [
        ("I have 4 years as a PM, where do I stand", "the one under it", "level.junior.overview"),
        ("I have 8 years as a PM, where do I stand", "the level below mine", "level.mid.overview"),
        ("I've been a senior for 2 years, where do I stand", "the one under it", "level.mid.overview"),
        ("I've been a senior for 2 years, where do I stand", "the level below mine", "level.mid.overview"),
        ("I've been a mid-level PM for 1 year", "how long until senior then", "level.senior.experience"),
        ("I've been a mid-level PM for 1 year", "when do I get there", "level.senior.experience"),
        ("I have 2 years as a PM, where do I stand", "when do I get there", "level.mid.experience"),
        ("I have 2 years as a PM, what comes next", "when do I get there", "level.mid.experience"),
    ],
)
def test_after_being_placed_the_ladder_is_counted_from_there(
    advisor: Advisor, told: str, asked: str, meant: str
) -> None:
    _, conversation = advisor.reply(told)
    assert topics(advisor, asked, conversation) == (meant,)


def test_all_that_was_asked_of_one_thing_can_be_asked_of_another_at_once(advisor: Advisor) -> None:
    conversation = Conversation()
    for utterance in ("what does a junior do", "and for how many years"):
        _, conversation = advisor.reply(utterance, conversation)
    again = topics(advisor, "same two questions for seniors", conversation)
    assert again == ("level.senior.overview", "level.senior.experience")


def test_words_that_took_no_part_can_be_told(advisor: Advisor) -> None:
    understood = advisor.understand("hello! what does a junior do, qwrtzplk", Conversation())
    assert {"hello", "qwrtzplk"} <= set(advisor.ignored(understood))
    assert "junior" not in advisor.ignored(understood)


@pytest.mark.parametrize("words", ["ty", "thx", "righto then, bye"])
def test_a_courtesy_is_one_wherever_the_conversation_stands(advisor: Advisor, words: str) -> None:
    for asked in ("what does agile pay", "i have been a pm for 5 years, where do i stand", "which levels are there"):
        conversation = advisor.reply(asked)[1]
        assert advisor.reply(words, conversation)[0].kind == "smalltalk"
