"""Whatever is typed, there is a reply."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import Advisor, Conversation
from bot.cache import load_advisor

ADVISOR = load_advisor()
KINDS = {"answer", "smalltalk", "clarify", "unknown"}

BAD = {
    "empty": "",
    "blank": " \n\t ",
    "control characters": "\x00\x01\x07\x1b[31m\x7f",
    "emoji only": "😀🎉👍🏽🏳️‍🌈",
    "right to left": "ما هو راتب مدير المشروع",
    "Chinese": "项目经理的工资是多少",
    "Cyrillic": "сколько зарабатывает руководитель проекта",
    "combining marks": "z" + "\u0301" * 500,
    "a lone surrogate": "\ud800 salary",
    "one long word": "a" * 4096,
    "many short words": "x y " * 1024,
    "many clauses": "what, and " * 400,
    "digits": "9" * 4096,
    "markup": "<b>*agile*</b> & _pay_ `x` [a](b)",
    "placeholders": "{title} {0} {level} %s %(x)s",
    "markers": "@level @level.senior @ref.other @",
}


@pytest.mark.parametrize("utterance", BAD.values(), ids=BAD)
def test_bad_input_gets_a_reply_with_words_in_it(utterance: str) -> None:
    reply, _ = ADVISOR.reply(utterance)
    assert reply.kind in KINDS
    assert reply.text.strip()


@settings(max_examples=10_000, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_reply(utterance: str) -> None:
    reply, conversation = ADVISOR.reply(utterance)
    assert reply.kind in KINDS
    assert reply.text.strip()
    assert Conversation.model_validate_json(conversation.model_dump_json()) == conversation


NAMES = ("senior", "junior", "agile", "infra", "pmp", "blog", "the other one", "first one", "one above", "both")
ASKED = ("what", "pay", "skills", "years", "compare", "more", "which", "next", "level", "does", "since", "2019", "4")
GLUE = ("and", "not", "no", "thanks", "hi", "it", "half a", "decade", ",", "?", ".", "+")
WORDS = st.sampled_from((*NAMES, *ASKED, *GLUE))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=6))
def test_any_conversation_gets_a_reply_at_every_turn(turns: list[str]) -> None:
    conversation = None
    for turn in turns:
        reply, conversation = ADVISOR.reply(turn, conversation)
        assert reply.text.strip()
        assert len(reply.text) < 4096


GONE = Conversation(
    topics=("level.rookie.skills", "advance.luck"),
    focus="level.rookie",
    level="level.rookie",
    track="track.security",
    listed=("track.security", "level.junior"),
    offered=("track.security.salary", "path"),
)
"""A chat about things that were renamed since."""


@pytest.mark.parametrize(
    "utterance", ["and skills?", "more", "why", "pay?", "which skills", "the other one", "the first", "yes", "one up"]
)
def test_what_was_talked_about_may_be_gone_from_the_knowledge(utterance: str) -> None:
    reply, after = ADVISOR.reply(utterance, GONE)
    assert reply.text.strip()
    assert "rookie" not in after.model_dump_json()
    answer = ADVISOR.answer("path", GONE)
    assert answer
    assert answer[0].topics == ("path",)


def test_the_same_question_in_the_same_conversation_gets_the_same_reply(advisor: Advisor) -> None:
    first = advisor.reply("what does agile pay, and infra?", Conversation(level="level.mid", turn=3))
    assert advisor.reply("what does agile pay, and infra?", Conversation(level="level.mid", turn=3)) == first
