"""The conversation in Telegram that the README shows is what really happens."""

import re
from pathlib import Path

import pytest

from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.talking import ask, press

pytestmark = pytest.mark.asyncio(loop_scope="module")

README = Path(__file__).parents[2] / "README.md"
HOW = {
    "sendMessage": "bot>",
    "sendPhoto": "bot> (picture)",
    "editMessageText": "bot, in place>",
    "editMessageReplyMarkup": "bot, other buttons>",
}
"""How the transcript begins what comes of what was typed or pressed."""


def shown(message: SentMessage) -> str:
    """A message as the transcript shows it."""
    buttons = "".join("\n" + " ".join(f"[{label}]" for label, _ in row) for row in message.buttons)
    lines = f"{HOW[message.method]} {message.text}{buttons}".split("\n")
    return "\n".join(line and f"     {line}" for line in lines)[5:]


async def test_the_conversation_in_the_readme_is_what_happens_in_telegram(live: BotApi, chat: int) -> None:
    (transcript,) = re.findall(r"```chat\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    happened, message = "", None
    for typed in re.findall(r"^you> (.*)$", transcript, re.MULTILINE):
        button = re.fullmatch(r"\[(.*)\]", typed)
        message = await press(live, chat, message, button[1]) if button and message else await ask(live, chat, typed)
        happened += f"you> {typed}\n{shown(message)}\n"
    assert happened == transcript
