"""Updates that wait in the store for their answers, and are gone from there once they have them."""

import asyncio
import time
from typing import Any

from bot.storage.tables import answered, waiting
from tests.stores import DAY, keep, kept, opened, put, rows

CHAT = 4_815_162_342


def update(number: int) -> dict[int, Any]:
    return {number: {"update_id": number, "message": {"text": "private words"}}}


async def test_what_waits_is_there_after_a_restart_and_says_nothing_in_the_database(database: str) -> None:
    async with opened(database) as store:
        await store.hold(update(7) | update(5))
    assert "private" not in str(await rows(database, waiting))
    async with opened(database) as store:
        assert await store.held() == [*update(5).values(), *update(7).values()]


async def test_what_is_answered_waits_no_more(database: str) -> None:
    async with opened(database) as store:
        await store.begin(CHAT, 5)
        await store.hold(update(5))
        await store.finish(CHAT, 5, kept())
        assert await rows(database, waiting) == []


async def test_what_is_answered_just_before_it_is_put_aside_does_not_wait(database: str) -> None:
    async with opened(database) as store:
        await keep(store, CHAT, 5, kept())
        await store.hold(update(5) | update(6))
        assert [row["update_id"] for row in await rows(database, waiting)] == [6]


async def test_what_is_answered_at_the_moment_when_it_is_put_aside_does_not_wait(database: str) -> None:
    async with opened(database) as store:
        for number in range(1, 101):
            await store.begin(CHAT, number)
            holding = asyncio.create_task(store.hold(update(number)))
            await asyncio.sleep(0.0002 * (number % 20))
            await asyncio.gather(holding, store.finish(CHAT, number, kept()))
        assert await rows(database, waiting) == []


async def test_what_was_answered_before_a_restart_waits_no_more_after_it(database: str) -> None:
    async with opened(database) as store:
        await store.hold(update(5) | update(6))
    await put(database, answered, {"update_id": 5, "at": time.time()})
    async with opened(database) as store:
        assert await store.held() == [*update(6).values()]
        assert [row["update_id"] for row in await rows(database, waiting)] == [6]


async def test_what_was_answered_or_has_waited_for_two_days_is_deleted_after_the_start(database: str) -> None:
    async with opened(database):
        pass
    now = time.time()
    ages = {1: 2 * DAY + 60, 2: 2 * DAY - 60, 3: 0}
    await put(database, waiting, *({"update_id": n, "sealed": "x", "at": now - ago} for n, ago in ages.items()))
    await put(database, answered, {"update_id": 3, "at": now})
    async with opened(database):
        assert [row["update_id"] for row in await rows(database, waiting)] == [2]


async def test_what_waits_under_another_key_is_dropped(database: str) -> None:
    async with opened(database, key=b"another key") as store:
        await store.hold(update(5))
    async with opened(database) as store:
        assert await store.held() == []
    assert await rows(database, waiting) == []
