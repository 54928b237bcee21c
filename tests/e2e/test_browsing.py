"""Commands, pages to browse, votes, links, groups, inline mode, edits: what people do in Telegram besides asking."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import Advisor, load_knowledge
from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import running_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT = "123456:bot-under-test"
NAME = "career_test_bot"
ADMIN = 77
PAID = "$85,000 - $130,000"
NUMBERS = itertools.count(5000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotApi]:
    """Telegram with one bot that all tests share, without brakes, and with an operator."""
    settings = {"SEND_RATE": "0", "CHAT_RATE": "0", "ADMIN_CHAT_IDS": str(ADMIN)}
    async with BotApi(BOT) as api, running_bot(api, tmp_path_factory.mktemp("live"), **settings):
        yield api


@pytest.fixture
def chat() -> int:
    return next(NUMBERS)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(load_knowledge())


@pytest.fixture(scope="module")
def wording(advisor: Advisor) -> Wording:
    return advisor.knowledge.wording


async def ask(api: BotApi, chat: int, text: str, **person: Any) -> SentMessage:
    api.say(chat, text, **person)
    return (await api.sent(chat))[0]


async def press(api: BotApi, chat: int, message: SentMessage, label: str) -> SentMessage:
    """Press a button by its label and wait for what comes of it."""
    api.press(chat, message.message_id, dict(flat(message))[label])
    return (await api.sent(chat))[0]


def flat(message: SentMessage) -> list[tuple[str, str]]:
    return [button for row in message.buttons for button in row]


def pressable(message: SentMessage) -> list[tuple[str, str]]:
    return [(label, data) for label, data in flat(message) if not data.startswith("https://")]


# Commands and pages.


async def test_the_profile_is_told_to_telegram_once(live: BotApi, wording: Wording, chat: int) -> None:
    await ask(live, chat, "hi")
    told = {name: next(iter(params.values())) for name, params in live.calls if name.startswith("setMy")}
    assert told["setMyName"] == wording.profile["name"]
    assert told["setMyShortDescription"] == wording.profile["short"]
    assert told["setMyDescription"] == wording.profile["long"]


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


async def test_every_button_within_reach_leads_on(live: BotApi, chat: int, wording: Wording) -> None:
    start = await ask(live, chat, "/start")
    waiting = [(start.message_id, label, data) for label, data in pressable(start)]
    seen: set[str] = set()
    while waiting:
        message_id, label, data = waiting.pop(0)
        # A reason for a vote names the message that was voted on: all of one kind are one button.
        key = data.rstrip("0123456789")
        if key in seen or len(seen) > 400:
            continue
        seen.add(key)
        live.press(chat, message_id, data)
        reached = (await live.sent(chat))[0]
        assert len(label) <= 25, label
        assert len(data.encode()) <= 64, data
        assert reached.text not in (wording.stale_button, wording.failed), data
        if reached.method != "editMessageReplyMarkup":
            assert flat(reached), f"{label} is a dead end"
        waiting += [(reached.message_id, *button) for button in pressable(reached)]
    assert len(seen) > 60


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


# Votes.


async def test_a_good_vote_takes_the_votes_away(live: BotApi, chat: int, wording: Wording) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    after = await press(live, chat, answer, wording.feedback["good"])
    assert after.method == "editMessageReplyMarkup"
    assert wording.feedback["good"] not in dict(flat(after))
    assert live.answered[-1]["text"] == wording.feedback["thanks"]


async def test_a_bad_vote_asks_what_was_wrong_and_can_be_pressed_twice(
    live: BotApi, chat: int, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    for _ in range(2):
        live.press(chat, answer.message_id, dict(flat(answer))[wording.feedback["bad"]])
    came = await live.sent(chat, 3)
    asked = next(message for message in came if message.text == wording.feedback["what"])
    assert [label for label, _ in flat(asked)] == list(wording.feedback_reasons.values())
    noted = await press(live, chat, asked, wording.feedback_reasons["thin"])
    assert noted.text == wording.feedback["noted"]


@pytest.mark.parametrize("data", ["good:", "reason:nothing:1", "reason:thin:x", "reason:", "bad"])
async def test_a_forged_vote_does_no_harm(live: BotApi, chat: int, data: str) -> None:
    await ask(live, chat, "hi")
    live.press(chat, 999_999, data)
    assert PAID in (await ask_last(live, chat, "infra pm pay??")).text


async def ask_last(api: BotApi, chat: int, text: str) -> SentMessage:
    """Ask, and skip what comes of what was done before."""
    api.say(chat, text)
    while PAID not in (answer := (await api.sent(chat))[0]).text:
        pass
    return answer


# Edits, and what cannot be read.


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


def push(api: BotApi, chat: int, content: dict[str, Any], **head: Any) -> None:
    """Deliver a message of any content from a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    message = {"message_id": next(NUMBERS), "date": 2_000_000_000, "from": person, "chat": person | {"type": "private"}}
    api.push({"message": message | head | content})


