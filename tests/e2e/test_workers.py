"""Two workers of one bot on one PostgreSQL, with a balancer before them that knows nothing of chats."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import groupby
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.storage.database import create_engine
from bot.storage.tables import chats
from tests.e2e.bot_api import BotApi
from tests.e2e.program import Program
from tests.e2e.test_delivery import ANSWERS, ask_everything, came
from tests.e2e.test_telegram import BOT, PAID, PAY, Chat
from tests.e2e.test_webhook import AGILE, Live, acquaintance, question
from tests.e2e.workers import UNBRAKED, Worker, free_port, nothing_waits, working
from tests.postgres import Postgres

pytestmark = pytest.mark.asyncio(loop_scope="module")

EACH_ONCE = list(range(len(ANSWERS)))


class Pair:
    """Two workers, each of which can be started again when it has ended.

    Attributes:
        api: Telegram, which brings its updates to both in turns.
        workers: those that run, or ran last.
        database: the address of their database.
    """

    def __init__(self, api: BotApi, folder: Path, database: str, stack: AsyncExitStack) -> None:
        self.api = api
        self.workers: list[Worker] = []
        self.database = database
        self._env = {"DATABASE_URL": database} | UNBRAKED
        self._folder = folder
        self._stack = stack
        self._ports = [free_port(), free_port()]
        self._started = 0

    @property
    def addresses(self) -> list[str]:
        """Where the workers listen."""
        return [f"http://127.0.0.1:{port}" for port in self._ports]

    async def start(self) -> None:
        """Start both at the same moment."""
        self.api.balance = self.addresses
        self.workers = list(await asyncio.gather(*(self._worker(port) for port in self._ports)))

    async def restart(self, which: int) -> None:
        """Start one that has ended."""
        assert self.workers[which].program.process.returncode is not None
        self.workers[which] = await self._worker(self._ports[which])

    async def all_up(self) -> None:
        """Start those that a test has left behind dead, and let Telegram be as it was."""
        for which, worker in enumerate(self.workers):
            if worker.program.process.returncode is not None:
                await self.restart(which)
        self.api.balance = self.addresses
        self.api.latency = 0

    def program(self, which: int) -> Program:
        """One of the processes."""
        return self.workers[which].program

    def heals(self) -> list[int]:
        """How often each has said that the database is back."""
        return [worker.program.output.count("the database can be used again") for worker in self.workers]

    async def healed(self, before: list[int], *which: int) -> None:
        """Wait until some say so once more."""
        async with asyncio.timeout(30):
            while any(self.heals()[each] == before[each] for each in which):
                await asyncio.sleep(0.05)

    async def _worker(self, port: int) -> Worker:
        self._started += 1
        folder = self._folder / str(self._started)
        return await self._stack.enter_async_context(working(self.api, folder, port, **self._env))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started_pair(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """Two workers that were started at the same moment; they have to end well and never took the hook away."""
    async with BotApi(BOT) as api, AsyncExitStack() as stack:
        pair = Pair(api, tmp_path_factory.mktemp("workers"), postgres.new_database(), stack)
        await pair.start()
        yield pair
        assert await asyncio.gather(*(worker.program.end() for worker in pair.workers)) == [0, 0]
        assert all("Traceback" not in worker.program.output for worker in pair.workers)
        assert "deleteWebhook" not in dict(api.calls)


@pytest_asyncio.fixture(loop_scope="module")
async def pair(started_pair: Pair) -> Pair:
    await started_pair.all_up()
    return started_pair


async def burst(pair: Pair) -> list[int]:
    """Begin a burst of questions, a second or two of work for both, and return its chats when it is under way."""
    before = len(pair.api.pending)
    asking = ask_everything(pair.api, chats=30)
    async with asyncio.timeout(30):
        while len(pair.api.pending) - before > len(asking) * (len(ANSWERS) - 3):
            await asyncio.sleep(0.01)
    return asking


# At work.


async def test_workers_that_start_together_set_the_hook_once(pair: Pair) -> None:
    assert [name for name, _ in pair.api.calls].count("setWebhook") == 1


async def test_everybody_is_answered_once_and_in_order(pair: Pair) -> None:
    asking = ask_everything(pair.api, chats=30)
    await nothing_waits(pair.api)
    assert [await came(pair.api, chat) for chat in asking] == [EACH_ONCE] * len(asking)


async def test_a_follow_up_is_understood_by_the_other_worker(pair: Pair) -> None:
    for first, second in (pair.addresses, reversed(pair.addresses)):
        chat = Chat(pair.api)
        pair.api.balance = [first]
        assert PAID in (await chat.ask(PAY)).text
        pair.api.balance = [second]
        assert AGILE in (await chat.ask("and agile?")).text


async def test_a_worker_whose_clock_is_behind_that_of_the_other_is_remembered_too(pair: Pair) -> None:
    chat = Chat(pair.api)
    assert PAID in (await chat.ask(PAY)).text
    await nothing_waits(pair.api)
    engine = create_engine(pair.database)
    async with engine.begin() as connection:
        await connection.execute(sa.update(chats).values(seen_at=chats.c.seen_at + 60))
    await engine.dispose()
    assert ANSWERS["junior skills"] in (await chat.ask("junior skills")).text
    assert ANSWERS["senior skills"] in (await chat.ask("and senior?")).text


async def test_a_press_and_a_message_of_one_chat_are_not_answered_at_the_same_time(pair: Pair) -> None:
    """Telegram brings them side by side, here to different workers."""
    for _ in range(2):
        chat = Chat(pair.api)
        await chat.ask("levels")
        before = calls_for(pair.api, chat)
        pair.api.fail_next("sendMessage", delay=0.8, chat_id=chat.number)
        pair.api.press(chat.number, 1, "t:path")
        pair.api.say(chat.number, PAY)
        await asyncio.sleep(0.5)
        assert calls_for(pair.api, chat) == before + 1
        await pair.api.sent(chat.number, 2)
    await nothing_waits(pair.api)


async def test_an_update_that_comes_to_both_is_answered_once(pair: Pair) -> None:
    number = acquaintance(pair.api)
    pair.api.fail_next("sendMessage", delay=0.3, chat_id=number)
    update = question(number)
    hooks = [Live(pair.api, worker) for worker in pair.workers]
    assert await asyncio.gather(*(hook.post(update) for hook in hooks)) == [200, 200]
    assert len(await pair.api.sent(number)) == 1
    with pytest.raises(TimeoutError):
        await pair.api.sent(number, timeout=0)


# Workers come and go.


async def test_a_worker_that_is_killed_costs_no_answer_and_repeats_only_what_it_had_in_hand(pair: Pair) -> None:
    pair.api.latency = 0.05
    asking = await burst(pair)
    assert await pair.program(0).end(signal.SIGKILL) == -signal.SIGKILL
    assert pair.api.pending
    await pair.restart(0)
    await nothing_waits(pair.api)
    for chat in asking:
        answers = await came(pair.api, chat)
        # A chat has one update in hand at a time, so one of its answers may have been sent twice, one after the other.
        assert [answer for answer, _ in groupby(answers)] == EACH_ONCE
        assert len(answers) <= len(EACH_ONCE) + 1


async def test_a_worker_that_hangs_for_a_while_costs_no_answer_and_repeats_none(pair: Pair, full_length: bool) -> None:
    pair.api.latency = 0.05
    asking = await burst(pair)
    pair.program(0).process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(10 if full_length else 4)
    pair.program(0).process.send_signal(signal.SIGCONT)
    await nothing_waits(pair.api)
    assert [await came(pair.api, chat) for chat in asking] == [EACH_ONCE] * len(asking)


async def test_workers_that_are_restarted_in_turn_cost_no_answer_and_repeat_none(pair: Pair) -> None:
    pair.api.latency = 0.05
    asking = await burst(pair)
    for which in (0, 1):
        assert await pair.program(which).end() == 0
        await pair.restart(which)
        asking += ask_everything(pair.api, chats=5)
    await nothing_waits(pair.api)
    assert [await came(pair.api, chat) for chat in asking] == [EACH_ONCE] * len(asking)


# PostgreSQL comes and goes.


async def test_a_database_that_is_away_for_a_while_costs_no_answer_and_memory_comes_back(
    pair: Pair, postgres: Postgres, full_length: bool
) -> None:
    before, chat = pair.heals(), Chat(pair.api)
    assert PAID in (await chat.ask(PAY)).text
    pair.api.latency = 0.02
    asking = await burst(pair)
    async with postgres.away():
        asking += ask_everything(pair.api, chats=10)
        await asyncio.sleep(5 if full_length else 0)
        await nothing_waits(pair.api)
        assert PAID in (await Chat(pair.api).ask(PAY)).text
    await pair.healed(before, 0, 1)
    assert [await came(pair.api, chat) for chat in asking] == [EACH_ONCE] * len(asking)
    assert AGILE in (await chat.ask("and agile?")).text


async def test_what_was_said_while_the_database_was_away_is_remembered_by_the_other_worker(
    pair: Pair, postgres: Postgres
) -> None:
    before, chat = pair.heals(), Chat(pair.api)
    pair.api.balance = [pair.addresses[0]]
    async with postgres.away():
        assert PAID in (await chat.ask(PAY)).text
    await pair.healed(before, 0)
    pair.api.balance = [pair.addresses[1]]
    assert AGILE in (await chat.ask("and agile?")).text


def calls_for(api: BotApi, chat: Chat) -> int:
    """How often the bot has tried to write to a chat."""
    return len(
        [1 for name, params in api.calls if name == "sendMessage" and str(params["chat_id"]) == str(chat.number)]
    )
