"""Words -> topics ranked, each with a confidence: a linear classifier over words and pieces of words.

Features are stems, pairs of neighbouring stems and character n-grams inside words, weighted by TF-IDF in two
blocks of equal length; on top is a softmax regression. Any topics, any domain.

Ids of topics are read too: topics that share a word of their ids ("level.mid.skills", "level.senior.skills") learn from
each other's examples.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zlib import adler32, crc32

import numpy as np
import numpy.typing as npt

from bot.features import Words, pieces, vectorised
from bot.softmax import Floats, Ints, Schedule, Sparse, Weights, fit
from bot.spelling import Speller
from bot.text import MEMO, normalise, stem


@dataclass(frozen=True, slots=True)
class Regime:
    """How to learn from so many examples."""

    sizes: tuple[int, ...]
    """Lengths of the pieces of words that count, in characters."""
    rare: int
    """Features that fewer examples have are not kept."""
    length: float
    """Length of each block of features: the longer, the faster and closer the regression fits the examples."""
    passes: Schedule


MANY = Regime(sizes=(4,), rare=4, length=4.0, passes=Schedule(epochs=2, batch=128))
FEW = Regime(sizes=(2, 3, 4), rare=1, length=3.0, passes=Schedule(epochs=10, batch=64))
ENOUGH = 5_000
"""From so many examples on, they are many."""

KIN = 0.5
"""How much two topics with the same words in their ids would learn from each other, from 0 to 1."""

SURE = 0.9
"""The confidence in a question that is one of the examples, besides what the regression finds."""

SHARPEN = np.float32(1.4)
"""Scores times this make the confidence in unseen questions match how often it is right."""


@dataclass(frozen=True, slots=True)
class Match:
    """A topic and how sure the matcher is of it, from 0 to 1."""

    topic: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """The examples as checksums: whether some words are one of them, in a few bytes each."""

    checksums: npt.NDArray[np.uint64]
    """In ascending order."""
    topics: Ints
    """The column of the topic of each."""

    def topic(self, words: Words) -> int | None:
        """The column of the topic of the example with exactly these words, None if there is none."""
        checksum = np.uint64(_checksum(words))
        at = int(self.checksums.searchsorted(checksum))
        return int(self.topics[at]) if at < len(self.checksums) and self.checksums[at] == checksum else None


def _learnt(pairs: Sequence[tuple[Words, str]], topics: Sequence[str]) -> Learnt:
    """The examples that have one topic only."""
    column = {topic: at for at, topic in enumerate(topics)}
    homes: dict[int, set[int]] = defaultdict(set)
    for words, topic in pairs:
        homes[_checksum(words)].add(column[topic])
    sure = sorted((checksum, min(columns)) for checksum, columns in homes.items() if len(columns) == 1)
    checksums = np.array([checksum for checksum, _ in sure], np.uint64)
    return Learnt(checksums, np.array([at for _, at in sure], np.int32))


def _checksum(words: Words) -> int:
    text = " ".join(words).encode(errors="replace")
    return crc32(text) << 32 | adler32(text)


class Matcher:
    """Ranks topics for an utterance."""

    def __init__(
        self,
        topics: Sequence[str],
        features: dict[str, int],
        idf: Floats,
        weights: Weights,
        speller: Speller,
        sizes: Iterable[int],
        learnt: Learnt,
    ) -> None:
        """Put a trained matcher together; `train` is the way to get one.

        Args:
            topics: names of the classes.
            features: feature -> its row in the weights.
            idf: inverse document frequency per feature.
            weights: the regression.
            speller: repairs words before they are looked up.
            sizes: lengths of the pieces of words among the features, in characters.
            learnt: the examples themselves.
        """
        self.topics = tuple(topics)
        self.features = features
        self.idf = idf
        self.weights = weights
        self.speller = speller
        self.sizes = tuple(sizes)
        self.learnt = learnt
        self._rarest = float(idf.max())
        self._known: dict[str, tuple[int | None, str, tuple[int, ...]]] = {}

    @classmethod
    def train(
        cls,
        examples: Iterable[tuple[str, str]],
        speller: Speller | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> "Matcher":
        """Learn from examples.

        Args:
            examples: (phrase, topic) pairs. A word that starts with "@" is a marker: it counts as a word but has
                no pieces and is never repaired.
            speller: repairs the words of questions; by default one that knows the words of the examples.
            progress: told the share done, 0 to 1.

        Returns:
            A matcher; the same examples always give the same one.
        """
        pairs = [(normalise(phrase), topic) for phrase, topic in examples]
        if speller is None:
            speller = Speller.of_phrases(tuple(word for word in words if word[0] != "@") for words, _ in pairs)
        return cls.train_words(pairs, speller, progress)

    @classmethod
    def train_words(
        cls, pairs: Iterable[tuple[Words, str]], speller: Speller, progress: Callable[[float], None] | None = None
    ) -> "Matcher":
        """Learn from phrases that are words already; otherwise like `train`."""
        pairs = list(pairs)
        topics = sorted({topic for _, topic in pairs})
        learnt = _learnt(pairs, topics)
        regime = FEW if len(pairs) < ENOUGH else MANY
        if regime is FEW:
            # Where examples are few, the words of the id are one more.
            pairs += [(name, topic) for topic in topics if (name := _id_words(topic))]
        length = np.float32(regime.length)
        features, idf, rows = vectorised([words for words, _ in pairs], regime.sizes, regime.rare)
        rows = Sparse(rows.columns, rows.values * length, rows.bounds)
        column = {topic: index for index, topic in enumerate(topics)}
        labels = np.array([column[topic] for _, topic in pairs])
        weights = fit(rows, labels, len(features), regime.passes, _kinship(topics), progress)
        # Questions are looked up at length 1: what they lack the weights make up for.
        sharpened = Weights(weights.matrix * (SHARPEN * length), weights.bias * SHARPEN)
        return cls(topics, features, idf, sharpened, speller, regime.sizes, learnt)

    def rank(self, utterance: str, limit: int = 5) -> list[Match]:
        """Rank topics for what was typed, best first.

        The confidences of all topics add up to the share of the words that stand in the examples: the rest, up to 1,
        is the confidence that the utterance is about something else.
        """
        words = self.speller.repair(normalise(utterance))
        confidences = self.confidences(words) * self._coverage(words)
        best = np.argsort(-confidences, kind="stable")[:limit]
        return [Match(self.topics[index], float(confidences[index])) for index in best]

    def confidences(self, words: tuple[str, ...]) -> Floats:
        """One confidence per topic, in the order of `topics`, for words that are normalised and repaired.

        A question that is one of the examples, word by word, is what that example is.
        """
        columns, values = self._vector(words)
        scores = self.weights.bias + values @ self.weights.matrix[columns]
        exponents = np.exp(scores - scores.max())
        result: Floats = exponents / exponents.sum()
        topic = self.learnt.topic(words)
        if topic is not None:
            result *= np.float32(1 - SURE)
            result[topic] += np.float32(SURE)
        return result

    def knows(self, word: str) -> bool:
        """Whether a word, normalised and repaired, stands in the examples."""
        return "w" + stem(word) in self.features

    def _coverage(self, words: tuple[str, ...]) -> np.float32:
        """The share of the words that stand in the examples, each weighted by how rare it is there."""
        rows = [self.features.get("w" + stem(word)) for word in words]
        known = sum(self.idf[row] for row in rows if row is not None)
        unknown = rows.count(None) * self._rarest
        return np.float32(known / (known + unknown)) if words else np.float32(0)

    def _vector(self, words: Words) -> tuple[Ints, Floats]:
        """Sparse features of some words: two TF-IDF blocks of equal length."""
        find, known = self.features.get, self._known
        whole: set[int | None] = set()
        parts: set[int] = set()
        left = "^"
        for word in words:
            row, right, pieces = known.get(word) or self._look_up(word)
            whole.add(row)
            whole.add(find(f"p{left} {right}"))
            parts.update(pieces)
            left = right
        whole.add(find(f"p{left} $"))
        whole.discard(None)
        rows = np.array([*whole, *parts], np.int32)
        weights = self.idf[rows]
        for block in (weights[: len(whole)], weights[len(whole) :]):
            np.divide(block, np.sqrt(block @ block) or 1, out=block)
        return rows, weights

    def _look_up(self, word: str) -> tuple[int | None, str, tuple[int, ...]]:
        """What a word brings: the row of its stem, what it is called in pairs, and the rows of its pieces."""
        root = stem(word)
        parts = tuple(self.features[piece] for piece in pieces(word, self.sizes) if piece in self.features)
        found = self.features.get("w" + root), root.partition(".")[0], parts
        if len(self._known) >= MEMO:
            self._known.clear()
        self._known[word] = found
        return found


def _id_words(topic: str) -> Words:
    """The words that the id of a topic is made of."""
    return normalise(" ".join(re.findall(r"[^\W\d_]+", topic)))


def _kinship(topics: Sequence[str]) -> Floats:
    """How much each topic learns from each other one: `KIN` times the cosine of the sets of words in their ids."""
    ids = [{stem(word) for word in _id_words(topic)} for topic in topics]
    words = {word: column for column, word in enumerate(sorted(set().union(*ids)))}
    used = np.zeros((len(topics), len(words)), np.float32)
    for row, id_ in enumerate(ids):
        used[row, [words[word] for word in id_]] = 1 / np.sqrt(max(1, len(id_)))
    shared = np.float32(KIN) * (used @ used.T)
    np.fill_diagonal(shared, 1)
    return shared
