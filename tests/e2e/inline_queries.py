"""Inline mode: what Telegram takes as an answer to what a person types after the bot's name."""

import json
from typing import Any

from tests.e2e.telegram_errors import RefusedError
from tests.e2e.telegram_html import read_text

Json = dict[str, Any]


def read_cards(params: Json) -> list[Json]:
    """The articles of an answerInlineQuery, each with the `text` that it puts into the chat.

    Raises:
        RefusedError: as Telegram refuses them.
    """
    cards = params.get("results")
    cards = json.loads(cards) if isinstance(cards, str) else cards
    if not isinstance(cards, list):
        raise RefusedError("can't parse inline query results JSON object")
    if len(cards) > 50:
        raise RefusedError("RESULTS_TOO_MUCH")
    if len({card.get("id") for card in cards}) < len(cards):
        raise RefusedError("RESULT_ID_DUPLICATE")
    return [_article(card) for card in cards]


def _article(card: Json) -> Json:
    if card.get("type") != "article" or not 0 < len(str(card.get("id", "")).encode()) <= 64:
        raise RefusedError("RESULT_ID_INVALID")
    if not card.get("title"):
        raise RefusedError("RESULT_TITLE_EMPTY")
    content = card.get("input_message_content") or {}
    written = read_text({"text": content.get("message_text", ""), "parse_mode": content.get("parse_mode", "")}, "text")
    return card | {"text": written["text"]}
