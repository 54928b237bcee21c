"""The picture of how the bot was used: the questions of each day, by what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.sheet import BRIGHT, GAP, INSET, LIGHT, MARGIN, WIDTH, Sheet, Type, png
from bot.wording import UsagePicture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DULL = "#7f9bb3"

Days = Mapping[date, Mapping[str, int]]

COLOURS = {"answer": BRIGHT, "clarify": LIGHT, "unknown": _DULL}
"""What becomes of a question, from the bottom of a bar up; told apart by lightness, whatever colours one sees."""

_HEIGHT = 480
_SPACE = 0.25
"""Between two bars, as a share of a day's width."""
_DOT = 28
_KIND = Type(42)


def usage_chart(words: UsagePicture, name: str, days: Days) -> bytes:
    """The questions of some days, one bar for each day, as PNG.

    Args:
        words: what stands in the picture.
        name: what the bot is about.
        days: the days, the first one first and at least one, each with how many replies of which kind it had.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    return png(drawn(words, name, days), words.title, words.alt)


def drawn(words: UsagePicture, name: str, days: Days) -> Figure:
    """The picture as matplotlib has it: each text can be found in it, and measured.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    sheet, dates = Sheet(), list(days)
    most = max(sum(_stacked(counts)) for counts in days.values())
    note = words.note.format(days=len(dates), first=dates[0], last=dates[-1], most=most)
    top = sheet.heading(name, words.title, note)
    left, right = MARGIN + INSET, WIDTH - MARGIN - INSET
    foot = top + INSET + _HEIGHT
    sheet.box(MARGIN, top, WIDTH - 2 * MARGIN, _HEIGHT + 2 * INSET)
    step = (right - left) / len(dates)
    for at, counts in enumerate(days.values()):
        bar = (left + (at + _SPACE / 2) * step, (1 - _SPACE) * step)
        _bar(sheet, bar, foot, [_HEIGHT * count / max(most, 1) for count in _stacked(counts)])
    y = foot + INSET + GAP
    kinds: dict[str, str] = dict(words.kinds)
    for kind, colour in COLOURS.items():
        number = sum(counts.get(kind, 0) for counts in days.values())
        sheet.bar(left, y + 10, _DOT, _DOT, colour)
        indent = left + 2 * _DOT
        y = sheet.paragraph(indent, y, right - indent, kinds[kind].format(number=number), _KIND)
    return sheet.finished(y + MARGIN)


def _bar(sheet: Sheet, bar: tuple[float, float], foot: float, heights: Sequence[float]) -> None:
    """A bar, given its left edge and its width, out of pieces that stand on each other."""
    for height, colour in zip(heights, COLOURS.values(), strict=True):
        foot -= height
        sheet.bar(bar[0], foot, bar[1], height, colour)


def _stacked(counts: Mapping[str, int]) -> list[int]:
    """How many questions of each kind a day had, in the order of the colours."""
    return [counts.get(kind, 0) for kind in COLOURS]
