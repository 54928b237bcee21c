"""What people write in a benchmark, and what the bots have to answer.

Every chat follows one of a few scripts: ordinary questions in turns, every second one typed badly, so that hardly any
message is word for word like another one. Two neighbouring answers of a script differ, so an answer tells which
message of its chat it belongs to.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot import Advisor, Conversation
from bot.cache import load_advisor
from tests.benchmarks.edits import with_typos

QUESTIONS = (
    "what does a junior project manager do",
    "senior skills",
    "infra pm pay??",
    "and agile?",
    "how do i get promoted",
    "hi",
    "i have 4 years as a pm, what comes next",
    "what certifications are there",
    "levels",
    "what is the capital of france",
    "which tracks are there",
    "how much is the pmp exam",
    "what does agile pay",
    "junior skills",
    "thanks",
)
SCRIPTS = 20


@dataclass(frozen=True)
class Load:
    """So many messages in so many chats, the chats taking turns.

    Attributes:
        chats: how many chats.
        each: how many messages in each of them.
        rate: messages a second, at a steady pace whatever the bot does; None puts all in the queue at once.
        window: at most so many messages without an answer at a time; None sets no limit.
        first: the number of the first chat; loads of one run must not share chats.
    """

    chats: int
    each: int
    rate: float | None = None
    window: int | None = None
    first: int = 1000

    @property
    def total(self) -> int:
        """How many messages in all."""
        return self.chats * self.each

    @property
    def numbers(self) -> range:
        """The chats."""
        return range(self.first, self.first + self.chats)

    def messages(self) -> Iterator[tuple[int, str]]:
        """(chat, text) in the order of writing."""
        for turn in range(self.each):
            for chat in self.numbers:
                yield chat, self.texts(chat)[turn]

    def texts(self, chat: int) -> tuple[str, ...]:
        """What is written in a chat."""
        return _written(chat % SCRIPTS, self.each)


def echoed(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What the echo bot has to answer."""
    return texts


@cache
def advised(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What the advisor answers in one conversation."""
    answers, conversation = [], Conversation()
    for text in texts:
        reply, conversation = _advisor().reply(text, conversation)
        answers.append(reply.text)
    return tuple(answers)


@cache
def _advisor() -> Advisor:
    return load_advisor()


@cache
def _written(script: int, count: int) -> tuple[str, ...]:
    rng = random.Random(script)
    questions = [QUESTIONS[(script + turn) % len(QUESTIONS)] for turn in range(count)]
    return tuple(with_typos(text, rng) if rng.random() < 0.5 else text for text in questions)
