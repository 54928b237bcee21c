"""The store while its database is gone: turns go on without memory, and all of them are recorded once it is back."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Conversation, Plan
from bot.storage import ChatState, Store
from bot.storage.database import create_engine
from bot.storage.tables import answered, chats
from tests.postgres import Postgres
from tests.stores import count, keep, kept, look, opened

CHAT = 42
HEALS = 30.0
"""Seconds within which a store notices that its database is back."""


@pytest.fixture
def address(postgres: Postgres) -> str:
    return postgres.new_database()


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """An SQLite file that another program has locked."""
    connection = sqlite3.connect(file)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


async def recorded(address: str, updates: int) -> None:
    """Wait until so many updates are recorded as answered."""
    async with asyncio.timeout(HEALS):
        while await count(address, answered) < updates:
            await asyncio.sleep(0.05)


async def healthy(store: Store) -> None:
    """Wait until the store says that it is well."""
    async with asyncio.timeout(HEALS):
        while not await store.healthy():
            await asyncio.sleep(0.05)


async def answer(store: Store, chat: int, update_id: int, state: ChatState) -> ChatState | None:
    """Answer an update without waiting for it to be written; what it began with."""
    before = await asyncio.wait_for(store.begin(chat, update_id), HEALS)
    store.finish(chat, update_id, state)
    return before


# Not there at the start.


async def test_a_store_opens_and_works_without_its_database_and_writes_everything_once_it_comes(
    postgres: Postgres, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with postgres.away():
        store = Store(address, b"key")
        await store.open()
        assert "answering without memory" in caplog.text
        assert not await store.healthy()
        assert await answer(store, CHAT, 1, kept(turn=1)) == ChatState()
        assert await answer(store, CHAT + 1, 2, kept(turn=5)) == ChatState()
    await recorded(address, updates=2)
    assert (await look(store, CHAT, 3)).conversation.turn == 1
    await store.close()
    async with opened(address, b"key") as store:
        assert (await look(store, CHAT + 1, 4)).conversation.turn == 5


async def test_a_store_is_healthy_once_its_database_comes_although_nobody_wrote(
    postgres: Postgres, address: str
) -> None:
    async with postgres.away():
        store = Store(address, b"key")
        await store.open()
    try:
        await healthy(store)
    finally:
        await store.close()


# Gone for a while.


async def test_memory_of_the_chats_that_write_meanwhile_lasts_through_an_outage(
    postgres: Postgres, address: str
) -> None:
    async with opened(address) as store:
        await keep(store, CHAT, 1, kept(turn=1))
        async with postgres.away():
            assert await answer(store, CHAT, 2, kept(turn=5)) == ChatState()
            before = await answer(store, CHAT, 3, kept(turn=6))
            assert before
            assert before.conversation.turn == 5
        await recorded(address, updates=3)
        assert (await look(store, CHAT, 4)).conversation.turn == 6


async def test_what_was_kept_before_an_outage_lasts_though_the_chat_writes_meanwhile(
    postgres: Postgres, address: str
) -> None:
    plan = Plan(years=4.0, goal="pay", question=None)
    before = ChatState(Conversation(turn=1, years=4.0, plan=plan), time.time(), answers=((1, 2),), told_language=True)
    async with opened(address) as store:
        await keep(store, CHAT, 1, before)
        async with postgres.away():
            blind = await store.begin(CHAT, 2)
            assert blind is not None
            after = replace(blind, conversation=Conversation(turn=9, topics=("salary",)), answers=((3, 4),))
            store.finish(CHAT, 2, replace(after, seen_at=time.time()))
        await recorded(address, updates=2)
        kept_now = await look(store, CHAT, 3)
    assert kept_now.conversation == Conversation(turn=9, topics=("salary",), years=4.0, plan=plan)
    assert kept_now.answers == ((1, 2), (3, 4))
    assert kept_now.told_language


async def test_an_update_that_was_answered_in_an_outage_begins_as_none(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        async with postgres.away():
            await answer(store, CHAT, 1, kept())
            assert await store.begin(CHAT, 1) is None
        await recorded(address, updates=1)
        assert await store.begin(CHAT, 1) is None
    async with opened(address) as other:
        assert await other.begin(CHAT, 1) is None


async def test_a_turn_that_was_begun_before_an_outage_is_recorded_after_it(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        await store.begin(CHAT, 1)
        async with postgres.away():
            store.finish(CHAT, 1, kept(turn=5))
        await recorded(address, updates=1)
        async with opened(address) as other:
            assert (await asyncio.wait_for(look(other, CHAT, 2), 5)).conversation.turn == 5


async def test_a_connection_that_died_while_nobody_wrote_costs_no_memory_and_no_second_answer(
    postgres: Postgres, address: str
) -> None:
    async with opened(address) as store:
        await keep(store, CHAT, 1, kept(turn=5))
        postgres.cut()
        assert await asyncio.wait_for(store.begin(CHAT, 1), 5) is None
        postgres.cut()
        assert (await asyncio.wait_for(look(store, CHAT, 2), 5)).conversation.turn == 5


async def test_a_database_that_does_not_answer_holds_nobody_up_for_long(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        await keep(store, CHAT, 1, kept(turn=5))
        with postgres.frozen():
            began = time.monotonic()
            assert await answer(store, CHAT, 2, kept(turn=6)) == ChatState()
            assert time.monotonic() - began < 7
        await recorded(address, updates=2)
        assert (await look(store, CHAT, 3)).conversation.turn == 6


async def test_a_turn_that_spans_an_outage_leaves_no_lock(postgres: Postgres, address: str) -> None:
    async with opened(address) as store, opened(address) as other:
        async with postgres.away():
            await store.begin(CHAT, 1)
        await healthy(store)
        await keep(store, CHAT + 1, 2, kept())
        store.finish(CHAT, 1, kept(turn=5))
        await recorded(address, updates=2)
        for update_id in range(3, 9):
            assert (await asyncio.wait_for(look((store, other)[update_id % 2], CHAT, update_id), 5)) is not None


async def test_thousands_of_turns_in_an_outage_are_all_recorded(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        async with postgres.away():
            await asyncio.gather(*(answer(store, number, number, kept()) for number in range(1, 8001)))
        await recorded(address, updates=8000)
    assert await count(address, chats) == 8000


SLOW = (
    "CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END $$",
    "CREATE TRIGGER rest BEFORE INSERT ON answered FOR EACH ROW EXECUTE FUNCTION rest()",
)
"""Makes a database take a thousand updates a second at most."""


async def test_after_an_outage_a_slow_database_takes_everything_bit_by_bit(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        engine = create_engine(address)
        async with engine.begin() as connection:
            for statement in SLOW:
                await connection.exec_driver_sql(statement)
        await engine.dispose()
        async with postgres.away():
            await asyncio.gather(*(answer(store, number, number, kept()) for number in range(1, 2501)))
        await recorded(address, updates=2500)


@pytest.mark.parametrize("first_was_first", [True, False])
async def test_when_two_workers_answered_a_chat_in_an_outage_the_newer_state_wins(
    postgres: Postgres, address: str, first_was_first: bool
) -> None:
    old, new = kept(turn=1, ago=20), kept(turn=2, ago=10)
    async with opened(address) as first, opened(address) as second:
        async with postgres.away():
            await answer(first, CHAT, 1, old if first_was_first else new)
            await answer(second, CHAT, 2, new if first_was_first else old)
        await recorded(address, updates=2)
    async with opened(address) as reader:
        assert await look(reader, CHAT, 3) == new


async def test_a_state_of_the_outage_does_not_replace_a_newer_one(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        async with postgres.away():
            await answer(store, CHAT, 1, kept(turn=1, ago=10))
        async with opened(address) as other:
            await keep(other, CHAT, 2, kept(turn=2))
            await recorded(address, updates=2)
            assert (await look(other, CHAT, 3)).conversation.turn == 2


async def test_feedback_is_kept_as_soon_as_the_database_is_back(postgres: Postgres, address: str) -> None:
    async with opened(address) as store:
        await store.vote(CHAT, 1, "salary", good=True)
        async with postgres.away():
            pass
        await store.vote(CHAT, 2, "salary", good=True)
        await store.pass_on(CHAT, 3, "What is the fee?")
        assert len((await store.export(CHAT))["votes"]) == 2


async def test_an_outage_is_told_once_and_its_end_too(
    postgres: Postgres, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(address) as store:
        async with postgres.away():
            for number in range(1, 5):
                await answer(store, number, number, kept())
                await asyncio.sleep(0.3)
        await recorded(address, updates=4)
    told = [
        record for record in caplog.records if record.name == "bot.storage.ledger" and record.levelno >= logging.WARNING
    ]
    assert [record.levelname for record in told] == ["ERROR", "WARNING"]
    assert all(len(record.getMessage().splitlines()) == 1 for record in told)


# The end.


async def test_close_writes_everything_if_the_database_is_back(postgres: Postgres, address: str) -> None:
    store = Store(address, b"key")
    await store.open()
    async with postgres.away():
        for number in range(1, 51):
            await answer(store, number, number, kept())
    await store.close()
    assert await count(address, answered) == 50


async def test_close_says_how_much_is_lost_if_the_database_is_still_gone(
    postgres: Postgres, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(address, b"key")
    await store.open()
    async with postgres.away():
        for number in range(1, 51):
            await answer(store, number, number, kept())
        began = time.monotonic()
        await store.close()
        assert time.monotonic() - began < 5
    assert "50 answers are not recorded" in caplog.text


# SQLite: another program may have locked the file.


async def test_a_locked_file_holds_nobody_up_for_long_and_everything_is_recorded_later(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.sqlite"
    async with opened(address) as store:
        await keep(store, CHAT, 1, kept(turn=1))
        async with locked(tmp_path / "store.sqlite"):
            before = await answer(store, CHAT, 2, kept(turn=2))
            assert before
            assert before.conversation.turn == 1
            assert await answer(store, CHAT + 1, 3, kept(turn=5)) == ChatState()
            assert await answer(store, CHAT + 2, 4, kept(turn=6)) == ChatState()
        await recorded(address, updates=4)
    async with opened(address) as store:
        assert [(await look(store, CHAT + n, 9 + n)).conversation.turn for n in range(3)] == [2, 5, 6]
