"""Words -> what is counted in them: stems, pairs of neighbouring stems, and pieces of words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.softmax import Floats, Ints, Sparse
from bot.text import stem

Words = tuple[str, ...]
"""A phrase as normalised words; one that starts with "@" is a marker: it has no pieces and is never repaired."""


def vectorised(phrases: Sequence[Words], sizes: Sequence[int], rare: int) -> tuple[dict[str, int], Floats, Sparse]:
    """Turn phrases into vectors: two blocks of features, weighted by TF-IDF, each block of length 1.

    Args:
        phrases: the phrases.
        sizes: lengths of the pieces of words that count, in characters.
        rare: features that fewer phrases have are not kept, stems excepted.

    Returns:
        Features and their columns: "w" and a stem, "p" and a pair of neighbours, "c" and a piece of a word. Their
        inverse document frequencies. The phrases over them.
    """
    vocabulary = {word: at for at, word in enumerate(dict.fromkeys(word for words in phrases for word in words))}
    lengths = np.array([len(words) for words in phrases])
    line = np.repeat(np.arange(len(phrases)), lengths)
    words = np.fromiter((vocabulary[word] for words in phrases for word in words), np.int64, len(line))

    wholes = _whole_features(list(vocabulary), words, lengths, line)
    parts = _part_features(list(vocabulary), words, line, sizes)
    names: list[str] = []
    idf, blocks = [], []
    for found, lines, of_line in (wholes, parts):
        seen = np.bincount(of_line, minlength=len(found))
        stems = np.array([name[0] == "w" for name in found])
        kept = (seen >= rare) | stems
        place = np.cumsum(kept) - 1
        weights = (1 + np.log((1 + len(phrases)) / (1 + seen[kept]))).astype(np.float32)
        used = kept[of_line]
        column, row = place[of_line[used]], lines[used]
        norms = np.sqrt(np.bincount(row, weights[column] ** 2, len(phrases))).astype(np.float32)
        blocks.append((row, (column + len(names)).astype(np.int32), weights[column] / norms[row]))
        names += [name for name, keep in zip(found, kept, strict=True) if keep]
        idf.append(weights)
    return {name: at for at, name in enumerate(names)}, np.concatenate(idf), _rows(len(phrases), blocks)


def _whole_features(
    vocabulary: Sequence[str], words: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], line: npt.NDArray[np.int64]
) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Stems and pairs of neighbours: names of the features, and in which phrase which of them stands, each once."""
    roots = [stem(word) for word in vocabulary]
    lefts = [root.partition(".")[0] for root in roots]
    root_names, root_of = np.unique(np.array(roots), return_inverse=True)
    left_names, left_of = np.unique(np.array([*lefts, "^", "$"]), return_inverse=True)
    ends = np.cumsum(lengths)
    first, last = np.zeros(len(words), bool), np.zeros(len(words), bool)
    first[(ends - lengths)[lengths > 0]] = True
    last[ends[lengths > 0] - 1] = True
    right = left_of[words]
    left = np.where(first, left_of[-2], np.roll(right, 1))
    many = len(left_names)
    pairs = np.concatenate([left * many + right, right[last] * many + left_of[-1]])
    pair_numbers, pair_of = np.unique(pairs, return_inverse=True)
    names = [f"w{root}" for root in root_names]
    names += [f"p{left_names[number // many]} {left_names[number % many]}" for number in pair_numbers]
    lines = np.concatenate([line, line, line[last]])
    found = np.concatenate([root_of[words], pair_of + len(root_names)])
    return names, *_once(lines, found, len(names))


def _part_features(
    vocabulary: Sequence[str], words: npt.NDArray[np.int64], line: npt.NDArray[np.int64], sizes: Sequence[int]
) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pieces of words: names of the features, and in which phrase which of them stands, each once."""
    numbers: dict[str, int] = defaultdict(lambda: len(numbers))
    by_word = [[numbers[piece] for piece in pieces(word, sizes)] for word in vocabulary]
    counts = np.array([len(of_word) for of_word in by_word])
    flat = np.fromiter((piece for of_word in by_word for piece in of_word), np.int64, counts.sum())
    line, words = _once(line, words, len(vocabulary))
    begin, count = (np.cumsum(counts) - counts)[words], counts[words]
    inside = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return list(numbers), *_once(np.repeat(line, count), flat[np.repeat(begin, count) + inside], len(numbers))


def _once(
    lines: npt.NDArray[np.int64], found: npt.NDArray[np.int64], many: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of a phrase and what was found in it, each pair once, in order."""
    # Sorting beats `np.unique`, which hashes.
    pairs = np.sort(lines * max(1, many) + found)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return pairs // max(1, many), pairs % max(1, many)


def _rows(phrases: int, blocks: Sequence[tuple[npt.NDArray[np.int64], Ints, Floats]]) -> Sparse:
    """The blocks, each in the order of the phrases, as one: the features of each phrase, block after block."""
    counts = [np.bincount(line, minlength=phrases) for line, _, _ in blocks]
    bounds = np.concatenate([[0], np.cumsum(sum(counts))])
    columns, values = np.empty(bounds[-1], np.int32), np.empty(bounds[-1], np.float32)
    starts = bounds[:-1]
    for (line, column, value), count in zip(blocks, counts, strict=True):
        at = np.arange(len(line)) + (starts - (np.cumsum(count) - count))[line]
        columns[at], values[at] = column, value
        starts = starts + count
    return Sparse(columns, values, bounds)


def pieces(word: str, sizes: Iterable[int]) -> Iterator[str]:
    """Runs of so many characters of a word between spaces; none of a marker."""
    if word[0] == "@":
        return
    padded = f" {word} "
    for size in sizes:
        for start in range(len(padded) - size + 1):
            yield "c" + padded[start : start + size]
