"""The server that stands in for Telegram keeps Telegram's rules."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.e2e.bot_api import BotApi, SentMessage, Upload

BOT = "123456:bot-under-test"
HOOK = "https://example.org/hook"
ADA = 42
BOB = 43
EVE = 44
Answer = dict[str, Any]


class Client:
    """A bot that makes one call at a time."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.base = f"{api.url}/bot{BOT}"
        self.session = session

    async def call(self, method: str, **params: Any) -> Answer:
        """The whole answer to a call with a JSON body."""
        async with self.session.post(f"{self.base}/{method}", json=params) as response:
            answer: Answer = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def do(self, method: str, **params: Any) -> Any:
        """The result of a call that has to work."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a call that has to be a bad request."""
        answer = await self.call(method, **params)
        assert answer.get("error_code") == 400, answer
        description: str = answer["description"]
        return description.removeprefix("Bad Request: ")

    async def html(self, html: str) -> str:
        """Why Telegram cannot read this HTML."""
        description = await self.refused("sendMessage", chat_id=ADA, text=html, parse_mode="HTML")
        return description.removeprefix("can't parse entities: ")


class Worker:
    """A process behind the web hook, which notes what it gets and answers as it is told.

    Attributes:
        got: the updates, in order of arrival.
        times: when they came.
        at_once: how many it had in hand at most.
        peers: the addresses of the connections they came over.
        last: the last request.
        answers: the status of each of its next answers; 0 hangs up. When there are none left, it is 200.
        headers: what its answers say beyond that.
        pause: how many seconds it takes for an answer.
        open: cleared, it does not answer.
    """

    def __init__(self) -> None:
        self.url = ""
        self.got: list[Answer] = []
        self.times: list[float] = []
        self.at_once = 0
        self.peers: set[Any] = set()
        self.last: web.BaseRequest | None = None
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}
        self.pause = 0.0
        self.open = asyncio.Event()
        self.open.set()
        self._in_hand = 0

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(
            web.Server(self._serve, access_log=None, handler_cancellation=True), shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def gets(self, *updates: int) -> None:
        """Wait until it got just these updates, in any order."""
        await until(lambda: len(self.got) >= len(updates))
        assert sorted(ids(self.got)) == sorted(updates)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.got.append(json.loads(await request.read()))
        self.times.append(time.monotonic())
        self.last = request
        if request.transport:
            self.peers.add(request.transport.get_extra_info("peername"))
        self._in_hand += 1
        self.at_once = max(self.at_once, self._in_hand)
        try:
            await asyncio.sleep(self.pause)
            await self.open.wait()
        finally:
            self._in_hand -= 1
        status = self.answers.pop(0) if self.answers else 200
        if not status and request.transport:
            request.transport.abort()
        return web.Response(status=status or 200, headers=self.headers)


async def until(ready: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(5):
        while not ready():
            await asyncio.sleep(0.002)


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    async with Worker() as worker:
        yield worker


@pytest.fixture
async def hooked(api: BotApi, bot: Client, worker: Worker) -> Client:
    """A bot with a web hook that has worked once; the worker has forgotten it."""
    api.balance = [worker.url]
    await bot.do("setWebhook", url=HOOK)
    api.say(EVE, "hello")
    await until(lambda: not api.pending)
    worker.got.clear()
    worker.times.clear()
    return bot


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(token=BOT, webhook_retry=0.01) as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(api, session)


@pytest.fixture
async def known(api: BotApi, bot: Client) -> Client:
    """A bot Ada has written to, her message read."""
    api.say(ADA, "Hello")
    await bot.do("getUpdates", offset=2)
    return bot


def keyboard(*rows: list[dict[str, str]]) -> Answer:
    return {"inline_keyboard": list(rows)}


def ids(updates: list[Answer]) -> list[int]:
    return [update["update_id"] for update in updates]


# Calls.


async def test_a_wrong_token_is_unauthorized(api: BotApi) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{api.url}/bot1:x/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(bot: Client) -> None:
    answer = await bot.call("makeCoffee")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_what_is_no_call_of_a_bot_is_not_found(api: BotApi) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{api.url}/{BOT}/getMe") as response:
        assert response.status == 404


async def test_the_case_of_a_method_does_not_matter(bot: Client) -> None:
    assert (await bot.do("getme"))["is_bot"]


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
async def test_parameters_arrive_the_same_in_every_way_to_send_them(known: Client, api: BotApi, how: str) -> None:
    buttons = '{"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}'
    params = {"chat_id": str(ADA), "text": "5", "reply_markup": buttons}
    bodies: dict[str, dict[str, Any]] = {
        "query": {"params": params},
        "form": {"data": params},
        "multipart": {"data": aiohttp.FormData(params, default_to_multipart=True)},
        "json": {"json": {**params, "chat_id": ADA}},
    }
    verb = "GET" if how == "query" else "POST"
    async with known.session.request(verb, f"{known.base}/sendMessage", **bodies[how]) as response:
        assert response.status == 200
    markup = keyboard([{"text": "A", "callback_data": "a"}])
    assert api.calls[-1] == ("sendMessage", {"chat_id": "42", "text": "5", "reply_markup": markup})


async def test_python_telegram_bot_understands_every_answer(api: BotApi) -> None:
    api.say(ADA, "/start now", first_name="Ada", language_code="de")
    async with Bot(BOT, base_url=f"{api.url}/bot") as bot:
        (update,) = await bot.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
        assert update.message is not None
        assert update.message.from_user is not None
        assert update.message.from_user.language_code == "de"
        assert [entity.type for entity in update.message.entities] == ["bot_command"]
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
        message = await bot.send_message(ADA, "<b>Hi</b> 🙂", parse_mode="HTML", reply_markup=markup)
        api.press(ADA, message.message_id, "more")
        (update,) = await bot.get_updates(offset=update.update_id + 1)
        assert update.callback_query is not None
        assert update.callback_query.message == message
        assert await bot.answer_callback_query(update.callback_query.id)
        assert await bot.set_my_commands([("start", "Start")])
        assert [command.command for command in await bot.get_my_commands()] == ["start"]
        document = await bot.send_document(ADA, b"12345", filename="cv.txt", caption="Yours")
        assert document.document is not None
        assert document.document.file_size == 5
    assert [message.text for message in await api.sent(ADA, 2)] == ["Hi 🙂", "Yours"]


# Updates.


async def test_updates_come_again_until_they_are_confirmed(api: BotApi, bot: Client) -> None:
    first, second, third = (api.say(ADA, word) for word in ("one", "two", "three"))
    assert ids(await bot.do("getUpdates")) == [first, second, third]
    assert ids(await bot.do("getUpdates", offset=third)) == [third]
    assert api.confirmed == second
    assert await bot.do("getUpdates", offset=third + 1) == []
    assert (api.confirmed, api.pending) == (third, [])


async def test_a_negative_offset_keeps_only_the_last_updates(api: BotApi, bot: Client) -> None:
    numbers = [api.say(ADA, word) for word in ("one", "two", "three")]
    assert ids(await bot.do("getUpdates", offset=-2)) == numbers[1:]
    assert ids(await bot.do("getUpdates", offset=-9)) == numbers[1:]
    assert api.confirmed == numbers[0]


async def test_at_most_a_hundred_updates_come_at_once(api: BotApi, bot: Client) -> None:
    for number in range(105):
        api.say(ADA, str(number))
    assert len(await bot.do("getUpdates", limit=500)) == 100
    assert len(await bot.do("getUpdates", limit=3)) == 3


async def test_a_poll_ends_as_soon_as_something_comes(api: BotApi, bot: Client) -> None:
    poll = asyncio.create_task(bot.do("getUpdates", timeout=30))
    await api.wait_for_call("getUpdates", timeout=2)
    update_id = api.say(ADA, "hi")
    assert ids(await asyncio.wait_for(poll, 2)) == [update_id]


async def test_a_poll_ends_empty_after_its_timeout(bot: Client) -> None:
    started = asyncio.get_running_loop().time()
    assert await bot.do("getUpdates", timeout=1) == []
    assert 0.9 < asyncio.get_running_loop().time() - started < 2


async def test_a_second_poll_ends_the_older_one_with_a_conflict(api: BotApi, bot: Client) -> None:
    older = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await api.wait_for_call("getUpdates", timeout=2)
    newer = asyncio.create_task(bot.do("getUpdates", timeout=30))
    answer = await asyncio.wait_for(older, 2)
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request; make sure")
    update_id = api.say(ADA, "hi")
    assert ids(await asyncio.wait_for(newer, 2)) == [update_id]


async def test_only_allowed_updates_are_kept_until_the_bot_asks_for_others(api: BotApi, bot: Client) -> None:
    await bot.do("getUpdates", allowed_updates=["callback_query"])
    api.say(ADA, "unheard")
    api.press(ADA, 1, "more")
    assert [list(update) for update in await bot.do("getUpdates")] == [["callback_query", "update_id"]]
    await bot.do("getUpdates", allowed_updates=[])
    api.say(ADA, "heard")
    assert len(api.pending) == 2


async def test_reactions_come_only_to_a_bot_that_asked_for_them(api: BotApi, bot: Client) -> None:
    api.push({"message_reaction": {"chat": {"id": ADA, "type": "private"}}})
    assert await bot.do("getUpdates", allowed_updates=["message_reaction"]) == []
    update_id = api.push({"message_reaction": {"chat": {"id": ADA, "type": "private"}}})
    assert ids(await bot.do("getUpdates")) == [update_id]


async def test_pending_updates_can_be_dropped(api: BotApi, bot: Client) -> None:
    api.say(ADA, "old news")
    await bot.do("deleteWebhook", drop_pending_updates=True)
    assert await bot.do("getUpdates") == []
    assert api.confirmed == 0


async def test_the_server_stops_while_a_poll_is_in_progress() -> None:
    async with aiohttp.ClientSession() as session:
        async with BotApi(token=BOT) as api:
            poll = asyncio.create_task(Client(api, session).call("getUpdates", timeout=50))
            await api.wait_for_call("getUpdates", timeout=2)
        with pytest.raises(aiohttp.ClientError):
            await asyncio.wait_for(poll, 2)


# Web hooks.


async def test_with_a_webhook_there_is_no_polling(bot: Client) -> None:
    await bot.do("setWebhook", url=HOOK)
    assert (await bot.do("getWebhookInfo"))["url"] == HOOK
    answer = await bot.call("getUpdates")
    assert (answer["error_code"], answer["description"][:41]) == (
        409,
        "Conflict: can't use getUpdates method whi",
    )
    await bot.do("deleteWebhook")
    assert await bot.do("getUpdates") == []


async def test_a_webhook_ends_a_poll_in_progress(api: BotApi, bot: Client) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await api.wait_for_call("getUpdates", timeout=2)
    await bot.do("setWebhook", url=HOOK)
    assert (await asyncio.wait_for(poll, 2))["description"] == "Conflict: terminated by setWebhook request"


async def test_a_webhook_needs_https(bot: Client) -> None:
    description = await bot.refused("setWebhook", url="http://example.org")
    assert description == "bad webhook: An HTTPS URL must be provided for webhook"


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "ftp://example.org"}, "invalid webhook URL specified"),
        ({"url": "https://example.org:x"}, "invalid webhook URL specified"),
        ({"url": "https://example.org:444"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": HOOK, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": HOOK, "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": HOOK, "secret_token": "né"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_webhook_has_a_good_address_and_a_plain_secret(bot: Client, params: Answer, why: str) -> None:
    assert await bot.refused("setWebhook", **params) == why
    assert (await bot.do("getWebhookInfo"))["url"] == ""


async def test_a_webhook_is_set_at_most_once_a_second_even_if_it_is_the_same(bot: Client) -> None:
    await bot.do("setWebhook", url=HOOK)
    answer = await bot.call("setWebhook", url=HOOK)
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    assert answer["description"] == "Too Many Requests: retry after 1"
    await bot.do("deleteWebhook")
    await asyncio.sleep(1)
    await bot.do("setWebhook", url=HOOK)


@pytest.mark.parametrize(("asked", "granted"), [({}, 40), ({"max_connections": 0}, 1), ({"max_connections": 500}, 100)])
async def test_a_webhook_gets_1_to_100_connections(bot: Client, asked: Answer, granted: int) -> None:
    await bot.do("setWebhook", url=HOOK, **asked)
    assert (await bot.do("getWebhookInfo"))["max_connections"] == granted


async def test_what_a_bot_does_not_get_by_default_is_told_with_its_webhook(bot: Client) -> None:
    kinds = ["callback_query", "MESSAGE", "no such kind"]
    await bot.do("setWebhook", url=HOOK, allowed_updates=kinds)
    assert (await bot.do("getWebhookInfo"))["allowed_updates"] == ["message", "callback_query"]
    await bot.do("deleteWebhook")
    await bot.do("getUpdates", allowed_updates=[])
    assert await bot.do("getWebhookInfo") == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


async def test_updates_old_and_new_are_brought_to_the_webhook(api: BotApi, bot: Client, worker: Worker) -> None:
    api.balance = [worker.url]
    old = api.say(ADA, "Grüße")
    secret = "not_A-secret1"
    await bot.do("setWebhook", url=f"{HOOK}/a?b=c", secret_token=secret)
    new = api.say(ADA, "new")
    await worker.gets(old, new)
    assert worker.got == [api.updates[old], api.updates[new]]
    assert worker.last is not None
    assert (worker.last.method, worker.last.path_qs) == ("POST", "/hook/a?b=c")
    assert (worker.last.host, worker.last.content_type) == ("example.org", "application/json")
    assert worker.last.headers["X-Telegram-Bot-Api-Secret-Token"] == secret


async def test_an_update_the_webhook_has_taken_is_confirmed(api: BotApi, hooked: Client, worker: Worker) -> None:
    worker.open.clear()
    update_id = api.say(ADA, "hi")
    await worker.gets(update_id)
    assert ids(api.pending) == [update_id]
    assert (await hooked.do("getWebhookInfo"))["pending_update_count"] == 1
    worker.answers = [204]
    worker.open.set()
    await until(lambda: not api.pending)
    assert api.confirmed == update_id


@pytest.mark.usefixtures("hooked")
async def test_messages_of_a_chat_are_brought_one_at_a_time_and_in_order(api: BotApi, worker: Worker) -> None:
    numbers = [api.say(ADA, "one"), api.say(ADA, "two"), api.edit(ADA, 1, "three")]
    await worker.gets(*numbers)
    assert ids(worker.got) == numbers
    assert worker.at_once == 1


@pytest.mark.usefixtures("hooked")
async def test_chats_are_served_side_by_side(api: BotApi, worker: Worker) -> None:
    worker.open.clear()
    await worker.gets(api.say(ADA, "hi"), api.say(BOB, "hi"))
    assert worker.at_once == 2
    assert len(api.pending) == 2


@pytest.mark.usefixtures("hooked")
async def test_a_press_of_a_button_waits_for_no_message(api: BotApi, worker: Worker) -> None:
    worker.open.clear()
    api.say(ADA, "hi")
    api.press(ADA, 1, "a")
    api.press(ADA, 1, "b")
    await until(lambda: len(worker.got) == 2)
    assert {kind for update in worker.got for kind in update} == {"message", "callback_query", "update_id"}
    assert len(api.pending) == 3


async def test_no_more_updates_are_on_their_way_than_the_webhook_has_connections(
    api: BotApi, bot: Client, worker: Worker
) -> None:
    api.balance = [worker.url]
    await bot.do("setWebhook", url=HOOK, max_connections=3)
    worker.pause = 0.01
    await worker.gets(*[api.say(chat, "hi") for chat in range(1, 20)])
    assert worker.at_once == 3


async def test_a_webhook_that_has_not_worked_yet_gets_one_update_at_a_time(
    api: BotApi, bot: Client, worker: Worker
) -> None:
    api.balance = [worker.url]
    worker.open.clear()
    await bot.do("setWebhook", url=HOOK)
    first, second = api.say(ADA, "hi"), api.say(BOB, "hi")
    await worker.gets(first)
    worker.open.set()
    await worker.gets(first, second)
    assert worker.at_once == 1


@pytest.mark.parametrize("answer", [199, 302, 404, 500, 0])
@pytest.mark.usefixtures("hooked")
async def test_an_update_that_was_not_taken_comes_again_before_the_next_one(
    api: BotApi, worker: Worker, answer: int
) -> None:
    worker.answers = [answer, answer]
    first, second = api.say(ADA, "one"), api.say(ADA, "two")
    await until(lambda: not api.pending)
    assert ids(worker.got) == [first, first, first, second]


async def test_what_went_wrong_last_is_told_with_the_webhook(api: BotApi, hooked: Client, worker: Worker) -> None:
    assert "last_error_message" not in await hooked.do("getWebhookInfo")
    worker.answers = [500]
    api.say(ADA, "hi")
    await until(lambda: not api.pending)
    info = await hooked.do("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert abs(info["last_error_date"] - time.time()) < 3


async def test_the_second_try_comes_at_once_and_the_waits_for_the_next_ones_grow(worker: Worker) -> None:
    async with BotApi(BOT, balance=[worker.url], webhook_retry=0.02) as api, aiohttp.ClientSession() as session:
        worker.answers = [500] * 4
        api.say(ADA, "hi")
        await Client(api, session).do("setWebhook", url=HOOK)
        await until(lambda: not api.pending)
    waits = [later - earlier for earlier, later in itertools.pairwise(worker.times)]
    assert all(wait >= least for wait, least in zip(waits, (0, 0.04, 0.08, 0.16), strict=True))
    assert waits == sorted(waits)


@pytest.mark.usefixtures("hooked")
async def test_a_worker_can_say_how_long_to_wait(api: BotApi, worker: Worker) -> None:
    worker.answers, worker.headers = [503], {"Retry-After": "1"}
    api.say(ADA, "one")
    await until(lambda: not api.pending)
    assert worker.times[1] - worker.times[0] >= 1


async def test_a_worker_that_takes_too_long_gets_the_update_again(worker: Worker) -> None:
    async with BotApi(BOT, balance=[worker.url], webhook_timeout=0.1) as api, aiohttp.ClientSession() as session:
        bot = Client(api, session)
        worker.open.clear()
        update_id = api.say(ADA, "hi")
        await bot.do("setWebhook", url=HOOK)
        await until(lambda: len(worker.got) == 2)
        assert (await bot.do("getWebhookInfo"))["last_error_message"] == "Read timeout expired"
        worker.open.set()
        await until(lambda: not api.pending)
        assert set(ids(worker.got)) == {update_id}


@pytest.mark.usefixtures("hooked")
async def test_workers_take_turns_over_connections_that_are_kept(api: BotApi, worker: Worker) -> None:
    async with Worker() as other:
        api.balance.append(other.url)
        worker.peers.clear()
        for number in range(1, 9):
            api.say(ADA, str(number))
        await until(lambda: not api.pending)
        assert (len(worker.got), len(other.got)) == (4, 4)
        assert (len(worker.peers), len(other.peers)) == (1, 1)


async def test_a_worker_that_refuses_the_connection_is_passed_over(
    api: BotApi, hooked: Client, worker: Worker, unused_tcp_port: int
) -> None:
    api.balance = [f"http://127.0.0.1:{unused_tcp_port}", worker.url]
    numbers = [api.say(ADA, str(number)) for number in range(4)]
    await until(lambda: not api.pending)
    assert ids(worker.got) == numbers
    assert "last_error_message" not in await hooked.do("getWebhookInfo")


@pytest.mark.usefixtures("hooked")
async def test_a_worker_that_ended_is_passed_over_although_its_connection_was_kept(api: BotApi, worker: Worker) -> None:
    async with Worker() as other:
        api.balance = [other.url, worker.url]
        for number in range(2):
            api.say(ADA, str(number))
        await until(lambda: not api.pending)
    numbers = [api.say(ADA, str(number)) for number in range(4)]
    await until(lambda: not api.pending)
    assert set(ids(worker.got)) >= set(numbers)


async def test_updates_wait_until_there_is_a_worker(api: BotApi, bot: Client, worker: Worker) -> None:
    await bot.do("setWebhook", url=HOOK)
    update_id = api.say(ADA, "hi")
    await asyncio.sleep(0.03)
    info = await bot.do("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"
    api.balance = [worker.url]
    await worker.gets(update_id)
    await until(lambda: not api.pending)


async def test_what_a_deleted_webhook_has_not_taken_is_left_to_polling(
    api: BotApi, hooked: Client, worker: Worker
) -> None:
    worker.open.clear()
    numbers = [api.say(ADA, "one"), api.say(ADA, "two"), api.say(BOB, "three")]
    await until(lambda: len(worker.got) == 2)
    await hooked.do("deleteWebhook")
    worker.open.set()
    numbers.append(api.say(ADA, "four"))
    assert ids(await hooked.do("getUpdates")) == numbers
    assert len(worker.got) == 2


async def test_a_new_webhook_gets_what_the_old_one_has_not_taken(api: BotApi, hooked: Client, worker: Worker) -> None:
    worker.open.clear()
    update_id = api.say(ADA, "one")
    await worker.gets(update_id)
    await asyncio.sleep(1)
    async with Worker() as other:
        api.balance = [other.url]
        await hooked.do("setWebhook", url=f"{HOOK}/new")
        await other.gets(update_id)
        await until(lambda: not api.pending)


async def test_pending_updates_can_be_dropped_with_a_new_webhook(api: BotApi, bot: Client, worker: Worker) -> None:
    api.balance = [worker.url]
    api.say(ADA, "old news")
    await bot.do("setWebhook", url=HOOK, drop_pending_updates=True)
    await worker.gets(api.say(ADA, "news"))


# What people send.


async def test_a_command_is_marked_and_other_text_is_not(api: BotApi) -> None:
    messages = [api.updates[api.say(ADA, text)]["message"] for text in ("/start now", "hello", "/привет")]
    assert messages[0]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert "entities" not in messages[1]
    assert "entities" not in messages[2]


async def test_a_person_can_have_no_language(api: BotApi) -> None:
    update_id = api.say(ADA, "hi", first_name="Grace", language_code=None)
    assert api.updates[update_id]["message"]["from"] == {"id": ADA, "is_bot": False, "first_name": "Grace"}


async def test_an_edited_message_keeps_its_number_and_date(api: BotApi) -> None:
    message = api.updates[api.say(ADA, "/start")]["message"]
    edited = api.updates[api.edit(ADA, message["message_id"], "hello")]["edited_message"]
    assert edited.pop("edit_date") >= message["date"]
    assert edited == {name: value for name, value in message.items() if name != "entities"} | {"text": "hello"}


async def test_a_pressed_button_brings_its_message(known: Client, api: BotApi) -> None:
    message = await known.do("sendMessage", chat_id=ADA, text="Choose")
    query_id = api.press(ADA, message["message_id"], "a")
    query = api.pending[-1]["callback_query"]
    assert (query["id"], query["message"], query["data"]) == (query_id, message, "a")


async def test_a_button_under_a_forgotten_message_brings_only_its_number(api: BotApi) -> None:
    api.press(ADA, 77, "a")
    message = api.pending[-1]["callback_query"]["message"]
    assert (message["message_id"], message["date"], "text" in message) == (77, 0, False)


async def test_a_pushed_update_gets_the_next_number(api: BotApi) -> None:
    first = api.say(ADA, "hi")
    assert api.push({"update_id": 7, "poll": {"id": "1"}}) == first + 1
    assert api.pending[-1] == {"update_id": first + 1, "poll": {"id": "1"}}


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"message": {"date": "nonsense"}},
        {"message": {"chat": {}, "message_id": 1}},
        {"message": {"chat": {"id": []}, "message_id": {}}},
        {"edited_message": None},
        {"callback_query": {"message": 1}},
        {"callback_query": {"id": {}, "from": "me", "message": {"chat": 7}}},
        {"poll": []},
        {"no such kind": "x"},
    ],
)
async def test_an_update_that_makes_no_sense_is_brought_all_the_same(
    api: BotApi, hooked: Client, worker: Worker, nonsense: Answer
) -> None:
    await worker.gets(api.push(nonsense))
    await hooked.do("deleteWebhook")
    update_id = api.push(nonsense)
    assert await hooked.do("getUpdates") == [nonsense | {"update_id": update_id}]


# Text.


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("🙂" * 2049, "message is too long"),
    ],
)
async def test_a_text_has_one_to_4096_utf16_units(known: Client, text: str, why: str) -> None:
    assert await known.refused("sendMessage", chat_id=ADA, text=text) == why
    await known.do("sendMessage", chat_id=ADA, text="🙂" * 2048)


