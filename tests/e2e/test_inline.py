"""Inline mode: answers as cards."""

import shutil
from pathlib import Path

import pytest

from bot.loading import shipped_directory
from tests.e2e.bot_api import BotApi
from tests.e2e.program import running_bot
from tests.e2e.talking import AGILE, BOT, NAME, NUMBERS, PAID, ask, push

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_inline_mode_offers_answers_as_cards(live: BotApi) -> None:
    query = live.type_inline(next(NUMBERS), "agile pay")
    answered, cards = await live.cards()
    assert answered == query
    assert AGILE in cards[0]["text"]
    assert 1 < len(cards) <= 5
    link = cards[0]["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link == f"https://t.me/{NAME}?start=track-agile-salary"


@pytest.mark.parametrize("typed", ["", "   ", "the weather in Paris", "x" * 256, "<b>"])
async def test_inline_mode_always_offers_something(live: BotApi, typed: str) -> None:
    live.type_inline(next(NUMBERS), typed)
    assert 1 <= len((await live.cards())[1]) <= 5


async def test_cards_may_be_kept_for_an_hour(live: BotApi) -> None:
    live.type_inline(next(NUMBERS), "agile pay")
    await live.cards()
    assert [str(params["cache_time"]) for name, params in live.calls if name == "answerInlineQuery"][-1] == "3600"


@pytest.mark.parametrize("typed", ["plan", "cancel", "make my plan", "hi"])
async def test_words_that_are_no_question_are_offered_the_most_useful_cards(live: BotApi, typed: str) -> None:
    live.type_inline(next(NUMBERS), typed)
    assert len((await live.cards())[1]) > 1


async def test_cards_come_after_a_fault_of_telegram_too(live: BotApi) -> None:
    live.fail_next("answerInlineQuery", status=502)
    live.type_inline(next(NUMBERS), "agile pay")
    assert AGILE in (await live.cards())[1][0]["text"]


async def test_a_card_put_into_the_chat_with_the_bot_is_no_question(live: BotApi, chat: int) -> None:
    me = {"id": 123456, "is_bot": True, "first_name": "Career bot", "username": NAME}
    push(live, chat, {"text": "Agile Project Management: $80,000 - $120,000.", "via_bot": me})
    assert PAID in (await ask(live, chat, "infra pm pay??")).text


async def test_small_talk_that_is_offered_after_an_answer_is_no_card(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))
    replies = folder / "replies.yaml"
    content = replies.read_text(encoding="utf-8")
    replies.write_text(
        content.replace("  path: [level.junior.overview", "  path: [help, level.junior.overview"), "utf-8"
    )
    async with BotApi(BOT) as api, running_bot(api, tmp_path, KNOWLEDGE_DIR=str(folder)):
        api.type_inline(1, "the career ladder")
        cards = (await api.cards())[1]
    assert [card["id"] for card in cards][:2] == ["path", "level.junior.overview"]
