"""Votes on answers."""

from pathlib import Path
from typing import Any

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import query
from tests.e2e.talking import PAID, ask, flat, press
from tests.e2e.workers import nothing_waits

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def disliked(api: BotApi, answer: SentMessage, wording: Wording, *, times: int = 1) -> SentMessage:
    """Vote an answer down, so many times, and return what then is asked for."""
    for _ in range(times):
        api.press(answer.chat_id, answer.message_id, dict(flat(answer))[wording.feedback.bad])
    came = await api.sent(answer.chat_id, times + 1)
    return next(message for message in came if message.text == wording.feedback.what)


async def test_a_good_vote_takes_the_votes_away(live: BotApi, chat: int, wording: Wording) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    after = await press(live, chat, answer, wording.feedback.good)
    assert after.method == "editMessageReplyMarkup"
    votes = [wording.feedback.good, wording.feedback.bad]
    assert [label for label, _ in flat(after)] == [label for label, _ in flat(answer) if label not in votes]
    assert live.answered[-1]["text"] == wording.feedback.thanks


async def test_a_bad_vote_asks_what_was_wrong_and_can_be_pressed_twice(
    live: BotApi, chat: int, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    asked = await disliked(live, answer, wording, times=2)
    assert [label for label, _ in flat(asked)] == [
        *wording.feedback_reasons.values(),
        wording.feedback.good_after_all,
    ]
    noted = await press(live, chat, asked, wording.feedback_reasons["thin"])
    assert noted.text == wording.feedback.noted


@pytest.mark.parametrize("data", ["good:", "reason:nothing:1", "reason:thin:x", "reason:", "bad", "right:", "right:x"])
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


def votes(folder: Path) -> list[dict[str, Any]]:
    """The votes that are kept, without whose they are and of when."""
    return query(folder, "SELECT message_id, topics, good, reason FROM votes ORDER BY at")


async def test_a_vote_is_kept_once_with_its_topic_and_its_reason(
    live: BotApi, live_folder: Path, chat: int, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    asked = await disliked(live, answer, wording, times=2)
    await press(live, chat, asked, wording.feedback_reasons["thin"])
    (kept,) = [vote for vote in votes(live_folder) if vote["message_id"] == answer.message_id]
    assert (kept["topics"], kept["good"], kept["reason"]) == ("track.infrastructure.salary", 0, "thin")


async def test_a_vote_can_be_taken_back(live: BotApi, live_folder: Path, chat: int, wording: Wording) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    asked = await disliked(live, answer, wording)
    assert len(flat(asked)) <= 4
    after = await press(live, chat, asked, wording.feedback.good_after_all)
    assert after.text == wording.feedback.thanks
    (kept,) = [vote for vote in votes(live_folder) if vote["message_id"] == answer.message_id]
    assert (kept["topics"], kept["good"], kept["reason"]) == ("track.infrastructure.salary", 1, "")


async def test_a_vote_on_another_device_replaces_the_one_before(
    live: BotApi, live_folder: Path, chat: int, wording: Wording
) -> None:
    """A device that has not heard yet that the votes are gone still shows them."""
    answer = await ask(live, chat, "infra pm pay??")
    bad = dict(flat(answer))[wording.feedback.bad]
    await press(live, chat, answer, wording.feedback.good)
    live.press(chat, answer.message_id, bad)
    assert (await live.sent(chat))[0].text == wording.feedback.what
    (kept,) = [vote for vote in votes(live_folder) if vote["message_id"] == answer.message_id]
    assert kept["good"] == 0


async def test_a_good_vote_pressed_twice_is_thanked_for_twice_and_kept_once(
    live: BotApi, live_folder: Path, chat: int, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    await press(live, chat, answer, wording.feedback.good)
    live.press(chat, answer.message_id, dict(flat(answer))[wording.feedback.good])
    assert (await live.sent(chat))[0].text == wording.feedback.thanks
    assert [vote["good"] for vote in votes(live_folder) if vote["message_id"] == answer.message_id] == [1]


@pytest.mark.parametrize(
    "data",
    ["good:my name is Ada Lovelace", "bad:track.gardening.salary", f"reason:thin:{'9' * 20}", f"right:{'9' * 20}"],
)
async def test_a_forged_vote_is_not_kept_and_gets_a_kind_line(
    live: BotApi, live_folder: Path, chat: int, data: str, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    live.press(chat, answer.message_id, data)
    assert (await live.sent(chat))[0].text == wording.stale_button
    assert [vote for vote in votes(live_folder) if vote["message_id"] == answer.message_id] == []


async def test_what_was_wrong_is_asked_for_although_telegram_fails_for_a_moment(
    live: BotApi, chat: int, wording: Wording
) -> None:
    answer = await ask(live, chat, "infra pm pay??")
    live.fail_next("editMessageReplyMarkup", retry_after=1)
    live.fail_next("answerCallbackQuery", status=500)
    live.press(chat, answer.message_id, dict(flat(answer))[wording.feedback.bad])
    came = await live.sent(chat, 2)
    assert wording.feedback.what in [message.text for message in came]
    await nothing_waits(live)
    assert live.answered[-1]["callback_query_id"]
