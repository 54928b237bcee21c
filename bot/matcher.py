"""Words -> topics ranked, each with a confidence: a linear classifier over words and pieces of words.

Features are stems, pairs of neighbouring stems and character 2- to 5-grams inside words, weighted by TF-IDF in two
blocks of equal length; on top is a softmax regression. Any topics, any domain.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.softmax import Floats, Ints, Row, Weights, fit
from bot.spelling import Speller
from bot.text import normalise, stem

LENGTH = 6.0
"""Length of each block of features: with longer vectors the regression fits the examples faster and closer."""

SHARPEN = 1.4
"""Scores times this make the confidence in unseen questions match how often it is right."""

FEW = 5_000
"""Below so many examples, features that only one or two of them have are kept."""

_MEMO = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """A topic and how sure the matcher is of it, from 0 to 1."""

    topic: str
    confidence: float


class Matcher:
    """Ranks topics for an utterance."""

    def __init__(
        self, topics: Sequence[str], features: dict[str, int], idf: Floats, weights: Weights, speller: Speller
    ) -> None:
        """Put a trained matcher together; `train` is the way to get one.

        Args:
            topics: names of the classes.
            features: feature -> its row in the weights.
            idf: inverse document frequency per feature.
            weights: the regression.
            speller: repairs words before they are looked up.
        """
        self.topics = tuple(topics)
        self.features = features
        self.idf = idf
        self.weights = weights
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
        seen = Counter(feature for words, _ in pairs for feature in {*_word_features(words), *_all_pieces(words)})
        enough = 1 if len(pairs) < FEW else 3
        kept = sorted(feature for feature, count in seen.items() if count >= enough or feature[0] == "w")
        features = {feature: row for row, feature in enumerate(kept)}
        idf = np.array([1 + np.log((1 + len(pairs)) / (1 + seen[feature])) for feature in kept], np.float32)
        if speller is None:
            speller = Speller.of_phrases(tuple(word for word in words if word[0] != "@") for words, _ in pairs)
        untrained = Weights(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        matcher = cls(topics, features, idf, untrained, speller)
        column = {topic: index for index, topic in enumerate(topics)}
        rows = [matcher._vector(words) for words, _ in pairs]
        fitted = fit(rows, np.array([column[topic] for _, topic in pairs]), len(features), progress)
        matcher.weights = Weights(fitted.matrix * np.float32(SHARPEN), fitted.bias * np.float32(SHARPEN))
        return matcher

    def rank(self, utterance: str, limit: int = 5) -> list[Match]:
        """Rank topics for what was typed, best first; the confidences of all topics add up to 1."""
        confidences = self.confidences(self.speller.repair(normalise(utterance)))
        best = np.argsort(-confidences, kind="stable")[:limit]
        return [Match(self.topics[index], float(confidences[index])) for index in best]

    def confidences(self, words: tuple[str, ...]) -> Floats:
        """One confidence per topic, in the order of `topics`, for words that are normalised and repaired."""
        columns, values = self._vector(words)
        scores = self.weights.bias + values @ self.weights.matrix[columns]
        exponents = np.exp(scores - scores.max())
        result: Floats = exponents / exponents.sum()
        return result

    def _vector(self, words: tuple[str, ...]) -> Row:
        """Sparse features of some words: two TF-IDF blocks of equal length."""
        rows = self.features
        whole = {rows[feature] for feature in _word_features(words) if feature in rows}
        parts = {row for word in words for row in self._piece_rows(word)}
        columns, values = zip(self._block(whole), self._block(parts), strict=True)
        return np.concatenate(columns), np.concatenate(values)

    def _block(self, rows: set[int]) -> tuple[Ints, Floats]:
        columns = np.fromiter(rows, np.int32, len(rows))
        columns.sort()
        values = self.idf[columns]
        length = float(np.sqrt(values @ values)) or 1.0
        return columns, values * np.float32(LENGTH / length)

    def _piece_rows(self, word: str) -> list[int]:
        rows = self._pieces.get(word)
        if rows is None:
            rows = [self.features[piece] for piece in _pieces(word) if piece in self.features]
            if len(self._pieces) >= _MEMO:
                self._pieces.clear()
            self._pieces[word] = rows
        return rows


def _word_features(words: tuple[str, ...]) -> Iterator[str]:
    """Stems and pairs of neighbours; in pairs a marker stands for its kind only ("@level.senior" for "@level")."""
    previous = "^"
    for word in words:
        root = stem(word)
        yield "w" + root
        left = root.partition(".")[0]
        yield f"p{previous} {left}"
        previous = left
    yield f"p{previous} $"


def _all_pieces(words: tuple[str, ...]) -> Iterator[str]:
    for word in words:
        yield from _pieces(word)


def _pieces(word: str) -> Iterator[str]:
    """Character 2- to 5-grams of a word between spaces; none of a marker."""
    if word[0] == "@":
        return
    padded = f" {word} "
    for size in range(2, 6):
        for start in range(len(padded) - size + 1):
            yield "c" + padded[start : start + size]