async def test_the_length_of_a_text_is_counted_without_its_markup(known: Client) -> None:
    html = f"<b>{'&lt;' * 4096}</b>"
    message = await known.do("sendMessage", chat_id=ADA, text=html, parse_mode="HTML")
    assert message["text"] == "<" * 4096


async def test_blank_ends_of_a_text_are_cut_off(known: Client) -> None:
    message = await known.do("sendMessage", chat_id=ADA, text="\n <b>hi </b>\n", parse_mode="HTML")
    assert message["text"] == "hi"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 2}]


async def test_html_becomes_text_and_entities(known: Client) -> None:
    html = (
        '🙂<B>b<i>i</i></b> <a href="https://example.org/?a=1&amp;b">l</a> &lt;&#36;&quot; R&D'
        "<tg-spoiler>s</tg-spoiler><blockquote expandable>q</blockquote>"
        '<pre><code class="language-python">x</code></pre>'
    )
    message = await known.do("sendMessage", chat_id=ADA, text=html, parse_mode="HTML")
    assert message["text"] == '🙂bi l <$" R&Dsqx'
    assert message["entities"] == [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
        {"type": "text_link", "offset": 5, "length": 1, "url": "https://example.org/?a=1&b"},
        {"type": "spoiler", "offset": 14, "length": 1},
        {"type": "expandable_blockquote", "offset": 15, "length": 1},
        {"type": "pre", "offset": 16, "length": 1, "language": "python"},
    ]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("I <3 you", 'Unsupported start tag "3" at byte offset 2'),
        ("x <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=http://x>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("a&nbsp;b", 'Unsupported entity "&nbsp;" at byte offset 1'),
        ("a&#0;b", 'Unsupported entity "&#0;" at byte offset 1'),
    ],
)
async def test_html_that_is_not_well_formed_is_refused(known: Client, html: str, why: str) -> None:
    assert await known.html(html) == why


