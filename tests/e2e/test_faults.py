"""Faults in the middle of a conversation: nothing is lost, the order is kept, and the bot heals without a restart."""

import asyncio
import json
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.bot_api import BotApi
from tests.e2e.program import DATABASE, Program, polling_bot, query, running_bot
from tests.e2e.test_telegram import BOT, PAID, PAY, Chat
from tests.e2e.workers import nothing_waits
from tests.postgres import Postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGILE = "$80,000 - $120,000"
FOLLOW_UPS = {"and agile?": AGILE, "and infrastructure?": PAID, "and its skills?": "Infrastructure Knowledge"}
"""What is only understood after `PAY`, one after the other, and what it is answered with."""

UNBRAKED = {"SEND_RATE": "0", "CHAT_RATE": "0"}
GONE = "the database cannot be used"
BACK = "the database can be used again"


@dataclass
class Live:
    """A running bot, and Telegram around it.

    Attributes:
        seen: how much of what the bot wrote belongs to tests before.
    """

    api: BotApi
    bot: Program
    folder: Path
    seen: int = 0

    @property
    def lines(self) -> list[str]:
        """What the bot has written in this test."""
        return self.bot.output[self.seen :].splitlines()

    def complaints(self, level: str = "ERROR") -> list[str]:
        return [line for line in self.lines if f" {level} " in line]

    async def writes(self, text: str) -> None:
        """Wait until a text is written in this test."""
        async with asyncio.timeout(30):
            while not any(text in line for line in self.lines):
                await asyncio.sleep(0.05)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, running_bot(api, folder, LOG_LEVEL="DEBUG", **UNBRAKED) as bot:
        yield Live(api, bot, folder)


@pytest.fixture
def live(running: Live) -> Iterator[Live]:
    """One bot that all tests without a restart share; it has to survive each of them."""
    running.seen = len(running.bot.output)
    yield running
    assert running.bot.process.returncode is None
    assert "Traceback" not in running.bot.output[running.seen :]


async def begun(api: BotApi, count: int = 4) -> list[Chat]:
    """Chats in the middle of a conversation."""
    chats = [Chat(api) for _ in range(count)]
    for chat in chats:
        assert PAID in (await chat.ask(PAY)).text
    return chats


def go_on(chats: list[Chat]) -> list[int]:
    """Ask all that follows, without waiting for answers; returns the ids of the updates."""
    return [chat.api.say(chat.number, text) for text in [*FOLLOW_UPS, "levels"] for chat in chats]


async def all_come(chats: list[Chat], *, twice: bool = False) -> None:
    """Wait for all that follows: in order, and each answer once, unless it may come twice."""
    expected = [*FOLLOW_UPS.values(), "three levels"]
    for chat in chats:
        answers: list[str] = []
        while not answers or expected[-1] not in answers[-1]:
            answers.append((await chat.answer()).text)
        found = [expected[[text in answer for text in expected].index(True)] for answer in answers]
        assert ([text for text, _ in groupby(found)] if twice else found) == expected


# Telegram in trouble.


@pytest.mark.parametrize(
    "faults",
    [
        [{"status": 500}] * 6,
        [{"status": 502, "body": "<html>Bad Gateway</html>"}] * 6,
        [{"cut": True}] * 4,
        [{"delay": 1.0}] * 4,
        [{"retry_after": 1}] * 4,
        [{"body": ""}, {"body": "null"}, {"body": '{"ok": tru'}, {"body": '{"ok": false}'}],
    ],
    ids=["500", "502", "cut off", "late", "429", "no JSON"],
)
async def test_answers_survive_faults_of_telegram(live: Live, faults: list[dict[str, Any]]) -> None:
    chats = await begun(live.api)
    for fault in faults:
        live.api.fail_next("sendMessage", **fault)
    go_on(chats)
    # An answer whose receipt is cut off may have arrived or not, which nobody can know: it goes out once more.
    await all_come(chats, twice="cut" in faults[0])


