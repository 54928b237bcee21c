"""Keeps the knowledge and its trained matcher between starts, so that only a change of either is paid for."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot import (
    career,
    durations,
    entities,
    faults,
    features,
    knowledge,
    loading,
    matcher,
    phrases,
    plan_forms,
    plan_wording,
    quotable,
    softmax,
    spelling,
    templates,
    text,
    understanding,
    wording,
    yaml_tree,
)
from bot.advisor import Advisor
from bot.knowledge import Knowledge
from bot.loading import fingerprint, load_knowledge, shipped_directory
from bot.matcher import Learnt, Matcher
from bot.softmax import Weights
from bot.spelling import Speller
from bot.understanding import Matchers

_CODE = (
    *(career, durations, entities, faults, features, knowledge, loading, matcher),
    *(phrases, plan_forms, plan_wording, quotable, softmax, spelling, templates, text),
    *(understanding, wording, yaml_tree),
)
_KEPT = 4
_DIGEST_BYTES = 32


def default_cache_directory() -> Path:
    """The user's cache folder, as the XDG base directory specification has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "career-bot"


def load_advisor(
    directory: Path | None = None, cache: Path | None = None, progress: Callable[[float], None] | None = None
) -> Advisor:
    """An advisor over a folder of knowledge, from the cache if nothing changed since it was trained.

    Args:
        directory: the folder of knowledge; the shipped one by default.
        cache: where trained matchers are kept; the user's cache folder by default. One that cannot be written to
            is done without.
        progress: told the share done, 0 to 1, while a matcher is trained.

    Raises:
        KnowledgeError: the folder cannot be used.
    """
    directory = directory or shipped_directory()
    path = (cache or default_cache_directory()) / f"{_key(directory)}.npz"
    cached = _read(path)
    if cached:
        # The files used last are kept.
        with suppress(OSError):
            path.touch()
        return Advisor(*cached)
    known = load_knowledge(directory)
    trained = Matchers.train(known, progress)
    _write(path, known, trained)
    return Advisor(known, trained)


def _key(directory: Path) -> str:
    """Changes with every knowledge file and with every line of code that takes part in checking and training."""
    digest = hashlib.sha256(fingerprint(directory).encode())
    for module in _CODE:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:32]


def _read(path: Path) -> tuple[Knowledge, Matchers] | None:
    """What a cache file holds, None if there is none or it is damaged: it begins with a digest of the rest."""
    try:
        with path.open("rb") as file:
            expected = file.read(_DIGEST_BYTES)
            if hashlib.file_digest(file, "sha256").digest() != expected:
                return None
            file.seek(_DIGEST_BYTES)
            with np.load(file, allow_pickle=False) as arrays:
                speller = Speller(json.loads(arrays["counts"].tobytes()), arrays["ordinary"].tobytes().decode())
                known = Knowledge.model_validate_json(arrays["knowledge"].tobytes())
                topics, pointers = (_unpacked_matcher(arrays, name, speller) for name in ("topics", "pointers"))
                return known, Matchers(topics, pointers)
    except OSError:
        return None


def _write(path: Path, known: Knowledge, trained: Matchers) -> None:
    """Put a cache file in place, whole or not at all."""
    part, speller = path.with_suffix(f".{os.getpid()}.part"), trained.topics.speller
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w+b") as file:
            file.write(bytes(_DIGEST_BYTES))
            arrays: dict[str, Any] = dict(
                knowledge=_bytes(known.model_dump_json()),
                counts=_bytes(json.dumps(speller.counts)),
                ordinary=_bytes(speller.ordinary),
                **_packed_matcher("topics", trained.topics),
                **_packed_matcher("pointers", trained.pointers),
            )
            np.savez(file, **arrays)
            file.seek(_DIGEST_BYTES)
            digest = hashlib.file_digest(file, "sha256").digest()
            file.seek(0)
            file.write(digest)
        part.replace(path)
        for old in sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _packed_matcher(name: str, matcher: Matcher) -> dict[str, npt.NDArray[Any]]:
    return {
        f"{name}.features": _bytes("\n".join(matcher.features)),
        f"{name}.labels": _bytes("\n".join(matcher.topics)),
        f"{name}.idf": matcher.idf,
        f"{name}.sizes": np.array(matcher.sizes),
        f"{name}.checksums": matcher.learnt.checksums,
        f"{name}.learnt": matcher.learnt.topics,
        f"{name}.matrix": matcher.weights.matrix,
        f"{name}.bias": matcher.weights.bias,
    }


def _unpacked_matcher(arrays: Mapping[str, npt.NDArray[Any]], name: str, speller: Speller) -> Matcher:
    features = {feature: row for row, feature in enumerate(_unpacked(arrays[f"{name}.features"]))}
    weights = Weights(arrays[f"{name}.matrix"], arrays[f"{name}.bias"])
    labels, sizes = _unpacked(arrays[f"{name}.labels"]), arrays[f"{name}.sizes"].tolist()
    learnt = Learnt(arrays[f"{name}.checksums"], arrays[f"{name}.learnt"])
    return Matcher(labels, features, arrays[f"{name}.idf"], weights, speller, sizes, learnt)


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(array: npt.NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode().split("\n")
