"""Telegram's Bot API as a small local server: the other end of a bot under test.

It accepts what Telegram accepts and refuses what Telegram refuses, in Telegram's words. A test plays the
people (`say`, `press`, `edit`), reads what reached them (`sent`) and can make calls fail (`fail_next`).
"""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.e2e.telegram_html import RefusedError, read_text

T = TypeVar("T")
Json = dict[str, Any]
Params = dict[str, Any]
"""What a call was given: plain values as text, objects and lists decoded, files as `Upload`."""

_JSON_PARAMS = {"allowed_updates", "caption_entities", "commands", "entities", "reply_markup", "scope"}
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@dataclass(frozen=True)
class Upload:
    """A file a bot sent: its name and how many bytes it has.

    A file sent by its id or its address has that for a name, and no bytes.
    """

    name: str
    size: int


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
    """

    message_id: int
    chat_id: int
    text: str
    html: str
    buttons: list[list[tuple[str, str]]]
    method: str
    file: Upload | None = None


@dataclass(frozen=True)
class _Fault:
    status: int | None
    body: str | None
    retry_after: int | None
    cut: bool
    delay: float


class BotApi:
    """A Bot API server for one bot, on a free local port, running inside `async with`.

    Attributes:
        url: where it listens; a bot calls `{url}/bot<token>/<method>`.
        calls: every call with the right token as (method, parameters), in order of arrival.
        answered: the parameters of every callback query that was answered.
        pending: the updates the bot has not confirmed.
        confirmed: the highest update id the bot has confirmed.
        updates: every update ever queued, by id.
        query_lifetime: for how many seconds a pressed button can be answered.
        chats: the chats the bot may write to, by id; whoever writes to the bot joins them.
    """

    def __init__(self, token: str, *, query_lifetime: float = 30.0) -> None:
        self.token = token
        self.query_lifetime = query_lifetime
        self.url = ""
        self.calls: list[tuple[str, Params]] = []
        self.answered: list[Params] = []
        self.pending: list[Json] = []
        self.confirmed = 0
        self.updates: dict[int, Json] = {}
        self.chats: dict[int, Json] = {}
        self._number = itertools.count(1)
        self._update_id = itertools.count(1)
        self._people: dict[int, Json] = {}
        self._messages: dict[tuple[int, int], Json] = {}
        self._shown: dict[tuple[int, int], SentMessage] = {}
        self._sent: defaultdict[int, list[SentMessage]] = defaultdict(list)
        self._called: defaultdict[str, list[Params]] = defaultdict(list)
        self._queries: dict[str, float] = {}
        self._faults: defaultdict[str, deque[_Fault]] = defaultdict(deque)
        self._changed = asyncio.Event()
        self._poll_ended: list[str] = []  # why the poll in progress has to end
        self._webhook = ""
        self._allowed: set[str] = set()
        self._profile: dict[tuple[str, str], str] = {}
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._methods = self._table()
        self._names = {name.lower(): name for name in self._methods}

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

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
        message = self._messages.get((chat_id, message_id), unavailable)
        query = {"id": query_id, "from": sides["from"], "message": message, "data": data}
        self.push({"callback_query": query | {"chat_instance": str(chat_id)}})
        return query_id

    def edit(self, chat_id: int, message_id: int, new_text: str) -> int:
        """Change a message a person wrote and return the update's id."""
        now = int(time.time())
        written = self._messages.get((chat_id, message_id), {}).get("date", now)
        head = {"message_id": message_id, "date": written, "edit_date": now}
        return self.push({"edited_message": head | self._sides(chat_id) | _text(new_text)})

    def push(self, update: Json) -> int:
        """Queue any update and return the id it was given.

        As with Telegram, an update of a kind the bot did not ask for never reaches it.
        """
        update_id = next(self._update_id)
        self.updates[update_id] = update = {**update, "update_id": update_id}
        for kind, content in update.items():
            message = content.get("message", content) if isinstance(content, dict) else {}
            if "chat" in message:
                self.chats[message["chat"]["id"]] = message["chat"]
            if kind in {"message", "edited_message"} and message.keys() >= {"chat", "message_id"}:
                self._messages[message["chat"]["id"], message["message_id"]] = message
            if kind == "callback_query":
                self._queries[content["id"]] = time.monotonic() + self.query_lifetime
        kinds = update.keys() - {"update_id"}
        if kinds & self._allowed if self._allowed else kinds - _NOT_BY_DEFAULT:
            self.pending.append(update)
            self._tell()
        return update_id

    # What a test waits for and arranges.

    async def sent(self, chat_id: int, count: int = 1, timeout: float = 10) -> list[SentMessage]:
        """Wait for the next messages and edits in a chat and return them, each only once.

        Raises:
            TimeoutError: fewer than `count` came.
        """
        return await self._take(self._sent[chat_id], count, timeout, f"messages in chat {chat_id}")

    async def wait_for_call(self, method: str, timeout: float = 10) -> Params:
        """Wait for the next call of a method and return its parameters, each call only once.

        Raises:
            TimeoutError: the method was not called.
        """
        return (await self._take(self._called[method], 1, timeout, f"calls of {method}"))[0]

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
        """
        if method not in self._methods:
            raise ValueError(f"no such method: {method}")
        if status is None and retry_after is not None:
            status = 429
        elif status is None and body is not None:
            status = 200
        elif status is None and not (cut or delay):
            status = 500
        self._faults[method].extend([_Fault(status, body, retry_after, cut, delay)] * times)

    async def _take(self, box: list[T], count: int, timeout: float, what: str) -> list[T]:
        with suppress(TimeoutError):
            await self._until(lambda: len(box) >= count, timeout)
        if len(box) < count:
            raise TimeoutError(f"{len(box)} of {count} {what} in {timeout} s: {box}")
        taken, box[:] = box[:count], box[count:]
        return taken

    async def _until(self, ready: Callable[[], bool], timeout: float) -> None:
        async with asyncio.timeout(timeout):
            while not ready():
                await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    # The server.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _respond(401, _failure(401))
        called = request.match_info["method"]
        name = self._names.get(called.lower(), called)
        params = await _params(request)
        self.calls.append((name, params))
        self._called[name].append(params)
        self._tell()
        fault = self._faults[name].popleft() if self._faults[name] else None
        if fault is None:
            return _respond(*await self._answer(name, params))
        await asyncio.sleep(fault.delay)
        if fault.status is None:
            status, body = await self._answer(name, params)
        else:
            status = fault.status
            body = _failure(status, fault.retry_after) if fault.body is None else fault.body
        return await _cut(request, status, body) if fault.cut else _respond(status, body, fault.retry_after)

    async def _answer(self, name: str, params: Params) -> tuple[int, str]:
        if name not in self._methods:
            return 404, _failure(404)
        try:
            result = self._methods[name](params)
            if isawaitable(result):
                result = await result
        except RefusedError as refused:
            return refused.code, _failure(refused.code, description=refused.description)
        return 200, json.dumps({"ok": True, "result": result})

    def _table(self) -> dict[str, Callable[[Params], Any]]:
        table: dict[str, Callable[[Params], Any]] = {
            "getMe": lambda _: self._me(),
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": lambda params: self._set_webhook({**params, "url": ""}),
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "sendDocument": partial(self._send_file, "document"),
            "sendPhoto": partial(self._send_file, "photo"),
            "sendChatAction": self._send_chat_action,
            "editMessageText": partial(self._edit, "editMessageText"),
            "editMessageReplyMarkup": partial(self._edit, "editMessageReplyMarkup"),
            "answerCallbackQuery": self._answer_callback_query,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": lambda params: self._set_commands({**params, "commands": []}),
            "getMyCommands": lambda params: self._commands.get(_audience(params), []),
        }
        for kind in _PROFILE_LIMITS:
            name = kind.title().replace("_", "")
            table[f"setMy{name}"] = partial(self._set_profile, kind)
            table[f"getMy{name}"] = partial(self._get_profile, kind)
        return table

    def _me(self) -> Json:
        number = int(re.sub(r"\D.*", "", self.token) or 1)
        name = self._profile.get(("name", ""), "Career bot")
        return {"id": number, "is_bot": True, "first_name": name, "username": "career_test_bot"}

    def _sides(self, chat_id: int) -> Json:
        """Who writes and where, for a message of a person."""
        stranger = {"id": chat_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        person = self._people.get(chat_id, stranger)
        chat = {"id": chat_id, "type": "private", "first_name": person["first_name"]}
        return {"from": person, "chat": chat}

    # Receiving updates.

    async def _get_updates(self, params: Params) -> list[Json]:
        if self._webhook:
            raise RefusedError(_WEBHOOK_ACTIVE, 409)
        self._end_poll(_OTHER_POLL)
        self._allow(params)
        self._forget(_integer(params, "offset"))
        ended = self._poll_ended = []
        timeout = min(max(_integer(params, "timeout"), 0), 50)
        with suppress(TimeoutError):
            await self._until(lambda: bool(self.pending or ended), timeout)
        if ended:
            raise RefusedError(ended[0], 409)
        return self.pending[: min(max(_integer(params, "limit", 100), 1), 100)]

    def _forget(self, offset: int) -> None:
        """Drop the updates before the offset; a negative one counts from the end."""
        below = sum(update["update_id"] < offset for update in self.pending)
        gone = self.pending[: below if offset >= 0 else offset]
        if gone:
            self.confirmed = gone[-1]["update_id"]
            del self.pending[: len(gone)]

    def _end_poll(self, reason: str) -> None:
        self._poll_ended.append(reason)
        self._tell()

    def _allow(self, params: Params) -> None:
        if isinstance(kinds := params.get("allowed_updates"), list):
            self._allowed = set(kinds)

    def _set_webhook(self, params: Params) -> bool:
        url = params.get("url", "")
        if url and not url.startswith("https://"):
            raise RefusedError("bad webhook: An HTTPS URL must be provided for webhook")
        if url:
            self._end_poll("terminated by setWebhook request")
        self._webhook = url
        self._allow(params)
        if params.get("drop_pending_updates") == "true":
            self.pending.clear()
        return True

    def _get_webhook_info(self, _params: Params) -> Json:
        waiting = len(self.pending)
        return {"url": self._webhook, "has_custom_certificate": False, "pending_update_count": waiting}

    # Sending and editing.

    def _chat(self, params: Params) -> Json:
        if not params.get("chat_id"):
            raise RefusedError("chat_id is empty")
        chat = self.chats.get(_integer(params, "chat_id"))
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
        keyboard = _keyboard(params)
        sides = {"from": self._me(), "chat": self._chat(params)}
        head = {"message_id": next(self._number), "date": int(time.time()), **sides}
        html = params.get("text") or params.get("caption") or ""
        return self._show(method, head | content | keyboard, html, file)

    def _edit(self, method: str, params: Params) -> Json:
        content = read_text(params, "text") if method == "editMessageText" else {}
        keyboard = _keyboard(params)
        if not params.get("message_id"):
            raise RefusedError("message identifier is not specified")
        key = self._chat(params)["id"], _integer(params, "message_id")
        if key not in self._messages:
            raise RefusedError("message to edit not found")
        if key not in self._shown:
            raise RefusedError("message can't be edited")
        old = self._messages[key]
        if content and "text" not in old:
            raise RefusedError("there is no text in the message to edit")
        replaced = {"reply_markup", "text", "entities"} if content else {"reply_markup"}
        new = {name: value for name, value in old.items() if name not in replaced} | content | keyboard
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
        self._messages[key] = message
        self._shown[key] = SentMessage(message_id, chat_id, text, html, buttons, method, file)
        self._sent[chat_id].append(self._shown[key])
        self._tell()
        return message

    def _send_chat_action(self, params: Params) -> bool:
        if not re.fullmatch("typing|(upload|record|choose|find)_[a-z_]+", params.get("action", "")):
            raise RefusedError("wrong parameter action in request")
        self._chat(params)
        return True

    def _answer_callback_query(self, params: Params) -> bool:
        if time.monotonic() > self._queries.get(params.get("callback_query_id", ""), 0.0):
            raise RefusedError("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise RefusedError("MESSAGE_TOO_LONG")
        self.answered.append(params)
        return True

    # What the bot says about itself.

    def _set_commands(self, params: Params) -> bool:
        self._commands[_audience(params)] = _checked_commands(params.get("commands", []))
        return True

    def _set_profile(self, kind: str, params: Params) -> bool:
        text = params.get(kind, "")
        if kind == "name" and not 0 < len(text) <= _PROFILE_LIMITS[kind]:
            raise RefusedError("BOT_TITLE_INVALID")
        if len(text) > _PROFILE_LIMITS[kind]:
            raise RefusedError(f"{kind.replace('_', ' ')} is too long")
        self._profile[kind, params.get("language_code", "")] = text
        return True

    def _get_profile(self, kind: str, params: Params) -> Json:
        default = self._me()["first_name"] if kind == "name" else self._profile.get((kind, ""), "")
        return {kind: self._profile.get((kind, params.get("language_code", ""))) or default}


async def _params(request: web.Request) -> Params:
    """Read a call's parameters, whichever of Telegram's ways they came in."""
    given: Params = dict(request.query)
    given |= await request.json() if request.content_type == "application/json" else await request.post()
    return {name: _value(name, value) for name, value in given.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, web.FileField):
        with value.file:
            return Upload(value.filename, len(value.file.read()))
    if isinstance(value, bytes | bytearray):
        value = value.decode()
    if isinstance(value, str) and name in _JSON_PARAMS:
        with suppress(json.JSONDecodeError):
            return json.loads(value)
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def _integer(params: Params, name: str, default: int = 0) -> int:
    try:
        return int(params.get(name, default))
    except ValueError:
        return default


def _text(text: str) -> Json:
    """A person's text as the fields of a message, its command marked."""
    command = re.match(r"/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?(?!\w)", text)
    entity = {"type": "bot_command", "offset": 0, "length": command.end()} if command else None
    return {"text": text, **({"entities": [entity]} if entity else {})}


