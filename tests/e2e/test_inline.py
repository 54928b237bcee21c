"""Inline mode: answers as cards."""

import pytest

from tests.e2e.bot_api import BotApi
from tests.e2e.talking import AGILE, NAME, NUMBERS

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
