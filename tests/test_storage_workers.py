"""Two workers on one PostgreSQL: what one does with a chat, the other waits for and builds on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from bot.storage import ChatState, Store
from tests.postgres import Postgres
from tests.stores import keep, kept, look, opened

CHAT, OTHER = 42, 43
SHORT = 0.3
"""Seconds in which nothing happens that has to wait."""


@pytest.fixture
def address(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest_asyncio.fixture
async def first(address: str) -> AsyncIterator[Store]:
    async with opened(address) as store:
        yield store


@pytest_asyncio.fixture
async def second(address: str) -> AsyncIterator[Store]:
    async with opened(address) as store:
        yield store


async def waiting(store: Store, chat: int, update_id: int) -> "asyncio.Task[ChatState | None]":
    """A turn that another worker holds up."""
    turn = asyncio.create_task(store.begin(chat, update_id))
    done, _ = await asyncio.wait([turn], timeout=SHORT)
    assert not done
    return turn


async def begun(turn: "asyncio.Task[ChatState | None]") -> ChatState | None:
    return await asyncio.wait_for(turn, 5)


async def test_a_chat_waits_until_the_other_has_finished_and_goes_on_from_there(first: Store, second: Store) -> None:
    await first.begin(CHAT, 1)
    turn = await waiting(second, CHAT, 2)
    first.finish(CHAT, 1, state := kept(turn=7))
    assert await begun(turn) == state


async def test_a_chat_waits_until_the_other_has_abandoned_it(first: Store, second: Store) -> None:
    await first.begin(CHAT, 1)
    turn = await waiting(second, CHAT, 1)
    first.abandon(CHAT)
    assert await begun(turn) == ChatState()


async def test_an_update_that_the_other_is_answering_is_over_when_it_is_answered(first: Store, second: Store) -> None:
    await first.begin(CHAT, 1)
    turn = await waiting(second, CHAT, 1)
    first.finish(CHAT, 1, kept())
    assert await begun(turn) is None


async def test_a_turn_that_is_over_before_it_begins_holds_nobody_up(first: Store, second: Store) -> None:
    await keep(first, CHAT, 1, kept(turn=7))
    assert await second.begin(CHAT, 1) is None
    assert (await asyncio.wait_for(look(first, CHAT, 2), 5)).conversation.turn == 7


async def test_a_chat_waits_no_longer_when_the_connection_of_the_other_dies(
    postgres: Postgres, first: Store, second: Store
) -> None:
    await first.begin(CHAT, 1)
    turn = await waiting(second, CHAT, 1)
    postgres.cut_holders()
    assert await begun(turn) == ChatState()


async def test_a_worker_that_closes_gives_its_chats_free(address: str, second: Store) -> None:
    async with opened(address) as first:
        await first.begin(CHAT, 1)
        turn = await waiting(second, CHAT, 1)
    assert await begun(turn) == ChatState()


async def test_other_chats_do_not_wait(first: Store, second: Store) -> None:
    await first.begin(CHAT, 1)
    await waiting(second, CHAT, 2)
    for update_id in range(3, 13):
        await asyncio.wait_for(keep(second, OTHER, update_id, kept()), 2)
    first.abandon(CHAT)


async def test_who_gives_up_waiting_holds_nobody_up(first: Store, second: Store) -> None:
    await first.begin(CHAT, 1)
    turn = await waiting(second, CHAT, 2)
    turn.cancel()
    await asyncio.wait([turn])
    first.finish(CHAT, 1, kept(turn=7))
    await asyncio.sleep(SHORT)
    assert (await asyncio.wait_for(look(first, CHAT, 2), 5)).conversation.turn == 7


async def test_turns_in_turns_lose_nothing(first: Store, second: Store) -> None:
    """Chats go to and fro between the workers, who read at each turn what the other wrote at the last one."""

    async def talk(chat: int) -> None:
        for turn in range(6):
            store = (first, second)[(turn + chat) % 2]
            state = await store.begin(chat, 100 * turn + chat)
            assert state is not None
            assert state.conversation.turn == turn
            store.finish(chat, 100 * turn + chat, kept(turn + 1))

    await asyncio.wait_for(asyncio.gather(*(talk(chat) for chat in range(1, 61))), 20)


async def test_the_same_updates_at_both_are_answered_once(first: Store, second: Store) -> None:
    """As when each update comes again while it is in hand."""
    answers: list[int] = []

    async def answer(store: Store, update_id: int) -> None:
        if await store.begin(update_id % 20, update_id) is not None:
            answers.append(update_id)
            await asyncio.sleep(0.002)
            store.finish(update_id % 20, update_id, kept())

    async def serve(store: Store, chat: int) -> None:
        for update_id in range(chat, 100, 20):
            await answer(store, update_id)

    both = [serve(store, chat) for chat in range(20) for store in (first, second)]
    await asyncio.wait_for(asyncio.gather(*both), 20)
    assert sorted(answers) == list(range(100))


async def test_a_note_of_one_is_read_by_the_other_and_locked_meanwhile(first: Store, second: Store) -> None:
    async def add(store: Store, text: str) -> None:
        async with store.note("list") as note:
            before = note.value
            await asyncio.sleep(SHORT / 3)
            note.value = before + text

    await asyncio.gather(add(first, "a"), add(second, "b"), add(first, "c"), add(second, "d"))
    async with first.note("list") as note:
        assert sorted(note.value) == ["a", "b", "c", "d"]
    async with first.note("another") as note:
        assert note.value == ""


async def test_a_note_stays_as_it_was_when_writing_it_ends_badly(first: Store, second: Store) -> None:
    async with first.note("list") as note:
        note.value = "before"
    with suppress(RuntimeError):
        async with first.note("list") as note:
            note.value = "after"
            raise RuntimeError
    async with second.note("list") as note:
        assert note.value == "before"
