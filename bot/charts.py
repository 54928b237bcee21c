"""Pictures drawn from the knowledge, and the same in words: what the tracks pay, and the ladder of levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bot.career import Level, Track
from bot.knowledge import Knowledge
from bot.sheet import BRIGHT, FIGURE, GAP, GROUND, INSET, MARGIN, RAIL, TITLE, WIDTH, Sheet, Type, png
from bot.wording import PathPicture, SalaryPicture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Chart = Literal["salary", "path"]

LONGEST_CAPTION = 1024
"""What Telegram takes under a picture, counted as it counts: in UTF-16."""

_BAR = 36
_DOT = 14
_YEARS = Type(40, BRIGHT, bold=True)
_SKILL = Type(37)


def salary_chart(knowledge: Knowledge) -> bytes:
    """The salary ranges of the tracks, one under the other on one scale, as PNG.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    return _painted(knowledge, "salary")


def path_chart(knowledge: Knowledge) -> bytes:
    """The levels as rising steps, each with its years and skills, as PNG.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    return _painted(knowledge, "path")


def caption(knowledge: Knowledge, chart: Chart) -> str:
    """All that a picture shows in words: in the longest wording that may stand under it, else in the shortest."""
    words = _words(knowledge, chart)
    facts = [
        {"title": entity.title, "short": entity.short, "skills": ", ".join(entity.skills)}
        | ({"years": entity.years} if isinstance(entity, Level) else {"salary": entity.salary})
        for entity in (knowledge.career.levels if chart == "path" else knowledge.career.tracks)
    ]
    text = ""
    for line in words.lines:
        text = words.caption.format(name=knowledge.career.name, lines="\n".join(line.format(**each) for each in facts))
        if len(text.encode("utf-16-le")) // 2 <= LONGEST_CAPTION:
            break
    return text


def drawn(knowledge: Knowledge, chart: Chart) -> Figure:
    """A picture as matplotlib has it: each text can be found in it, and measured.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    sheet, words = Sheet(), _words(knowledge, chart)
    y = sheet.heading(knowledge.career.name, words.title, words.note)
    if chart == "path":
        y = _steps(sheet, y, knowledge.career.levels, knowledge.wording.charts.path.years)
    else:
        y = _ranges(sheet, y, knowledge.career.tracks)
    return sheet.finished(y + MARGIN)


def _painted(knowledge: Knowledge, chart: Chart) -> bytes:
    words = _words(knowledge, chart)
    return png(drawn(knowledge, chart), words.title, words.alt)


def _words(knowledge: Knowledge, chart: Chart) -> SalaryPicture | PathPicture:
    charts = knowledge.wording.charts
    return charts.path if chart == "path" else charts.salary


def _ranges(sheet: Sheet, y: float, tracks: Sequence[Track]) -> float:
    """The range of each track as a bar on one scale, its ends written below; where the picture may end."""
    left, right = MARGIN + INSET, WIDTH - MARGIN - INSET
    lowest, highest = min(track.salary_from for track in tracks), max(track.salary_to for track in tracks)
    # Room at both ends of the scale: a bar that begins where the scale does would look as if it began at nothing.
    origin, scale = left + 64, (right - left - 128) / max(highest - lowest, 1)
    for track in tracks:
        top = y
        y = sheet.paragraph(left, top + INSET - 8, right - left, track.title, TITLE) + 42
        start, end = (origin + (salary - lowest) * scale for salary in (track.salary_from, track.salary_to))
        sheet.stroke([(left + 3, y), (right - 3, y)], 6, RAIL)
        sheet.stroke([(start, y), (end, y)], _BAR, BRIGHT)
        y = _ends(sheet, y + 34, (start - _BAR / 2, end + _BAR / 2), track) + INSET - 16
        sheet.box(MARGIN, top, WIDTH - 2 * MARGIN, y - top)
        y += GAP
    return y - GAP


def _ends(sheet: Sheet, y: float, bar: tuple[float, float], track: Track) -> float:
    """The two figures of a range, below the ends of its bar, or side by side below a short one; what comes below."""
    figures = [f"${salary:,}" for salary in (track.salary_from, track.salary_to)]
    lower, upper = (sheet.width(figure, FIGURE) for figure in figures)
    whole = max(bar[1] - bar[0], lower + 40 + upper)
    start = min(max((bar[0] + bar[1] - whole) / 2, MARGIN + INSET), WIDTH - MARGIN - INSET - whole)
    sheet.text(start, y, figures[0], FIGURE)
    sheet.text(start + whole - upper, y, figures[1], FIGURE)
    return y + FIGURE.leading


def _steps(sheet: Sheet, y: float, levels: Sequence[Level], years: str) -> float:
    """The levels as steps that rise to the right, the first one at the bottom; where the picture may end."""
    tread, right = min(88.0, 280 / len(levels)), WIDTH - MARGIN
    edge: list[tuple[float, float]] = [(right - 4, y)]
    for number, level in reversed(list(enumerate(levels))):
        left, top = MARGIN + number * tread, y
        inner, width = left + INSET, right - left - 2 * INSET
        y = sheet.paragraph(inner, top + INSET - 8, width, years.format(years=level.years), _YEARS)
        y = sheet.paragraph(inner, y, width, level.title, TITLE) + 8
        for skill in level.skills:
            sheet.stroke([(inner + _DOT / 2, y + 0.66 * _SKILL.size)], _DOT, BRIGHT)
            y = sheet.paragraph(inner + 2 * _DOT, y, width - 2 * _DOT, skill, _SKILL)
        y += INSET - 12
        sheet.box(left, top, right - left, y - top)
        edge += [(left, top), (left, y)]
        if number:
            sheet.stroke([(left, y), (right, y)], 4, GROUND)
    sheet.stroke(edge, 8, BRIGHT)
    return y
