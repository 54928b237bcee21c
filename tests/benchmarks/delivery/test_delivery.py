"""The delivery benchmark itself: it counts right, and it still fits the Bot API of the tests."""

from itertools import pairwise

import pytest

from tests.benchmarks.delivery.ledger import Faults, faults
from tests.benchmarks.delivery.run import polled
from tests.benchmarks.delivery.script import Load
from tests.benchmarks.delivery.subjects import ECHO


@pytest.mark.parametrize(
    ("came", "wrong"),
    [
        ("abcab", Faults(0, 0, 0)),
        ("abca", Faults(1, 0, 0)),
        ("bcab", Faults(1, 0, 0)),
        ("abbcab", Faults(0, 1, 0)),
        ("abcba", Faults(0, 0, 1)),
        ("abxab", Faults(1, 1, 0)),
        ("", Faults(5, 0, 0)),
    ],
)
def test_faults_are_told_by_the_answers_alone(came: str, wrong: Faults) -> None:
    assert faults({1: "abcab", 2: "ab"}, {1: came, 2: "ab"}) == wrong


def test_an_answer_in_a_chat_that_asked_nothing_is_surplus() -> None:
    assert faults({1: "a"}, {1: "a", 2: "a"}) == Faults(0, 1, 0)


def test_neighbouring_messages_of_a_chat_differ() -> None:
    texts = Load(chats=1, each=80).texts(1)
    assert all(text != after for text, after in pairwise(texts))


async def test_a_run_takes_all_messages_there_and_back() -> None:
    outcome = await polled(ECHO, Load(chats=3, each=3))
    assert (outcome.messages, outcome.faults) == (9, Faults(0, 0, 0))
    assert len(outcome.waits) == 9
