"""The matcher at 100,000 phrases over 1,000 topics, made of invented words.

    python -m tests.benchmarks.many_topics

prints how long training takes, how long one question takes, and how many unseen questions get their topic.
"""

import random
import sys
import time
from statistics import median

from bot.matcher import Matcher

TOPICS, PHRASES, QUESTIONS = 1_000, 100, 1_000
COMMON, OWN = 400, 12
"""Words that every topic uses, and words of one topic alone."""


def invented(rng: random.Random, count: int) -> list[str]:
    """Words that can be spoken."""
    syllables = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
    return ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(count)]


def main() -> None:
    """Print one line."""
    rng = random.Random(0)
    common = invented(rng, COMMON)
    own = {f"topic.{number}": invented(rng, OWN) for number in range(TOPICS)}

    def phrase(topic: str) -> str:
        words = rng.choices(common, k=rng.randint(3, 7)) + rng.choices(own[topic], k=rng.randint(1, 3))
        return " ".join(rng.sample(words, len(words)))

    examples = [(phrase(topic), topic) for topic in own for _ in range(PHRASES)]
    started = time.perf_counter()
    matcher = Matcher.train(examples)
    trained = time.perf_counter() - started
    asked = [(phrase(topic), topic) for topic in rng.choices(list(own), k=QUESTIONS)]
    times, right = [], 0
    for question, topic in asked:
        started = time.perf_counter()
        right += matcher.rank(question, limit=1)[0].topic == topic
        times.append(time.perf_counter() - started)
    sys.stdout.write(
        f"{len(examples)} phrases, {TOPICS} topics: trained in {trained:.0f} s, "
        f"one question {median(times) * 1e3:.2f} ms (median), {right / QUESTIONS:.3f} right\n"
    )


if __name__ == "__main__":
    main()