async def test_without_a_parse_mode_markup_is_text(known: Client, api: BotApi) -> None:
    await known.do("sendMessage", chat_id=ADA, text="<p> & &nbsp;")
    assert (await api.sent(ADA))[0].text == "<p> & &nbsp;"


# Keyboards.


@pytest.mark.parametrize("data", ["x" * 65, "é" * 33])
async def test_a_callback_over_64_bytes_is_refused(known: Client, data: str) -> None:
    markup = keyboard([{"text": "A", "callback_data": data}])
    params = {"chat_id": ADA, "text": "hi", "reply_markup": markup}
    assert await known.refused("sendMessage", **params) == "BUTTON_DATA_INVALID"


@pytest.mark.parametrize("button", [{"text": "A"}, {"text": "A", "callback_data": ""}])
async def test_a_button_has_to_do_something(known: Client, button: dict[str, str]) -> None:
    why = await known.refused("sendMessage", chat_id=ADA, text="hi", reply_markup=keyboard([button]))
    assert why.endswith("Text buttons are unallowed in the inline keyboard")


async def test_a_button_without_a_label_is_refused(known: Client) -> None:
    markup = keyboard([{"text": "", "callback_data": "a"}])
    why = await known.refused("sendMessage", chat_id=ADA, text="hi", reply_markup=markup)
    assert why == "inline keyboard button text must be non-empty"


