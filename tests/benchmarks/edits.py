"""Typing errors, as the benchmarks make them."""

import random
from string import ascii_lowercase


def with_typos(text: str, rng: random.Random) -> str:
    """The text with one random edit (substitute, delete, insert, swap) per eight characters, at least one."""
    for _ in range(max(1, len(text) // 8)):
        at = rng.randrange(len(text)) if text else 0
        letter = rng.choice(ascii_lowercase)
        head, rest = text[:at], text[at:]
        text = head + rng.choice((letter + rest[1:], rest[1:], letter + rest, rest[1:2] + rest[:1] + rest[2:]))
    return text
