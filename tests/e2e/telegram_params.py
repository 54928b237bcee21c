"""What a call is given: how it is read, and what Telegram accepts of it."""

import itertools
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.e2e.telegram_errors import RefusedError

Json = dict[str, Any]
Params = dict[str, Any]
"""What a call was given: plain values as text, objects and lists decoded, files as `Upload`."""

_JSON_PARAMS = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "reply_markup",
    "reply_parameters",
    "scope",
}


@dataclass(frozen=True)
class Upload:
    """A file a bot sent: its name, how many bytes it has, and these.

    A file sent by its id or its address has that for a name, and no bytes. Two files are the same when their
    names and sizes are.
    """

    name: str
    size: int
    content: bytes = field(default=b"", compare=False, repr=False)


async def read_params(request: web.BaseRequest) -> Params:
    """Read a call's parameters, whichever of Telegram's ways they came in."""
    given: Params = dict(request.query) if request.rel_url.raw_query_string else {}
    given |= json.loads(await request.read()) if request.content_type == "application/json" else await request.post()
    return {name: _value(name, value) for name, value in given.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bytearray):
        value = value.decode()
    if isinstance(value, str):
        if name in _JSON_PARAMS:
            with suppress(json.JSONDecodeError):
                return json.loads(value)
        return value
    if isinstance(value, web.FileField):
        with value.file:
            content = value.file.read()
        return Upload(value.filename, len(content), content)
    return json.dumps(value) if isinstance(value, int | float) else value


def integer(params: Params, name: str, default: int = 0) -> int:
    """A parameter as a number."""
    try:
        return int(params.get(name, default))
    except (TypeError, ValueError):
        return default


def flag(params: Params, name: str) -> bool:
    """Whether a parameter says yes."""
    return str(params.get(name, "")).strip().lower() in {"true", "yes", "1"}


def reply_target(params: Params) -> tuple[int, bool]:
    """The number of the message that a new one answers, 0 if it answers none, and whether it may be missing."""
    if "reply_parameters" not in params:
        return integer(params, "reply_to_message_id"), flag(params, "allow_sending_without_reply")
    reply = params["reply_parameters"]
    if not reply:
        return 0, False
    if isinstance(reply, str):
        raise RefusedError("can't parse reply parameters JSON object")
    if not isinstance(reply, dict):
        raise RefusedError("object expected as reply parameters")
    if "message_id" not in reply:
        raise RefusedError('can\'t find field "message_id"')
    try:
        return int(reply["message_id"]), flag(reply, "allow_sending_without_reply")
    except (TypeError, ValueError):
        raise RefusedError('field "message_id" must be a valid Number') from None


def keyboard(params: Params) -> Json:
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


def audience(params: Params) -> tuple[str, str]:
    """Whom a list of commands is for."""
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), params.get("language_code", "")


def checked_commands(commands: Any) -> list[Json]:
    """A list of commands as Telegram keeps it.

    Raises:
        RefusedError: Telegram does not accept it.
    """
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
