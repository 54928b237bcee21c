"""The bot in Telegram: from the update that comes in to the message that goes out."""

import asyncio
import itertools
import json
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot import load_knowledge
from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.http_server import HttpServer
from tests.e2e.program import START_SECONDS, run, running_bot, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = "123456:bot-under-test"
PAY = "infra pm pay??"
PAID = "$85,000 - $130,000"
FOR_AUTHORS = "pass-on"
NOT_TERMINAL = (FOR_AUTHORS, "good:", "bad:", "https://t.me/share/", "t:menu.home")
"""What buttons carry that only Telegram has."""
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR"}
NUMBERS = itertools.count(1000)


class Chat:
    """One person's private chat with the bot."""

    def __init__(self, api: BotApi) -> None:
        self.number = next(NUMBERS)
        self.api = api

    async def ask(self, text: str) -> SentMessage:
        """Write something and wait for the answer."""
        self.api.say(self.number, text)
        return await self.answer()

    async def press(self, data: str, message_id: int = 1) -> SentMessage:
        """Press a button and wait for the answer."""
        self.api.press(self.number, message_id, data)
        return await self.answer()

    async def send_photo(self, **content: str) -> SentMessage:
        """Send a photo, with a caption or without, and wait for the answer."""
        person = {"id": self.number, "is_bot": False, "first_name": "Ada"}
        photo = [{"file_id": "photo", "file_unique_id": "photo", "width": 1, "height": 1}]
        head = {"message_id": 1, "date": int(time.time()), "from": person, "chat": person | {"type": "private"}}
        self.api.push({"message": head | {"photo": photo} | content})
        return await self.answer()

    async def answer(self) -> SentMessage:
        """Wait for the next message of the bot."""
        return (await self.api.sent(self.number))[0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotApi]:
    """Telegram with one bot that all tests without a restart share, each in a chat of its own; without brakes."""
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, running_bot(api, folder, SEND_RATE="0", CHAT_RATE="0"):
        yield api


