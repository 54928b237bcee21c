"""Telegram's Bot API as a small local server: the other end of a bot under test.

It accepts what Telegram accepts and refuses what Telegram refuses, in Telegram's words. A test plays the
people (`say`, `press`, `edit`), reads what reached them (`sent`) and can make calls fail (`fail_next`).
"""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from typing import Any, Self

from aiohttp import web

from tests.e2e.balancer import Balancer
from tests.e2e.faults import Fault, Faults
from tests.e2e.flood_limits import FloodLimits
from tests.e2e.http_server import HttpServer
from tests.e2e.inline_queries import read_cards
from tests.e2e.mailbox import Mailbox
from tests.e2e.newest import Newest
from tests.e2e.telegram_errors import RefusedError, error_body
from tests.e2e.telegram_html import read_text
from tests.e2e.telegram_params import Json, Params, Upload, integer, keyboard, read_params, reply_target
from tests.e2e.telegram_profile import Profile
from tests.e2e.telegram_updates import Updates

__all__ = ["BotApi", "SentMessage", "Upload"]

_encode = json.JSONEncoder(check_circular=False).encode
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@dataclass(frozen=True)
class SentMessage:
    """What a chat got to see: a new message, or an old one after an edit.

    Attributes:
        message_id: its number.
        chat_id: the chat.
        text: what a person reads, the text or a file's caption, without markup.
        html: the text as the bot sent it.
        buttons: rows of (label, callback data or URL).
        method: the call that did it; edits are told from new messages by it.
        file: the file that came with it, if any.
        reply_to: the number of the message it answers, if it answers one.
    """

    message_id: int
    chat_id: int
    text: str
    html: str
    buttons: list[list[tuple[str, str]]]
    method: str
    file: Upload | None = None
    reply_to: int | None = None