@pytest.mark.parametrize("lengths", [[9], [8] * 12 + [5]])
async def test_a_keyboard_has_8_buttons_in_a_row_and_100_in_all(known: Client, lengths: list[int]) -> None:
    button = {"text": "A", "callback_data": "a"}
    full, over = keyboard(*[[button] * 8] * 12, [button] * 4), keyboard(*([button] * n for n in lengths))
    await known.do("sendMessage", chat_id=ADA, text="hi", reply_markup=full)
    why = await known.refused("sendMessage", chat_id=ADA, text="hi", reply_markup=over)
    assert why == "reply markup is too long"


# Chats, edits and answers.


async def test_a_bot_writes_only_to_chats_it_knows(bot: Client) -> None:
    assert await bot.refused("sendMessage", chat_id=ADA, text="hi") == "chat not found"
    assert await bot.refused("sendMessage", text="hi") == "chat_id is empty"
    assert await bot.refused("sendChatAction", chat_id=ADA, action="typing") == "chat not found"


async def test_sent_returns_every_message_once_and_in_order(known: Client, api: BotApi) -> None:
    row = [{"text": "A", "callback_data": "a"}, {"text": "B", "url": "https://example.org"}]
    message = await known.do("sendMessage", chat_id=ADA, text="<b>1</b>", parse_mode="HTML", reply_markup=keyboard(row))
    await known.do("editMessageText", chat_id=ADA, message_id=message["message_id"], text="2")
    number = message["message_id"]
    buttons = [[("A", "a"), ("B", "https://example.org")]]
    assert await api.sent(ADA) == [SentMessage(number, ADA, "1", "<b>1</b>", buttons, "sendMessage")]
    assert await api.sent(ADA) == [SentMessage(number, ADA, "2", "2", [], "editMessageText")]


