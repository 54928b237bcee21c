"""Knowledge in which nothing is found wrong answers everything that can be asked of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from bot import Advisor, Conversation, Knowledge
from bot.faults import faults
from bot.menu import PAGE
from bot.wording import Wording

SECTIONS = (
    *("answers", "smalltalk", "labels", "questions", "suggestions"),
    *("choices", "pages", "browse", "command_pages"),
)
"""What the wording holds by topic."""

SAID = (
    *("hello", "what can you do", "where do i stand", "3 years", "what does a junior do", "skills", "salary"),
    *("which track pays better", "is the PMP exam hard", "how much does the PMP exam cost", "juniors and seniors pay"),
    *("what is the capital of france", "compare the tracks", "how do i get known", "what would help me on", "thanks"),
)


@pytest.fixture(scope="module")
def small(knowledge: Knowledge) -> Knowledge:
    """The knowledge with few phrases, so that it is looked through in no time."""
    phrases = {topic: listed[:1] for topic, listed in knowledge.asking.phrases.items()}
    groups = {name: group.model_copy(update={"phrases": ()}) for name, group in knowledge.outside.items()}
    asking = knowledge.asking.model_copy(update={"phrases": phrases})
    return knowledge.model_copy(update={"asking": asking, "outside": groups})


def changed(section: str, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """The wording with one key of a section left out, misspelled, or leading to what is not there."""
    content = knowledge.wording.model_dump(mode="json")
    for key, value in content[section].items():
        others = {name: other for name, other in content[section].items() if name != key}
        yield content | {section: others}
        yield content | {section: others | {key + "x": value}}
        if isinstance(value, list):
            yield content | {section: others | {key: [f"{value[0]}x" if value else "x", *value[1:]]}}


def is_refused(content: dict[str, Any], knowledge: Knowledge) -> bool:
    try:
        wording = Wording.model_validate(content)
    except ValidationError:
        return True
    return any(faults(knowledge.model_copy(update={"wording": wording})))


def exercise(advisor: Advisor) -> None:
    """Ask, press and open everything; whatever is wrong raises."""
    advisor.start()
    for topic in advisor.topics():
        assert advisor.answer(topic) is not None
        advisor.answer(PAGE + topic)
    for page in advisor.knowledge.wording.command_pages.values():
        assert advisor.answer(page) is not None
    conversation = Conversation()
    for utterance in SAID:
        _, conversation = advisor.reply(utterance, conversation)


def test_nothing_is_wrong_with_the_shipped_knowledge(knowledge: Knowledge, small: Knowledge) -> None:
    assert list(faults(knowledge)) == list(faults(small)) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_a_change_that_is_accepted_leaves_no_question_without_an_answer(
    section: str, small: Knowledge, advisor: Advisor
) -> None:
    for content in changed(section, small):
        if not is_refused(content, small):
            wording = Wording.model_validate(content)
            whole = advisor.knowledge.model_copy(update={"wording": wording})
            exercise(Advisor(whole, advisor.matchers))


@pytest.mark.parametrize("topic", ["level.compare", "track.better_pay", "level.mid.skills", "advance.brand", "salary"])
def test_every_fact_can_be_told_with_a_gap_that_it_is_near_to(advisor: Advisor, topic: str) -> None:
    outside = advisor.knowledge.outside
    near = {name: group.model_copy(update={"known": topic} if group.known else {}) for name, group in outside.items()}
    knowledge = advisor.knowledge.model_copy(update={"outside": near})
    assert list(faults(knowledge)) == []
    answer = advisor.answer(topic)
    assert answer is not None
    assert answer[0].text in Advisor(knowledge, advisor.matchers).reply("is the PMP exam hard")[0].text