@pytest_asyncio.fixture(loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    """Telegram without a bot."""
    async with BotApi(BOT) as api:
        yield api


@pytest.fixture
def chat(live: BotApi) -> Chat:
    return Chat(live)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_knowledge().wording


def buttons(message: SentMessage) -> list[tuple[str, str]]:
    return [button for row in message.buttons for button in row]


async def go_through_faults(api: BotApi) -> None:
    """Ask and press while much goes wrong, and come out well."""
    faults: list[dict[str, Any]] = [{"status": 403}, {"body": "<html>"}, {"cut": True}, {"status": 400}]
    for fault in faults:
        api.fail_next("sendMessage", **fault)
        api.say(next(NUMBERS), PAY)
        await api.wait_for_call("sendMessage")
    api.push({"message": {"date": "not a date"}})
    api.fail_next("answerCallbackQuery", status=400)
    api.fail_next("getUpdates", cut=True)
    await Chat(api).press("t:path")
    assert PAID in (await Chat(api).ask(PAY)).text


# Questions and answers.


async def test_a_question_is_answered_in_html(chat: Chat) -> None:
    answer = await chat.ask(PAY)
    assert answer.html.startswith("<b>IT Infrastructure Project Management</b>")
    assert answer.text.startswith(f"IT Infrastructure Project Management: {PAID}.")
    assert answer.method == "sendMessage"


async def test_telegram_answers_as_the_terminal_does(live: BotApi, tmp_path: Path) -> None:
    questions = ["what does a junior do", "levels", "4 yrs as pm, whats next", "hi", "capital of France", "skills?"]
    for line in run(tmp_path, "ask", "--json", *questions).stdout.splitlines():
        reply = json.loads(line)
        answer = await Chat(live).ask(reply["question"])
        assert answer.text == reply["text"]
        suggested = [(s["label"], f"t:{s['topic']}") for s in reply["suggestions"]]
        below = [button for button in buttons(answer) if not button[1].startswith(NOT_TERMINAL)]
        assert below == suggested


async def test_a_button_brings_the_next_answer_and_is_acknowledged(chat: Chat) -> None:
    answer = await chat.ask(PAY)
    pressed = chat.api.press(chat.number, answer.message_id, dict(buttons(answer))["Agile salary"])
    assert "$80,000 - $120,000" in (await chat.answer()).text
    assert chat.api.answered[-1]["callback_query_id"] == pressed


async def test_a_follow_up_is_understood_in_its_own_chat_only(live: BotApi) -> None:
    asked, other = Chat(live), Chat(live)
    await asked.ask(PAY)
    assert "$80,000 - $120,000" not in (await other.ask("and agile?")).text
    assert "$80,000 - $120,000" in (await asked.ask("and agile?")).text


@pytest.mark.parametrize("command", ["/start", "/start from-a-link", "/help"])
async def test_a_command_is_answered_with_buttons(chat: Chat, wording: Wording, command: str) -> None:
    answer = await chat.ask(command)
    assert answer.text == (wording.start if "start" in command else wording.smalltalk["help"][0])
    assert len(buttons(answer)) >= 3


async def test_start_begins_a_new_conversation(chat: Chat) -> None:
    await chat.ask(PAY)
    await chat.ask("/start")
    assert "$" not in (await chat.ask("and agile?")).text


async def test_every_button_within_reach_fits_and_works(chat: Chat, wording: Wording) -> None:
    reached = buttons(await chat.ask("/start"))
    for label, data in reached:  # grows on the way
        if data.startswith("https://"):
            continue
        assert len(label) <= 25
        assert len(data.encode()) <= 64
        answer = await chat.press(data)
        assert answer.text != wording.stale_button, data
        reached += [button for button in buttons(answer) if button not in reached]
    assert len(reached) > 20


@pytest.mark.parametrize("data", ["forged", "t:", "t:nothing", "t:level.junior", "t:{self}.skills", "é" * 32])
async def test_a_forged_button_gets_a_kind_line(chat: Chat, wording: Wording, data: str) -> None:
    assert (await chat.press(data)).text == wording.stale_button


async def test_the_command_menu_is_set_at_the_start(live: BotApi, wording: Wording) -> None:
    commands = dict(live.calls)["setMyCommands"]["commands"]
    assert {each["command"]: each["description"] for each in commands} == wording.commands


@pytest.mark.parametrize(
    "text", ["<b>&\"' 🙂", "</b>", "*", "{title}", "\u202e\u0000", "/nothing", "x" * 4096, "🙂" * 2048, "pay? " * 819]
)
async def test_any_text_is_answered_and_the_next_question_too(chat: Chat, text: str) -> None:
    assert (await chat.ask(text)).text
    assert PAID in (await chat.ask(PAY)).text


async def test_a_photo_is_not_read_but_its_caption_is(chat: Chat, wording: Wording) -> None:
    assert (await chat.send_photo()).text == wording.unreadable
    assert PAID in (await chat.send_photo(caption=PAY)).text


async def test_what_is_not_known_is_said_in_turns_and_with_buttons(chat: Chat) -> None:
    first, second = [await chat.ask("what is the capital of France?") for _ in range(2)]
    assert first.text.startswith("That I don't know.")
    assert first.text.splitlines()[0] != second.text.splitlines()[0]
    assert buttons(first) == buttons(second) != []


async def test_messages_of_a_chat_are_answered_in_order(chat: Chat) -> None:
    levels = ["Senior", "Junior"] * 5
    for level in levels:
        chat.api.say(chat.number, f"{level} skills")
    answers = await chat.api.sent(chat.number, len(levels))
    assert [level in answer.text for level, answer in zip(levels, answers, strict=True)] == [True] * len(levels)


# What Telegram refuses.


async def test_an_answer_refused_for_a_moment_is_sent_again(chat: Chat) -> None:
    chat.api.fail_next("sendMessage", retry_after=1)
    asked = time.monotonic()
    assert PAID in (await chat.ask(PAY)).text
    assert time.monotonic() - asked >= 1


async def test_an_answer_whose_markup_is_refused_goes_out_plain(chat: Chat) -> None:
    unread = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    chat.api.fail_next("sendMessage", status=400, body=json.dumps({"ok": False, "description": unread}))
    answer = await chat.ask(PAY)
    assert answer.text == answer.html
    assert buttons(answer)


async def test_a_person_who_blocked_the_bot_is_no_hindrance(live: BotApi) -> None:
    live.fail_next("sendMessage", status=403)
    live.say(next(NUMBERS), PAY)
    assert PAID in (await Chat(live).ask(PAY)).text


async def test_a_press_that_came_too_late_is_answered_all_the_same(tmp_path: Path) -> None:
    async with BotApi(BOT, query_lifetime=-1) as api, running_bot(api, tmp_path):
        assert "three levels" in (await Chat(api).press("t:path")).text
        assert api.answered == []


# Starts and ends.


async def test_what_came_while_the_bot_was_down_is_answered(api: BotApi, tmp_path: Path) -> None:
    chats = [Chat(api) for _ in range(3)]
    for chat in chats:
        api.say(chat.number, PAY)
    async with running_bot(api, tmp_path):
        answers = [await chat.answer() for chat in chats]
    assert all(PAID in answer.text for answer in answers)


async def test_a_button_works_after_a_restart_and_nothing_is_answered_twice(api: BotApi, tmp_path: Path) -> None:
    chat = Chat(api)
    async with running_bot(api, tmp_path):
        answer = await chat.ask(PAY)
    assert api.pending == []
    async with running_bot(api, tmp_path):
        after = await chat.press(dict(buttons(answer))["Agile salary"], answer.message_id)
        assert "$80,000 - $120,000" in after.text


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_bot_with_status_0(api: BotApi, tmp_path: Path, how: signal.Signals) -> None:
    async with running_bot(api, tmp_path) as bot:
        await Chat(api).ask(PAY)
        assert await bot.end(how) == 0
        assert "ERROR" not in bot.output


async def test_a_bot_that_telegram_makes_wait_ends_in_time_too(api: BotApi, tmp_path: Path) -> None:
    async with running_bot(api, tmp_path) as bot:
        api.fail_next("sendMessage", retry_after=60)
        api.say(next(NUMBERS), PAY)
        await api.wait_for_call("sendMessage")
        assert await bot.end() == 0


async def test_a_bot_that_finds_nobody_says_so_and_ends_when_told(unused_tcp_port: int, tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": BOT, "TELEGRAM_API_URL": f"http://127.0.0.1:{unused_tcp_port}"}
    async with started(tmp_path, "run", **settings) as bot:
        await bot.writes("Telegram cannot be reached")
        assert await bot.end() == 0
        assert "ERROR" not in bot.output
        assert BOT not in bot.output


async def test_a_refused_token_ends_with_status_2_and_one_line(api: BotApi, tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": "654321:another-bot", "TELEGRAM_API_URL": api.url}
    ended = await asyncio.to_thread(run, tmp_path, "run", **settings)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("career-bot: Telegram refuses TELEGRAM_BOT_TOKEN")
    assert len(ended.stderr.splitlines()) == 1
    assert "another-bot" not in ended.stderr


async def test_an_address_at_which_telegram_knows_nothing_is_told_with_the_token(api: BotApi, tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": BOT, "TELEGRAM_API_URL": f"{api.url}/v1"}
    ended = await asyncio.to_thread(run, tmp_path, "run", **settings)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert "TELEGRAM_API_URL" in ended.stderr


@pytest.mark.parametrize("page", ["<html>Not Found</html>", '{"detail": "Not Found"}', ""])
@pytest.mark.parametrize("status", [404, 401])
async def test_an_address_that_is_not_the_bot_api_is_no_refused_token(tmp_path: Path, page: str, status: int) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text=page)

    server = HttpServer(answer)
    await server.start()
    settings = {"TELEGRAM_BOT_TOKEN": BOT, "TELEGRAM_API_URL": server.url}
    async with started(tmp_path, "run", **settings) as bot:
        await bot.writes("check TELEGRAM_API_URL")
        assert await bot.end() == 0
        assert "TELEGRAM_BOT_TOKEN" not in bot.output
    await server.stop()


async def test_a_token_revoked_while_polling_ends_with_status_2(api: BotApi, tmp_path: Path) -> None:
    async with started(tmp_path, "run", TELEGRAM_BOT_TOKEN=BOT, TELEGRAM_API_URL=api.url) as bot:
        await api.wait_for_call("getUpdates", timeout=START_SECONDS)
        api.fail_next("getUpdates", times=100, status=401)
        api.say(next(NUMBERS), PAY)
        assert await bot.ended() == 2
        assert "Telegram refuses TELEGRAM_BOT_TOKEN" in bot.output


# Faults.


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getMe", {"status": 502}),
        ("getMe", {"body": "<html>"}),
        ("setMyCommands", {"status": 502}),
        ("deleteWebhook", {"status": 502}),
    ],
)
async def test_a_fault_at_the_start_is_survived(
    api: BotApi, tmp_path: Path, method: str, fault: dict[str, Any]
) -> None:
    api.fail_next(method, **fault)
    async with running_bot(api, tmp_path, LOG_LEVEL="DEBUG"):
        assert PAID in (await Chat(api).ask(PAY)).text


async def test_faults_while_polling_are_survived(api: BotApi, tmp_path: Path) -> None:
    async with running_bot(api, tmp_path):
        chat = Chat(api)
        await chat.ask(PAY)
        api.fail_next("getUpdates", status=502)
        api.fail_next("getUpdates", cut=True)
        answers = [await chat.ask(PAY) for _ in range(2)]
        assert [PAID in answer.text for answer in answers] == [True, True]


async def test_the_token_is_never_told(api: BotApi, tmp_path: Path) -> None:
    async with running_bot(api, tmp_path, LOG_LEVEL="DEBUG") as bot:
        await go_through_faults(api)
        assert await bot.end() == 0
        assert all(f" {level} " in bot.output for level in LEVELS)
        assert BOT.partition(":")[2] not in bot.output


async def test_json_logs_are_one_object_a_line(api: BotApi, tmp_path: Path) -> None:
    async with running_bot(api, tmp_path, LOG_LEVEL="DEBUG", LOG_FORMAT="json") as bot:
        await go_through_faults(api)
        assert await bot.end() == 0
    events = [json.loads(line) for line in bot.output.splitlines()]
    assert all(event.keys() >= {"time", "level", "name", "message"} for event in events)
    assert {event["level"] for event in events} >= LEVELS
