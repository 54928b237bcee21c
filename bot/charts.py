"""Pictures drawn from the knowledge, and the same in words: what the tracks pay, and the ladder of levels.

matplotlib draws them. It is an extra and takes half a second to import, so it is imported with the first picture only.
Nothing here is shared between calls: a picture can be drawn in any thread.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.career import Level, Track
from bot.knowledge import Knowledge
from bot.wording import PathPicture, SalaryPicture

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyBboxPatch
    from matplotlib.transforms import Affine2D
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngInfo

Chart = Literal["salary", "path"]

LONGEST_CAPTION = 1024
"""What Telegram takes under a picture, counted as it counts: in UTF-16."""

WIDTH = 1080
"""In pixels. A phone shows the picture a third as wide, so no type is smaller than 36: that makes 12 on the screen."""
_MARGIN = 56
_INSET = 40
_ROUND = 20
_GAP = 24
_BAR = 36
_DOT = 14
_COLOURS = 128

_GROUND, _CARD, _RAIL, _BRIGHT = "#13202c", "#1f3447", "#486580", "#ffb547"
_LIGHT, _SOFT = "#f4f7f9", "#c6d3dd"
"""Dark, so that nothing glares at night; the one bright colour differs in lightness too, so that no hue matters."""


@dataclass(frozen=True, slots=True)
class _Type:
    """How a piece of text is set."""

    size: int
    colour: str = _LIGHT
    bold: bool = False

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.size * 1.26


_HEADING = _Type(62, bold=True)
_NOTE = _Type(38, _SOFT)
_TITLE = _Type(46, bold=True)
_FIGURE = _Type(50, _BRIGHT, bold=True)
_YEARS = _Type(40, _BRIGHT, bold=True)
_SKILL = _Type(37)


def available() -> bool:
    """Whether pictures can be drawn: the extra `charts` is installed."""
    return find_spec("matplotlib") is not None


def salary_chart(knowledge: Knowledge) -> bytes:
    """The salary ranges of the tracks, one under the other on one scale, as PNG.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    return _png(knowledge, "salary")


def path_chart(knowledge: Knowledge) -> bytes:
    """The levels as rising steps, each with its years and skills, as PNG.

    Raises:
        ImportError: the extra `charts` is not installed.
    """
    return _png(knowledge, "path")


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
    sheet, words = _Sheet(), _words(knowledge, chart)
    y = sheet.paragraph(_MARGIN, _MARGIN - 12, WIDTH - 2 * _MARGIN, knowledge.career.name, _NOTE)
    y = sheet.paragraph(_MARGIN, y, WIDTH - 2 * _MARGIN, words.title, _HEADING)
    y = sheet.paragraph(_MARGIN, y + 4, WIDTH - 2 * _MARGIN, words.note, _NOTE) + 36
    if chart == "path":
        y = _steps(sheet, y, knowledge.career.levels, knowledge.wording.charts.path.years)
    else:
        y = _ranges(sheet, y, knowledge.career.tracks)
    return sheet.finished(y + _MARGIN)


def _words(knowledge: Knowledge, chart: Chart) -> SalaryPicture | PathPicture:
    charts = knowledge.wording.charts
    return charts.path if chart == "path" else charts.salary


def _png(knowledge: Knowledge, chart: Chart) -> bytes:
    """A picture as bytes, the same ones for the same knowledge: no date and no version stands in them."""
    words, file = _words(knowledge, chart), io.BytesIO()
    canvas = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg(drawn(knowledge, chart))
    canvas.draw()
    image: Image = import_module("PIL.Image").frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    about: PngInfo = import_module("PIL.PngImagePlugin").PngInfo()
    about.add_itxt("Title", words.title)
    about.add_itxt("Description", words.alt)
    # A palette makes a third of the size, and with so few colours nobody sees it.
    image.convert("RGB").quantize(_COLOURS).save(file, "PNG", optimize=True, pnginfo=about)
    return file.getvalue()


