"""What was said before makes some topics likelier than others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Advisor, Conversation, Knowledge
from bot.expectation import Expectation

AFTER_AGILE_PAY = Conversation(
    topics=("track.agile.salary",), focus="track.agile", track="track.agile", listed=("track.agile",)
)


@pytest.fixture(scope="module")
def expectation(knowledge: Knowledge) -> Expectation:
    return Expectation(knowledge)


@pytest.mark.parametrize(
    ("likelier", "than"),
    [
        ("track.agile.skills", "level.mid.skills"),
        ("track.infrastructure.salary", "track.infrastructure.skills"),
        ("track.compare", "level.compare"),
        ("thanks", "greeting"),
        ("advance", "outside.exam"),
        ("outside.exam", "outside.fragments"),
    ],
)
def test_what_belongs_to_the_talk_is_expected_more(expectation: Expectation, likelier: str, than: str) -> None:
    weighed = expectation.weigh({likelier: 0.4, than: 0.4}, AFTER_AGILE_PAY)
    assert weighed[likelier] > weighed[than]


def test_a_strategy_of_the_list_just_given_is_expected_most(expectation: Expectation, knowledge: Knowledge) -> None:
    advised = Conversation(topics=("advance",), listed=knowledge.of_kind("advance"))
    weighed = expectation.weigh({"advance.brand": 0.3, "path": 0.3, "level.mid.skills": 0.3}, advised)
    assert max(weighed, key=lambda topic: weighed[topic]) == "advance.brand"


def test_a_first_question_is_not_weighed(expectation: Expectation) -> None:
    assert expectation.weigh({"path": 0.6, "outside.exam": 0.4}, Conversation()) == {"path": 0.6, "outside.exam": 0.4}


def test_what_is_meant_together_stays_together(expectation: Expectation) -> None:
    """The one asks what was just asked of another thing, the other does not: alone, the first would be likelier."""
    both = {"track.infrastructure.salary": 1.0, "track.infrastructure.skills": 1.0}
    assert expectation.weigh(both, AFTER_AGILE_PAY) == pytest.approx(both)


@given(data=st.data())
def test_the_sum_of_the_confidences_stays_what_it_was(advisor: Advisor, data: st.DataObject) -> None:
    topics = data.draw(st.lists(st.sampled_from(advisor.matchers.topics.topics), min_size=1, max_size=6, unique=True))
    weighed = {topic: 0.9 / len(topics) for topic in topics}
    after = Expectation(advisor.knowledge).weigh(weighed, AFTER_AGILE_PAY)
    assert set(after) == set(topics)
    assert sum(after.values()) == pytest.approx(0.9)
