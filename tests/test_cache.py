"""What is kept between starts, and what happens to it."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import Advisor, Reply
from bot.cache import default_cache_directory, load_advisor
from tests.knowledge_folders import short_knowledge

QUESTIONS = ["what does a junior do", "which skills does a senoir need", "hello", "what does agile pay", "xyz"]


@dataclass(frozen=True)
class Trained:
    """Some knowledge, an advisor that was trained on it, and where that is kept."""

    knowledge: Path
    advisor: Advisor
    cache: Path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("cache")
    knowledge = short_knowledge(folder / "knowledge")
    return Trained(knowledge, load_advisor(knowledge, folder / "kept"), folder / "kept")


@pytest.fixture
def cache(trained: Trained, tmp_path: Path) -> Path:
    """A copy of the cache for a test to change."""
    return Path(shutil.copytree(trained.cache, tmp_path / "kept"))


def replies(advisor: Advisor) -> list[Reply]:
    return [advisor.reply(question)[0] for question in QUESTIONS]


def started(trained: Trained, cache: Path) -> bool:
    """Start once more: whether that trained. The replies must be the same either way."""
    shares: list[float] = []
    advisor = load_advisor(trained.knowledge, cache, shares.append)
    assert replies(advisor) == replies(trained.advisor)
    return bool(shares)


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def with_another_middle(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def with_another_header(content: bytes) -> bytes:
    return content.replace(b"), }", b"),  ", 1)


def with_another_shape(content: bytes) -> bytes:
    """Half as many rows in the header of a matrix: reading then ends before the checksum at its end."""

    def halved(rows: re.Match[bytes]) -> bytes:
        return b"%*d" % (len(rows[0]), int(rows[0]) // 2)

    return re.sub(rb"(?<='shape': \()\d+(?=, \d)", halved, content, count=1)


def test_the_first_start_keeps_one_file_and_nothing_else(trained: Trained) -> None:
    (kept,) = trained.cache.iterdir()
    assert kept.stat().st_size > 0


def test_a_second_start_gives_equal_replies_without_training(trained: Trained, cache: Path) -> None:
    assert not started(trained, cache)


def test_a_second_start_gives_equal_knowledge(trained: Trained, cache: Path) -> None:
    assert load_advisor(trained.knowledge, cache).knowledge == trained.advisor.knowledge


@pytest.mark.parametrize(
    "damage",
    [
        bytes.swapcase,
        with_another_middle,
        (cut_in_half),
        (with_another_header),
        (with_another_shape),
    ],
)
def test_a_damaged_file_is_noticed_and_built_anew(
    trained: Trained, cache: Path, damage: Callable[[bytes], bytes]
) -> None:
    (kept,) = cache.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert started(trained, cache)
    assert not started(trained, cache)


def test_changed_knowledge_is_trained_anew_and_kept_in_another_file(
    trained: Trained, cache: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copytree(trained.knowledge, tmp_path / "knowledge"))
    with (changed / "asking/small_talk.yaml").open("a", encoding="utf-8") as file:
        file.write("level.senior.salary: [is the cache warm]\n")
    load_advisor(changed, cache)
    assert len(list(cache.iterdir())) == 2
    assert not started(trained, cache)


def test_only_the_newest_files_are_kept(trained: Trained, cache: Path) -> None:
    (kept,) = cache.iterdir()
    kept.unlink()
    for number in range(9):
        (cache / f"{number}.npz").touch()
    assert started(trained, cache)
    assert kept.exists()
    assert len(list(cache.iterdir())) == 4


def test_a_file_that_is_used_outlasts_newer_ones_that_are_not(trained: Trained, cache: Path) -> None:
    (used,) = cache.iterdir()
    for at in range(10):
        other = cache / f"{at:032}.npz"
        other.write_bytes(b"of other knowledge")
        os.utime(other, (at, at))
    os.utime(used, (0, 0))
    assert not started(trained, cache)
    assert used.stat().st_mtime > 10


def test_a_cache_that_cannot_be_written_is_done_without(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert started(trained, tmp_path / "file" / "kept")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


def test_the_user_chooses_where_caches_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_directory().parent == tmp_path
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache_directory().parent == tmp_path / ".cache"
