"""What an author is told before a mistake reaches anybody."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import Advisor, KnowledgeError, load_knowledge
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
    try:
        every = list(problems(Advisor(load_knowledge(folder), advisor.matchers), folder))
    except KnowledgeError as error:
        every = error.problems
    return [problem.removeprefix(f"{folder}/") for problem in every]


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


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "problem"),
    [
        ("asking/career.yaml", "\npath:\n", "\npaths:\n", "paths", "there is no topic 'paths'"),
        (
            "asking/levels.yaml",
            "\nlevel.skills:\n",
            "\nlevel.skils:\n",
            "level.skils",
            "there is no topic 'level.skils'",
        ),
        (
            "outside.yaml",
            "near: [advance.cert",
            "near: [advance.luck, advance.cert",
            "near",
            "there is no topic 'advance.luck'",
        ),
        (
            "outside.yaml",
            "known: advance.networking",
            "known: next",
            "known",
            "there is no topic 'next' that tells a fact",
        ),
        ("outside.yaml", "known: tracks", "known: track", "known", "there is no topic 'track' that tells a fact"),
        (
            "outside.yaml",
            "near: [help, role",
            "near: [thanks, role",
            "near",
            "'thanks' cannot be offered: it has no label",
        ),
        (
            "replies.yaml",
            "  tracks: [track.agile.ov",
            "  tracks: [track.agil.ov",
            "tracks",
            "there is no topic 'track.agil.overview'",
        ),
        (
            "replies.yaml",
            '"{self}.experience", "{above}',
            '"{self}.year", "{above}',
            "level.overview",
            "there is no topic 'level.junior.year'",
        ),
        ("replies.yaml", "  greeting: [path", "  greeting: [paths", "greeting", "there is no topic 'paths'"),
        ("replies.yaml", "  unknown: [path", "  unknown: [paths", "unknown", "there is no topic 'paths'"),
        (
            "replies.yaml",
            "  open.overview: [role",
            "  open.overview: [roles",
            "open.overview",
            "there is no topic 'roles'",
        ),
        (
            "replies.yaml",
            "  open.overview: [",
            "  open.overviews: [",
            "open.overviews",
            "nothing is left open that is called 'open.overviews'",
        ),
        (
            "replies.yaml",
            "\ninline_first: [salary",
            "\ninline_first: [salaries",
            "inline_first",
            "there is no topic 'salaries' with",
        ),
        (
            "replies.yaml",
            "\ninline_first: [salary",
            "\ninline_first: [help",
            "inline_first",
            "there is no topic 'help' with an answer",
        ),
        ("replies.yaml", "  path: menu.path", "  path: menu.paths", "path", "no page 'menu.paths' can be turned to"),
        ("replies.yaml", "  path: menu.path", "  path: path", "path", "no page 'path' can be turned to"),
        ("replies.yaml", "  role: [path]", "  role: [paths]", "role", "there is no topic 'paths'"),
        ("replies.yaml", "  role: [path]", "  roles: [path]", "roles", "there is no topic 'roles'"),
        ("replies.yaml", "  role: [path]", "  role: [thanks]", "role", "'thanks' cannot be offered: it has no label"),
        (
            "replies.yaml",
            "  path: [level.*.overview",
            "  path: [levels.*.overview",
            "path",
            "the star in 'levels.*.overview'",
        ),
        (
            "replies.yaml",
            "  path: [level.*.overview",
            "  path: [level.*.view",
            "path",
            "there is no topic 'level.junior.view'",
        ),
        (
            "replies.yaml",
            '"{self}.salary"]\n  tracks',
            '"{self}.pay"]\n  tracks',
            "level.overview",
            "there is no topic 'level.junior.pay'",
        ),
        (
            "replies.yaml",
            "  home: What would",
            "  start: What would",
            "home",
            "this key is missing: browsing begins there",
        ),
        ("replies.yaml", "\n  goodbye:\n", "\n  godbye:\n", "godbye", "there is no topic 'godbye'"),
        ("replies.yaml", "  path: The career", "  paths: The career", "paths", "there is no topic 'paths'"),
        (
            "replies.yaml",
            "  path: The career",
            "  paths: The career",
            "path",
            "this key is missing, and people can ask",
        ),
        (
            "replies.yaml",
            "  path: Which levels",
            "  paths: Which levels",
            "path",
            "this key is missing, and people can ask",
        ),
        (
            "replies.yaml",
            '  advance.brand: "{about}"\n',
            "",
            "advance.brand",
            "this key is missing, and people can ask",
        ),
        (
            "replies.yaml",
            '  track.skills: "{short} skills"\n',
            "",
            "track.skills",
            "this key is missing, and people can ask",
        ),
        (
            "replies.yaml",
            "  advance.brand: [adv",
            "  advance.brands: [adv",
            "advance.brand",
            "this key is missing: without it",
        ),
        ("replies.yaml", "  help: [role", "  helps: [role", "help", "this key is missing: without it 'help'"),
        (
            "careers/it_project_management.yaml",
            "  - id: brand",
            "  - id: fame",
            "advance.fame",
            "this key is missing: without it",
        ),
    ],
)
def test_a_topic_that_cannot_be_used_where_it_is_named_is_reported_with_its_line(
    advisor: Advisor, folder: Path, edit: Edit, file: str, old: str, new: str, key: str, problem: str
) -> None:
    edit(file, old, new)
    every = found(advisor, folder)
    assert [line for line in every if not re.match(r"[\w/]+\.yaml:\d+: '", line)] == []
    reported = [line for line in every if f": '{key}': " in line and problem in line]
    assert len(reported) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "careers/it_project_management.yaml",
            "names: [junior,",
            'names: [junior, "&",',
            "'names': '&' can stand for no words",
        ),
        (
            "careers/it_project_management.yaml",
            "hints: [starter,",
            "hints: [(a|) (b|),",
            "'hints': '(a|) (b|)' can stand for no words",
        ),
        ("asking/references.yaml", "first: [", 'first: ["?", ', "'first': '?' can stand for no words"),
        ("replies.yaml", "    open: [plan,", '    open: [plan, "/",', "'open': '/' can stand for no words"),
        (
            "replies.yaml",
            "Project Coordination: {names: [",
            'Project Coordination: {names: ["+", ',
            "'names': '+' can stand for no",
        ),
    ],
)
def test_a_name_without_words_is_reported_with_its_line(
    advisor: Advisor, folder: Path, edit: Edit, file: str, old: str, new: str, problem: str
) -> None:
    edit(file, old, new)
    line = (folder / file).read_text()[: (folder / file).read_text().index(new.splitlines()[0])].count("\n") + 1
    assert [each.startswith(f"{file}:{line}: {problem}") for each in found(advisor, folder)] == [True]


def test_a_label_that_does_not_fit_a_button_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("replies.yaml", "  path: The career ladder", "  path: The career ladder from bottom to top")
    assert any("is longer than 25 characters" in problem for problem in found(advisor, folder))


def test_a_label_that_is_not_understood_when_typed_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("replies.yaml", "  path: The career ladder", "  path: Banana bread")
    assert any("'Banana bread' is not understood as path" in problem for problem in found(advisor, folder))


def test_a_dialogue_that_does_not_hold_is_reported(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("dialogues/manners.yaml", "- hello: greeting", "- hello: goodbye")
    assert any("'hello' gets greeting, not goodbye" in problem for problem in found(advisor, folder))


def test_a_turn_of_another_shape_is_reported_beside_all_else(advisor: Advisor, folder: Path, edit: Edit) -> None:
    edit("dialogues/manners.yaml", "- hello: greeting", "- hello: [greeting]")
    edit("replies.yaml", "  path: The career ladder", "  path: Banana bread")
    banana, shape = found(advisor, folder)
    assert "'Banana bread' is not understood as path" in banana
    assert re.match(r"dialogues/manners\.yaml:\d+: expected lines", shape)
