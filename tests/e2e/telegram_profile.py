"""What a bot says about itself: its name, its descriptions, its commands."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.e2e.telegram_errors import RefusedError
from tests.e2e.telegram_params import Json, Params, audience, checked_commands

_LIMITS = {"name": 64, "description": 512, "short_description": 120}


class Profile:
    """What people get to see of a bot before it writes.

    Attributes:
        methods: the calls that read it and change it, by name.
    """

    def __init__(self, token: str) -> None:
        self._number = int(re.sub(r"\D.*", "", token) or 1)
        self._texts: dict[tuple[str, str], str] = {}
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self.methods: dict[str, Callable[[Params], Any]] = {
            "getMe": lambda _: self.me(),
            "setMyCommands": self._set_commands,
            "deleteMyCommands": lambda params: self._set_commands({**params, "commands": []}),
            "getMyCommands": lambda params: self._commands.get(audience(params), []),
        }
        for kind in _LIMITS:
            name = kind.title().replace("_", "")
            self.methods[f"setMy{name}"] = partial(self._set_text, kind)
            self.methods[f"getMy{name}"] = partial(self._get_text, kind)

    def me(self) -> Json:
        """The bot as a user."""
        name = self._texts.get(("name", ""), "Career bot")
        return {"id": self._number, "is_bot": True, "first_name": name, "username": "career_test_bot"}

    def _set_commands(self, params: Params) -> bool:
        self._commands[audience(params)] = checked_commands(params.get("commands", []))
        return True

    def _set_text(self, kind: str, params: Params) -> bool:
        text = params.get(kind, "")
        if kind == "name" and not 0 < len(text) <= _LIMITS[kind]:
            raise RefusedError("BOT_TITLE_INVALID")
        if len(text) > _LIMITS[kind]:
            raise RefusedError(f"{kind.replace('_', ' ')} is too long")
        self._texts[kind, params.get("language_code", "")] = text
        return True

    def _get_text(self, kind: str, params: Params) -> Json:
        default = self.me()["first_name"] if kind == "name" else self._texts.get((kind, ""), "")
        return {kind: self._texts.get((kind, params.get("language_code", ""))) or default}