@pytest.mark.parametrize(
    "faults",
    [
        [{"status": 500}, {"status": 502, "body": "<html>Bad Gateway</html>"}],
        [{"cut": True}],
        [{"delay": 0.5}],
        [{"body": '{"ok": true, "result": [{"upd'}],
        [{"body": '{"ok": true, "result": {"update_id": 5}}'}] * 3,
        [{"body": '{"ok": true, "result": [5, null, [], {}, {"update_id": "5"}]}'}] * 3,
    ],
    ids=["500 and 502", "cut off", "late", "no JSON", "no list", "no updates"],
)
async def test_polling_survives_faults_of_telegram(live: Live, faults: list[dict[str, Any]]) -> None:
    chats = await begun(live.api)
    for fault in faults:
        live.api.fail_next("getUpdates", **fault)
    go_on(chats)
    await all_come(chats)


async def test_an_error_in_another_shape_than_telegram_s_is_survived(tmp_path: Path) -> None:
    async with BotApi(BOT) as api, running_bot(api, tmp_path, **UNBRAKED):
        chats = await begun(api)
        for method in ("sendMessage", "getUpdates"):
            api.fail_next(method, status=500, body='{"ok": false, "parameters": [1], "description": {}}')
        go_on(chats)
        await all_come(chats)


async def test_polling_waits_as_long_as_telegram_asks_for(live: Live) -> None:
    (chat,) = await begun(live.api, 1)
    async with asyncio.timeout(5):
        while live.api.pending:
            await asyncio.sleep(0.02)
    # Now a request waits for an update, and the one after it is refused.
    live.api.fail_next("getUpdates", retry_after=2)
    await chat.ask(PAY)
    await live.writes("polling is interrupted")
    refused = time.monotonic()
    assert AGILE in (await chat.ask("and agile?")).text
    assert time.monotonic() - refused > 1.7


async def test_a_server_that_is_gone_for_a_while_costs_no_answer(live: Live, full_length: bool) -> None:
    chats = await begun(live.api)
    live.api.latency = 0.2
    go_on(chats[:2])
    await live.api.wait_for_call("sendMessage")
    await live.api.go_away()  # in the middle of the first answers
    live.api.latency = 0
    go_on(chats[2:])
    await asyncio.sleep(60 if full_length else 6)
    await live.api.come_back()
    await nothing_waits(live.api, timeout=60)
    await all_come(chats, twice=True)


# People who cannot be reached.


def sent_to(api: BotApi, chat: Chat) -> int:
    """How often the bot has tried to send something to a chat."""
    calls = [parameters for method, parameters in api.calls if method == "sendMessage"]
    return sum(str(parameters["chat_id"]) == str(chat.number) for parameters in calls)


async def test_a_person_who_blocked_the_bot_is_noted_once_and_others_go_on(live: Live) -> None:
    blocker, *others = await begun(live.api)
    live.api.fail_next("sendMessage", times=9, status=403, chat_id=blocker.number)
    live.api.say(blocker.number, "and agile?")
    go_on(others)
    await all_come(others)
    assert sent_to(live.api, blocker) == 2
    assert [line for line in live.lines if "blocked the bot" in line] != []
    assert live.complaints() == []


async def test_a_chat_that_is_gone_is_noted_once_and_others_go_on(live: Live) -> None:
    gone, *others = await begun(live.api)
    live.api.say(gone.number, "and agile?")
    del live.api.chats[gone.number]
    go_on(others)
    await all_come(others)
    assert sent_to(live.api, gone) == 2
    noted = [line for line in live.lines if "hat not found" in line]
    assert len(noted) == 1
    assert live.complaints() in ([], noted)


REFUSALS: list[dict[str, Any]] = [
    {"description": "Bad Request: not enough rights to send text messages to the chat"},
    {
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1_007_310_482_956},
    },
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=["no rights", "moved"])
async def test_an_answer_that_another_try_would_not_help_is_tried_once(live: Live, refusal: dict[str, Any]) -> None:
    refused, *others = await begun(live.api)
    live.api.fail_next("sendMessage", status=400, body=json.dumps({"ok": False} | refusal), chat_id=refused.number)
    live.api.say(refused.number, "and agile?")
    go_on(others)
    await all_come(others)
    assert sent_to(live.api, refused) == 2
    (noted,) = live.complaints()
    assert refusal["description"].partition(": ")[2] in noted.lower().replace("bad request: ", "")
    assert "7310482956" not in noted


