"""People who write too much, too late, or what no button of the bot says."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import load_knowledge
from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import polling_bot, query, running_bot
from tests.e2e.test_telegram import BOT, PAID, PAY, Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGILE = "$80,000 - $120,000"
AT_ONCE = 20
"""Messages that a chat may write at once, and in a minute."""

DAYS = 86_400
NUMBERS = itertools.count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotApi]:
    """Telegram with one bot that all tests without a restart share, each in a chat of its own."""
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, running_bot(api, folder, SEND_RATE="0"):
        yield api


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_knowledge().wording


def write_old(chat: Chat, *texts: str) -> None:
    """Write what Telegram only delivers two days later."""
    person = {"id": chat.number, "is_bot": False, "first_name": "Ada"}
    sides = {"from": person, "chat": {"id": chat.number, "type": "private"}}
    for text in texts:
        head = {"message_id": next(NUMBERS), "date": int(time.time()) - 2 * DAYS}
        chat.api.push({"message": head | sides | {"text": text}})


async def everything(chat: Chat) -> list[SentMessage]:
    """All that comes in a chat until every update is confirmed."""
    async with asyncio.timeout(30):
        while chat.api.pending:
            await asyncio.sleep(0.02)
    messages = []
    while True:
        try:
            messages += await chat.api.sent(chat.number, timeout=0)
        except TimeoutError:
            return messages


async def use_up(chat: Chat, wording: Wording) -> None:
    """Write so much that the bot asks to wait, and more."""
    for _ in range(AT_ONCE + 10):
        chat.api.say(chat.number, PAY)
    *answers, last = await everything(chat)
    assert [PAID in answer.text for answer in answers] == [True] * AT_ONCE
    assert last.text == wording.too_many


# Too much.


async def test_thirty_messages_at_once_get_twenty_answers_one_polite_line_and_silence(
    live: BotApi, wording: Wording
) -> None:
    chat, other = Chat(live), Chat(live)
    await use_up(chat, wording)
    chat.api.say(chat.number, PAY)
    chat.api.press(chat.number, 1, "t:path")
    assert await everything(chat) == []
    assert PAID in (await other.ask(PAY)).text


async def test_forgetting_does_not_release_the_brake(live: BotApi) -> None:
    chat = Chat(live)
    for _ in range(AT_ONCE + 10):
        chat.api.say(chat.number, "/forget")
    assert len(await everything(chat)) <= AT_ONCE + 1


async def test_the_brake_outlasts_a_restart_and_goes_with_time(tmp_path: Path, wording: Wording) -> None:
    async with BotApi(BOT) as api:
        waited, hasty = Chat(api), Chat(api)
        async with running_bot(api, tmp_path, SEND_RATE="0"):
            await use_up(waited, wording)
            query(tmp_path, "UPDATE chats SET seen_at = seen_at - 35")
            await use_up(hasty, wording)
        async with running_bot(api, tmp_path, SEND_RATE="0"):
            api.say(hasty.number, PAY)
            assert await everything(hasty) == []
            assert AGILE in (await waited.ask("and agile?")).text


async def test_a_chat_that_floods_the_bot_holds_up_nobody_else(tmp_path: Path) -> None:
    # With all limits: it takes twenty seconds until the flooding chat has what it may get.
    async with BotApi(BOT, flood_limits=True) as api, polling_bot(api, tmp_path):
        flooding, other = Chat(api), Chat(api)
        for _ in range(150):
            api.say(flooding.number, PAY)
        assert PAID in (await flooding.answer()).text
        api.say(other.number, PAY)
        assert PAID in (await api.sent(other.number, timeout=4))[0].text


# Too late.


async def test_what_is_older_than_a_day_gets_one_answer_a_chat(live: BotApi) -> None:
    chats = [Chat(live) for _ in range(30)]
    for texts in ["levels"] * 4, ["junior skills"], [PAY]:  # more than Telegram hands out at a time
        for chat in chats:
            write_old(chat, *texts)
    for chat in chats:
        (answer,) = await everything(chat)
        assert PAID in answer.text or "three levels" in answer.text or "Project Coordination" in answer.text
        assert AGILE in (await chat.ask("agile pay")).text


# Made up.


@pytest.mark.parametrize(
    "data", ["", "forged", "t:", "t:nothing", "T:path", "t:path ", "pass-on ", "\u202e\u0000", "é" * 32]
)
async def test_a_forged_button_gets_a_kind_line_and_changes_nothing(live: BotApi, wording: Wording, data: str) -> None:
    chat = Chat(live)
    asked = await chat.ask(PAY)
    assert (await chat.press(data, asked.message_id)).text == wording.stale_button
    assert AGILE in (await chat.ask("and agile?")).text


def write_old_thing(chat: Chat, **content: Any) -> None:
    """Deliver, two days late, what is no text."""
    person = {"id": chat.number, "is_bot": False, "first_name": "Ada"}
    head = {"message_id": next(NUMBERS), "date": int(time.time()) - 2 * DAYS, "from": person}
    chat.api.push({"message": head | {"chat": {"id": chat.number, "type": "private"}} | content})


STICKER = {
    "file_id": "f",
    "file_unique_id": "u",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
}


async def test_an_old_question_is_answered_whatever_came_after_it(live: BotApi, wording: Wording) -> None:
    afterwards: list[dict[str, Any]] = [{"pinned_message": {}}, {"sticker": STICKER}]
    for after in afterwards:
        chat = Chat(live)
        write_old(chat, PAY)
        write_old_thing(chat, **after)
        assert [PAID in message.text for message in await everything(chat)] == [True]
    chat = Chat(live)
    for _ in range(4):
        write_old_thing(chat, sticker=STICKER)
    assert [message.text for message in await everything(chat)] == [wording.unreadable]


async def test_old_commands_get_one_answer_too_but_for_those_on_ones_own_data(live: BotApi) -> None:
    chat = Chat(live)
    command = [{"type": "bot_command", "offset": 0, "length": 7}]
    for _ in range(3):
        write_old_thing(chat, text="/salary", entities=command)
    assert len(await everything(chat)) == 1
    for name in ("/mydata", "/forget"):
        write_old_thing(chat, text=name, entities=command)
    assert [bool(message.file) for message in await everything(chat)] == [True, False]


async def test_inline_queries_use_up_nothing_of_what_a_chat_may_write(live: BotApi) -> None:
    chat = Chat(live)
    for number in range(AT_ONCE + 10):
        live.type_inline(chat.number, f"agile pay {number}")
    for _ in range(AT_ONCE + 10):
        await live.cards()
    assert PAID in (await chat.ask(PAY)).text


async def test_a_press_is_acknowledged_under_the_brake_too(live: BotApi, wording: Wording) -> None:
    chat = Chat(live)
    await use_up(chat, wording)
    before = len(live.answered)
    for _ in range(2):
        live.press(chat.number, 1, "t:path")
    assert await everything(chat) == []
    assert len(live.answered) == before + 2
