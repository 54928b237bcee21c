"""The bot behind a web hook: what Telegram brings is answered, what others bring is refused."""

import asyncio
import io
import itertools
import json
import re
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.channels.telegram.updates import KINDS
from tests.e2e.bot_api import BotApi
from tests.e2e.program import query, ready, run, running_bot, started
from tests.e2e.telegram_params import Params
from tests.e2e.test_telegram import BOT, NUMBERS, PAID, PAY, Chat, buttons
from tests.e2e.workers import HOOK, UNBRAKED, Worker, free_port, hooked_bot, nothing_waits, settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGILE = "$80,000 - $120,000"
MEBIBYTE = 2**20
UPDATES = itertools.count(1_000_000)
"""Numbers of updates that the server does not give."""


def question(chat: int, text: str = PAY) -> bytes:
    """An update that the server knows nothing of, as JSON."""
    person = {"id": chat, "is_bot": False, "first_name": "Ada"}
    head = {"message_id": 1, "date": int(time.time()), "from": person, "chat": person | {"type": "private"}}
    return json.dumps({"update_id": next(UPDATES), "message": head | {"text": text}}).encode()


@dataclass(frozen=True)
class Live:
    """A running bot, and Telegram around it."""

    api: BotApi
    worker: Worker

    @property
    def secret(self) -> str:
        """What the bot was promised to be shown with every update."""
        return str(hook_set(self.api)["secret_token"])

    async def post(self, body: Any, **headers: str) -> int:
        """Bring something to the hook as Telegram would, unless headers say otherwise; the status of the answer."""
        shown = {"X-Telegram-Bot-Api-Secret-Token": self.secret, "Content-Type": "application/json"} | headers
        return await self.request("POST", "/telegram", data=body, headers=shown)

    async def request(self, method: str, path: str, **content: Any) -> int:
        """The status of the answer to any request."""
        url = self.worker.url + path
        async with aiohttp.ClientSession() as session, session.request(method, url, **content) as response:
            return response.status

    async def is_well(self) -> None:
        """Find out that a question is answered."""
        assert PAID in (await Chat(self.api).ask(PAY)).text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    """Telegram with one bot that all tests without a restart share, each in a chat of its own; without brakes."""
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, hooked_bot(api, folder, LOG_LEVEL="DEBUG", **UNBRAKED) as worker:
        yield Live(api, worker)
        assert hook_set(api)["secret_token"] not in worker.program.output