async def test_a_person_whose_telegram_speaks_another_language_is_told_once(
    live: BotApi, chat: int, wording: Wording
) -> None:
    first = await ask(live, chat, "infra pm pay??", language_code="de")
    second = await ask(live, chat, "and agile?", language_code="de")
    assert first.text.endswith(wording.language)
    assert wording.language not in second.text


# Groups.


def group_message(api: BotApi, text: str, *, person: int = 5, group: int = -900, **more: Any) -> int:
    """Write into a group and return the message's number; a mention or a command is marked as Telegram does it."""
    number = next(NUMBERS)
    entities = []
    if text.startswith("/"):
        entities.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
    if f"@{NAME}" in text and not text.startswith("/"):
        entities.append({"type": "mention", "offset": text.index("@"), "length": len(NAME) + 1})
    api.push(
        {
            "message": {
                "message_id": number,
                "date": 2_000_000_000,
                "from": {"id": person, "is_bot": False, "first_name": "Ada"},
                "chat": {"id": group, "type": "supergroup", "title": "PMs"},
                "text": text,
                "entities": entities,
            }
            | more
        }
    )
    return number


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
    assert "$80,000 - $120,000" in (await live.sent(group))[0].text


async def test_each_person_in_a_group_has_a_conversation_of_their_own(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group, person=5)
    await live.sent(group)
    group_message(live, f"@{NAME} and agile?", group=group, person=6)
    assert "$80,000 - $120,000" not in (await live.sent(group))[0].text
    group_message(live, f"@{NAME} and agile?", group=group, person=5)
    assert "$80,000 - $120,000" in (await live.sent(group))[0].text


# Inline mode.


async def test_inline_mode_offers_answers_as_cards(live: BotApi) -> None:
    query = live.type_inline(next(NUMBERS), "agile pay")
    answered, cards = await live.cards()
    assert answered == query
    assert "$80,000 - $120,000" in cards[0]["text"]
    assert 1 < len(cards) <= 5
    link = cards[0]["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link == f"https://t.me/{NAME}?start=track-agile-salary"


@pytest.mark.parametrize("typed", ["", "   ", "the weather in Paris", "x" * 256, "<b>"])
async def test_inline_mode_always_offers_something(live: BotApi, typed: str) -> None:
    live.type_inline(next(NUMBERS), typed)
    assert 1 <= len((await live.cards())[1]) <= 5


# Operators.


async def test_an_operator_is_told_why_and_how_it_goes(live: BotApi) -> None:
    await ask(live, ADMIN, "senoir pm skils")
    why = await ask(live, ADMIN, "/why")
    assert "senoir -> senior" in why.text
    assert "decision: answer" in why.text
    stats = await ask(live, ADMIN, "/stats")
    assert "The last 7 days" in stats.text
    assert "level.senior.skills" in stats.text


async def test_an_operator_can_have_the_knowledge_read_anew(live: BotApi, wording: Wording) -> None:
    live.say(ADMIN, "/reload")
    assert [m.text for m in await live.sent(ADMIN, 2, timeout=60)] == [
        wording.admin["reloading"],
        wording.admin["reloaded"],
    ]


@pytest.mark.parametrize("command", ["/why", "/stats", "/reload"])
async def test_others_cannot_have_what_operators_have(live: BotApi, chat: int, command: str, wording: Wording) -> None:
    text = (await ask(live, chat, command)).text
    assert text not in wording.admin.values()
    assert "The last 7 days" not in text
