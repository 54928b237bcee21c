"""Replies as Telegram messages: parts that fit, each with well-formed HTML, and nothing lost between them."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import Chat, Message

from bot.channels.telegram.messages import LONGEST, argument, parts, to_html
from bot.replies import plain
from tests.e2e.telegram_html import parse_html

WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="*"), min_size=1, max_size=12)
PIECES = WORDS | WORDS.map(lambda word: f"*{word}*") | st.tuples(WORDS, WORDS).map(lambda two: f"*{' '.join(two)}*")
ENDS = st.sampled_from([" ", " ", " ", "\n", "\n\n"])
MARKUP = st.lists(st.tuples(PIECES, ENDS), min_size=1, max_size=40).map(
    lambda pieces: "".join(piece + end for piece, end in pieces).strip()
)


def shown(part: str) -> str:
    """What a person reads of a part; raises an error if Telegram would not take it."""
    text, _ = parse_html(to_html(part))
    return text


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(MARKUP, st.integers(24, 200))
@example("*" + "a " * 30 + "b*", 24)
@example("😀" * 30, 24)
@example("&" * 50, 24)
def test_parts_fit_are_well_formed_and_lose_nothing(markup: str, longest: int) -> None:
    texts = [shown(part) for part in parts(markup, longest)]
    assert all(0 < units(text) <= longest for text in texts)
    assert "".join("".join(texts).split()) == "".join(plain(markup).split())


@given(MARKUP, st.integers(24, 200))
def test_what_stands_out_stands_out_in_its_part_too(markup: str, longest: int) -> None:
    def bold(part: str) -> str:
        text, entities = parse_html(to_html(part))
        wide = text.encode("utf-16-le")
        cuts = [wide[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in entities]
        return "".join("".join(cuts).split())

    assert "".join(map(bold, parts(markup, longest))) == bold(markup)


def test_a_text_that_fits_is_one_part() -> None:
    assert parts("x" * LONGEST) == ["x" * LONGEST]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("one two\n\nthree four\nfive six", "one two"),
        ("one two three\nfour five", "one two three"),
        ("one two three four five", "one two three four"),
        ("onetwothreefourfivesixseven", "onetwothreefourfives"),
    ],
    ids=["paragraph", "line", "word", "anywhere"],
)
def test_a_text_is_cut_where_it_pauses_longest(text: str, first: str) -> None:
    assert parts(text, 20)[0] == first


@pytest.mark.parametrize("between", [" ", "\n", "\n\n", " \t "])
def test_all_that_follows_a_command_is_its_argument_on_whatever_line(between: str) -> None:
    def written(text: str) -> Message:
        return Message(1, datetime.fromtimestamp(0, UTC), Chat(1, Chat.PRIVATE), text=text)

    assert argument(written(f"/why{between}what does\nagile pay ")) == "what does\nagile pay"
    assert argument(written(f"/why{between}")) == argument(written("/why")) == ""