@pytest_asyncio.fixture(loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    """Telegram without a bot."""
    async with BotApi(BOT) as api:
        yield api


def hook_set(api: BotApi) -> Params:
    """The parameters with which the hook was last set."""
    return [params for name, params in api.calls if name == "setWebhook"][-1]


def acquaintance(api: BotApi) -> int:
    """A chat that the bot may write to."""
    number = next(NUMBERS)
    api.chats[number] = {"id": number, "type": "private", "first_name": "Ada"}
    return number


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A body that goes out without its length told before."""
    for at in range(0, len(body), 2**16):
        yield body[at : at + 2**16]


# What Telegram brings.


async def test_the_hook_is_set_with_a_secret_and_the_kinds_of_updates(live: Live) -> None:
    params = hook_set(live.api)
    assert params["url"] == HOOK
    assert params["allowed_updates"] == KINDS
    assert re.fullmatch("[A-Za-z0-9_-]{32,256}", params["secret_token"])
    assert BOT not in params["secret_token"]


async def test_questions_and_presses_are_answered(live: Live) -> None:
    chat = Chat(live.api)
    answer = await chat.ask(PAY)
    assert PAID in answer.text
    assert AGILE in (await chat.press(dict(buttons(answer))["Agile salary"], answer.message_id)).text
    await nothing_waits(live.api)


async def test_a_follow_up_is_understood(live: Live) -> None:
    chat = Chat(live.api)
    await chat.ask(PAY)
    assert AGILE in (await chat.ask("and agile?")).text


async def test_an_update_is_taken_when_its_answer_is_sent_and_not_before(live: Live) -> None:
    chat = Chat(live.api)
    live.api.fail_next("sendMessage", delay=1, chat_id=chat.number)
    live.api.say(chat.number, PAY)
    await asyncio.sleep(0.7)
    assert [update["message"]["text"] for update in live.api.pending] == [PAY]
    assert PAID in (await chat.answer()).text
    await nothing_waits(live.api, timeout=2)


async def test_an_update_that_comes_again_is_answered_once(live: Live) -> None:
    number = acquaintance(live.api)
    live.api.fail_next("sendMessage", delay=0.5, chat_id=number)
    update = question(number)
    at_once = [live.post(update) for _ in range(3)]
    assert await asyncio.gather(*at_once) == [200] * 3
    assert await live.post(update) == 200  # long after it was answered
    assert await live.post(question(number, "levels")) == 200
    answers = await live.api.sent(number, 2)
    assert PAID in answers[0].text
    assert "three levels" in answers[1].text


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'"x"',
        b'{"update_id": "x"}',
        b'{"update_id": 5, "message": {"chat": 5}}',
        question(1).replace(b'"update_id": 1', b'"update_id": 9999999999999999999'),
    ],
    ids=range(7),
)
async def test_an_update_that_cannot_be_read_is_taken_with_a_line_in_the_log(live: Live, body: bytes) -> None:
    lines = len(live.worker.program.output.splitlines())
    assert await live.post(body) == 200
    new = live.worker.program.output.splitlines()[lines:]
    assert len([line for line in new if "is skipped" in line]) == 1
    await live.is_well()


async def test_kinds_that_get_no_answer_are_taken(live: Live) -> None:
    number = acquaintance(live.api)
    group = {"id": -number, "type": "group", "title": "A group"}
    head = {"message_id": 1, "date": int(time.time()), "from": {"id": number, "is_bot": False, "first_name": "Ada"}}
    live.api.push({"message": head | {"chat": group, "text": PAY}})
    live.api.push({"message": head | {"chat": group, "new_chat_title": "Another name"}})
    await nothing_waits(live.api)
    with pytest.raises(TimeoutError):
        await live.api.sent(-number, timeout=0.1)


# What others bring.


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
async def test_who_does_not_know_the_secret_is_refused(live: Live, secret: str) -> None:
    number = acquaintance(live.api)
    assert await live.post(question(number), **{"X-Telegram-Bot-Api-Secret-Token": secret}) == 403
    assert await live.request("POST", "/telegram", data=question(number)) == 403
    await live.is_well()
    with pytest.raises(TimeoutError):
        await live.api.sent(number, timeout=0)


@pytest.mark.parametrize(
    "body", [b"", b"update", b"{", b"\xff\xfe", b'{"update_id": 1}}', b"[" * 100_000, b"9" * 5000], ids=range(7)
)
async def test_what_is_not_json_is_refused(live: Live, body: bytes) -> None:
    lines = len(live.worker.program.output.splitlines())
    assert await live.post(body) == 400
    assert "Traceback" not in "\n".join(live.worker.program.output.splitlines()[lines:])
    await live.is_well()


async def test_a_body_of_more_than_a_mebibyte_is_refused(live: Live) -> None:
    number = acquaintance(live.api)
    large = question(number, "x" * MEBIBYTE)
    assert await live.post(io.BytesIO(large)) == 413
    assert await live.post(in_pieces(large)) == 413
    assert await live.post(in_pieces(question(number))) == 200
    await live.is_well()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/telegram", 405),
        ("PUT", "/telegram", 405),
        ("POST", "/", 404),
        ("POST", "/telegram/", 404),
        ("POST", "/healthz", 405),
        ("GET", "/favicon.ico", 404),
        ("GET", "/..%2f..%2fetc/passwd", 404),
    ],
)
async def test_other_methods_and_paths_are_refused(live: Live, method: str, path: str, status: int) -> None:
    shown = {"X-Telegram-Bot-Api-Secret-Token": live.secret}
    assert await live.request(method, path, headers=shown) == status
    await live.is_well()


async def test_callers_who_hang_up_or_say_nothing_hold_up_nobody(live: Live) -> None:
    host, port = live.worker.url.removeprefix("http://").split(":")
    writers = [(await asyncio.open_connection(host, int(port)))[1] for _ in range(150)]
    for number, writer in enumerate(writers):
        writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"[: 5 + number])
    await live.is_well()
    for writer in writers:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for writer in writers))
    await live.is_well()


# Starts and ends.


async def test_a_signal_lets_what_is_in_hand_end_and_leaves_the_hook_set(api: BotApi, tmp_path: Path) -> None:
    chat = Chat(api)
    async with hooked_bot(api, tmp_path) as worker:
        api.fail_next("sendMessage", delay=2)
        api.say(chat.number, PAY)
        await api.wait_for_call("sendMessage")
        assert await worker.program.end() == 0
        assert PAID in (await chat.answer()).text
        assert api.pending == []
        assert "deleteWebhook" not in dict(api.calls)


async def test_what_cannot_end_in_time_is_answered_after_the_restart(api: BotApi, tmp_path: Path) -> None:
    chat = Chat(api)
    async with hooked_bot(api, tmp_path) as worker:
        api.fail_next("sendMessage", retry_after=60)
        api.say(chat.number, PAY)
        await api.wait_for_call("sendMessage")
        assert await worker.program.end() == 0
    async with hooked_bot(api, tmp_path):
        assert PAID in (await chat.answer()).text
        await nothing_waits(api)


async def test_an_answered_update_that_comes_again_after_a_restart_is_not_answered_again(
    api: BotApi, tmp_path: Path
) -> None:
    number = acquaintance(api)
    update = question(number)
    for _ in range(2):
        async with hooked_bot(api, tmp_path) as worker:
            assert await Live(api, worker).post(update) == 200
    assert len(await api.sent(number)) == 1
    with pytest.raises(TimeoutError):
        await api.sent(number, timeout=0)


async def test_a_refused_token_ends_with_status_2_and_one_line(api: BotApi, tmp_path: Path) -> None:
    env = settings(api, free_port()) | {"TELEGRAM_BOT_TOKEN": "654321:another-bot", "LOG_LEVEL": "WARNING"}
    ended = await asyncio.to_thread(run, tmp_path, "run", **env)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("career-bot: Telegram refuses TELEGRAM_BOT_TOKEN")
    assert len(ended.stderr.splitlines()) == 1
    assert "another-bot" not in ended.stderr


async def test_a_port_in_use_ends_with_status_2_and_one_line(api: BotApi, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = await asyncio.to_thread(run, tmp_path, "run", **settings(api, 0, WEBHOOK_LISTEN=address))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"career-bot: cannot listen on {address}: ")
    assert len(ended.stderr.splitlines()) == 1
    assert "setWebhook" not in dict(api.calls)


async def test_faults_of_telegram_at_the_start_are_survived(api: BotApi, tmp_path: Path) -> None:
    """At the second start the store says that the hook is set, and Telegram is asked whether that is true."""
    for method in ("setWebhook", "getWebhookInfo"):
        api.fail_next(method, status=502)
        async with hooked_bot(api, tmp_path) as worker:
            assert PAID in (await Chat(api).ask(PAY)).text
            assert "Traceback" not in worker.program.output


async def test_updates_that_come_before_the_hook_can_be_set_are_answered_and_remembered(
    api: BotApi, tmp_path: Path
) -> None:
    """Telegram may know the hook from before."""
    chat, port = Chat(api), free_port()
    api.balance = [f"http://127.0.0.1:{port}"]
    api.fail_next("setWebhook", times=3, status=500)
    async with started(tmp_path, "run", **settings(api, port, **UNBRAKED)) as program:
        await program.writes("Telegram cannot be reached")
        worker = Live(api, Worker(program, f"http://127.0.0.1:{port}"))
        acquaintances = [acquaintance(api) for _ in range(3)]
        for number in acquaintances:
            assert await worker.post(question(number)) == 200
            assert PAID in (await api.sent(number))[0].text
        await ready(program)
        assert AGILE in (await chat.ask("agile pay")).text
        assert "database" not in program.output
        assert len(query(tmp_path, "SELECT * FROM answered WHERE update_id >= 1000000")) >= len(acquaintances)


async def test_every_process_derives_the_same_secret(live: Live, api: BotApi, tmp_path: Path) -> None:
    async with hooked_bot(api, tmp_path):
        assert hook_set(api)["secret_token"] == live.secret


async def test_a_bot_can_go_to_polling_and_back_to_a_hook_with_a_secret_of_its_own(api: BotApi, tmp_path: Path) -> None:
    chat, own = Chat(api), {"WEBHOOK_SECRET": "set-by-hand"}
    async with hooked_bot(api, tmp_path, **own):
        assert PAID in (await chat.ask(PAY)).text
    async with running_bot(api, tmp_path):
        assert AGILE in (await chat.ask("and agile?")).text
    assert "deleteWebhook" in dict(api.calls)
    async with hooked_bot(api, tmp_path, **own):
        assert PAID in (await chat.ask(PAY)).text
    secrets = [params["secret_token"] for name, params in api.calls if name == "setWebhook"]
    assert secrets == ["set-by-hand"] * 2
