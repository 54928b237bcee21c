"""Every kind of update gets its due: edits, what cannot be read, what asks nothing."""

from pathlib import Path
from typing import Any

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.program import query
from tests.e2e.talking import AGILE, PAID, ask, push
from tests.e2e.workers import nothing_waits

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_edited_question_changes_its_answer(live: BotApi, chat: int) -> None:
    answer = await ask(live, chat, "junior skills")
    asked = live.updates[max(live.updates)]["message"]["message_id"]
    live.edit(chat, asked, "senior skills")
    after = (await live.sent(chat))[0]
    assert (after.method, after.message_id) == ("editMessageText", answer.message_id)
    assert "Mentoring" in after.text


async def edited(live: BotApi, chat: int, asked: int, text: str) -> str:
    live.edit(chat, asked, text)
    return (await live.sent(chat))[0].text


async def test_an_edit_is_the_same_question_and_none_after_it(live: BotApi, chat: int) -> None:
    await ask(live, chat, "what does agile pay")
    answer = await ask(live, chat, "and its skills?")
    asked = live.updates[max(live.updates)]["message"]["message_id"]
    assert (await edited(live, chat, asked, "and infrastructure?")).startswith(
        "IT Infrastructure Project Management: $85"
    )
    assert await edited(live, chat, asked, "and the skills?") == answer.text


async def test_an_edit_of_an_older_question_leaves_the_conversation_alone(live: BotApi, chat: int) -> None:
    await ask(live, chat, "junior skills")
    asked = live.updates[max(live.updates)]["message"]["message_id"]
    await ask(live, chat, "what does agile pay")
    assert "Mentoring" in await edited(live, chat, asked, "senior skills")
    assert (await ask(live, chat, "and infrastructure?")).text.startswith("IT Infrastructure Project Management: $85")


@pytest.mark.parametrize("content", ["voice", "sticker", "location", "contact", "document", "video", "poll"])
async def test_what_cannot_be_read_gets_one_line(live: BotApi, chat: int, content: str, wording: Wording) -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    contents: dict[str, Any] = {
        "voice": file | {"duration": 1},
        "sticker": file | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"},
        "location": {"latitude": 1.0, "longitude": 1.0},
        "contact": {"phone_number": "1", "first_name": "Ada"},
        "document": file,
        "poll": {
            "id": "1",
            "question": "Agile?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
        },
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


async def test_a_forwarded_question_is_answered(live: BotApi, chat: int) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Grace"}
    push(live, chat, {"text": "infra pm pay??", "forward_origin": origin})
    assert PAID in (await live.sent(chat))[0].text


async def test_a_question_that_quotes_another_message_is_answered_by_its_own_words(live: BotApi, chat: int) -> None:
    answer = await ask(live, chat, "levels")
    private = {"id": chat, "type": "private", "first_name": "Ada"}
    quoted = {"message_id": answer.message_id, "date": 1, "chat": private, "text": answer.text}
    quote = {"text": "Senior IT Project Manager", "position": 0, "is_manual": True}
    push(live, chat, {"text": "infra pm pay??", "reply_to_message": quoted, "quote": quote})
    assert PAID in (await live.sent(chat))[0].text


async def test_a_caption_is_read_as_a_question(live: BotApi, chat: int) -> None:
    photo = [{"file_id": "photo", "file_unique_id": "photo", "width": 1, "height": 1}]
    push(live, chat, {"photo": photo, "caption": "infra pm pay??"})
    assert PAID in (await live.sent(chat))[0].text


def membership(api: BotApi, chat: int, before: str, after: str) -> None:
    """Block the bot (kicked), or unblock it (member)."""
    person = {"id": chat, "is_bot": False, "first_name": "Ada"}
    me = {"id": 123456, "is_bot": True, "first_name": "Career bot"}
    status = {"member": {"status": "member", "user": me}, "kicked": {"status": "kicked", "user": me, "until_date": 0}}
    head = {"chat": person | {"type": "private"}, "from": person, "date": 2_000_000_000}
    api.push({"my_chat_member": head | {"old_chat_member": status[before], "new_chat_member": status[after]}})


async def test_who_blocks_the_bot_and_comes_back_is_remembered(live: BotApi, live_folder: Path, chat: int) -> None:
    async def blocked() -> list[int]:
        await nothing_waits(live)
        return [row["blocked"] for row in query(live_folder, "SELECT blocked FROM chats ORDER BY seen_at DESC LIMIT 1")]

    assert PAID in (await ask(live, chat, "infra pm pay??")).text
    membership(live, chat, "member", "kicked")
    assert await blocked() == [1]
    membership(live, chat, "kicked", "member")
    assert await blocked() == [0]
    assert AGILE in (await ask(live, chat, "and agile?")).text
