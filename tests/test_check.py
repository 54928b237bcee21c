"""What an author is told before a mistake reaches anybody."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import Advisor, load_knowledge
from bot.author.check import problems
from bot.loading import shipped_directory

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first occurrence of some text in a file of the folder."""

    def replace(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    return replace


def found(advisor: Advisor, folder: Path) -> list[str]:
    """What is wrong with a folder, by an advisor over its knowledge with the shipped matcher."""
    changed = Advisor(load_knowledge(folder), advisor.matchers)
    return [problem.removeprefix(f"{folder}/") for problem in problems(changed, folder)]


def test_the_shipped_knowledge_has_no_problem(advisor: Advisor) -> None:
    assert list(problems(advisor)) == []


def test_a_phrase_with_two_homes_is_reported_with_both(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("asking/career.yaml", "\npath:\n", "\npath:\n  - What is the PAY?\n")
    edit("asking/career.yaml", "\nsalary:\n", "\nsalary:\n  - what is the pay\n")
    (problem,) = [problem for problem in found(advisor, folder) if "belongs to" in problem]
    assert problem.startswith("asking/career.yaml:")
    assert "'what is the pay' belongs to salary here and to path in" in problem


def test_a_reaction_may_lean_on_an_answer_too(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("asking/follow_ups.yaml", "\n  more:\n", "\n  more:\n    - go on zebra\n")
    edit("outside.yaml", "\n    - because\n", "\n    - because\n    - Go on, zebra\n")
    assert found(advisor, folder) == []


def test_a_follow_up_with_two_pointers_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("asking/follow_ups.yaml", "\nabove:\n  overview:\n", "\nabove:\n  overview:\n    - And the zebra one?\n")
    edit("asking/follow_ups.yaml", "\nbelow:\n  overview:\n", "\nbelow:\n  overview:\n    - and the zebra one\n")
    (problem,) = [problem for problem in found(advisor, folder) if "belongs to" in problem]
    assert "'and the zebra one' belongs to below: overview here and to above: overview in" in problem


def test_a_phrase_that_stands_twice_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("outside.yaml", "  phrases:\n", "  phrases:\n    - fee of the zebra exam\n    - Fee of the zebra exam?\n")
    assert any("'Fee of the zebra exam?' stands twice" in problem for problem in found(advisor, folder))


def test_a_phrase_without_words_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("asking/career.yaml", "\npath:\n", "\npath:\n  - '?!'\n")
    assert any("'?!' has no words" in problem for problem in found(advisor, folder))


def test_a_topic_that_does_not_exist_is_reported_with_its_line(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("asking/career.yaml", "\npath:\n", "\npaths:\n")
    edit("outside.yaml", "near: [advance.certifications,", "near: [advance.certificates,")
    edit("outside.yaml", "known: advance.networking", "known: advance.meeting")
    problems_found = found(advisor, folder)
    assert any("there is no topic 'paths'" in problem for problem in problems_found)
    assert any(p.startswith("outside.yaml:") and "'advance.certificates'" in p for p in problems_found)
    assert any(p.startswith("outside.yaml:") and "'advance.meeting'" in p for p in problems_found)


def test_a_label_that_does_not_fit_a_button_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("replies.yaml", "  path: The career ladder", "  path: The career ladder from bottom to top")
    assert any("is longer than 25 characters" in problem for problem in found(advisor, folder))


def test_a_label_that_is_not_understood_when_typed_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("replies.yaml", "  path: The career ladder", "  path: Banana bread")
    assert any("'Banana bread' is not understood as path" in problem for problem in found(advisor, folder))


def test_a_dialogue_that_does_not_hold_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("dialogues/manners.yaml", "- hello: greeting", "- hello: goodbye")
    assert any("'hello' gets greeting, not goodbye" in problem for problem in found(advisor, folder))
