"""The walls of the house: which room may know which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

PACKAGE = Path(bot.__file__).parent
ORDER = [
    "errors",
    "text",
    "spelling",
    "softmax",
    "features",
    "yaml_tree",
    "career",
    "quotable",
    "templates",
    "plan_forms",
    "plan_wording",
    "wording",
    "knowledge",
    "durations",
    "entities",
    "phrases",
    "matcher",
    "conversation",
    "pointers",
    "skill_names",
    "interpretation",
    "expectation",
    "meaning",
    "decision",
    "understanding",
    "placement",
    "replies",
    "plan_facts",
    "plan_link",
    "plan_answers",
    "plan_page",
    "plan",
    "menu",
    "faults",
    "loading",
    "advisor",
    "author",
    "cache",
    "sheet",
    "charts",
    "usage_chart",
    "storage",
    "settings",
    "logs",
    "metrics",
    "channels",
    "cli",
    "__main__",
]
CORE = ORDER[: ORDER.index("author")]
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "bot":
            yield from (f"bot.{name.name}" for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room(path: Path) -> str:
    """The room that a file belongs to: its name, or that of its folder in the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way_through_the_rooms(path: Path) -> None:
    if room(path) == "__init__":
        return
    known = [name.split(".")[1] for name in imported(path) if name.startswith("bot.")]
    assert [name for name in known if ORDER.index(name) > ORDER.index(room(path))] == []


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} == set(ORDER)


def test_only_the_telegram_channel_imports_the_telegram_library() -> None:
    users = {path for path in MODULES if any(name.split(".")[0] == "telegram" for name in imported(path))}
    assert users
    assert all(path.is_relative_to(PACKAGE / "channels" / "telegram") for path in users)


def test_the_core_reads_no_clock_environment_network_or_database() -> None:
    outside = {"os", "time", "socket", "asyncio", "aiohttp", "sqlite3", "sqlalchemy", "random", "subprocess"}
    core = [path for path in MODULES if room(path) in CORE]
    assert [(path.name, name) for path in core for name in imported(path) if name.split(".")[0] in outside] == []


def test_the_core_is_told_the_date_and_never_looks_at_it() -> None:
    core = [path for path in MODULES if room(path) in CORE]
    names = [
        (path.name, node.attr)
        for path in core
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    ]
    assert [(file, name) for file, name in names if name in ("today", "now", "utcnow")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    tree = ast.parse(path.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert len(path.read_text().splitlines()) <= 350
    assert [f.name for f in functions if f.end_lineno and f.end_lineno - f.lineno > 50] == []


def test_the_public_door_exports_what_it_declares() -> None:
    assert bot.__all__ == sorted(bot.__all__)
    assert all(hasattr(bot, name) for name in bot.__all__)
