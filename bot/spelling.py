"""Typos are repaired word by word, against the words that the phrases use and never against ordinary English."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from itertools import groupby
from zlib import crc32

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

COMMON = 15_000
"""So many ordinary words are common: never taken for a typo. Rarer ones ("manger") may be typos of a key word."""

ORDINARY = 50_000
"""So many words are ordinary English at all; the list goes on with names and misspellings."""

KEY = 150
"""A word that the phrases use so often is a key word."""

MAX_REPAIRS = 12
"""Words repaired in one utterance: more unknown words than this are not typos but another language."""

SMALL_VOCABULARY = 4_000
"""Above so many words, a rare word that is not ordinary English is itself suspected of being a typo."""

RATIO = 15
RATIO_DOUBLED = 3
"""A used word is taken for a typo of a neighbour so many times as frequent; the latter if only a letter is doubled."""

DOUBLED = 0.5
"""A letter doubled or not ("helo") is so much less of an edit than another letter."""

OFTEN = 10
"""A word that is no ordinary English is right if it is used so many times more often than just enough."""

_MEMO = 4_096


@lru_cache(maxsize=1)
def ordinary_words() -> str:
    """English words without apostrophes, one a line, the commonest first (from pyspellchecker's list)."""
    packed = resources.files("spellchecker").joinpath("resources", "en.json.gz").read_bytes()
    counts: dict[str, int] = json.loads(gzip.decompress(packed))
    ranked = sorted(counts, key=counts.__getitem__, reverse=True)
    return "\n".join(dict.fromkeys(word.replace("'", "") for word in ranked[:ORDINARY]))


class Speller:
    """Maps words that nobody knows onto the nearest words that the phrases use."""

    def __init__(self, counts: dict[str, int], ordinary: str) -> None:
        """Take the vocabulary.

        Args:
            counts: how often each word stands in the phrases.
            ordinary: words that are right as they are, one a line, the commonest first.
        """
        self.counts = counts
        self.ordinary = ordinary
        *common, rarer = ordinary.split("\n", COMMON) if ordinary else [""]
        self._common = frozenset(common)
        # Checksums in an array: a set of so many words takes megabytes, and one in 100,000 taken wrongly does no harm.
        self._rarer = np.sort(np.array([crc32(word.encode()) for word in rarer.split("\n")], np.uint32))
        self._enough = 1 if len(counts) < SMALL_VOCABULARY else 3
        self._right = self._common | {word for word, count in counts.items() if self._beyond_doubt(word, count)}
        self._familiar = frozenset(word for word, count in counts.items() if count > 1)
        self._by_length: dict[int, list[str]] = {}
        for word, count in sorted(counts.items()):
            if len(word) > 2 and word.isalpha() and count >= self._enough:
                self._by_length.setdefault(len(word), []).append(word)
        self._letters = {
            length: np.array([_letters(word) for word in words], np.uint32) for length, words in self._by_length.items()
        }
        self._memo: dict[str, tuple[str, ...]] = {}

    def _beyond_doubt(self, word: str, count: int) -> bool:
        """Whether a word that the phrases use so often is right: a typo may stand in them too, even twice."""
        return count >= self._enough and (count >= self._enough * OFTEN or self._is_rarer(word))

    @classmethod
    def of_phrases(cls, phrases: Iterable[tuple[str, ...]]) -> "Speller":
        """A speller over the words of some normalised phrases and ordinary English."""
        return cls(dict(Counter(word for phrase in phrases for word in phrase)), ordinary_words())

    def knows(self, word: str) -> bool:
        """Whether a word is right beyond doubt."""
        return word in self._right

    def repair(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Replace each unknown word by the nearest known one, or by two that were run together, if any is near."""
        if self._right.issuperset(words):
            return words
        repaired: list[str] = []
        left = MAX_REPAIRS
        for word in words:
            if word in self._right or not word.isalpha() or left == 0:
                repaired.append(word)
                continue
            left -= 1
            repaired.extend(self._repaired(word))
        return tuple(repaired)

    def marks(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Markers for the matcher: how many words stand in no phrase, or in one only, up to three."""
        if self._familiar.issuperset(words):
            return ()
        strange = [word for word in words if word not in self._familiar and len(word) > 2 and word.isalpha()]
        return ("@strange", "@strange2", "@strange3")[: len(strange)]

    def _is_used(self, word: str) -> bool:
        """Whether a word is right unless it is a typo of a key word, or of a much more frequent one."""
        return self.counts.get(word, 0) >= self._enough or self._is_rarer(word)

    def _is_rarer(self, word: str) -> bool:
        checksum = crc32(word.encode())
        at = int(self._rarer.searchsorted(np.uint32(checksum)))
        return at < len(self._rarer) and int(self._rarer[at]) == checksum

    def study(self, words: Iterable[str]) -> None:
        """Look many words up at once and remember them; on all cores, and without Python between the words."""
        doubtful = sorted({word for word in words if word not in self._right and word.isalpha()})
        found: dict[str, list[tuple[str, int]]] = {word: [] for word in doubtful}
        for (length, limit), group in groupby(sorted(doubtful, key=self._reach), key=self._reach):
            asked = list(group)
            for candidates in self._of_about(length, limit):
                edits = process.cdist(
                    asked, candidates, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8, workers=-1
                )
                for row, column in np.argwhere(edits <= limit):
                    found[asked[row]].append((candidates[column], int(edits[row, column])))
        self._memo = {word: self._decided(word, near) for word, near in found.items()}

    def _repaired(self, word: str) -> tuple[str, ...]:
        found = self._memo.get(word)
        if found is None:
            found = self._decided(word, self._near(word))
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            self._memo[word] = found
        return found

    def _near(self, word: str) -> list[tuple[str, int]]:
        """The words that a word may be a typo of, with their edits."""
        length, limit = self._reach(word)
        letters, likely = np.uint32(_letters(word)), list[str]()
        for candidates in self._of_about(length, limit):
            size = len(candidates[0])
            # A letter added or left out changes one bit, another letter in its place two, a swap none.
            apart = np.bitwise_count(self._letters[size] ^ letters)
            likely += [candidates[at] for at in np.flatnonzero(apart <= 2 * limit - abs(size - length))]
        found = process.extract(word, likely, scorer=OSA.distance, score_cutoff=limit, limit=None)
        return [(candidate, int(edits)) for candidate, edits, _ in found]

    def _reach(self, word: str) -> tuple[int, int]:
        """The length of a word, and how many edits away what it may be a typo of is looked for."""
        return len(word), 1 if self._is_used(word) or len(word) <= 4 else 2 if len(word) <= 8 else 3

    def _of_about(self, length: int, limit: int) -> list[list[str]]:
        """The words that may be meant, whose lengths differ from a length by no more than a limit."""
        return [self._by_length[size] for size in range(length - limit, length + limit + 1) if size in self._by_length]

    def _decided(self, word: str, near: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        """What a word is taken for, given the words near it with their edits; itself if for nothing else."""
        best: tuple[float, str, int] | None = None
        for candidate, edits in near:
            if not self._is_typo(word, candidate, edits):
                continue
            cost = edits + 0.5 * (candidate[0] != word[0]) - self._frequency(candidate)
            cost -= DOUBLED * (_undoubled(candidate) == _undoubled(word))
            if best is None or (cost, candidate) < best[:2]:
                best = (cost, candidate, edits)
        if best is not None and not (best[2] > 1 and self._near_ordinary(word)):
            return (best[1],)
        return (() if self._is_used(word) else self._halves(word)) or (word,)

    def _is_typo(self, word: str, candidate: str, edits: float) -> bool:
        """Whether a word may be a typo of a candidate so many edits away."""
        if candidate == word or edits >= len(word) / 2:
            return False
        used, times = self.counts[candidate], self.counts.get(word, 0)
        if self._is_rarer(word):
            longer = len(candidate) > len(word) or sorted(word) == sorted(candidate)
            return len(word) > 3 and used >= KEY and longer
        if times and used <= times * (RATIO_DOUBLED if _undoubled(candidate) == _undoubled(word) else RATIO):
            return False
        longer = len(word) > 3 or (len(candidate) > len(word) and used >= KEY)
        return longer or sorted(word) == sorted(candidate)

    def _near_ordinary(self, word: str) -> bool:
        """Whether a letter left out or doubled makes it an ordinary word, which is then the likelier one."""
        inserted = (word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in set(word))
        deleted = (word[:at] + word[at + 1 :] for at in range(len(word)))
        return any(other in self._common for others in (inserted, deleted) for other in others)

    def _frequency(self, word: str) -> float:
        """0 to .8: how common a word is among the phrases, so that the commoner of two near words wins."""
        return min(0.8, 0.05 * self.counts[word].bit_length())

    def _halves(self, word: str) -> tuple[str, ...]:
        """Two phrase words run together: "projectmanager"."""
        best: tuple[int, tuple[str, ...]] | None = None
        for cut in range(2, len(word) - 1):
            left, right = word[:cut], word[cut:]
            weight = min(self.counts.get(left, 0), self.counts.get(right, 0))
            if weight > 3 and (best is None or weight > best[0]):
                best = (weight, (left, right))
        return best[1] if best else ()


def _letters(word: str) -> int:
    """The letters of a word as a set of bits, in which some letters of other alphabets share one."""
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 32
    return bits


@lru_cache(maxsize=_MEMO)
def _undoubled(word: str) -> str:
    return "".join(letter for before, letter in zip(" " + word, word, strict=False) if letter != before)
