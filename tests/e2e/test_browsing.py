"""Commands, pages to browse, and links: what people do in Telegram besides asking."""

from pathlib import Path

import pytest

from bot import Advisor
from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.program import running_bot
from tests.e2e.talking import BOT, NAME, PAID, ask, flat, press, pressable

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_profile_is_told_to_telegram_once(live: BotApi, wording: Wording, chat: int) -> None:
    await ask(live, chat, "hi")
    told = {name: next(iter(params.values())) for name, params in live.calls if name.startswith("setMy")}
    assert told["setMyName"] == wording.profile.name
    assert told["setMyShortDescription"] == wording.profile.short
    assert told["setMyDescription"] == wording.profile.long


async def test_what_telegram_knows_already_is_not_set_again(tmp_path: Path) -> None:
    async with BotApi(BOT) as api:
        async with running_bot(api, tmp_path):
            await ask(api, 1, "hi")
        set_before = [name for name, _ in api.calls if name.startswith("setMy")]
        async with running_bot(api, tmp_path):
            await ask(api, 1, "hi")
        assert [name for name, _ in api.calls if name.startswith("setMy")] == set_before != []


@pytest.mark.parametrize(
    "command", ["/path", "/salary", "/skills", "/advance", "/plan", "/help", "/privacy", "/cancel"]
)
async def test_every_command_of_the_menu_is_answered(live: BotApi, chat: int, command: str, wording: Wording) -> None:
    assert command[1:] in wording.commands
    answer = await ask(live, chat, command)
    assert answer.text not in (wording.failed, wording.stale_button)


async def test_pages_turn_in_place_and_lead_back(live: BotApi, chat: int) -> None:
    start = await ask(live, chat, "/start")
    home = await press(live, chat, start, "Browse by buttons")
    path = await press(live, chat, await press(live, chat, home, "What the job is"), "The career ladder")
    senior = await press(live, chat, path, "Senior: the work")
    skills = await press(live, chat, senior, "Senior: skills")
    assert {m.message_id for m in (home, path, senior, skills)} == {start.message_id}
    assert {m.method for m in (home, path, senior, skills)} == {"editMessageText"}
    assert "Mentoring" in skills.text
    assert (await press(live, chat, skills, "Back")).text == senior.text
    live.press(chat, start.message_id, dict(flat(senior))["Home"])
    assert (await live.sent(chat))[0].text == home.text


async def test_a_page_whose_message_is_gone_is_sent_anew(live: BotApi, chat: int) -> None:
    live.press(chat, 999_999, "t:menu.path")
    assert (await live.sent(chat))[0].method == "sendMessage"


@pytest.mark.parametrize("planning", [False, True], ids=["browsing", "with a plan"])
async def test_every_button_within_reach_leads_on(live: BotApi, chat: int, wording: Wording, planning: bool) -> None:
    start, answered = await ask(live, chat, "/start"), len(live.answered)
    waiting = [(start, label, data) for label, data in pressable(start)]
    seen: set[str] = set()
    while waiting:
        message, label, data = waiting.pop(0)
        # What says to a vote what was wrong names the message that was voted on: all of one kind are one button.
        key = data.rstrip("0123456789")
        # A plan that is open changes all answers after it.
        if key in seen or (not planning and data.startswith("t:plan")):
            continue
        seen.add(key)
        live.press(chat, message.message_id, data)
        reached = (await live.sent(chat))[0]
        assert len(label) <= 25, label
        assert len(data.encode()) <= 64, data
        assert reached.text not in (wording.stale_button, wording.failed), data
        if reached.method != "editMessageReplyMarkup":
            assert flat(reached), f"{label} is a dead end"
        waiting += [(reached, *button) for button in pressable(reached)]
        # Votes are about a message, and "back" about a page: the words alone say nothing of which.
        if not planning and data.startswith("t:") and label != wording.navigation.back:
            typed = await ask(live, chat, label)
            assert reached.text in typed.text, label
    assert len(seen) > 60
    assert len(live.answered) == answered + len(seen)


async def test_a_label_typed_by_hand_answers_the_same(live: BotApi, chat: int, advisor: Advisor) -> None:
    await ask(live, chat, "what does a senior do")
    for topic in advisor.topics():
        if topic not in advisor.knowledge.wording.smalltalk:
            typed = await ask(live, chat, advisor.writer.label(topic))
            answer = advisor.answer(topic)
            assert answer
            assert typed.text == answer[0].text or typed.text.endswith(answer[0].text), topic


# Links.


async def test_a_link_opens_its_topic(live: BotApi, chat: int) -> None:
    assert PAID in (await ask(live, chat, "/start track-infrastructure-salary")).text


@pytest.mark.parametrize("carried", ["nothing", "track-gardening-salary", "plan-", "x" * 64, "t-t-t"])
async def test_a_link_to_nothing_opens_the_start(live: BotApi, chat: int, carried: str, wording: Wording) -> None:
    assert (await ask(live, chat, f"/start {carried}")).text == wording.start


async def test_share_carries_a_link_to_the_answer(live: BotApi, chat: int) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    link = dict(flat(answer))["Share"]
    assert link.startswith("https://t.me/share/url?url=")
    assert f"{NAME}%3Fstart%3Dtrack-infrastructure-salary" in link


@pytest.mark.parametrize("typed", ["/settings", "/stats", "/reload", "/developer_info", "/x"])
async def test_an_unknown_command_gets_one_line_and_a_way_on(
    live: BotApi, chat: int, typed: str, wording: Wording
) -> None:
    answer = await ask(live, chat, typed)
    assert answer.text == wording.unknown_command
    assert flat(answer)


async def test_a_question_that_looks_like_a_command_is_answered(live: BotApi, chat: int) -> None:
    assert PAID in (await ask(live, chat, "/infra_pay")).text


async def test_a_link_and_a_picture_leave_an_open_plan_open(live: BotApi, chat: int, wording: Wording) -> None:
    await ask(live, chat, "/plan")
    await ask(live, chat, "4")
    opened = await ask(live, chat, "/start track-infrastructure-salary")
    assert PAID in opened.text
    assert wording.plan.talk.ask_goal in opened.text
    page = await ask(live, chat, "/salary")
    assert (page.method, wording.plan.talk.ask_goal in page.text) == ("sendMessage", True)
    assert "You have: none yet." in (await ask(live, chat, "agile")).text