async def test_sent_gives_up_after_its_timeout_and_loses_nothing(known: Client, api: BotApi) -> None:
    await known.do("sendMessage", chat_id=ADA, text="only one")
    with pytest.raises(TimeoutError, match="1 of 2 messages in chat 42"):
        await api.sent(ADA, 2, timeout=0.05)
    assert [message.text for message in await api.sent(ADA, timeout=0)] == ["only one"]


async def test_waiting_for_a_call_gives_up_after_its_timeout(api: BotApi) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 calls of setMyCommands"):
        await api.wait_for_call("setMyCommands", timeout=0.05)


async def test_an_edit_that_changes_nothing_is_refused(known: Client, api: BotApi) -> None:
    markup = keyboard([{"text": "A", "callback_data": "a"}])
    sent = await known.do("sendMessage", chat_id=ADA, text="hi", reply_markup=markup)
    where = {"chat_id": ADA, "message_id": sent["message_id"]}
    same = {"text": "<b></b>hi ", "parse_mode": "HTML", "reply_markup": markup}
    refused = "message is not modified: specified new message content and reply markup are exactly the same"
    assert (await known.refused("editMessageText", **where, **same)).startswith(refused)
    assert (await known.refused("editMessageReplyMarkup", **where, reply_markup=markup)).startswith(refused)
    await known.do("editMessageReplyMarkup", **where)
    assert (await known.refused("editMessageReplyMarkup", **where)).startswith(refused)
    assert [message.buttons for message in await api.sent(ADA, 2)] == [[[("A", "a")]], []]


