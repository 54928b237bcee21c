"""Every kind of update gets its due: edits, what cannot be read, what asks nothing."""

from typing import Any

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.talking import PAID, ask, push

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_edited_question_changes_its_answer(live: BotApi, chat: int) -> None:
    answer = await ask(live, chat, "junior skills")
    asked = live.updates[max(live.updates)]["message"]["message_id"]
    live.edit(chat, asked, "senior skills")
    after = (await live.sent(chat))[0]
    assert (after.method, after.message_id) == ("editMessageText", answer.message_id)
    assert "Mentoring" in after.text


@pytest.mark.parametrize("content", ["voice", "sticker", "location", "contact", "document", "video"])
async def test_what_cannot_be_read_gets_one_line(live: BotApi, chat: int, content: str, wording: Wording) -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    contents: dict[str, Any] = {
        "voice": file | {"duration": 1},
        "sticker": file | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"},
        "location": {"latitude": 1.0, "longitude": 1.0},
        "contact": {"phone_number": "1", "first_name": "Ada"},
        "document": file,
        "video": file | {"width": 1, "height": 1, "duration": 1},
    }
    push(live, chat, {content: contents[content]})
    assert (await live.sent(chat))[0].text == wording.unreadable


@pytest.mark.parametrize(
    "content", [{"pinned_message": {}}, {"new_chat_title": "x"}, {"channel": "post"}], ids=["pinned", "title", "post"]
)
async def test_what_asks_nothing_gets_no_answer(live: BotApi, chat: int, content: dict[str, Any]) -> None:
    if "channel" in content:
        live.push({"channel_post": {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "channel"}, "text": "hi"}})
    else:
        push(live, chat, content)
    assert PAID in (await ask(live, chat, "infra pm pay??")).text


async def test_a_person_whose_telegram_speaks_another_language_is_told_once(
    live: BotApi, chat: int, wording: Wording
) -> None:
    first = await ask(live, chat, "infra pm pay??", language_code="de")
    second = await ask(live, chat, "and agile?", language_code="de")
    assert first.text.endswith(wording.language)
    assert wording.language not in second.text