async def test_a_press_that_came_too_late_is_noted_and_answered_all_the_same(live: Live) -> None:
    (chat,) = await begun(live.api, 1)
    lifetime, live.api.query_lifetime = live.api.query_lifetime, -1
    assert "three levels" in (await chat.press("t:path")).text
    live.api.query_lifetime = lifetime
    await live.writes("a press could not be acknowledged")
    assert live.complaints() == live.complaints("WARNING") == []


# The database in trouble.


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else can write to the database of a bot."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.execute("ROLLBACK")


@contextmanager
def full(bot: Program) -> Iterator[None]:
    """The disk is full for a bot: nothing that it writes can grow, but for its short log."""
    unlimited = resource.RLIM_INFINITY
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (len(bot.output) + 2000, unlimited))
    yield
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


async def is_recorded(folder: Path, updates: list[int]) -> None:
    """Wait until updates stand in the database as answered."""
    async with asyncio.timeout(30):
        while not {*updates} <= {row["update_id"] for row in query(folder, "SELECT * FROM answered")}:
            await asyncio.sleep(0.05)


async def outlive(live: Live, seconds: float = 0.0) -> list[int]:
    """Talk while the database is in trouble, for so long; returns the ids of updates that were answered meanwhile."""
    end = time.monotonic() + seconds
    chats = await begun(live.api)
    updates = go_on(chats)
    await all_come(chats)
    await asyncio.sleep(end - time.monotonic())
    (complaint,) = live.complaints()
    assert GONE in complaint
    return updates


async def test_a_locked_database_costs_no_answer_and_one_line(live: Live) -> None:
    chats = await begun(live.api)
    with locked(live.folder):
        updates = await outlive(live, 4)
    await live.writes(BACK)
    updates += go_on(chats)
    await all_come(chats)
    await is_recorded(live.folder, updates)


async def test_a_full_disk_costs_no_answer_and_one_line(tmp_path: Path) -> None:
    async with BotApi(BOT) as api, running_bot(api, tmp_path, **UNBRAKED) as bot:
        live = Live(api, bot, tmp_path)
        (chat,) = await begun(api, 1)
        with full(bot):
            updates = await outlive(live)
            updates.append(api.say(chat.number, "and agile?"))
            assert AGILE in (await chat.answer()).text
        await live.writes(BACK)
        await is_recorded(tmp_path, updates)
        # What was talked about meanwhile is there as well.
        talks = [json.loads(row["conversation"])["topics"] for row in query(tmp_path, "SELECT * FROM chats")]
        assert sorted(talks) == [*[["path"]] * 4, ["track.agile.salary"]]
        assert PAID in (await chat.ask("and infrastructure?")).text


async def test_a_database_that_is_locked_at_the_start_is_waited_for(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(BotApi(BOT))
        with locked(tmp_path):
            bot = await stack.enter_async_context(running_bot(api, tmp_path, **UNBRAKED))
            live = Live(api, bot, tmp_path)
            updates = await outlive(live)
        await live.writes(BACK)
        await is_recorded(tmp_path, updates)


async def test_a_signal_ends_the_bot_in_time_although_the_database_hangs(postgres: Postgres, tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        env = {"DATABASE_URL": postgres.new_database()} | UNBRAKED
        async with polling_bot(api, tmp_path, **env) as bot:
            chat, stalled = await begun(api, 2)
            await nothing_waits(api)
            api.fail_next("sendMessage", chat_id=stalled.number, retry_after=60)
            api.say(stalled.number, PAY)
            await asyncio.sleep(1)
            with postgres.frozen():
                api.say(chat.number, PAY)
                await asyncio.sleep(0.3)
                assert await bot.end(timeout=10) == 0, bot.output
