"""No message is lost, none is answered twice without need, and nobody waits for somebody else."""

import asyncio
import itertools
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.telegram.updates import KINDS
from tests.e2e.bot_api import BotApi
from tests.e2e.program import Program, polling_bot, query, running_bot, started
from tests.e2e.test_telegram import BOT, PAID, PAY, Chat
from tests.e2e.workers import nothing_waits

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGILE = "$80,000 - $120,000"
ANSWERS = {
    "junior skills": "Project Coordination",
    "mid-level skills": "Budget Management",
    "senior skills": "Strategic Planning",
    "agile skills": "Scrum",
    "agile pay": AGILE,
    "how do I get certified": "Agile Certified Practitioner",
    "networking": "Join professional organizations",
    "levels": "three levels",
    "personal brand": "start a blog",
    PAY: PAID,
}
"""What each question is answered with and none of the others."""

UNBRAKED = {"SEND_RATE": "0", "CHAT_RATE": "0"}
NUMBERS = itertools.count(20_000)


@dataclass(frozen=True)
class Live:
    """A running bot, and Telegram around it."""

    api: BotApi
    bot: Program


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    """One bot that all tests without a restart share; without brakes."""
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, running_bot(api, folder, **UNBRAKED) as bot:
        yield Live(api, bot)


def ask_everything(api: BotApi, chats: int, times: int = 1) -> list[int]:
    """Let so many chats ask all questions so many times, in turns; returns their numbers."""
    numbers = list(itertools.islice(NUMBERS, chats))
    for question in [*ANSWERS] * times:
        for number in numbers:
            api.say(number, question)
    return numbers


async def came(api: BotApi, number: int) -> list[int]:
    """Which of the questions were answered in a chat since the last look, in the order of the answers."""
    numbers = []
    with suppress(TimeoutError):
        while True:
            (answer,) = await api.sent(number, timeout=0)
            numbers.append([text in answer.text for text in ANSWERS.values()].index(True))
    return numbers


def calls(api: BotApi, method: str = "sendMessage") -> list[Any]:
    return [parameters for called, parameters in api.calls if called == method]


def asked(count: int) -> list[int]:
    """The numbers of the first questions, which begin anew after the last."""
    return [index % len(ANSWERS) for index in range(count)]


# In order, and side by side.


async def test_fifty_chats_get_their_answers_in_order_while_telegram_is_slow(live: Live) -> None:
    live.api.latency = 0.05
    numbers = ask_everything(live.api, 50)
    await nothing_waits(live.api)
    live.api.latency = 0
    assert [await came(live.api, number) for number in numbers] == [asked(len(ANSWERS))] * 50


async def test_chats_that_telegram_makes_wait_hold_up_nobody_else(live: Live) -> None:
    stalled, refused = slow = Chat(live.api), Chat(live.api)
    live.api.fail_next("sendMessage", chat_id=stalled.number, delay=5)
    live.api.fail_next("sendMessage", chat_id=refused.number, retry_after=5)
    others = [Chat(live.api) for _ in range(150)]
    began = time.monotonic()
    # Of their own and of others, more wait behind them than the hundred updates that Telegram hands out at a time.
    for chat in [*slow * 60, *others]:
        live.api.say(chat.number, PAY)
    for other in others:
        assert PAID in (await other.answer()).text
    took = time.monotonic() - began
    for chat in slow:
        assert PAID in (await chat.answer()).text
    await nothing_waits(live.api)
    assert took < 4


async def test_without_a_chat_rate_there_is_no_brake(live: Live) -> None:
    chat = Chat(live.api)
    for _ in range(100):
        live.api.say(chat.number, PAY)
    assert [PAID in answer.text for answer in await live.api.sent(chat.number, 100)] == [True] * 100


async def test_only_messages_and_pressed_buttons_are_asked_for(live: Live) -> None:
    assert all(call["allowed_updates"] == KINDS for call in calls(live.api, "getUpdates"))