def _keyboard(params: Params) -> Json:
    """The inline keyboard of a call, as the field of a message it becomes; empty if there is none."""
    markup = params.get("reply_markup") or {}
    if not isinstance(markup, dict):
        raise RefusedError("object expected as reply markup")
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    for button in itertools.chain(*rows):
        _check_button(button)
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise RefusedError("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_button(button: Json) -> None:
    data = str(button.get("callback_data", ""))
    if not (data or button.keys() - {"text", "callback_data", "style", "icon_custom_emoji_id"}):
        raise RefusedError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not button.get("text"):
        raise RefusedError("inline keyboard button text must be non-empty")
    if len(data.encode()) > 64:
        raise RefusedError("BUTTON_DATA_INVALID")


def _audience(params: Params) -> tuple[str, str]:
    """Whom a list of commands is for."""
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), params.get("language_code", "")


def _checked_commands(commands: Any) -> list[Json]:
    if not isinstance(commands, list):
        raise RefusedError("expected an Array of BotCommand")
    checked = []
    for given in commands:
        command, description = given["command"].strip().removeprefix("/"), given["description"].strip()
        for what, text, limit in (("command", command, 32), ("command description", description, 256)):
            if not text:
                raise RefusedError(f"{what} must be non-empty")
            if len(text) > limit:
                raise RefusedError(f"{what} length must not exceed {limit}")
        if not re.fullmatch("[a-z0-9_]+", command):
            raise RefusedError("BOT_COMMAND_INVALID")
        checked.append({"command": command, "description": description})
    if len(checked) > 100:
        raise RefusedError("BOT_COMMANDS_TOO_MUCH")
    return checked


def _failure(status: int, retry_after: int | None = None, description: str = "") -> str:
    error: Json = {"ok": False, "error_code": status}
    error["description"] = description or HTTPStatus(status).phrase
    if status == 429:
        seconds = retry_after or 1
        error["description"] = f"Too Many Requests: retry after {seconds}"
        error["parameters"] = {"retry_after": seconds}
    return json.dumps(error)


def _respond(status: int, body: str, retry_after: int | None = None) -> web.Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(status=status, text=body, content_type="application/json", headers=headers)


async def _cut(request: web.Request, status: int, body: str) -> web.StreamResponse:
    """Promise the whole answer, send half of it and hang up."""
    content = body.encode()
    response = web.StreamResponse(status=status, headers={"Content-Length": str(len(content))})
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport:
        request.transport.close()
    return response
