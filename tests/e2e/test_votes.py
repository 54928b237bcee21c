"""Votes on answers."""

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.talking import PAID, ask, flat, press

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
