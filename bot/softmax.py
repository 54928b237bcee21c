"""Softmax regression over sparse rows, trained with AdaGrad in numpy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Sparse rows, one behind the other: row i has its columns and values from `bounds[i]` to `bounds[i + 1]`."""

    columns: Ints
    values: Floats
    bounds: npt.NDArray[np.int64]


RATE = 0.5
SETTLED, SAMPLED = 0.75, 10
"""The result is the mean over every tenth step of the last quarter of the training: steadier than the last step alone
(Polyak, Juditsky 1992)."""

TOLD = 20
"""Progress is told every so many steps."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long to train: passes over the rows, and rows per step."""

    epochs: int
    batch: int


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: `matrix` has a row per feature and a column per class, `bias` a value per class."""

    matrix: Floats
    bias: Floats


def fit(
    rows: Sparse,
    labels: npt.NDArray[np.int64],
    features: int,
    schedule: Schedule,
    kinship: Floats,
    progress: Callable[[float], None] | None = None,
) -> Weights:
    """Train on rows with known classes.

    AdaGrad (Duchi, Hazan, Singer 2011) with one step size per feature, over mini-batches that are made dense over the
    features they use. The same input always gives the same weights.

    Args:
        rows: one per example.
        labels: the class of each, 0 to n - 1.
        features: how many features there are.
        schedule: how long to train.
        kinship: a square, positive semidefinite matrix over the classes, ones on its diagonal: what an example teaches
            about its class it teaches about another one by so much. The identity keeps classes apart. It is multi-task
            learning with a kernel between the tasks (Evgeniou, Micchelli, Pontil 2005) in its gradient form.
        progress: told the share done, 0 to 1.
    """
    classes = int(labels.max()) + 1
    matrix, bias = np.zeros((features, classes), np.float32), np.zeros(classes, np.float32)
    total, total_bias, samples = np.zeros_like(matrix), np.zeros_like(bias), 0
    squares = np.full(features, 1e-3, np.float32)
    random = np.random.default_rng(0)
    for epoch in range(schedule.epochs):
        rate = np.float32(RATE * (1 - 0.8 * epoch / schedule.epochs))
        steps = np.array_split(random.permutation(len(labels)), max(1, len(labels) // schedule.batch))
        for step, chosen in enumerate(steps):
            used, dense = _dense(chosen, rows, features)
            weights = matrix[used]
            errors = _probabilities(dense @ weights + bias)
            errors[np.arange(len(chosen)), labels[chosen]] -= 1
            gradient = dense.T @ (errors @ kinship / np.float32(len(chosen)))
            seen = squares[used] + np.einsum("ij,ij->i", gradient, gradient) / classes
            gradient *= (rate / np.sqrt(seen))[:, None]
            weights -= gradient
            matrix[used], squares[used] = weights, seen
            bias -= np.float32(0.01) * rate * errors.sum(axis=0)
            done = (epoch + (step + 1) / len(steps)) / schedule.epochs
            last = step + 1 == len(steps) and epoch + 1 == schedule.epochs
            if last or (done >= SETTLED and step % SAMPLED == 0):
                total += matrix
                total_bias += bias
                samples += 1
            if progress and (last or step % TOLD == 0):
                progress(done)
    return Weights(total / np.float32(samples), total_bias / np.float32(samples))


def _dense(chosen: npt.NDArray[np.int64], rows: Sparse, features: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Some rows as a dense matrix over the features that they use, and which features those are."""
    starts = rows.bounds[chosen]
    lengths = rows.bounds[chosen + 1] - starts
    line = np.repeat(np.arange(len(chosen)), lengths)
    at = np.arange(len(line)) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    columns = rows.columns[at]
    used_mask = np.zeros(features, bool)
    used_mask[columns] = True
    used = np.flatnonzero(used_mask)
    place = np.cumsum(used_mask) - 1
    dense = np.zeros((len(chosen), len(used)), np.float32)
    dense[line, place[columns]] = rows.values[at]
    return used, dense


def _probabilities(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores
