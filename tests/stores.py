"""Stores for tests: opened and closed, used as the bot uses them, and looked into from outside."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from bot.conversation import Conversation
from bot.storage import ChatState, Store
from bot.storage.database import create_engine
from bot.storage.tables import chats

KEY = b"key of the tests"
DAY = 86_400.0


@asynccontextmanager
async def opened(address: str, key: bytes = KEY) -> AsyncIterator[Store]:
    """A store that is opened on entering and closed on leaving."""
    store = Store(address, key)
    try:
        await store.open()
        yield store
    finally:
        await store.close()


def kept(turn: int = 1, *, ago: float = 0.0) -> ChatState:
    """The state of a chat that was answered so many seconds ago."""
    return ChatState(Conversation(topics=("salary",), turn=turn), time.time() - ago)


async def keep(store: Store, chat: int, update_id: int, state: ChatState | None) -> None:
    """Begin an update of a chat and finish it, until that is written."""
    assert await store.begin(chat, update_id) is not None
    await store.finish(chat, update_id, state)


async def look(store: Store, chat: int, update_id: int) -> ChatState:
    """What a new update of a chat begins with; it is not answered."""
    state = await store.begin(chat, update_id)
    assert state is not None
    store.abandon(chat)
    return state


async def rows(address: str, table: sa.Table) -> list[dict[str, Any]]:
    """Everything that stands in a table."""
    engine = create_engine(address)
    async with engine.connect() as connection:
        found = [dict(row) for row in (await connection.execute(sa.select(table))).mappings()]
    await engine.dispose()
    return found


async def name_of(chat: int, folder: Path) -> str:
    """What a chat is called in a database; found out in one of its own."""
    address = f"sqlite:///{folder}/names.sqlite"
    async with opened(address) as store:
        await keep(store, chat, 1, kept())
    return str((await rows(address, chats))[0]["chat"])


async def count(address: str, table: sa.Table) -> int:
    """How many rows stand in a table; none if there is no table yet."""
    engine = create_engine(address)
    try:
        async with engine.connect() as connection:
            return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    except ProgrammingError:
        return 0
    finally:
        await engine.dispose()


async def put(address: str, table: sa.Table, *new: Mapping[str, Any]) -> None:
    """Put rows into a table past the store."""
    engine = create_engine(address)
    async with engine.begin() as connection:
        await connection.execute(sa.insert(table), list(new))
    await engine.dispose()
