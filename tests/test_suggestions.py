"""Whatever the bot offers, it answers: by tap and typed by hand."""

import pytest

from bot import Advisor
from bot.cache import load_advisor
from bot.career import public_topic

ADVISOR = load_advisor()
OFFERED = sorted(
    {
        suggestion.topic
        for topic in [
            *(topic for topic in ADVISOR.knowledge.wording.suggestions if ADVISOR.knowledge.has(topic)),
            *(
                f"{entity}.{aspect}"
                for entity in ADVISOR.knowledge.entities
                if not entity.startswith("advance.")
                for aspect in ("overview", "experience", "skills", "salary")
            ),
        ]
        for suggestion in ADVISOR.writer.suggestions([topic])
    }
)


@pytest.mark.parametrize("topic", OFFERED)
def test_a_tapped_suggestion_is_answered_under_its_topic(advisor: Advisor, topic: str) -> None:
    answer = advisor.answer(topic)
    assert answer is not None
    assert answer[0].topics == (public_topic(topic),)


@pytest.mark.parametrize("topic", OFFERED)
def test_a_label_typed_by_hand_gets_the_same_answer_as_its_button(advisor: Advisor, topic: str) -> None:
    assert advisor.reply(advisor.writer.label(topic))[0].topics == (public_topic(topic),)


@pytest.mark.parametrize("topic", OFFERED)
def test_a_question_that_is_offered_gets_its_answer(advisor: Advisor, topic: str) -> None:
    assert topic == "help" or advisor.reply(advisor.writer.question(topic))[0].topics == (public_topic(topic),)


@pytest.mark.parametrize("topic", OFFERED)
def test_labels_fit_a_button_and_topics_its_payload(advisor: Advisor, topic: str) -> None:
    assert len(advisor.writer.label(topic)) <= 25
    assert len(f"t:{topic}".encode()) <= 64


def test_a_topic_that_does_not_exist_is_not_answered(advisor: Advisor) -> None:
    assert advisor.answer("level.boss.salary") is None
    assert advisor.answer("unknown") is None
    assert advisor.answer("level.overview") is None


def test_not_knowing_twice_in_a_row_is_said_in_other_words(advisor: Advisor) -> None:
    first, conversation = advisor.reply("what is the capital of france")
    second, _ = advisor.reply("who won the match yesterday", conversation)
    assert first.kind == second.kind == "unknown"
    assert first.text.splitlines()[0] != second.text.splitlines()[0]
    assert len(first.suggestions) == 3