async def test_an_edit_of_the_text_alone_takes_the_keyboard_away(known: Client) -> None:
    markup = keyboard([{"text": "A", "callback_data": "a"}])
    sent = await known.do("sendMessage", chat_id=ADA, text="hi", reply_markup=markup)
    edited = await known.do("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="hi")
    assert "reply_markup" not in edited


async def test_only_the_bots_own_texts_can_be_edited(known: Client, api: BotApi) -> None:
    photo = await known.do("sendPhoto", chat_id=ADA, photo="https://example.org/a.png")
    hers = next(iter(api.updates.values()))["message"]
    why = {
        999: "message to edit not found",
        hers["message_id"]: "message can't be edited",
        photo["message_id"]: "there is no text in the message to edit",
    }
    for number, reason in why.items():
        assert await known.refused("editMessageText", chat_id=ADA, message_id=number, text="x") == reason


async def test_an_answered_query_is_noted(known: Client, api: BotApi) -> None:
    query_id = api.press(ADA, 1, "a")
    await known.do("answerCallbackQuery", callback_query_id=query_id, text="Done")
    assert api.answered == [{"callback_query_id": query_id, "text": "Done"}]


async def test_a_query_that_is_unknown_or_too_old_cannot_be_answered(known: Client, api: BotApi) -> None:
    api.query_lifetime = -1
    for query_id in ("no-such-query", api.press(ADA, 1, "a")):
        why = await known.refused("answerCallbackQuery", callback_query_id=query_id)
        assert why == "query is too old and response timeout expired or query ID is invalid"


async def test_a_file_is_noted_with_its_size(known: Client, api: BotApi) -> None:
    form = aiohttp.FormData({"chat_id": str(ADA), "caption": "<i>CV</i>", "parse_mode": "HTML"})
    form.add_field("document", b"12345", filename="cv.txt")
    async with known.session.post(f"{known.base}/sendDocument", data=form) as response:
        assert response.status == 200
    (sent,) = await api.sent(ADA)
    assert (sent.text, sent.html, sent.file) == ("CV", "<i>CV</i>", Upload("cv.txt", 5))
    assert api.calls[-1][1]["document"] == Upload("cv.txt", 5)


async def test_a_file_has_to_have_something_in_it_and_a_short_caption(known: Client) -> None:
    assert await known.refused("sendDocument", chat_id=ADA) == "there is no document in the request"
    form = aiohttp.FormData({"chat_id": str(ADA)})
    form.add_field("photo", b"", filename="empty.png")
    async with known.session.post(f"{known.base}/sendPhoto", data=form) as response:
        assert (await response.json())["description"] == "Bad Request: file must be non-empty"
    why = await known.refused("sendPhoto", chat_id=ADA, photo="file-id", caption="x" * 1025)
    assert why == "message caption is too long"


async def test_the_content_of_a_file_is_kept(known: Client, api: BotApi) -> None:
    form = aiohttp.FormData({"chat_id": str(ADA)})
    form.add_field("document", bytes(range(256)), filename="all.bin")
    async with known.session.post(f"{known.base}/sendDocument", data=form) as response:
        assert response.status == 200
    (sent,) = await api.sent(ADA)
    assert sent.file is not None
    assert sent.file.content == bytes(range(256))


# Replies.


@pytest.mark.parametrize("how", ["data", "json"])
@pytest.mark.parametrize(
    ("method", "content"),
    [("sendMessage", {"text": "hi"}), ("sendDocument", {"document": "id"}), ("sendPhoto", {"photo": "id"})],
)
async def test_a_reply_holds_the_message_it_answers(
    known: Client, api: BotApi, how: str, method: str, content: Answer
) -> None:
    asked = api.updates[api.say(ADA, "what?")]["message"]
    reply = {"message_id": asked["message_id"]}
    params = {"chat_id": str(ADA), "reply_parameters": json.dumps(reply) if how == "data" else reply, **content}
    body: dict[str, Any] = {how: params}
    async with known.session.post(f"{known.base}/{method}", **body) as response:
        assert (await response.json())["result"]["reply_to_message"] == asked
    assert [message.reply_to for message in await api.sent(ADA)] == [asked["message_id"]]


async def test_a_message_that_answers_nothing_says_nothing_of_it(known: Client, api: BotApi) -> None:
    assert "reply_to_message" not in await known.do("sendMessage", chat_id=ADA, text="hi", reply_parameters={})
    assert [message.reply_to for message in await api.sent(ADA)] == [None]


async def test_the_message_within_a_reply_is_without_the_one_it_answers(known: Client, api: BotApi) -> None:
    last = api.updates[api.say(ADA, "what?")]["message"]
    for text in ("first", "second"):
        reply = {"message_id": last["message_id"]}
        last = await known.do("sendMessage", chat_id=ADA, text=text, reply_parameters=reply)
    assert last["reply_to_message"]["text"] == "first"
    assert "reply_to_message" not in last["reply_to_message"]


async def test_only_a_message_of_the_same_chat_can_be_answered_unless_it_may_be_missing(
    known: Client, api: BotApi
) -> None:
    elsewhere = api.updates[api.say(BOB, "hi")]["message"]["message_id"]
    for number in (999, elsewhere):
        params: Answer = {"chat_id": ADA, "text": "hi", "reply_parameters": {"message_id": number}}
        assert await known.refused("sendMessage", **params) == "message to be replied not found"
        params["reply_parameters"]["allow_sending_without_reply"] = True
        assert "reply_to_message" not in await known.do("sendMessage", **params)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("{", "can't parse reply parameters JSON object"),
        ([1], "object expected as reply parameters"),
        ({"message": 1}, 'can\'t find field "message_id"'),
        ({"message_id": "one"}, 'field "message_id" must be a valid Number'),
    ],
)
async def test_reply_parameters_have_to_make_sense(known: Client, reply: Any, why: str) -> None:
    assert await known.refused("sendMessage", chat_id=ADA, text="hi", reply_parameters=reply) == why


