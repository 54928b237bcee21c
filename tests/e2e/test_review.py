"""What people passed on, as an author reads it: the database stays as it is, or is said not to be there."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from bot.storage.database import create_engine
from bot.storage.tables import questions
from tests.e2e.program import DATABASE, run
from tests.postgres import LOCKED_USER, PASSWORD, Postgres
from tests.stores import DAY, opened, put, rows

CHAT = 42
YEAR_2001 = 978_307_200.0 + DAY
WRONG = "wr0ng-password"


async def complaint(folder: Path, address: str = "") -> str:
    """The one line by which a review ends that has nothing to read."""
    ended = await asyncio.to_thread(run, folder, "review", DATABASE_URL=address)
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("career-bot: ")


async def version(address: str, new: str = "") -> str:
    """The version of a database, after it is set to a new one if there is one."""
    engine = create_engine(address)
    async with engine.begin() as connection:
        if new:
            await connection.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": new})
        found = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    await engine.dispose()
    return str(found)


async def test_questions_are_listed_the_latest_first_and_the_database_stays_as_it_is(
    database: str, tmp_path: Path
) -> None:
    async with opened(database) as store:
        await store.pass_on(CHAT, 8, "What is\nthe [bold]fee?")
    old = {"chat": "c", "message_id": 7, "question": "Is it hard?", "at": YEAR_2001, "person": "c"}
    await put(database, questions, old)
    await version(database, "0003")
    ended = await asyncio.to_thread(run, tmp_path, "review", DATABASE_URL=database)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line.partition("  ")[2] for line in ended.stdout.splitlines()] == ["What is the [bold]fee?", "Is it hard?"]
    assert "2001-01-0" in ended.stdout
    # A question of that age is deleted when the bot starts, and an old database is brought up to date.
    assert await version(database) == "0003"
    assert len(await rows(database, questions)) == 2


async def test_a_database_without_questions_is_said_to_have_none(database: str, tmp_path: Path) -> None:
    async with opened(database):
        pass
    ended = await asyncio.to_thread(run, tmp_path, "review", DATABASE_URL=database)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "Nobody has passed on a question.\n"


async def test_in_another_folder_than_the_bots_no_database_is_made(tmp_path: Path) -> None:
    line = await complaint(tmp_path)
    assert line.startswith(f"there is no database {tmp_path / DATABASE}: ")
    assert "DATABASE_URL" in line
    assert list(tmp_path.iterdir()) == []


async def test_a_file_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE things (id)")
    before = file.read_bytes()
    assert "no such table" in await complaint(tmp_path, f"sqlite:///{file}")
    assert file.read_bytes() == before
    file.write_text("no database at all, but a text that is long enough to be one" * 20)
    assert "not a database" in await complaint(tmp_path, f"sqlite:///{file}")


async def test_a_server_that_is_away_is_named_without_the_password(tmp_path: Path, unused_tcp_port: int) -> None:
    line = await complaint(tmp_path, f"postgresql://bot:{WRONG}@127.0.0.1:{unused_tcp_port}/career_bot?ssl=disable")
    assert f"postgresql://bot:***@127.0.0.1:{unused_tcp_port}/career_bot cannot be read: " in line
    assert WRONG not in line


async def test_a_wrong_password_and_a_database_that_is_not_there_are_named(postgres: Postgres, tmp_path: Path) -> None:
    line = await complaint(tmp_path, postgres.address("postgres", LOCKED_USER, WRONG))
    assert "authentication failed" in line
    assert WRONG not in line
    assert PASSWORD not in line
    assert "/nowhere cannot be read: " in await complaint(tmp_path, postgres.address("nowhere"))


async def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    line = await complaint(tmp_path, f"mysql://bot:{WRONG}@localhost/bot")
    assert line.startswith("DATABASE_URL must look like ")
    assert WRONG not in line
