"""The matcher on public intent sets with ten phrases an intent, beside two others, measured in the same run.

    pip install --group benchmark
    python -m tests.benchmarks.few_shot --data DIRECTORY

DIRECTORY holds banking77.json.gz, clinc150.json.gz and hwu64.json.gz: `train` and `test` are lists of [text, intent];
`valid`, `oos_test` where there are out-of-scope questions. For each seed ten phrases of each intent are drawn from
`train`; accuracy is that on the whole of `test`, the mean over the seeds. "typo" makes one random edit per eight
characters. Out of scope: the threshold keeps 95 % of `valid`; recall is the share of `oos_test` below it.
"""

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.matcher import Matcher
from tests.benchmarks.edits import with_typos

SETS = ("banking77", "clinc150", "hwu64")
SHOTS = 10
Pairs = Sequence[tuple[str, str]]
Answer = Callable[[str], tuple[str, float]]
"""A question -> the intent, and how sure it is, in any unit."""


def ours(examples: Pairs) -> Answer:
    """This project's matcher."""
    matcher = Matcher.train(examples)

    def answer(question: str) -> tuple[str, float]:
        best = matcher.rank(question, limit=1)[0]
        return best.topic, best.confidence

    return answer


def linear_svm(examples: Pairs) -> Answer:
    """scikit-learn: TF-IDF over words and character n-grams, LinearSVC."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LinearSVC())
    model.fit([text for text, _ in examples], [intent for _, intent in examples])

    def answer(question: str) -> tuple[str, float]:
        scores = model.decision_function([question])[0]
        return str(model.classes_[int(np.argmax(scores))]), float(np.max(scores))

    return answer


def whole_sentences(examples: Pairs) -> Answer:
    """RapidFuzz over whole phrases: token_sort_ratio."""
    phrases = [utils.default_process(text) for text, _ in examples]

    def answer(question: str) -> tuple[str, float]:
        found = process.extractOne(utils.default_process(question), phrases, scorer=fuzz.token_sort_ratio)
        return examples[found[2]][1], float(found[1])

    return answer


SYSTEMS: dict[str, Callable[[Pairs], Answer]] = {
    "career-bot": ours,
    "scikit-learn TF-IDF + LinearSVC": linear_svm,
    "RapidFuzz token_sort_ratio": whole_sentences,
}


def drawn(train: Pairs, seed: int) -> Pairs:
    """Ten phrases of each intent."""
    rng = random.Random(seed)
    by_intent: dict[str, list[str]] = {}
    for text, intent in train:
        by_intent.setdefault(intent, []).append(text)
    return [(text, intent) for intent in sorted(by_intent) for text in rng.sample(by_intent[intent], SHOTS)]


def accuracy(answer: Answer, questions: Pairs) -> float:
    """Share of questions that get their intent."""
    return mean(answer(text)[0] == intent for text, intent in questions)


def rejection(answer: Answer, data: dict[str, Any]) -> tuple[float, float]:
    """AUROC of in-scope against out-of-scope questions, and recall of the latter with 95 % of the former kept."""
    inside = np.array([answer(text)[1] for text, _ in data["test"]])
    outside = np.array([answer(text)[1] for text in data["oos_test"]])
    threshold = np.quantile([answer(text)[1] for text, _ in data["valid"]], 0.05)
    ranks = np.searchsorted(np.sort(outside), inside, "left") + np.searchsorted(np.sort(outside), inside, "right")
    return float(ranks.mean() / (2 * len(outside))), float((outside < threshold).mean())


def measure(data: dict[str, Any], system: Callable[[Pairs], Answer], seeds: range) -> dict[str, float]:
    """All figures of one system on one set."""
    rows: list[dict[str, float]] = []
    for seed in seeds:
        started = time.perf_counter()
        answer = system(drawn(data["train"], seed))
        row = {"train s": time.perf_counter() - started, "clean": accuracy(answer, data["test"])}
        rng = random.Random(seed)
        row["typo"] = accuracy(answer, [(with_typos(text, rng), intent) for text, intent in data["test"]])
        if data.get("oos_test"):
            row["AUROC"], row["recall"] = rejection(answer, data)
        times = []
        for text, _ in data["test"][:300]:
            asked = time.perf_counter()
            answer(text)
            times.append(time.perf_counter() - asked)
        row["µs"] = median(times) * 1e6
        rows.append(row)
    return {name: mean(row[name] for row in rows) for name in rows[0]}


def main() -> None:
    """Print one line per set and system."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the three .json.gz files")
    parser.add_argument("--seeds", type=int, default=3, help="how many draws of ten phrases (3)")
    chosen = parser.parse_args()
    for name in SETS:
        with gzip.open(chosen.data / f"{name}.json.gz", "rt", encoding="utf-8") as file:
            data = json.load(file)
        for title, system in SYSTEMS.items():
            figures = measure(data, system, range(chosen.seeds))
            line = "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
            sys.stdout.write(f"{name:10} {title:32} {line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