async def test_a_pressed_button_brings_the_answered_message_too_as_it_is_now(known: Client, api: BotApi) -> None:
    asked = api.updates[api.say(ADA, "waht?")]["message"]["message_id"]
    sent = await known.do("sendMessage", chat_id=ADA, text="hi", reply_parameters={"message_id": asked})
    await known.do("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="hello")
    api.edit(ADA, asked, "what?")
    api.press(ADA, sent["message_id"], "a")
    message = api.pending[-1]["callback_query"]["message"]
    assert (message["text"], message["reply_to_message"]["text"]) == ("hello", "what?")
    assert [message.reply_to for message in await api.sent(ADA, 2)] == [asked, asked]


# Limits.


@pytest.fixture
async def limited() -> AsyncIterator[tuple[BotApi, Client]]:
    """A server that keeps to Telegram's limits, and a bot that 50 people have written to."""
    async with BotApi(token=BOT, flood_limits=True) as api, aiohttp.ClientSession() as session:
        for chat in range(1, 51):
            api.say(chat, "hi")
        yield api, Client(api, session)


async def test_a_private_chat_gets_one_message_a_second(limited: tuple[BotApi, Client]) -> None:
    _, bot = limited
    await bot.do("sendMessage", chat_id=1, text="hi")
    params = {"chat_id": "1", "photo": "id"}
    async with bot.session.post(f"{bot.base}/sendPhoto", data=params) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert (await response.json())["parameters"] == {"retry_after": 1}
    await bot.do("sendMessage", chat_id=2, text="hi")
    await bot.do("sendChatAction", chat_id=1, action="typing")
    await asyncio.sleep(1)
    await bot.do("sendMessage", chat_id=1, text="hi")


async def test_all_chats_together_get_30_messages_a_second(limited: tuple[BotApi, Client]) -> None:
    api, bot = limited
    answers = await asyncio.gather(*(bot.call("sendMessage", chat_id=chat, text="hi") for chat in range(1, 41)))
    assert [answer.get("error_code") for answer in answers].count(429) == 10
    assert [method for method, _ in api.calls].count("sendMessage") == 40


async def test_a_group_gets_20_messages_a_minute(limited: tuple[BotApi, Client]) -> None:
    api, bot = limited
    api.chats[-7] = {"id": -7, "type": "group", "title": "Team"}
    for _ in range(20):
        await bot.do("sendMessage", chat_id=-7, text="hi")
    answer = await bot.call("sendMessage", chat_id=-7, text="hi")
    assert 55 < answer["parameters"]["retry_after"] <= 60


async def test_a_refused_message_counts_towards_no_limit(limited: tuple[BotApi, Client]) -> None:
    _, bot = limited
    await bot.refused("sendMessage", chat_id=1, text="<b", parse_mode="HTML")
    await bot.do("sendMessage", chat_id=1, text="hi")


async def test_without_limits_as_many_messages_go_out_as_there_are(known: Client, api: BotApi) -> None:
    for _ in range(40):
        await known.do("sendMessage", chat_id=ADA, text="hi")
    assert len(await api.sent(ADA, 40)) == 40


# What the bot says about itself.


@pytest.mark.parametrize(
    ("command", "description", "why"),
    [
        ("Start", "x", "BOT_COMMAND_INVALID"),
        ("my-plan", "x", "BOT_COMMAND_INVALID"),
        ("", "x", "command must be non-empty"),
        ("x" * 33, "x", "command length must not exceed 32"),
        ("start", "", "command description must be non-empty"),
        ("start", "x" * 257, "command description length must not exceed 256"),
    ],
)
async def test_a_command_has_a_plain_name_and_a_description(
    bot: Client, command: str, description: str, why: str
) -> None:
    commands = [{"command": command, "description": description}]
    assert await bot.refused("setMyCommands", commands=commands) == why


async def test_there_are_at_most_a_hundred_commands(bot: Client) -> None:
    commands = [{"command": f"c{n}", "description": "x"} for n in range(101)]
    assert await bot.refused("setMyCommands", commands=commands) == "BOT_COMMANDS_TOO_MUCH"
    await bot.do("setMyCommands", commands=commands[:100])


async def test_commands_are_kept_for_each_language_and_scope(bot: Client) -> None:
    commands = [{"command": "start", "description": "Los"}]
    await bot.do("setMyCommands", commands=commands, language_code="de", scope={"type": "default"})
    assert await bot.do("getMyCommands", language_code="de") == commands
    assert await bot.do("getMyCommands") == []


async def test_a_name_and_descriptions_are_kept_and_have_limits(bot: Client) -> None:
    await bot.do("setMyName", name="Guide")
    await bot.do("setMyDescription", description="x" * 512)
    await bot.do("setMyShortDescription", short_description="x" * 120)
    assert (await bot.do("getMe"))["first_name"] == "Guide"
    assert await bot.do("getMyDescription", language_code="de") == {"description": "x" * 512}
    assert await bot.refused("setMyName", name="x" * 65) == "BOT_TITLE_INVALID"
    assert await bot.refused("setMyDescription", description="x" * 513) == "description is too long"
    why = await bot.refused("setMyShortDescription", short_description="x" * 121)
    assert why == "short description is too long"


# Faults.


async def test_a_failed_call_is_not_carried_out_and_the_next_one_works(known: Client, api: BotApi) -> None:
    api.fail_next("sendMessage", times=2, status=502)
    for _ in range(2):
        answer = await known.call("sendMessage", chat_id=ADA, text="hi")
        assert answer == {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    await known.do("sendMessage", chat_id=ADA, text="again")
    assert [message.text for message in await api.sent(ADA)] == ["again"]


async def test_a_flood_answer_says_how_long_to_wait(known: Client, api: BotApi) -> None:
    api.fail_next("sendMessage", retry_after=3)
    answer = await known.call("sendMessage", chat_id=ADA, text="hi")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 3})
    assert answer["description"] == "Too Many Requests: retry after 3"


