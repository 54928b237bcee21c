"""What was typed -> comparable words.

Everything here is about the form of words, nothing about their meaning: case, accents, apostrophes, emoji,
repeated letters, number words, and where one clause of a message ends.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

MAX_WORDS = 120
"""Longer messages keep their first and their last words: the question is at one of the ends."""

MAX_CHARACTERS = 1_600
"""The same for characters, before anything else is looked at."""

MAX_LETTERS = 24
"""Longer words are cut; the longest word people type in a question is shorter."""

LEAST_PAY, MOST_PAY = 10_000, 1_000_000
"""What a number must be at least, and less than, to be an amount of pay."""

MEMO = 20_000
"""So many words are remembered by whatever works word by word."""

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_WORD = re.compile(r"@[\w.]+|[$£€]+|\d+(?:[.,]\d+)*|[^\W\d_]+|[\U0001F300-\U0001FAFF]")
_SHORTHAND = {"b4": "before", "gr8": "great", "m8": "mate", "l8r": "later", "w8": "wait", "2day": "today"}
_SHORTHAND |= {"any1": "anyone", "some1": "someone", "every1": "everyone", "2moro": "tomorrow"}
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SHORTHAND)})\b")
_SOUNDS = {
    "2": ("to", frozenset(["be", "become", "get", "reach", "make", "do", "know", "learn", "earn", "move", "start"])),
    "4": (
        "for",
        frozenset(["that", "this", "it", "me", "u", "you", "them", "him", "her", "us", "these", "those", "my", "both"]),
    ),
}
"""Digits that are words by their sound, before these words; what a digit can count stands behind it."""

_COUNTING = frozenset(["have", "ive", "has", "got", "to", "or", "and", "than", "not", "its"])
"""After these words a 4 counts what stands behind it."""

_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE_END = r"[?!;:\n]+|\.(?=\s|$)|(?:^|\s)\(?\d\)|\s[-–—]\s"
_JOINT = (
    r"\s(?:[+&]|n)\s|,(?!\d)|"
    r"\b(?:and also|and then|and|also|plus|as well as|together with|along with|in addition|und)\b"
)
_CLAUSE_END = re.compile(f"(?P<sentence>{_SENTENCE_END})|{_JOINT}", re.IGNORECASE)

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_SMALL)},
    **{word: float(10 * value) for value, word in enumerate(_TENS, start=2)},
    "half": 0.5,
    "couple": 2.0,
    "dozen": 12.0,
}
"""English number words and their values."""


@lru_cache(maxsize=64)  # several steps begin with the words of one message
def normalise(utterance: str) -> tuple[str, ...]:
    """Turn what was typed into comparable words.

    Lower case, without accents, apostrophes ("what's" -> "whats") and punctuation; shorthand with digits is written
    out ("b4" -> "before", "2 be" -> "to be"); letters typed three times or more count once or twice ("sooo" -> "soo");
    numbers and currency signs are words of their own ("4yrs" -> "4", "yrs"; "$80,000" -> "$", "80000").

    Returns:
        At most `MAX_WORDS` words of at most `MAX_LETTERS` characters; empty if nothing readable was typed.
    """
    if len(utterance) > MAX_CHARACTERS:
        utterance = f"{utterance[: MAX_CHARACTERS // 2]} {utterance[-MAX_CHARACTERS // 2 :]}"
    written_out = _APOSTROPHES.sub("", utterance)
    plain = written_out.lower() if written_out.isascii() else _without_accents(written_out)
    plain = _SHORTENED.sub(lambda found: _SHORTHAND[found[0]], plain)
    found = _WORD.findall(_REPEATED.sub(r"\1\1", plain))
    words = [word if len(word) <= MAX_LETTERS and word.isalpha() else _tidy(word) for word in found]
    words = _sounded(words)
    if len(words) > MAX_WORDS:
        words = words[: MAX_WORDS // 2] + words[-MAX_WORDS // 2 :]
    return tuple(words)


def _sounded(words: list[str]) -> list[str]:
    """Words with those written out that are digits by their sound: "2 be", "good 4 me"."""
    if "2" not in words and "4" not in words:
        return words
    heard = list(words)
    for at, (before, word, after) in enumerate(zip(("", *words), words, words[1:], strict=False)):
        sound, following = _SOUNDS.get(word, ("", frozenset()))
        counts = before == "$" or before[:1].isdigit() or (word == "4" and before in _COUNTING)
        if after in following and not counts:
            heard[at] = sound
    return heard


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A piece of a message in which one question may stand."""

    text: str
    joined: bool
    """Whether it is joined to the piece before it by a comma or an "and"; otherwise a sentence began."""