class _Sheet:
    """A picture that grows downwards, in pixels from its upper left corner."""

    def __init__(self) -> None:
        # At 72 dots an inch, points are pixels.
        self._figure: Figure = import_module("matplotlib.figure").Figure(dpi=72, facecolor=_GROUND)
        canvas = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg(self._figure)
        self._measure: Callable[..., tuple[float, float, float]] = canvas.get_renderer().get_text_width_height_descent
        self._box: type[FancyBboxPatch] = import_module("matplotlib.patches").FancyBboxPatch
        self._line: type[Line2D] = import_module("matplotlib.lines").Line2D
        self._downwards: Affine2D = import_module("matplotlib.transforms").Affine2D()
        self._font: Callable[..., FontProperties] = import_module("matplotlib.font_manager").FontProperties
        self._fonts = Path(import_module("matplotlib").get_data_path(), "fonts", "ttf")

    def finished(self, height: float) -> Figure:
        """The picture, cut off at some height; nothing can be added afterwards."""
        whole = round(height)
        self._figure.set_size_inches(WIDTH / 72, whole / 72)
        self._downwards.scale(1, -1).translate(0, whole)
        return self._figure

    def box(self, left: float, top: float, width: float, height: float) -> None:
        """A card to write on."""
        shape = f"round,pad=0,rounding_size={_ROUND}"
        box = self._box((left, top), width, height, boxstyle=shape, facecolor=_CARD, linewidth=0)
        box.set_transform(self._downwards)
        self._figure.add_artist(box)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, colour: str) -> None:
        """A line with round ends through some points; one that leads nowhere makes a dot."""
        across, down = zip(*points, (points[-1][0] + 1, points[-1][1]), strict=True)
        line = self._line(across, down, linewidth=width, color=colour, solid_capstyle="round", solid_joinstyle="round")
        line.set_transform(self._downwards)
        self._figure.add_artist(line)

    def text(self, left: float, top: float, text: str, style: _Type) -> None:
        """One line of text."""
        baseline = top + style.size
        self._figure.text(
            left,
            baseline,
            text,
            transform=self._downwards,
            fontproperties=self._face(style),
            color=style.colour,
            parse_math=False,  # two dollar signs are no formula
        )

    def paragraph(self, left: float, top: float, width: float, text: str, style: _Type) -> float:
        """Text in as many lines as it takes; where the next thing can stand."""
        for line in self.lines(text, width, style):
            self.text(left, top, line, style)
            top += style.leading
        return top

    def lines(self, text: str, width: float, style: _Type) -> list[str]:
        """Text in lines that are no wider than they may be; a word that is, is broken."""
        lines: list[str] = []
        for piece in (piece for word in text.split() for piece in self._pieces(word, width, style)):
            wider = f"{lines[-1]} {piece}" if lines else piece
            if lines and self.width(wider, style) <= width:
                lines[-1] = wider
            else:
                lines.append(piece)
        return lines

    def width(self, text: str, style: _Type) -> float:
        """How wide a line of text is."""
        return self._measure(text, self._face(style), ismath=False)[0]

    def _pieces(self, word: str, width: float, style: _Type) -> Iterator[str]:
        """A word, or a wider one than there may be in pieces."""
        piece = word if self.width(word, style) <= width else ""
        for letter in "" if piece else word:
            if piece and self.width(piece + letter, style) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece

    def _face(self, style: _Type) -> FontProperties:
        """The font that comes with matplotlib: a picture looks the same on every machine."""
        name = "DejaVuSans-Bold.ttf" if style.bold else "DejaVuSans.ttf"
        return self._font(fname=str(self._fonts / name), size=style.size)


def _ranges(sheet: _Sheet, y: float, tracks: Sequence[Track]) -> float:
    """The range of each track as a bar on one scale, its ends written below; where the picture may end."""
    left, right = _MARGIN + _INSET, WIDTH - _MARGIN - _INSET
    lowest, highest = min(track.salary_from for track in tracks), max(track.salary_to for track in tracks)
    # Room at both ends of the scale: a bar that begins where the scale does would look as if it began at nothing.
    origin, scale = left + 64, (right - left - 128) / max(highest - lowest, 1)
    for track in tracks:
        top = y
        y = sheet.paragraph(left, top + _INSET - 8, right - left, track.title, _TITLE) + 42
        start, end = (origin + (salary - lowest) * scale for salary in (track.salary_from, track.salary_to))
        sheet.stroke([(left + 3, y), (right - 3, y)], 6, _RAIL)
        sheet.stroke([(start, y), (end, y)], _BAR, _BRIGHT)
        y = _ends(sheet, y + 34, (start - _BAR / 2, end + _BAR / 2), track) + _INSET - 16
        sheet.box(_MARGIN, top, WIDTH - 2 * _MARGIN, y - top)
        y += _GAP
    return y - _GAP


def _ends(sheet: _Sheet, y: float, bar: tuple[float, float], track: Track) -> float:
    """The two figures of a range, below the ends of its bar, or side by side below a short one; what comes below."""
    figures = [f"${salary:,}" for salary in (track.salary_from, track.salary_to)]
    lower, upper = (sheet.width(figure, _FIGURE) for figure in figures)
    whole = max(bar[1] - bar[0], lower + 40 + upper)
    start = min(max((bar[0] + bar[1] - whole) / 2, _MARGIN + _INSET), WIDTH - _MARGIN - _INSET - whole)
    sheet.text(start, y, figures[0], _FIGURE)
    sheet.text(start + whole - upper, y, figures[1], _FIGURE)
    return y + _FIGURE.leading


def _steps(sheet: _Sheet, y: float, levels: Sequence[Level], years: str) -> float:
    """The levels as steps that rise to the right, the first one at the bottom; where the picture may end."""
    tread, right = min(88.0, 280 / len(levels)), WIDTH - _MARGIN
    edge: list[tuple[float, float]] = [(right - 4, y)]
    for number, level in reversed(list(enumerate(levels))):
        left, top = _MARGIN + number * tread, y
        inner, width = left + _INSET, right - left - 2 * _INSET
        y = sheet.paragraph(inner, top + _INSET - 8, width, years.format(years=level.years), _YEARS)
        y = sheet.paragraph(inner, y, width, level.title, _TITLE) + 8
        for skill in level.skills:
            sheet.stroke([(inner + _DOT / 2, y + 0.66 * _SKILL.size)], _DOT, _BRIGHT)
            y = sheet.paragraph(inner + 2 * _DOT, y, width - 2 * _DOT, skill, _SKILL)
        y += _INSET - 12
        sheet.box(left, top, right - left, y - top)
        edge += [(left, top), (left, y)]
        if number:
            sheet.stroke([(left, y), (right, y)], 4, _GROUND)
    sheet.stroke(edge, 8, _BRIGHT)
    return y