async def test_a_second_poller_is_told_of_and_the_bot_goes_on(live: Live) -> None:
    live.api.fail_next("getUpdates", status=409)
    assert PAID in (await Chat(live.api).ask(PAY)).text  # ends the request that is waiting for an update
    assert PAID in (await Chat(live.api).ask(PAY)).text
    assert live.bot.output.count("another process is polling with the same token") == 1


# What cannot be read.

PERSON = {"id": 1, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": 1, "type": "private"}
WELL: dict[str, Any] = {"message_id": 1, "date": 1_800_000_000, "from": PERSON, "chat": PRIVATE, "text": PAY}
COMMAND = {"type": "bot_command", "offset": 0, "length": "nonsense"}
PRESS: dict[str, Any] = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "t:path"}
UNREADABLE: list[dict[str, Any]] = [
    {},
    {"surprise": 1},
    {"message": None},
    {"message": "nonsense"},
    {"message": [WELL]},
    {"message": {"date": "nonsense"}},
    {"message": {name: value for name, value in WELL.items() if name != "date"}},
    {"message": WELL | {"date": None}},
    {"message": WELL | {"date": 10**18}},
    {"message": WELL | {"date": -(10**18)}},
    {"message": WELL | {"chat": None}},
    {"message": WELL | {"chat": {"id": "nonsense", "type": "private"}}},
    {"message": WELL | {"entities": "nonsense"}},
    {"message": WELL | {"text": "/start", "entities": [COMMAND]}},
    {"message": WELL | {"text": 5}},
    {"message": WELL | {"message_id": "nonsense", "text": "what is the capital of France"}},
    {"callback_query": PRESS},
    {"callback_query": PRESS | {"message": {"message_id": 1, "chat": None, "date": 0}}},
    {"callback_query": PRESS | {"message": {"message_id": 1, "chat": PRIVATE, "date": 0}, "data": 5}},
]


async def test_an_update_that_cannot_be_read_is_skipped_and_the_next_one_answered(tmp_path: Path) -> None:
    async with BotApi(BOT) as api, running_bot(api, tmp_path, **UNBRAKED) as bot:
        for update in UNREADABLE:
            skipped = api.push(update)
            assert PAID in (await Chat(api).ask(PAY)).text, update
            # The same chat has to go on as well.
            api.say(1, PAY)
            await nothing_waits(api)
            assert api.confirmed > skipped, update
        written = bot.output.splitlines()
        assert [line for line in written if "update 1 " in line and "skipped" in line] == written[1:2]


# Ends.


async def test_kill_9_in_a_burst_loses_nothing_and_repeats_only_what_was_in_hand(tmp_path: Path) -> None:
    async with BotApi(BOT, latency=0.02) as api:
        numbers = ask_everything(api, 50)
        async with polling_bot(api, tmp_path, **UNBRAKED) as bot:
            async with asyncio.timeout(20):
                while len(calls(api)) < 250:
                    await asyncio.sleep(0.001)
            await bot.end(signal.SIGKILL)
        before = [await came(api, number) for number in numbers]
        assert 0 < sum(map(len, before)) < 500
        async with running_bot(api, tmp_path, **UNBRAKED):
            await nothing_waits(api)
            after = [await came(api, number) for number in numbers]
            for number in numbers:
                api.say(number, "and agile?")
            follow_ups = [AGILE in (await api.sent(number))[0].text for number in numbers]
    twice = [no_gap(first, second) for first, second in zip(before, after, strict=True)]
    assert max(twice) <= 3, twice
    assert all(follow_ups)


def no_gap(before: Sequence[int], after: Sequence[int]) -> int:
    """Make sure that a chat has all its answers in order, before and after a kill; returns how many it has twice."""
    everything = asked(len(ANSWERS))
    assert [*before] == everything[: len(before)]
    assert [*after] == everything[len(everything) - len(after) :]
    return len(before) + len(after) - len(everything)


