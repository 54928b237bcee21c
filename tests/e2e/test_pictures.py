"""Pictures in Telegram: uploaded once, then sent by the id under which Telegram keeps them; and without the extra."""

import sys
from pathlib import Path

import pytest

from bot import Advisor
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import polling_bot, query, running_bot
from tests.e2e.talking import ADMIN, BOT, ask, flat

pytestmark = pytest.mark.asyncio(loop_scope="module")

_UNINSTALLED = "import sys; sys.modules['matplotlib'] = None; from bot.cli import main; main()"
WITHOUT_CHARTS = (sys.executable, "-c", _UNINSTALLED)
"""The program where the extra is not installed."""


def uploaded(message: SentMessage) -> bool:
    """Whether a picture came as bytes, and not as an id."""
    assert message.method == "sendPhoto"
    assert message.file
    return message.file.size > 0


@pytest.mark.parametrize("command", ["/salary", "/path"])
async def test_a_picture_is_uploaded_once_and_then_sent_by_its_id_in_every_chat(
    live: BotApi, chat: int, command: str, advisor: Advisor
) -> None:
    first = await ask(live, chat, command)
    again = await ask(live, chat + 10_000, command)
    assert [uploaded(first), uploaded(again)] == [True, False]
    assert first.file
    assert first.file.content.startswith(b"\x89PNG")
    assert first.text == again.text
    career = advisor.knowledge.career
    facts = [track.salary for track in career.tracks] if command == "/salary" else [lev.years for lev in career.levels]
    assert [fact for fact in facts if fact not in first.text] == []
    assert flat(first) == flat(again) != []


async def test_the_id_of_a_picture_outlives_the_bot(tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        for new in (True, False):
            async with running_bot(api, tmp_path):
                assert uploaded(await ask(api, 1, "/salary")) is new


async def test_a_picture_that_telegram_has_lost_is_uploaded_again(live: BotApi, chat: int) -> None:
    await ask(live, chat, "/salary")
    lost = '{"ok": false, "error_code": 400, "description": "Bad Request: wrong file identifier/HTTP URL specified"}'
    live.fail_next("sendPhoto", status=400, body=lost)
    assert uploaded(await ask(live, chat, "/salary"))
    assert not uploaded(await ask(live, chat, "/salary"))


@pytest.mark.parametrize("command", ["/salary", "/path"])
async def test_a_chat_that_takes_no_picture_holds_up_nobody_else(tmp_path: Path, command: str) -> None:
    async with BotApi(BOT) as api, running_bot(api, tmp_path):
        api.fail_next("sendPhoto", retry_after=60, chat_id=1)
        api.say(1, command)
        await api.wait_for_call("sendPhoto")
        for other in (2, 3):
            api.say(other, command)
            (picture,) = await api.sent(other, timeout=10)
            assert uploaded(picture) is (other == 2)


async def test_without_the_extra_the_text_alone_is_sent(tmp_path: Path, advisor: Advisor) -> None:
    async with (
        BotApi(BOT) as api,
        polling_bot(api, tmp_path, program=WITHOUT_CHARTS, ADMIN_CHAT_IDS=str(ADMIN)) as bot,
    ):
        for command, topic in (("/salary", "salary"), ("/path", "path")):
            answer, written = advisor.answer(topic), await ask(api, 1, command)
            assert answer
            assert (written.method, written.text) == ("sendMessage", answer[0].text)
        assert (await ask(api, ADMIN, "/stats")).method == "sendMessage"
        assert await bot.end() == 0, bot.output


async def test_statistics_are_a_picture_with_the_figures_below(live: BotApi, live_folder: Path, chat: int) -> None:
    for question in ("infra pm pay??", "and agile?", "how much is the pmp exam", "asdf qwer zxcv"):
        answer = await ask(live, chat, question)
    live.press(chat, answer.message_id, "t:path")
    await live.sent(chat)
    live.press(chat, answer.message_id, "bad:salary")
    await live.sent(chat)
    before = query(live_folder, "SELECT count(*) AS people FROM chats")[0]["people"]
    stats = await ask(live, ADMIN, "/stats")
    assert uploaded(stats)
    week, month = stats.text.split("\n\n")
    assert week.partition("\n")[2] == month.partition("\n")[2]
    assert f"People: {before}\n" in week
    assert "Questions: 4, of which answered 50%, asked back 0%, not known 50%" in week
    assert "Not helpful: 1 (Not what I asked 0, It is not right 0, It says too little 0)" in week
    assert "Questions passed on: 0" in week
    assert "The career ladder" in week.rpartition("Most asked for: ")[2]


async def test_what_was_chosen_by_buttons_and_commands_is_counted_apart(live: BotApi, chat: int) -> None:
    def chosen(text: str) -> int:
        return int(text.partition("Buttons and commands: ")[2].partition("\n")[0])

    before = chosen((await ask(live, ADMIN, "/stats")).text)
    start = await ask(live, chat, "/start")
    await ask(live, chat, "/salary")
    live.press(chat, start.message_id, "t:path")
    await live.sent(chat)
    await ask(live, chat, "what does agile pay?")
    assert chosen((await ask(live, ADMIN, "/stats")).text) == before + 3
