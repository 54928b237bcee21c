"""What the store keeps and forgets, on SQLite and on PostgreSQL alike."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.errors import StoreError
from bot.storage import ChatState, Store, passed_on
from bot.storage.database import create_engine
from bot.storage.tables import answered, chats, questions, votes
from tests.postgres import LOCKED_USER, PASSWORD, Postgres
from tests.stores import DAY, keep, kept, look, name_of, opened, put, rows

CHAT = 4_815_162_342
OTHER = -1_001_234_567_890  # a group


# Turns.


async def test_a_fresh_chat_has_a_fresh_state(database: str) -> None:
    async with opened(database) as store:
        assert await store.begin(CHAT, 1) == ChatState()


async def test_what_is_finished_is_there_in_the_next_turn_and_after_close_and_open(database: str) -> None:
    conversation = Conversation(
        topics=("level.junior.skills", "salary"), level="level.junior", years=2.5, offered=("path",), turn=3
    )
    state = ChatState(conversation, time.time(), spent=2.5, warned=True)
    async with opened(database) as store:
        await keep(store, CHAT, 1, state)
        assert await look(store, CHAT, 2) == state
    async with opened(database) as store:
        assert await look(store, CHAT, 2) == state
        assert await look(store, OTHER, 3) == ChatState()


async def test_an_update_that_was_finished_begins_as_none(database: str) -> None:
    async with opened(database) as store, opened(database) as other:
        await keep(store, CHAT, 1, kept())
        assert await store.begin(CHAT, 1) is None
        assert await other.begin(CHAT, 1) is None
    async with opened(database) as store:
        assert await store.begin(CHAT, 1) is None


async def test_an_update_that_was_finished_with_nothing_to_keep_begins_as_none_too(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 1, None)
        assert await store.begin(CHAT, 1) is None


async def test_an_update_that_is_finished_but_not_written_yet_begins_as_none(database: str) -> None:
    async with opened(database) as store:
        await store.begin(CHAT, 1)
        written = store.finish(CHAT, 1, kept(turn=1))
        assert await store.begin(CHAT, 1) is None
        assert (await look(store, CHAT, 2)).conversation.turn == 1
        await written


async def test_an_abandoned_update_comes_again_and_changes_nothing(database: str) -> None:
    before = kept(turn=1)
    async with opened(database) as store:
        await keep(store, CHAT, 1, before)
        await look(store, CHAT, 2)
        assert await store.begin(CHAT, 2) == before


async def test_finishing_with_none_removes_what_is_kept(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 1, kept())
        await keep(store, CHAT, 2, None)
        assert await look(store, CHAT, 3) == ChatState()
    assert await rows(database, chats) == []


async def test_of_a_chat_that_was_never_answered_only_the_update_is_recorded(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 1, ChatState())
        assert await store.begin(CHAT, 1) is None
        store.finish(CHAT, 2, kept(turn=2))
        await keep(store, OTHER, 3, ChatState())
        assert (await look(store, CHAT, 4)).conversation.turn == 2
    assert len(await rows(database, chats)) == 1
    assert len(await rows(database, answered)) == 3


async def test_updates_of_a_lower_number_are_new_all_the_same(database: str) -> None:
    """After a quiet week Telegram may count on from another number."""
    async with opened(database) as store:
        await keep(store, CHAT, 900, kept(turn=1))
    async with opened(database) as store:
        await keep(store, CHAT, 5, kept(turn=2))
        assert await store.begin(CHAT, 5) is None
        assert (await look(store, CHAT, 6)).conversation.turn == 2


async def test_many_turns_at_once_end_right(database: str) -> None:
    async def talk(store: Store, chat: int) -> None:
        for turn in range(5):
            state = await store.begin(chat, 1000 * turn + chat)
            assert state is not None
            assert state.conversation.turn == turn
            await asyncio.sleep(0.001 * (chat % 7))
            written = store.finish(chat, 1000 * turn + chat, kept(turn + 1))
            if chat % 2:  # some look whether it is written, others go on at once
                await written

    async with opened(database) as store:
        await asyncio.gather(*(talk(store, chat) for chat in range(1, 301)))
    async with opened(database) as store:
        states = await asyncio.gather(*(look(store, chat, 9000 + chat) for chat in range(1, 301)))
    assert {state.conversation.turn for state in states} == {5}
    assert len(await rows(database, answered)) == 1500


async def test_close_writes_what_is_finished(database: str) -> None:
    async with opened(database) as store:
        await asyncio.gather(*(store.begin(chat, chat) for chat in range(1, 101)))
        for chat in range(1, 101):
            store.finish(chat, chat, kept(turn=chat))
    assert len(await rows(database, chats)) == len(await rows(database, answered)) == 100


async def test_a_conversation_that_cannot_be_read_any_more_begins_anew(database: str, tmp_path: Path) -> None:
    async with opened(database):
        pass
    row = {"chat": await name_of(CHAT, tmp_path), "conversation": "[]", "seen_at": (now := time.time())}
    await put(database, chats, row | {"spent": 3.0, "warned": False})
    async with opened(database) as store:
        assert await look(store, CHAT, 3) == ChatState(Conversation(), now, spent=3.0)


# Feedback.


async def test_a_vote_replaces_the_earlier_one_on_the_same_message(database: str) -> None:
    async with opened(database) as store:
        await store.vote(CHAT, 7, "salary", good=True)
        await store.vote(CHAT, 7, "salary path", good=False)
        await store.vote(CHAT, 8, "path", good=True)
    found = {vote["message_id"]: (vote["topics"], vote["good"]) for vote in await rows(database, votes)}
    assert found == {7: ("salary path", False), 8: ("path", True)}


async def test_a_question_that_is_passed_on_twice_is_kept_once(database: str) -> None:
    began = time.time()
    async with opened(database) as store:
        await store.pass_on(CHAT, 7, "What is the fee?")
        await store.pass_on(CHAT, 7, "What is the fee?")
        await store.pass_on(OTHER, 7, "Wie viel? 🙂 '\"%s")
        found = await passed_on(database)
    assert [question for _, question in found] == ["Wie viel? 🙂 '\"%s", "What is the fee?"]
    assert all(began <= at <= time.time() for at, _ in found)


async def test_a_question_of_any_characters_is_kept(database: str) -> None:
    async with opened(database) as store:
        await store.pass_on(CHAT, 7, "what\x00 is \u202e this 🙂")
        assert len(await passed_on(database)) == 1


# What a person may see and delete.


async def test_nothing_is_exported_of_a_chat_that_nothing_is_kept_of(database: str) -> None:
    async with opened(database) as store:
        await keep(store, OTHER, 1, kept())
        assert await store.export(CHAT) == {}


async def test_export_returns_exactly_what_is_kept(database: str) -> None:
    async with opened(database) as store:
        for chat in (CHAT, OTHER):
            await keep(store, chat, abs(chat), kept())
            await store.vote(chat, 7, "salary", good=True)
            await store.pass_on(chat, 9, "What is the fee?")
        exported = await store.export(CHAT)
        name = exported["chats"][0]["chat"]
        for table in (chats, votes, questions):
            assert exported[table.name] == [row for row in await rows(database, table) if row["chat"] == name]
            assert len(exported[table.name]) == 1


async def test_forget_deletes_everything_of_one_chat(database: str) -> None:
    async with opened(database) as store:
        for chat in (CHAT, OTHER):
            await keep(store, chat, abs(chat), kept())
            await store.vote(chat, 7, "salary", good=True)
            await store.pass_on(chat, 9, "What is the fee?")
        await store.begin(CHAT, 1)
        await store.forget(CHAT)
        await store.finish(CHAT, 1, None)
        assert await store.export(CHAT) == {}
        assert await look(store, CHAT, 2) == ChatState()
        assert (await store.export(OTHER)).keys() == {"chats", "votes", "questions"}


async def test_a_person_sees_and_deletes_in_private_what_is_kept_of_them_in_groups(database: str) -> None:
    mine, another = f"{OTHER}/{CHAT}", f"{OTHER}/5"
    async with opened(database) as store:
        for number, owner in enumerate((str(CHAT), mine, another), start=1):
            await store.begin(owner, number)
            await store.finish(owner, number, kept(turn=number))
            await store.vote(owner, number, "salary", good=True)
            await store.pass_on(owner, number, f"question {number}")
        exported = await store.export(CHAT)
        assert {name: len(found) for name, found in exported.items()} == {"chats": 2, "votes": 2, "questions": 2}
        await store.forget(CHAT)
        assert await store.export(CHAT) == await store.export(mine) == {}
        assert (await store.export(another))["questions"][0]["question"] == "question 3"
        assert await store.begin(mine, 4) == ChatState()


async def test_what_is_forgotten_in_a_group_stays_forgotten_there_only(database: str) -> None:
    mine = f"{OTHER}/{CHAT}"
    async with opened(database) as store:
        for number, owner in enumerate((str(CHAT), mine), start=1):
            await store.pass_on(owner, number, f"question {number}")
        await store.forget(mine)
        assert [question for _, question in await passed_on(database)] == ["question 1"]


async def test_forget_is_complete_although_the_turn_before_is_not_written_yet(database: str) -> None:
    async with opened(database) as store:
        await store.begin(CHAT, 1)
        store.finish(CHAT, 1, kept())
        await store.begin(CHAT, 2)
        await store.forget(CHAT)
        await store.finish(CHAT, 2, None)
        assert await store.export(CHAT) == {}


async def test_what_was_forgotten_is_in_no_file_while_the_store_is_open(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.sqlite"
    async with opened(address) as store:
        await store.begin(CHAT, 1)
        store.finish(CHAT, 1, ChatState(Conversation(topics=("secret-topic",)), time.time()))
        await store.pass_on(CHAT, 7, "a secret question")
        await store.begin(CHAT, 2)
        await store.forget(CHAT)
        await store.finish(CHAT, 2, None)
        assert [file.name for file in tmp_path.iterdir() if b"secret" in file.read_bytes()] == []


async def test_a_reader_of_the_file_does_not_keep_it_from_forgetting(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.sqlite"
    async with opened(address) as store:
        await store.pass_on(CHAT, 7, "a secret question")
        with closing(sqlite3.connect(tmp_path / "store.sqlite")) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM questions").fetchone() == (1,)
            await store.forget(CHAT)
        assert await passed_on(address) == []


async def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/store.sqlite")
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA secure_delete")).scalar() == 1
    await engine.dispose()


async def test_chats_stand_under_a_hash_that_another_key_makes_another_one(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 1, kept(turn=1))
        await store.pass_on(CHAT, 7, "What is the fee?")
    async with opened(database, key=b"another key") as store:
        assert await store.export(CHAT) == {}
        await keep(store, CHAT, 2, kept(turn=2))
    names = [row["chat"] for row in await rows(database, chats)]
    assert len(set(names)) == 2
    assert all(len(name) == 32 and int(name, 16) not in (CHAT, -CHAT) for name in names)
    everything = [await rows(database, table) for table in (chats, answered, votes, questions)]
    assert str(CHAT) not in str(everything)


# Time.


async def test_a_chat_that_was_silent_for_more_than_30_days_begins_anew(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 1, kept(ago=30 * DAY + 60))
        await keep(store, OTHER, 2, kept(ago=30 * DAY - 60))
        assert await look(store, CHAT, 3) == ChatState()
        assert (await look(store, OTHER, 4)).conversation.turn == 1


async def test_what_was_kept_for_long_enough_is_deleted_after_the_start(database: str) -> None:
    now = time.time()
    ages = {chats: 30 * DAY, answered: 2 * DAY, votes: 180 * DAY, questions: 180 * DAY}
    async with opened(database):
        pass
    for number, past in ((1, 60), (2, -60)):
        at = {table: now - age - past for table, age in ages.items()}
        common = {"chat": f"{number:032x}", "message_id": number}
        state = {"conversation": "{}", "seen_at": at[chats], "spent": 0.0, "warned": False}
        await put(database, chats, {"chat": common["chat"]} | state)
        await put(database, answered, {"update_id": number, "at": at[answered]})
        await put(database, votes, common | {"topics": "salary", "good": True, "at": at[votes]})
        await put(database, questions, common | {"question": "?", "at": at[questions]})
    async with opened(database), asyncio.timeout(5):
        while any([len(await rows(database, table)) > 1 for table in ages]):
            await asyncio.sleep(0.02)
    assert [row["chat"] for table in (chats, votes, questions) for row in await rows(database, table)] == [
        f"{2:032x}"
    ] * 3
    assert [row["update_id"] for row in await rows(database, answered)] == [2]


# Addresses that cannot be used.


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        f"mysql://bot:{PASSWORD}@localhost/bot",
        f"postgresql+psycopg2://bot:{PASSWORD}@localhost/bot",
        f"postgresql://bot:{PASSWORD}@localhost:port/bot",
        f"postgresql://bot:{PASSWORD}@localhost/bot?no_such_option=1",
        "sqlite:////no/such/folder/store.sqlite",
        "sqlite:////proc",
    ],
)
async def test_an_address_that_cannot_be_used_is_named_in_one_line(address: str) -> None:
    await refused(address)


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ada, this is no database. " * 100)
    await refused(f"sqlite:///{file}")
    assert file.read_text() == "Dear Ada, this is no database. " * 100


async def test_what_postgresql_refuses_is_named_in_one_line(postgres: Postgres) -> None:
    await refused(postgres.address("postgres", LOCKED_USER, PASSWORD[::-1]))
    await refused(postgres.address("no_such_database", LOCKED_USER, PASSWORD))
    await refused(postgres.address("postgres", "no_such_user", PASSWORD))


async def test_an_address_as_providers_hand_it_out_can_be_used(postgres: Postgres) -> None:
    async with opened(postgres.new_database() + "&sslmode=prefer") as store:
        assert await store.healthy()


async def test_an_open_store_is_healthy(database: str) -> None:
    async with opened(database) as store:
        assert await store.healthy()


async def refused(address: str) -> None:
    """Find out that an address ends the start with one line about DATABASE_URL that tells no password."""
    with pytest.raises(StoreError) as caught:
        async with opened(address):
            pass
    await asyncio.sleep(0.05)  # aiosqlite ends the thread of a connection that failed a moment later, in this loop
    problem = str(caught.value)
    assert caught.value.__context__ is None or not isinstance(caught.value.__context__, StoreError)  # close() was quiet
    assert "DATABASE_URL" in problem
    assert len(problem.splitlines()) == 1
    assert PASSWORD not in problem
    assert PASSWORD[::-1] not in problem
