"""Question files with typos: one random edit (substitute, delete, insert, swap) per eight characters of every question.

    python -m tests.benchmarks.typos FILE…

prints the shares of right, offered, missed and false replies without and with the edits.
"""

import random
import sys
from pathlib import Path

from bot.author.evaluate import Talk, read_questions, score, table
from bot.cache import load_advisor
from tests.benchmarks.edits import with_typos

SEED = 0


def mistyped(talk: Talk, rng: random.Random) -> Talk:
    """The same conversation, typed badly."""
    turns = [turn.model_copy(update={"q": with_typos(turn.q, rng)}) for turn in talk.turns]
    return talk.model_copy(update={"turns": turns})


def main(files: list[str]) -> None:
    """Print two lines per file."""
    advisor = load_advisor()
    for file in map(Path, files):
        rng = random.Random(SEED)
        talks = read_questions(file)
        for name, asked in (("as written", talks), ("with typos", [mistyped(talk, rng) for talk in talks])):
            _, count, shares = table(list(score(advisor, asked)))[0]
            line = "  ".join(f"{verdict} {share:.3f}" for verdict, share in shares.items())
            sys.stdout.write(f"{file.name:24} {name}  {count}  {line}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
