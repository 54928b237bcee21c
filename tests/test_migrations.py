"""Databases of older versions are brought up to date, those of newer ones are left alone."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, table, text

import bot.storage
from bot.conversation import Conversation
from bot.errors import StoreError
from bot.storage import ChatState, Store
from bot.storage.database import create_engine
from bot.storage.tables import metadata
from tests.stores import DAY, KEY, kept, look, name_of, opened

CHAT = 4_815_162_342
LATEST = "0005"
NEWER = "9999"
MIGRATIONS = Path(bot.storage.__file__).parent / "migrations"

OPEN_AND_LOOK = f"""
import asyncio, sys
from tests.stores import look, opened

async def main():
    async with opened(sys.argv[1]) as store:
        print((await look(store, {CHAT}, 10)).conversation.turn)

print("ready", flush=True)
input()
asyncio.run(main())
"""
"""A program that opens a store when it is told to, and tells the turn of a chat."""

T = TypeVar("T")


async def through(address: str, work: Callable[[Connection], T]) -> T:
    """Do something with a database past the store."""
    engine = create_engine(address)
    async with engine.begin() as connection:
        result = await connection.run_sync(work)
    await engine.dispose()
    return result


async def made_by_the_first_version(address: str, folder: Path, state: ChatState) -> None:
    """A database at the first revision, with a chat and the updates 1 and 2 of it."""
    row = {
        "chat": await name_of(CHAT, folder),
        "conversation": state.conversation.model_dump_json(),
        "seen_at": state.seen_at,
    }

    def make(connection: Connection) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO chats VALUES (:chat, :conversation, :seen_at)"), row)
        for update_id in (1, 2):
            connection.execute(text("INSERT INTO answered VALUES (:id, :at)"), {"id": update_id, "at": state.seen_at})

    await through(address, make)


def differences(connection: Connection) -> list[Any]:
    """How a database differs from the tables of this version."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def indexes(connection: Connection) -> set[tuple[str, str, tuple[str | None, ...]]]:
    """All indexes of the tables of this version: (table, name, columns)."""
    found = inspect(connection)
    return {(t, str(i["name"]), tuple(i["column_names"])) for t in metadata.tables for i in found.get_indexes(t)}


def columns(connection: Connection) -> dict[str, list[str]]:
    """The columns of all tables, as the database describes them; their defaults are of no account."""
    found = inspect(connection)
    return {
        t: sorted(f"{c['name']} {c['type']} {c['nullable']}" for c in found.get_columns(t)) for t in metadata.tables
    }


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def contents(connection: Connection) -> dict[str, list[Any]]:
    """All rows of all tables there are."""
    names = sorted(inspect(connection).get_table_names())
    return {
        name: [tuple(row) for row in connection.execute(select(text("*")).select_from(table(name)))] for name in names
    }


def claim_newer(connection: Connection) -> None:
    """Make a database say that a version made it which nobody knows yet."""
    connection.execute(text("UPDATE alembic_version SET version_num = :newer"), {"newer": NEWER})


def test_the_steps_follow_each_other_in_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [LATEST]
    assert [step.revision for step in script.walk_revisions()][-1] == "0001"


async def test_a_conversation_of_the_first_version_goes_on(database: str, tmp_path: Path) -> None:
    state = ChatState(Conversation(topics=("salary",), level="level.junior", turn=4), kept().seen_at)
    await made_by_the_first_version(database, tmp_path, state)
    async with opened(database) as store:
        assert await store.begin(CHAT, 2) is None
        assert await look(store, CHAT, 3) == state
        await store.vote(CHAT, 7, "salary", good=True)
        await store.pass_on(CHAT, 7, "What is the fee?")
        assert (await store.export(CHAT)).keys() == {"chats", "votes", "questions"}
    assert await through(database, revision) == LATEST


async def test_a_fresh_database_is_as_the_tables_say(database: str) -> None:
    async with opened(database):
        pass
    assert await through(database, differences) == []
    assert await through(database, revision) == LATEST


async def test_an_upgraded_database_is_as_a_fresh_one(database: str, tmp_path: Path) -> None:
    await made_by_the_first_version(database, tmp_path, kept())
    async with opened(database):
        pass
    assert await through(database, differences) == []
    if database.startswith("sqlite"):
        fresh = f"sqlite:///{tmp_path}/fresh.sqlite"
        async with opened(fresh):
            pass
        for view in (columns, indexes):
            assert await through(database, view) == await through(fresh, view)


async def test_every_column_that_is_searched_by_age_has_an_index(database: str) -> None:
    async with opened(database):
        pass
    found = {(table, names) for table, _, names in await through(database, indexes)}
    assert found >= {
        ("chats", ("seen_at",)),
        *((table, ("at",)) for table in ("answered", "votes", "questions", "waiting")),
    }


async def test_opening_again_changes_nothing(database: str) -> None:
    async with opened(database):
        pass
    before = await through(database, contents)
    async with opened(database):
        pass
    assert await through(database, contents) == before


@pytest.mark.parametrize("old", [False, True])
async def test_programs_that_start_at_the_same_moment_migrate_once(database: str, tmp_path: Path, old: bool) -> None:
    if old:
        await made_by_the_first_version(database, tmp_path, kept(turn=4))
    start = partial(asyncio.create_subprocess_exec, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    programs = [await start(sys.executable, "-c", OPEN_AND_LOOK, database) for _ in range(2)]
    for program in programs:
        assert program.stdout
        assert await asyncio.wait_for(program.stdout.readline(), 30) == b"ready\n"
    written = await asyncio.wait_for(asyncio.gather(*(program.communicate(b"\n") for program in programs)), 30)
    assert written == [(b"4\n" if old else b"0\n", b"")] * 2
    assert await through(database, differences) == []


async def test_a_step_that_fails_leaves_the_database_as_it_was(database: str, tmp_path: Path) -> None:
    """So does one in whose middle the program is killed: the next start begins it anew."""
    await made_by_the_first_version(database, tmp_path, kept(turn=4))
    await through(database, lambda connection: connection.execute(text("CREATE TABLE questions (id INTEGER)")))
    before = await through(database, contents), await through(database, revision)
    store = Store(database, KEY)
    with suppress(StoreError):
        await store.open()
    await store.close()
    assert (await through(database, contents), await through(database, revision)) == before
    await through(database, lambda connection: connection.execute(text("DROP TABLE questions")))
    async with opened(database) as store:
        assert (await look(store, CHAT, 3)).conversation.turn == 4
    assert await through(database, differences) == []


async def test_a_database_of_a_newer_version_is_refused_in_one_line_and_left_alone(
    database: str, tmp_path: Path
) -> None:
    await made_by_the_first_version(database, tmp_path, kept(ago=365 * DAY))
    await through(database, claim_newer)
    before = await through(database, contents)
    with pytest.raises(StoreError, match=rf"^a newer version made the database \(schema {NEWER}\)") as caught:
        async with opened(database):
            pass
    assert len(str(caught.value).splitlines()) == 1
    assert await through(database, contents) == before
