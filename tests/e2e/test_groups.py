"""Groups, where the bot speaks only when it is spoken to."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import Advisor
from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import query, running_bot
from tests.e2e.talking import ADMIN, AGILE, BOT, NAME, NUMBERS, PAID, ask, group_message
from tests.e2e.workers import nothing_waits

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered_as_a_reply(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, "what does infra pay?", group=group)
    group_message(live, "/salary@another_bot", group=group)
    number = group_message(live, f"@{NAME} infra pm pay??", group=group)
    answer = (await live.sent(group))[0]
    assert PAID in answer.text
    assert answer.reply_to == number
    commanded = group_message(live, f"/salary@{NAME}", group=group)
    assert (await live.sent(group))[0].reply_to == commanded


async def test_a_reply_to_the_bot_is_meant_for_it(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group)
    answer = (await live.sent(group))[0]
    me = {"id": 123456, "is_bot": True, "first_name": "Career bot", "username": NAME}
    replied = {"message_id": answer.message_id, "date": 1, "chat": {"id": group, "type": "supergroup"}, "from": me}
    group_message(live, "and agile?", group=group, reply_to_message=replied)
    assert AGILE in (await live.sent(group))[0].text


async def test_each_person_in_a_group_has_a_conversation_of_their_own(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group, person=5)
    await live.sent(group)
    group_message(live, f"@{NAME} and agile?", group=group, person=6)
    assert AGILE not in (await live.sent(group))[0].text
    group_message(live, f"@{NAME} and agile?", group=group, person=5)
    assert AGILE in (await live.sent(group))[0].text


async def test_in_a_forum_the_answer_stands_in_the_topic_of_its_question(live: BotApi) -> None:
    group = -next(NUMBERS)
    for topic in (42, 43):
        number = group_message(
            live, f"@{NAME} infra pm pay??", group=group, message_thread_id=topic, is_topic_message=True
        )
        answer = (await live.sent(group))[0]
        assert answer.reply_to == number
        sent = next(params for name, params in reversed(live.calls) if name == "sendMessage")
        assert str(sent["message_thread_id"]) == str(topic)


async def test_a_reply_in_a_group_that_is_no_forum_stands_in_no_topic(live: BotApi) -> None:
    """Telegram numbers the threads of replies as well, and refuses them as topics."""
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group, message_thread_id=44)
    await live.sent(group)
    sent = next(params for name, params in reversed(live.calls) if name == "sendMessage")
    assert "message_thread_id" not in sent


async def test_a_group_that_talks_without_the_bot_hears_nothing_from_it(live: BotApi) -> None:
    group = -next(NUMBERS)
    for _ in range(50):
        group_message(live, "what does infra pay?", group=group)
    asked = group_message(live, f"@{NAME} infra pm pay??", group=group)
    assert [answer.reply_to for answer in await live.sent(group)] == [asked]
    await nothing_waits(live)
    with pytest.raises(TimeoutError):
        await live.sent(group, timeout=0)


async def test_a_group_that_asks_too_much_is_answered_within_telegrams_limit_and_holds_up_nobody(
    tmp_path: Path, full_length: bool
) -> None:
    async with BotApi(BOT, flood_limits=True) as api, running_bot(api, tmp_path) as bot:
        group, everybody = -next(NUMBERS), range(100, 124 if full_length else 107)
        asked = [group_message(api, f"@{NAME} infra pm pay??", group=group, person=person) for person in everybody]
        assert (await api.sent(group, timeout=1))[0].reply_to == asked[0]
        assert PAID in (await ask(api, 1, "infra pm pay??")).text
        answered = await api.sent(group, len(asked) - 1, timeout=4.5 * len(asked))
        assert [answer.reply_to for answer in answered] == asked[1:]
        # Telegram never had to ask for patience.
        assert "trying again" not in bot.output


def group_press(api: BotApi, group: int, person: int, message: SentMessage, data: str, **more: Any) -> None:
    """Press a button of a message in a group."""
    chat = {"id": group, "type": "supergroup", "title": "PMs"}
    me = {"id": 123456, "is_bot": True, "first_name": "Career bot", "username": NAME}
    shown = {"message_id": message.message_id, "date": 2_000_000_000, "chat": chat, "from": me, "text": message.text}
    presser = {"id": person, "is_bot": False, "first_name": "Grace"}
    query = {"id": str(next(NUMBERS)), "from": presser, "chat_instance": "1", "data": data, "message": shown | more}
    api.push({"callback_query": query})


async def test_a_press_in_a_forum_is_answered_in_its_topic_below_the_button(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group, message_thread_id=42, is_topic_message=True)
    answer = (await live.sent(group))[0]
    group_press(live, group, 5, answer, "t:track.agile.salary", message_thread_id=42, is_topic_message=True)
    pressed = (await live.sent(group))[0]
    assert AGILE in pressed.text
    assert pressed.reply_to == answer.message_id
    sent = next(params for name, params in reversed(live.calls) if name == "sendMessage")
    assert str(sent["message_thread_id"]) == "42"


async def test_a_question_in_a_group_is_passed_on_by_its_writer_only(
    live: BotApi, live_folder: Path, wording: Wording
) -> None:
    group = -next(NUMBERS)
    question = f"@{NAME} how much is the exam of group {group}"
    number = group_message(live, question, group=group, person=5)
    answer = (await live.sent(group))[0]
    asked = {
        "message_id": number,
        "date": 2_000_000_000,
        "chat": {"id": group, "type": "supergroup", "title": "PMs"},
        "from": {"id": 5, "is_bot": False, "first_name": "Ada"},
        "text": question,
    }
    passed_on = "SELECT question FROM questions WHERE question = ?"
    group_press(live, group, 6, answer, "pass-on", reply_to_message=asked)
    await nothing_waits(live)
    assert live.answered[-1]["text"] == wording.pass_on_writer
    assert query(live_folder, passed_on, question) == []
    group_press(live, group, 5, answer, "pass-on", reply_to_message=asked)
    assert (await live.sent(group))[0].text == wording.passed_on
    assert len(query(live_folder, passed_on, question)) == 1


async def test_a_group_that_takes_no_pictures_gets_the_text(live: BotApi, advisor: Advisor) -> None:
    group = -next(NUMBERS)
    refused = '{"ok": false, "description": "Bad Request: not enough rights to send photos to the chat"}'
    live.fail_next("sendPhoto", times=2, status=400, body=refused)
    group_message(live, f"/salary@{NAME}", group=group)
    answer = advisor.answer("salary")
    assert answer
    assert (await live.sent(group))[0].text == answer[0].text
    live.fail_next("sendPhoto", status=400, body=refused)
    assert "The last 7 days" in (await ask(live, ADMIN, "/stats")).text


async def test_nothing_is_kept_of_people_in_a_group_who_do_not_talk_to_the_bot(live: BotApi, live_folder: Path) -> None:
    await nothing_waits(live)
    group, before = -next(NUMBERS), len(query(live_folder, "SELECT * FROM chats"))
    group_message(live, f"@{NAME} infra pm pay??", group=group, person=5)
    for person in range(90_000, 90_050):
        group_message(live, "lunch?", group=group, person=person)
    await live.sent(group)
    group_message(live, f"/forget@{NAME}", group=group, person=5)
    group_message(live, "lunch?", group=group, person=5)
    await live.sent(group)
    await nothing_waits(live)
    assert len(query(live_folder, "SELECT * FROM chats")) == before


async def test_in_a_group_nobody_is_shown_what_is_kept_of_somebody(live: BotApi, wording: Wording) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group)
    group_message(live, f"/mydata@{NAME}", group=group)
    said = (await live.sent(group, 2))[1]
    assert (said.method, said.text) == ("sendMessage", wording.my_data_in_group)


async def test_forget_in_private_covers_groups_and_in_a_group_that_group(live: BotApi, wording: Wording) -> None:
    person, groups = next(NUMBERS), (-next(NUMBERS), -next(NUMBERS))
    for group in groups:
        group_message(live, f"@{NAME} infra pm pay??", group=group, person=person)
        await live.sent(group)
    group_message(live, f"/forget@{NAME}", group=groups[0], person=person)
    assert (await live.sent(groups[0]))[0].text == wording.forgotten_in_group
    sent = await ask(live, person, "/mydata")
    assert sent.file
    assert len(json.loads(sent.file.content)["chats"]) == 1
    assert (await ask(live, person, "/forget")).text == wording.forgotten
    for group in groups:
        group_message(live, f"@{NAME} and agile?", group=group, person=person)
        assert AGILE not in (await live.sent(group))[0].text
