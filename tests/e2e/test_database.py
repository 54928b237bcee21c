"""DATABASE_URL of a running bot: what cannot be used ends the start with one line."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.database import create_engine
from tests.e2e.program import run
from tests.postgres import LOCKED_USER, PASSWORD, Postgres
from tests.stores import opened

BOT = "123456:bot-under-test"
WRONG = "wr0ng-password"


async def refused(folder: Path, address: str) -> str:
    """The one line with which a start ends; whether Telegram can be reached does not matter."""
    settings = {"TELEGRAM_BOT_TOKEN": BOT, "TELEGRAM_API_URL": "http://127.0.0.1:9", "DATABASE_URL": address}
    ended = await asyncio.to_thread(run, folder, "run", **settings)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("career-bot: ")
    assert ended.stderr.endswith("\n")
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://bot:{WRONG}@localhost/bot",
        f"postgresql://bot:{WRONG}[@localhost/bot?no_such_option=1",
        "sqlite:////no/such/folder/store.sqlite",
    ],
)
async def test_an_address_that_cannot_be_used_ends_the_start(tmp_path: Path, address: str) -> None:
    line = await refused(tmp_path, address)
    assert "DATABASE_URL" in line
    assert WRONG not in line


async def test_a_wrong_password_ends_the_start(postgres: Postgres, tmp_path: Path) -> None:
    line = await refused(tmp_path, postgres.address("postgres", LOCKED_USER, WRONG))
    assert LOCKED_USER in line
    assert WRONG not in line
    assert PASSWORD not in line


async def test_a_database_of_a_newer_version_ends_the_start(database: str, tmp_path: Path) -> None:
    async with opened(database):
        pass
    engine = create_engine(database)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    line = await refused(tmp_path, database)
    assert "a newer version made the database (schema 9999): update career-bot" in line