async def test_an_answered_update_that_comes_again_is_not_answered_again(tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        async with polling_bot(api, tmp_path, **UNBRAKED) as bot:
            api.fail_next("getUpdates", delay=60)  # it is answered, but cannot be confirmed
            chat = Chat(api)
            await chat.ask(PAY)
            async with asyncio.timeout(5):
                while not query(tmp_path, "SELECT * FROM answered"):
                    await asyncio.sleep(0.02)
            await bot.end(signal.SIGKILL)
        assert len(api.pending) == 1
        async with running_bot(api, tmp_path, **UNBRAKED) as bot:
            assert AGILE in (await chat.ask("and agile?")).text
            await nothing_waits(api)
            assert len(calls(api)) == 2
            assert "update 1 was answered before" in bot.output


async def test_a_signal_lets_what_is_in_hand_end_and_the_rest_wait_for_the_restart(tmp_path: Path) -> None:
    await asyncio.gather(
        ended_in_between(tmp_path / "many chats", signal.SIGTERM, chats=15, times=1),
        ended_in_between(tmp_path / "long chats", signal.SIGINT, chats=2, times=4),
    )


async def ended_in_between(folder: Path, how: signal.Signals, *, chats: int, times: int) -> None:
    """End a bot that has more to do than it can, by a signal, and let another one do the rest."""
    folder.mkdir()
    async with BotApi(BOT, latency=0.2) as api:
        async with polling_bot(api, folder, **UNBRAKED) as bot:
            numbers = ask_everything(api, chats, times)
            await api.wait_for_call("sendMessage")
            assert await bot.end(how) == 0
        before = [await came(api, number) for number in numbers]
        # Whatever was answered is confirmed, and nothing else.
        assert sum(map(len, before)) + len(api.pending) == len(ANSWERS) * chats * times
        assert len(api.pending) > 0
        api.latency = 0
        async with running_bot(api, folder, **UNBRAKED):
            await nothing_waits(api)
        after = [await came(api, number) for number in numbers]
    both = [first + second for first, second in zip(before, after, strict=True)]
    assert both == [asked(len(ANSWERS) * times)] * chats


async def test_what_others_went_on_without_is_not_lost_when_the_bot_ends(tmp_path: Path) -> None:
    await asyncio.gather(
        ended_while_one_waits(tmp_path / "killed", signal.SIGKILL),
        ended_while_one_waits(tmp_path / "ended", signal.SIGTERM),
    )


async def ended_while_one_waits(folder: Path, how: signal.Signals) -> None:
    """End a bot that Telegram makes wait with the answers of one chat, while others got theirs."""
    folder.mkdir()
    async with BotApi(BOT) as api:
        async with polling_bot(api, folder, **UNBRAKED) as bot:
            slow = next(NUMBERS)
            api.fail_next("sendMessage", chat_id=slow, retry_after=60)
            for question in ANSWERS:
                api.say(slow, question)
            # Telegram hands out a hundred updates: the last ones come when those of the slow chat are confirmed.
            others = [Chat(api) for _ in range(120)]
            for other in others:
                api.say(other.number, PAY)
            for other in others:
                assert PAID in (await other.answer()).text
            await bot.end(how)
        async with running_bot(api, folder, **UNBRAKED):
            answers = await api.sent(slow, len(ANSWERS))
        assert all(text in answer.text for text, answer in zip(ANSWERS.values(), answers, strict=True))


# Starts, and Telegram's limits.


async def test_a_bot_that_finds_no_server_answers_as_soon_as_there_is_one(tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        chat = Chat(api)
        api.say(chat.number, PAY)
        await api.go_away()
        settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
        async with started(tmp_path, "run", **settings) as bot:
            await bot.writes("Telegram cannot be reached")
            await api.come_back()
            assert PAID in (await chat.answer()).text


async def test_a_backlog_is_answered_within_the_limits_of_telegram(tmp_path: Path) -> None:
    async with BotApi(BOT, flood_limits=True) as api:
        chats = [Chat(api) for _ in range(60)]
        texts = {chat: [PAY] for chat in chats} | {chat: [PAY, "/forget", "/start"] for chat in chats[:3]}
        for chat in chats:
            for text in texts[chat]:
                api.say(chat.number, text)
        async with running_bot(api, tmp_path):
            for chat in chats:
                await api.sent(chat.number, len(texts[chat]))
        # Had one been refused, it would have been sent again.
        assert len(calls(api)) == sum(map(len, texts.values()))
