"""Words -> topics ranked, each with a confidence: a linear classifier over words and pieces of words.

Features are stems, pairs of neighbouring stems and character 3- and 4-grams inside words, weighted by TF-IDF in two
blocks of equal length; on top is a softmax regression. Any topics, any domain.

Ids of topics are read too: topics that share a word of their ids ("level.mid.skills", "level.senior.skills") learn from
each other's examples.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.softmax import Floats, Ints, Row, Schedule, Weights, fit
from bot.spelling import Speller
from bot.text import normalise, stem

LENGTH = 6.0
LENGTH_OF_FEW = 3.0
"""Length of each block of features in training: the longer, the faster and closer the regression fits the examples.

Few examples do not bear it.
"""

PASSES = Schedule(epochs=3, batch=256)
PASSES_OF_FEW = Schedule(epochs=10, batch=64)

KIN = 0.5
"""How much two topics with the same words in their ids would learn from each other, from 0 to 1."""

SHARPEN = np.float32(1.4)
"""Scores times this make the confidence in unseen questions match how often it is right."""

FEW = 5_000
"""Below so many examples, they are few: features that only one or two of them have are kept."""

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
        self._rarest = float(idf.max())
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
        if speller is None:
            speller = Speller.of_phrases(tuple(word for word in words if word[0] != "@") for words, _ in pairs)
        topics = sorted({topic for _, topic in pairs})
        few = len(pairs) < FEW
        if few:
            pairs += [(name, topic) for topic in topics if (name := normalise(" ".join(_id_words(topic))))]
        length = np.float32(LENGTH_OF_FEW if few else LENGTH)
        features, idf, rows = _vectorised([words for words, _ in pairs])
        rows = [(columns, values * length) for columns, values in rows]
        column = {topic: index for index, topic in enumerate(topics)}
        labels = np.array([column[topic] for _, topic in pairs])
        weights = fit(rows, labels, len(features), PASSES_OF_FEW if few else PASSES, _kinship(topics), progress)
        # Questions are looked up at length 1: what they lack the weights make up for.
        sharpened = Weights(weights.matrix * (SHARPEN * length), weights.bias * SHARPEN)
        return cls(topics, features, idf, sharpened, speller)

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
        """One confidence per topic, in the order of `topics`, for words that are normalised and repaired."""
        columns, values = self._vector(words)
        scores = self.weights.bias + values @ self.weights.matrix[columns]
        exponents = np.exp(scores - scores.max())
        result: Floats = exponents / exponents.sum()
        return result

    def _coverage(self, words: tuple[str, ...]) -> np.float32:
        """The share of the words that stand in the examples, each weighted by how rare it is there."""
        rows = [self.features.get("w" + stem(word)) for word in words]
        known = sum(self.idf[row] for row in rows if row is not None)
        unknown = rows.count(None) * self._rarest
        return np.float32(known / (known + unknown)) if words else np.float32(0)

    def _vector(self, words: tuple[str, ...]) -> Row:
        """Sparse features of some words: two TF-IDF blocks of equal length."""
        rows = self.features
        whole = {rows[feature] for feature in _word_features(words) if feature in rows}
        parts = {row for word in words for row in self._piece_rows(word)}
        return _joined(self.idf, np.fromiter(whole, np.int32, len(whole)), np.fromiter(parts, np.int32, len(parts)))

    def _piece_rows(self, word: str) -> list[int]:
        rows = self._pieces.get(word)
        if rows is None:
            rows = [self.features[piece] for piece in _pieces(word) if piece in self.features]
            if len(self._pieces) >= _MEMO:
                self._pieces.clear()
            self._pieces[word] = rows
        return rows


def _id_words(topic: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", topic)


def _kinship(topics: Sequence[str]) -> Floats:
    """How much each topic learns from each other one: `KIN` times the cosine of the sets of words in their ids."""
    ids = [{stem(word) for word in normalise(" ".join(_id_words(topic)))} for topic in topics]
    words = {word: column for column, word in enumerate(sorted(set().union(*ids)))}
    used = np.zeros((len(topics), len(words)), np.float32)
    for row, id_ in enumerate(ids):
        used[row, [words[word] for word in id_]] = 1 / np.sqrt(max(1, len(id_)))
    shared = np.float32(KIN) * (used @ used.T)
    np.fill_diagonal(shared, 1)
    return shared


def _vectorised(phrases: Sequence[tuple[str, ...]]) -> tuple[dict[str, int], Floats, list[Row]]:
    """All features worth keeping, their inverse document frequencies, and the phrases as sparse rows over them."""
    numbers: dict[str, int] = defaultdict(lambda: len(numbers))
    vocabulary = dict.fromkeys(word for words in phrases for word in words)
    pieces = {word: np.array([numbers[piece] for piece in _pieces(word)], np.int32) for word in vocabulary}
    first_word = len(numbers)
    wholes = [np.unique(np.array([numbers[f] for f in _word_features(words)], np.int32)) for words in phrases]
    nothing = np.array([], np.int32)
    parts = [np.unique(np.concatenate([nothing, *(pieces[word] for word in words)])) for words in phrases]

    names = list(numbers)
    seen = np.bincount(np.concatenate([*wholes, *parts]), minlength=len(names))
    stems = np.array([number >= first_word and name[0] == "w" for number, name in enumerate(names)])
    kept = (seen >= (1 if len(phrases) < FEW else 3)) | stems
    place = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    idf = (1 + np.log((1 + len(phrases)) / (1 + seen[kept]))).astype(np.float32)
    rows = [
        _joined(idf, _placed(place, whole), _placed(place, part)) for whole, part in zip(wholes, parts, strict=True)
    ]
    return {name: int(place[number]) for number, name in enumerate(names) if kept[number]}, idf, rows


def _placed(place: Ints, numbers: Ints) -> Ints:
    rows = place[numbers]
    return rows[rows >= 0]


def _joined(idf: Floats, *blocks: Ints) -> Row:
    """Blocks of features as one sparse row, each block weighted by TF-IDF and brought to length 1."""
    values = []
    for rows in blocks:
        rows.sort()
        weights = idf[rows]
        length = float(np.sqrt(weights @ weights)) or 1.0
        values.append(weights / np.float32(length))
    return np.concatenate(blocks), np.concatenate(values)


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


def _pieces(word: str) -> Iterator[str]:
    """Character 3- and 4-grams of a word between spaces; none of a marker."""
    if word[0] == "@":
        return
    padded = f" {word} "
    for size in (3, 4):
        for start in range(len(padded) - size + 1):
            yield "c" + padded[start : start + size]
