"""The pages of a running bot: is it well, and what has it counted."""

import asyncio
import math
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.bot_api import BotApi
from tests.e2e.program import run, running_bot
from tests.e2e.test_telegram import BOT, NUMBERS, PAID, PAY, Chat
from tests.e2e.workers import UNBRAKED, free_port, hooked_bot
from tests.postgres import Postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")

ERRORS = ("BadRequest", "ChatMigrated", "NetworkError", "RetryAfter", "Forbidden")
MOVED = '{"ok": false, "description": "Bad Request: it has moved", "parameters": {"migrate_to_chat_id": -1001}}'
WELL = {"store": "ok"}


@dataclass(frozen=True)
class Pages:
    """A running bot, Telegram around it, and where its pages are."""

    api: BotApi
    url: str

    async def health(self) -> tuple[int, dict[str, str]]:
        """The status and what the page says."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/healthz") as response:
            return response.status, await response.json()

    async def counts(self) -> Counter[str]:
        """Everything that is counted, such as ``career_bot_updates_total message``."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/metrics") as response:
            assert response.status == 200
            assert response.content_type == "text/plain"
            families = list(text_string_to_metric_families(await response.text()))
        assert all(family.documentation for family in families if family.name.startswith("career_bot"))
        samples = [sample for family in families for sample in family.samples]
        return Counter({" ".join((sample.name, *sample.labels.values())): int(sample.value) for sample in samples})

    async def have_grown(self, before: Counter[str], expected: dict[str, int]) -> None:
        """Find out that counts have grown so much, and none beside them; an answer is counted a little after it."""
        beside = {name.partition(" ")[0] for name in expected}
        grown: dict[str, int] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while grown != expected:
                    counts = await self.counts() - before
                    grown = {name: count for name, count in counts.items() if name.partition(" ")[0] in beside}
        assert grown == expected


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["polling", "hook"])
async def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pages]:
    """A bot of each kind; one that polls serves its pages where METRICS_LISTEN says, the other beside its hook."""
    folder = tmp_path_factory.mktemp("pages")
    async with BotApi(BOT) as api:
        if request.param == "polling":
            address = f"127.0.0.1:{free_port()}"
            async with running_bot(api, folder, METRICS_LISTEN=address, **UNBRAKED):
                yield Pages(api, f"http://{address}")
        else:
            async with hooked_bot(api, folder, **UNBRAKED) as worker:
                yield Pages(api, worker.url)


async def test_a_bot_that_is_well_says_so(pages: Pages) -> None:
    assert await pages.health() == (200, WELL)


async def test_updates_and_replies_are_counted_by_kind(pages: Pages) -> None:
    before, chat = await pages.counts(), Chat(pages.api)
    for text in (PAY, PAY, "thanks", "/privacy", "what is the capital of France?"):
        await chat.ask(text)
    await chat.press("t:path")
    await chat.press("forged")
    expected = {
        "career_bot_updates_total message": 5,
        "career_bot_updates_total button": 2,
        "career_bot_replies_total answer": 3,
        "career_bot_replies_total smalltalk": 1,
        "career_bot_replies_total unknown": 1,
        "career_bot_replies_total notice": 2,
        "career_bot_reply_seconds_count": 7,
    }
    await pages.have_grown(before, expected)


async def test_an_answer_counts_in_all_buckets_from_its_seconds_on(pages: Pages) -> None:
    before, chat = await pages.counts(), Chat(pages.api)
    pages.api.fail_next("sendMessage", delay=0.6, chat_id=chat.number)
    await chat.ask(PAY)
    await pages.have_grown(before, {"career_bot_reply_seconds_count": 1})
    grown = await pages.counts() - before
    buckets = {float(name.split()[1]) for name in grown if name.startswith("career_bot_reply_seconds_bucket")}
    assert not buckets & {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}
    assert buckets >= {10, 30, 60, math.inf}


async def test_calls_that_fail_are_counted_by_error_and_waits_that_telegram_asks_for(pages: Pages) -> None:
    before, chat = await pages.counts(), Chat(pages.api)
    faults: list[dict[str, Any]] = [{"status": 502}, {"retry_after": 1}]
    for fault in faults:
        pages.api.fail_next("sendMessage", chat_id=chat.number, **fault)
        await chat.ask(PAY)
    for final in {"status": 400}, {"status": 400, "body": MOVED}, {"status": 403}:
        pages.api.fail_next("sendMessage", chat_id=(refused := next(NUMBERS)), **final)
        pages.api.say(refused, PAY)
    expected = {f"career_bot_send_errors_total {error}": 1 for error in ERRORS}
    await pages.have_grown(before, expected | {"career_bot_flood_waits_total": 1})


async def test_the_pages_tell_nothing_of_the_people_who_write(pages: Pages) -> None:
    chat = Chat(pages.api)
    chat.number = 7_310_482_956  # long enough to stand in no other number by chance
    await chat.ask(PAY)
    async with aiohttp.ClientSession() as session, session.get(f"{pages.url}/metrics") as response:
        page = await response.text()
    assert str(chat.number) not in page
    assert PAY not in page
    assert BOT.partition(":")[2] not in page


async def test_a_bot_without_its_database_is_not_well_until_it_is_back(postgres: Postgres, tmp_path: Path) -> None:
    env = {"DATABASE_URL": postgres.new_database()} | UNBRAKED
    async with BotApi(BOT) as api, hooked_bot(api, tmp_path, **env) as worker:
        pages = Pages(api, worker.url)
        assert await pages.health() == (200, WELL)
        async with postgres.away():
            assert await pages.health() == (503, {"store": "cannot be used"})
            assert PAID in (await Chat(api).ask(PAY)).text
        async with asyncio.timeout(5):
            while await pages.health() != (200, WELL):
                await asyncio.sleep(0.05)


async def test_a_port_in_use_ends_with_status_2_and_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = {"TELEGRAM_BOT_TOKEN": BOT, "TELEGRAM_API_URL": "http://127.0.0.1:9", "METRICS_LISTEN": address}
        ended = await asyncio.to_thread(run, tmp_path, "run", **settings)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"career-bot: cannot listen on {address}: ")
    assert len(ended.stderr.splitlines()) == 1
