"""Words -> topics ranked, each with a confidence: a linear classifier over words and pieces of words, in numpy.

Features: stems, pairs of neighbouring stems and character 2- to 5-grams inside words, weighted by TF-IDF in two
blocks of equal length; on top a softmax regression. Any topics, any domain.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.spelling import Speller
from bot.text import normalise, stem

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

EPOCHS = 6
BATCH = 256
RATE = 0.5
DECAY = 2e-6
SCALE = 6.0
SHARPEN = 1.2
"""Scores times this make the confidence of unseen questions match how often they are right."""

_MEMO = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """A topic and how sure the matcher is of it, from 0 to 1."""

    topic: str
    confidence: float


class Matcher:
    """Ranks topics for an utterance."""

    def __init__(
        self,
        topics: Sequence[str],
        features: dict[str, int],
        idf: Floats,
        weights: Floats,
        bias: Floats,
        speller: Speller,
    ) -> None:
        """Put a trained matcher together; `train` is the way to get one.

        Args:
            topics: names of the classes, one per column of `weights`.
            features: feature -> row of `weights`.
            idf: inverse document frequency per feature.
            weights: features x topics.
            bias: one per topic.
            speller: repairs words before they are looked up.
        """
        self.topics = tuple(topics)
        self.features = features
        self.idf = idf
        self.weights = weights
        self.bias = bias
        self.speller = speller
        self._pieces: dict[str, list[int]] = {}

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
        topics = sorted({topic for _, topic in pairs})
        seen = Counter(feature for words, _ in pairs for feature in set(_features(words)))
        rare = 1 if len(pairs) < 5_000 else 2
        features = {f: row for row, f in enumerate(sorted(f for f, n in seen.items() if n >= rare or f[0] == "w"))}
        idf = np.array([1 + np.log((1 + len(pairs)) / (1 + seen[f])) for f in features], np.float32)
        speller = speller or Speller.of_phrases(tuple(w for w in words if w[0] != "@") for words, _ in pairs)
        matcher = cls(topics, features, idf, np.zeros((0, 0), np.float32), np.zeros(0, np.float32), speller)
        column = {topic: index for index, topic in enumerate(topics)}
        rows = [matcher._vector(words) for words, _ in pairs]
        labels = np.array([column[topic] for _, topic in pairs])
        matcher.weights, matcher.bias = _fit(rows, labels, len(features), len(topics), progress)
        return matcher

    def rank(self, utterance: str, limit: int = 5) -> list[Match]:
        """Rank topics for what was typed, best first; confidences of all topics add up to 1."""
        return self.rank_words(self.speller.repair(normalise(utterance)), limit)

    def rank_words(self, words: tuple[str, ...], limit: int = 5) -> list[Match]:
        """The same for words that are normalised and repaired already."""
        confidences = self.confidences(words)
        best = np.argsort(-confidences, kind="stable")[:limit]
        return [Match(self.topics[index], float(confidences[index])) for index in best]

    def confidences(self, words: tuple[str, ...]) -> Floats:
        """One confidence per topic, in the order of `topics`."""
        ids, values = self._vector(words)
        scores = self.bias + values @ self.weights[ids]
        exponents = np.exp(scores - scores.max())
        result: Floats = exponents / exponents.sum()
        return result

    def _vector(self, words: tuple[str, ...]) -> tuple[Ints, Floats]:
        """Sparse features of some words: two TF-IDF blocks, each of unit length."""
        whole = [row for f in _word_features(words) if (row := self.features.get(f)) is not None]
        parts: list[int] = []
        for word in words:
            parts += self._piece_rows(word)
        blocks = [self._block(whole), self._block(parts)]
        return np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks])

    def _block(self, rows: list[int]) -> tuple[Ints, Floats]:
        ids = np.array(sorted(set(rows)), np.int32)
        values = self.idf[ids]
        norm = float(np.sqrt(values @ values)) or 1.0
        return ids, values * np.float32(SCALE / norm)

    def _piece_rows(self, word: str) -> list[int]:
        rows = self._pieces.get(word)
        if rows is None:
            rows = [row for f in _pieces(word) if (row := self.features.get(f)) is not None]
            if len(self._pieces) >= _MEMO:
                self._pieces.clear()
            self._pieces[word] = rows
        return rows


def _features(words: tuple[str, ...]) -> Iterator[str]:
    yield from _word_features(words)
    for word in words:
        yield from _pieces(word)


def _word_features(words: tuple[str, ...]) -> Iterator[str]:
    previous = "^"
    for word in words:
        root = stem(word)
        yield "w" + root
        left = root.partition(".")[0]
        yield f"p{previous} {left}"
        previous = left
    yield f"p{previous} $"


def _pieces(word: str) -> Iterator[str]:
    if word[0] == "@":
        return
    padded = f" {word} "
    for size in range(2, 6):
        for start in range(len(padded) - size + 1):
            yield "c" + padded[start : start + size]


def _fit(
    rows: list[tuple[Ints, Floats]],
    labels: npt.NDArray[np.int64],
    n_features: int,
    n_topics: int,
    progress: Callable[[float], None] | None,
) -> tuple[Floats, Floats]:
    """Softmax regression by AdaGrad over mini-batches, each made dense over the features that it uses."""
    weights = np.zeros((n_features, n_topics), np.float32)
    squares = np.full((n_features, 1), 1e-3, np.float32)
    bias = np.zeros(n_topics, np.float32)
    order = np.random.default_rng(0)
    count = len(rows)
    for epoch in range(EPOCHS):
        rate = RATE * (1 - epoch / EPOCHS)
        if progress:
            progress(epoch / EPOCHS)
        for chosen in np.array_split(order.permutation(count), max(1, count // BATCH)):
            ids = np.concatenate([rows[i][0] for i in chosen])
            values = np.concatenate([rows[i][1] for i in chosen])
            line = np.repeat(np.arange(len(chosen)), [len(rows[i][0]) for i in chosen])
            used, place = np.unique(ids, return_inverse=True)
            dense = np.zeros((len(chosen), len(used)), np.float32)
            dense[line, place] = values
            scores = dense @ weights[used] + bias
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            scores /= scores.sum(axis=1, keepdims=True)
            scores[np.arange(len(chosen)), labels[chosen]] -= 1
            gradient = dense.T @ scores / len(chosen)
            squares[used] += (gradient**2).mean(axis=1, keepdims=True)
            weights[used] -= rate * gradient / np.sqrt(squares[used]) + rate * DECAY * weights[used]
            bias -= 0.01 * rate * scores.sum(axis=0)
    return weights * np.float32(SHARPEN), bias * np.float32(SHARPEN)
