"""How long one reply takes, and how long it takes to get ready."""

from itertools import cycle
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot import Advisor, load_knowledge
from bot.cache import load_advisor
from bot.understanding import Matchers

QUESTIONS = (
    "what does a junior do",
    "infra pm pay??",
    "how do i get promoted",
    "senoir pm skils",
    "I have 4 years as a PM, what comes next and what should I learn?",
    "My daughter says she wants to run computer projects. What would she earn, and is it a real job?",
    "what is the capital of france",
    "thanks a lot",
)
BAD = ("", "x y " * 1024, "a" * 4096, "".join(chr(0x4E00 + n % 5000) for n in range(4096)), "what, and " * 400)


@pytest.mark.parametrize("questions", [QUESTIONS, BAD], ids=["questions", "bad input"])
def test_one_reply(benchmark: BenchmarkFixture, advisor: Advisor, questions: tuple[str, ...]) -> None:
    asked = cycle(questions)
    benchmark(lambda: advisor.reply(next(asked)))


def test_training_cold(benchmark: BenchmarkFixture) -> None:
    benchmark.pedantic(lambda: Matchers.train(load_knowledge()), rounds=1)


def test_loading_from_the_cache(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    load_advisor(cache=tmp_path)
    benchmark.pedantic(lambda: load_advisor(cache=tmp_path), rounds=5)