async def test_a_cut_call_is_carried_out_but_its_answer_is_lost(known: Client, api: BotApi) -> None:
    api.fail_next("sendMessage", cut=True)
    with pytest.raises(aiohttp.ClientPayloadError):
        await known.call("sendMessage", chat_id=ADA, text="hi")
    assert [message.text for message in await api.sent(ADA)] == ["hi"]


async def test_an_answer_can_be_anything(bot: Client, api: BotApi) -> None:
    api.fail_next("getMe", body='{"ok": tru')
    async with bot.session.get(f"{bot.base}/getMe") as response:
        assert (response.status, await response.text()) == (200, '{"ok": tru')


async def test_a_delayed_call_works_later(bot: Client, api: BotApi) -> None:
    api.fail_next("getMe", delay=0.2)
    started = asyncio.get_running_loop().time()
    assert await bot.do("getMe")
    assert asyncio.get_running_loop().time() - started >= 0.2


async def test_a_fault_of_an_unknown_method_is_a_mistake_in_the_test(api: BotApi) -> None:
    with pytest.raises(ValueError, match="no such method: sendMesage"):
        api.fail_next("sendMesage")


async def test_a_fault_of_one_chat_leaves_the_others_alone(known: Client, api: BotApi) -> None:
    api.say(BOB, "hi")
    api.fail_next("sendMessage", status=403, chat_id=ADA)
    api.fail_next("sendMessage", status=502)
    codes = []
    for chat in (BOB, BOB, ADA, ADA):
        codes.append((await known.call("sendMessage", chat_id=chat, text="hi")).get("error_code"))
    assert codes == [502, None, 403, None]


async def test_a_server_that_went_away_refuses_connections_and_cuts_the_open_ones(api: BotApi, bot: Client) -> None:
    poll = asyncio.create_task(bot.do("getUpdates", timeout=30))
    await api.wait_for_call("getUpdates", timeout=2)
    await api.go_away()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await asyncio.wait_for(poll, 2)
    with pytest.raises(aiohttp.ClientConnectorError):
        await bot.call("getMe")


async def test_a_server_that_came_back_has_its_address_and_everything_else(api: BotApi, bot: Client) -> None:
    address = api.url
    for _ in range(2):
        await api.go_away()
        await api.go_away()
        api.say(ADA, "hi")
        await api.come_back()
        await api.come_back()
    assert api.url == address
    assert len(await bot.do("getUpdates")) == 2
    await bot.do("sendMessage", chat_id=ADA, text="hi")


async def test_a_server_can_end_while_it_is_away() -> None:
    async with BotApi(BOT) as api:
        await api.go_away()


async def test_every_call_takes_as_long_as_the_way_to_telegram() -> None:
    async with BotApi(BOT, latency=0.1) as api, aiohttp.ClientSession() as session:
        bot = Client(api, session)
        started = time.monotonic()
        await asyncio.gather(*(bot.do("getMe") for _ in range(10)))
        assert 0.1 <= time.monotonic() - started < 0.5


async def test_a_server_can_do_without_a_record_of_calls() -> None:
    async with BotApi(BOT, keep_calls=False) as api, aiohttp.ClientSession() as session:
        bot = Client(api, session)
        api.say(ADA, "hi")
        for text in ("one", "two"):
            await bot.do("sendMessage", chat_id=ADA, text=text)
        await bot.do("answerCallbackQuery", callback_query_id=api.press(ADA, 1, "a"))
        assert (api.calls, api.answered, api.updates) == ([], [], {})
        assert (await api.wait_for_call("sendMessage"))["text"] == "two"
        assert [message.text for message in await api.sent(ADA, 2)] == ["one", "two"]


async def test_without_a_record_of_calls_a_chat_keeps_its_last_hundred_messages() -> None:
    async with BotApi(BOT, keep_calls=False) as api, aiohttp.ClientSession() as session:
        bot = Client(api, session)
        api.say(ADA, "hi")
        for number in range(101):
            await bot.do("sendMessage", chat_id=ADA, text=str(number))
        assert [message.text for message in await api.sent(ADA, 100)] == [str(number) for number in range(1, 101)]