class BotApi:
    """A Bot API server for one bot, on a free local port, running inside `async with`.

    Updates go to the bot's web hook once it has set one. The address it gives Telegram has to be https; who really
    gets the requests are the workers in `balance`.

    Attributes:
        calls: every call with the right token as (method, parameters), in order of arrival.
        answered: the parameters of every callback query that was answered.
        updates: every update ever queued, by id.
        query_lifetime: for how many seconds a pressed button can be answered.
        latency: how many seconds every call takes.
        chats: the chats the bot may write to, by id; whoever writes to the bot joins them.
    """

    def __init__(
        self,
        token: str,
        *,
        query_lifetime: float = 30.0,
        balance: Sequence[str] = (),
        webhook_timeout: float = 60.0,
        webhook_retry: float = 0.1,
        flood_limits: bool = False,
        latency: float = 0.0,
        keep_calls: bool = True,
    ) -> None:
        """Prepare a server.

        Args:
            token: the bot's token.
            query_lifetime: for how many seconds a pressed button can be answered.
            balance: base addresses of the workers behind the web hook, such as http://127.0.0.1:8081.
            webhook_timeout: how many seconds a worker has for its answer to an update.
            webhook_retry: how many seconds stand for one of Telegram's in the growing waits between tries to bring
                an update: the first try again comes at once, the next ones after 2, 4, 8 up to 60 of these.
            flood_limits: whether too many messages are refused, as Telegram does.
            latency: how many seconds every call takes.
            keep_calls: whether everything is kept. If not, `calls`, `answered` and `updates` stay empty and the
                oldest messages are forgotten, so that a long run does not slow down.
        """
        self.token = token
        self.query_lifetime = query_lifetime
        self.latency = latency
        self.calls: list[tuple[str, Params]] = []
        self.answered: list[Params] = []
        self.updates: dict[int, Json] = {}
        self.chats: dict[int, Json] = {}
        self._keep_calls = keep_calls
        self._flood_limits = FloodLimits() if flood_limits else None
        self._number = itertools.count(1)
        self._update_id = itertools.count(1)
        self._people: dict[int, Json] = {}
        in_all, in_a_chat, of_a_method = (None, None, None) if keep_calls else (10_000, 100, 1)
        self._messages: Newest[tuple[int, int], Json] = Newest(in_all)
        self._shown: Newest[tuple[int, int], SentMessage] = Newest(in_all)
        self._queries: Newest[str, float] = Newest(in_all)
        self._sent: defaultdict[int, Mailbox[SentMessage]] = defaultdict(lambda: Mailbox(in_a_chat))
        self._called: defaultdict[str, Mailbox[Params]] = defaultdict(lambda: Mailbox(of_a_method))
        self._inline: dict[str, float] = {}
        self._cards: Mailbox[tuple[str, list[Json]]] = Mailbox(None)
        self._faults = Faults()
        self._profile = Profile(token)
        self._balancer = Balancer(list(balance))
        self._updates = Updates(self._balancer, webhook_retry=webhook_retry, webhook_timeout=webhook_timeout)
        self._methods = self._table()
        self._names = {name.lower(): name for name in self._methods}
        self._server = HttpServer(self._serve)

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._updates.close()
        await self._balancer.close()
        await self._server.stop()

    @property
    def url(self) -> str:
        """Where it listens; a bot calls `{url}/bot<token>/<method>`."""
        return self._server.url

    @property
    def pending(self) -> list[Json]:
        """The updates the bot has not confirmed, by getUpdates or by taking them at its web hook."""
        return list(self._updates.pending.values())

    @property
    def confirmed(self) -> int:
        """The highest update id the bot has confirmed."""
        return self._updates.confirmed

    @property
    def balance(self) -> list[str]:
        """Base addresses of the workers behind the web hook, which get its updates in turns; it can be changed.

        A worker that refuses the connection is passed over. When nobody takes an update, Telegram is told
        "502 Bad Gateway" and comes again later.
        """
        return self._balancer.workers

    @balance.setter
    def balance(self, workers: Sequence[str]) -> None:
        self._balancer.workers = list(workers)

    # What people do.

    def say(self, chat_id: int, text: str, *, first_name: str = "Ada", language_code: str | None = "en") -> int:
        """Write to the bot in a private chat and return the update's id."""
        person = {"id": chat_id, "is_bot": False, "first_name": first_name, "language_code": language_code}
        self._people[chat_id] = {key: value for key, value in person.items() if value is not None}
        head = {"message_id": next(self._number), "date": int(time.time())}
        return self.push({"message": head | self._sides(chat_id) | _text(text)})

    def press(self, chat_id: int, message_id: int, data: str) -> str:
        """Press a button under a message and return the callback query's id."""
        query_id = str(next(self._number))
        sides = self._sides(chat_id)
        unavailable = {"message_id": message_id, "chat": sides["chat"], "date": 0}
        message = self._current(chat_id, message_id) or unavailable
        query = {"id": query_id, "from": sides["from"], "message": message, "data": data}
        self.push({"callback_query": query | {"chat_instance": str(chat_id)}})
        return query_id

    def edit(self, chat_id: int, message_id: int, new_text: str) -> int:
        """Change a message a person wrote and return the update's id."""
        now = int(time.time())
        written = self._messages.get((chat_id, message_id), {}).get("date", now)
        head = {"message_id": message_id, "date": written, "edit_date": now}
        return self.push({"edited_message": head | self._sides(chat_id) | _text(new_text)})

    def type_inline(self, person: int, text: str) -> str:
        """Type something after the bot's name in any chat and return the inline query's id."""
        query_id = str(next(self._number))
        self._inline[query_id] = time.monotonic() + self.query_lifetime
        self.push({"inline_query": {"id": query_id, "from": self._sides(person)["from"], "query": text, "offset": ""}})
        return query_id

    def push(self, update: Json) -> int:
        """Queue any update, also one that makes no sense, and return the id it was given.

        As with Telegram, an update of a kind the bot did not ask for never reaches it.
        """
        update_id = next(self._update_id)
        update = {**update, "update_id": update_id}
        if self._keep_calls:
            self.updates[update_id] = update
        for kind, content in update.items():
            if isinstance(content, dict):
                self._note(kind, content)
        self._updates.push(update)
        return update_id

    def _note(self, kind: str, content: Json) -> None:
        """Remember the chat, the message and the query of an update, as far as it has them."""
        message = content.get("message", content)
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            self.chats[chat["id"]] = chat
            if kind in {"message", "edited_message"} and isinstance(message.get("message_id"), int):
                self._messages[chat["id"], message["message_id"]] = message
        if kind == "callback_query" and isinstance(content.get("id"), str):
            self._queries[content["id"]] = time.monotonic() + self.query_lifetime

    def _sides(self, chat_id: int) -> Json:
        """Who writes and where, for a message of a person."""
        stranger = {"id": chat_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        person = self._people.get(chat_id, stranger)
        chat = {"id": chat_id, "type": "private", "first_name": person["first_name"]}
        return {"from": person, "chat": chat}

    # What a test waits for and arranges.

    async def sent(self, chat_id: int, count: int = 1, timeout: float = 30) -> list[SentMessage]:
        """Wait for the next messages and edits in a chat and return them, each only once.

        Raises:
            TimeoutError: fewer than `count` came.
        """
        return await self._sent[chat_id].take(count, timeout, f"messages in chat {chat_id}")

    async def cards(self, timeout: float = 30) -> tuple[str, list[Json]]:
        """Wait for the next answer to an inline query: its id, and the cards with the `text` of each.

        Raises:
            TimeoutError: none came.
        """
        return (await self._cards.take(1, timeout, "answers to inline queries"))[0]

    async def wait_for_call(self, method: str, timeout: float = 30) -> Params:
        """Wait for the next call of a method and return its parameters, each call only once.

        Without `keep_calls`, only the last call that came is still there.

        Raises:
            TimeoutError: the method was not called.
        """
        return (await self._called[method].take(1, timeout, f"calls of {method}"))[0]

    def fail_next(
        self,
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        body: str | None = None,
        retry_after: int | None = None,
        cut: bool = False,
        delay: float = 0.0,
        chat_id: int | None = None,
    ) -> None:
        """Make the next calls of a method go wrong.

        A call that gets a status or a body instead of its answer is not carried out. A call that is only
        delayed or cut is carried out: the bot learns of it late or never.

        Args:
            method: the method's name, as in Telegram's reference.
            times: how many calls.
            status: the HTTP status; left out, it is 429 with `retry_after`, 200 with a body, that of the
                call itself with only `cut` or `delay`, and otherwise 500.
            body: the answer, word for word, instead of Telegram's error object.
            retry_after: the seconds a 429 asks to wait.
            cut: close the connection in the middle of the answer.
            delay: seconds to wait first.
            chat_id: only calls for this chat go wrong; others go on as if there was nothing.
        """
        if method not in self._methods:
            raise ValueError(f"no such method: {method}")
        if status is None and retry_after is not None:
            status = 429
        elif status is None and body is not None:
            status = 200
        elif status is None and not (cut or delay):
            status = 500
        self._faults.add(method, Fault(status, body, retry_after, cut, delay, chat_id), times)

    async def go_away(self) -> None:
        """Stop listening: connections are refused and open ones cut. Updates still go to a web hook."""
        await self._server.go_away()

    async def come_back(self) -> None:
        """Listen again at the same address, with everything as it was."""
        await self._server.come_back()

    # The server.

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        bot, _, called = request.path.removeprefix("/").partition("/")
        if not bot.startswith("bot"):
            return _respond(404, error_body(404))
        if bot != f"bot{self.token}":
            return _respond(401, error_body(401))
        name = self._names.get(called.lower(), called)
        params = await read_params(request)
        if self._keep_calls:
            self.calls.append((name, params))
        self._called[name].put(params)
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self._faults.take(name, integer(params, "chat_id"))
        if fault is None:
            return _respond(*await self._answer(name, params))
        await asyncio.sleep(fault.delay)
        if fault.status is None:
            status, body, retry_after = await self._answer(name, params)
        else:
            status, retry_after = fault.status, fault.retry_after or 0
            body = error_body(status, retry_after=retry_after) if fault.body is None else fault.body
        return await _cut(request, status, body) if fault.cut else _respond(status, body, retry_after)

    async def _answer(self, name: str, params: Params) -> tuple[int, str, int]:
        """Carry out a call; its status, its body and for how many seconds the bot has to wait."""
        if name not in self._methods:
            return 404, error_body(404), 0
        try:
            result = self._methods[name](params)
            if isawaitable(result):
                result = await result
        except RefusedError as refused:
            return refused.code, error_body(refused.code, refused.description, refused.retry_after), refused.retry_after
        return 200, _encode({"ok": True, "result": result}), 0

    def _table(self) -> dict[str, Callable[[Params], Any]]:
        return self._profile.methods | {
            "getUpdates": self._updates.get,
            "setWebhook": self._updates.set_webhook,
            "deleteWebhook": lambda params: self._updates.set_webhook({**params, "url": ""}),
            "getWebhookInfo": lambda _: self._updates.webhook_info(),
            "sendMessage": self._send_message,
            "sendDocument": partial(self._send_file, "document"),
            "sendPhoto": partial(self._send_file, "photo"),
            "sendChatAction": self._send_chat_action,
            "editMessageText": partial(self._edit, "editMessageText"),
            "editMessageReplyMarkup": partial(self._edit, "editMessageReplyMarkup"),
            "answerCallbackQuery": self._answer_callback_query,
            "answerInlineQuery": self._answer_inline_query,
        }

    # Sending and editing.

    def _chat(self, params: Params) -> Json:
        if not params.get("chat_id"):
            raise RefusedError("chat_id is empty")
        chat = self.chats.get(integer(params, "chat_id"))
        if chat is None:
            raise RefusedError("chat not found")
        return chat

    def _send_message(self, params: Params) -> Json:
        return self._send("sendMessage", params, read_text(params, "text"))

    def _send_file(self, kind: str, params: Params) -> Json:
        file = params.get(kind)
        if not file:
            raise RefusedError(f"there is no {kind} in the request")
        if isinstance(file, Upload) and not file.size:
            raise RefusedError("file must be non-empty")
        if not isinstance(file, Upload):
            file = Upload(file, 0)
        number = f"{kind}-{next(self._number)}"
        fields: Json = {"file_id": number, "file_unique_id": number, "file_size": file.size}
        size = {**fields, "width": 1, "height": 1}
        content = {"photo": [size]} if kind == "photo" else {"document": fields | {"file_name": file.name}}
        caption = read_text(params, "caption") if params.get("caption") else {}
        return self._send(f"send{kind.title()}", params, content | caption, file)

    def _send(self, method: str, params: Params, content: Json, file: Upload | None = None) -> Json:
        content = content | keyboard(params)
        chat = self._chat(params)
        content |= self._reply(chat["id"], params)
        if self._flood_limits:
            self._flood_limits.count(chat["id"])
        head = {"message_id": next(self._number), "date": int(time.time()), "from": self._profile.me(), "chat": chat}
        html = params.get("text") or params.get("caption") or ""
        return self._show(method, head | content, html, file)

    def _reply(self, chat_id: int, params: Params) -> Json:
        """The message that a call answers, as the field of a message it becomes; empty if there is none."""
        message_id, may_be_missing = reply_target(params)
        original = self._messages.get((chat_id, message_id))
        if message_id > 0 and original is None and not may_be_missing:
            raise RefusedError("message to be replied not found")
        return {"reply_to_message": _without_reply(original)} if original else {}

    def _current(self, chat_id: int, message_id: int) -> Json | None:
        """A message as it stands now, together with the one it answers."""
        message = self._messages.get((chat_id, message_id))
        if message is None or "reply_to_message" not in message:
            return message
        original: Json = message["reply_to_message"]
        newer = self._messages.get((chat_id, original["message_id"]))
        return message | {"reply_to_message": _without_reply(newer or original)}

    def _edit(self, method: str, params: Params) -> Json:
        content = read_text(params, "text") if method == "editMessageText" else {}
        content |= keyboard(params)
        if not params.get("message_id"):
            raise RefusedError("message identifier is not specified")
        key = self._chat(params)["id"], integer(params, "message_id")
        if key not in self._messages:
            raise RefusedError("message to edit not found")
        if key not in self._shown:
            raise RefusedError("message can't be edited")
        old = self._messages[key]
        if method == "editMessageText" and "text" not in old:
            raise RefusedError("there is no text in the message to edit")
        replaced = {"reply_markup", "text", "entities"} if method == "editMessageText" else {"reply_markup"}
        new = {name: value for name, value in old.items() if name not in replaced} | content
        if new == old:
            raise RefusedError(_NOT_MODIFIED)
        shown = self._shown[key]
        new["edit_date"] = int(time.time())
        return self._show(method, new, params.get("text", shown.html), shown.file)

    def _show(self, method: str, message: Json, html: str, file: Upload | None) -> Json:
        """Put a message into its chat, new or in place of what it was."""
        chat_id, message_id = key = message["chat"]["id"], message["message_id"]
        text = message.get("text") or message.get("caption") or ""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [[(b["text"], b.get("callback_data") or b.get("url", "")) for b in row] for row in rows]
        reply_to = message.get("reply_to_message", {}).get("message_id")
        self._messages[key] = message
        self._shown[key] = SentMessage(message_id, chat_id, text, html, buttons, method, file, reply_to)
        self._sent[chat_id].put(self._shown[key])
        return message

    def _send_chat_action(self, params: Params) -> bool:
        if not re.fullmatch("typing|(upload|record|choose|find)_[a-z_]+", params.get("action", "")):
            raise RefusedError("wrong parameter action in request")
        self._chat(params)
        return True

    def _answer_inline_query(self, params: Params) -> bool:
        if time.monotonic() > self._inline.pop(params.get("inline_query_id", ""), 0.0):
            raise RefusedError("query is too old and response timeout expired or query ID is invalid")
        self._cards.put((params["inline_query_id"], read_cards(params)))
        return True

    def _answer_callback_query(self, params: Params) -> bool:
        if time.monotonic() > self._queries.get(params.get("callback_query_id", ""), 0.0):
            raise RefusedError("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise RefusedError("MESSAGE_TOO_LONG")
        if self._keep_calls:
            self.answered.append(params)
        return True


def _text(text: str) -> Json:
    """A person's text as the fields of a message, its command marked."""
    command = re.match(r"/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?!\w)", text)
    entity = {"type": "bot_command", "offset": 0, "length": command.end()} if command else None
    return {"text": text, **({"entities": [entity]} if entity else {})}


def _without_reply(message: Json) -> Json:
    """A message as it stands within one that answers it."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _respond(status: int, body: str, retry_after: int = 0) -> web.Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(status=status, text=body, content_type="application/json", headers=headers)


async def _cut(request: web.BaseRequest, status: int, body: str) -> web.StreamResponse:
    """Promise the whole answer, send half of it and hang up."""
    content = body.encode()
    response = web.StreamResponse(status=status, headers={"Content-Length": str(len(content))})
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport:
        request.transport.close()
    return response