def clauses(utterance: str) -> tuple[ClauseText, ...]:
    """Cut a message where one question may end and another begin: at punctuation and at "and", "also", "plus"."""
    found: list[ClauseText] = []
    start, joined = 0, False
    for end in _CLAUSE_END.finditer(utterance):
        if text := utterance[start : end.start()].strip():
            found.append(ClauseText(text, joined))
            joined = True
        start, joined = end.end(), joined and end["sentence"] is None
    if text := utterance[start:].strip():
        found.append(ClauseText(text, joined))
    return tuple(found)


def expanded(pattern: str) -> Iterator[str]:
    """All spellings of a pattern: "(top|upper) (rung|level)" are four names; a pattern without brackets is itself."""
    choices = [part.split("|") for part in re.split(r"[()]", pattern)]
    return (" ".join("".join(chosen).split()) for chosen in product(*choices))


class Expressions:
    """Expressions of one or more words, looked for among words."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Take patterns as `expanded` reads them."""
        self._all = {normalise(words) for pattern in patterns for words in expanded(pattern)}
        self._lengths = sorted({len(words) for words in self._all})

    def end(self, words: tuple[str, ...]) -> bool:
        """Whether words end with one of them."""
        return any(words[-length:] in self._all for length in self._lengths)

    def begin(self, words: tuple[str, ...]) -> bool:
        """Whether words begin with one of them."""
        return any(words[:length] in self._all for length in self._lengths)

    def within(self, words: tuple[str, ...]) -> bool:
        """Whether one of them stands anywhere among words."""
        return any(self.begin(words[at:]) for at in range(len(words)))


def number_value(word: str) -> float | None:
    """The value of a number written in digits or as one English word, None for any other word."""
    if word[0].isdigit():
        return float(word) if word.replace(".", "", 1).isdecimal() and word.isascii() else None
    return NUMBER_WORDS.get(word)


def money(words: Sequence[str]) -> list[int]:
    """The amounts among normalised words that can only be yearly pay: "70 k" is 70,000, and so is "70000"."""
    amounts: list[int] = []
    for word, following in pairwise((*words, "")):
        value = number_value(word) if word[0].isdigit() else None
        if value is not None and following == "k":
            value *= 1000
        if value is not None and LEAST_PAY <= value < MOST_PAY:
            amounts.append(round(value))
    return list(dict.fromkeys(amounts))


@lru_cache(maxsize=MEMO)
def singular(word: str) -> str:
    """Take off a plural "s": names are the same word in singular and plural, and in no other form."""
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=MEMO)
def stem(word: str) -> str:
    """Take off the commonest English endings, so that "skills" and "skill", "earning" and "earn" are one word."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending, kept in (("ing", 3), ("ed", 3), ("es", 4), ("s", 3), ("ly", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= kept and not word.endswith(("ss", "eed")):
            return word[: -len(ending)].removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("½", " and a half ")).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _tidy(word: str) -> str:
    if word[0].isdigit():
        return _tidy_number(word)
    if word[0] in "$£€":
        return "$"
    return word[:MAX_LETTERS]


def _tidy_number(word: str) -> str:
    """Read separators: "80,000" and "80.000" are thousands, "2,5" and "2.5" are not, "80,000.50" has both."""
    whole, fraction = word, ""
    parted = re.fullmatch(r"(.*\d)[.,](\d+)", word)
    if parted and (len(parted[2]) != 3 or word.startswith("0")):
        whole, fraction = parted[1], "." + parted[2]
    return (re.sub(r"[.,]", "", whole) + fraction)[:MAX_LETTERS].rstrip(".")
