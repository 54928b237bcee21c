"""Updates that wait in the database are taken up at the next start, however the bot gets its updates."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.storage.tables import waiting
from tests.e2e.bot_api import BotApi
from tests.e2e.program import DATABASE, query, running_bot
from tests.e2e.talking import BOT, NUMBERS, PAID
from tests.e2e.workers import UNBRAKED, hooked_bot
from tests.stores import opened, put

KEY = "key of the tests"
Start = Callable[..., AbstractAsyncContextManager[Any]]


async def left_behind(api: BotApi, folder: Path) -> int:
    """Leave a question in the database, as a bot does that has ended; the chat that asked it."""
    person = {"id": (number := next(NUMBERS)), "is_bot": False, "first_name": "Ada"}
    api.chats[number] = person | {"type": "private"}
    message = {"message_id": 1, "date": int(time.time()), "from": person, "chat": person | {"type": "private"}}
    async with opened(f"sqlite:///{folder}/{DATABASE}", KEY.encode()) as store:
        await store.hold({900: {"update_id": 900, "message": message | {"text": "infra pm pay??"}}})
    return number


@asynccontextmanager
async def locked_for_a_while(folder: Path) -> AsyncIterator[None]:
    """A database that another program has locked, and lets go of when the bot has complained."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("BEGIN EXCLUSIVE")

        async def let_go() -> None:
            while "wait in the database" not in (folder / "output.txt").read_text():
                await asyncio.sleep(0.1)
            connection.rollback()

        (folder / "output.txt").touch()
        letting_go = asyncio.create_task(let_go())
        yield
        await letting_go


@pytest.mark.parametrize("start", [running_bot, hooked_bot])
async def test_what_waits_is_answered_after_the_start(tmp_path: Path, start: Start) -> None:
    async with BotApi(BOT) as api:
        number = await left_behind(api, tmp_path)
        async with start(api, tmp_path, STORE_KEY=KEY, **UNBRAKED):
            assert PAID in (await api.sent(number))[0].text
        assert query(tmp_path, "SELECT * FROM waiting") == []


@pytest.mark.parametrize("start", [running_bot, hooked_bot])
async def test_what_waits_is_answered_as_soon_as_the_database_is_there(tmp_path: Path, start: Start) -> None:
    async with BotApi(BOT) as api:
        number = await left_behind(api, tmp_path)
        async with locked_for_a_while(tmp_path), start(api, tmp_path, STORE_KEY=KEY, **UNBRAKED):
            assert PAID in (await api.sent(number, timeout=10))[0].text
        assert query(tmp_path, "SELECT * FROM waiting") == []


async def test_what_cannot_be_read_holds_nobody_up(tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        number = await left_behind(api, tmp_path)
        await put(f"sqlite:///{tmp_path}/{DATABASE}", waiting, {"update_id": 1, "sealed": "x", "at": time.time()})
        async with running_bot(api, tmp_path, STORE_KEY=KEY, **UNBRAKED):
            assert PAID in (await api.sent(number))[0].text
