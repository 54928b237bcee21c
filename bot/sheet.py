"""A sheet to draw on: text that is broken where it must be, cards and strokes, from the top down; and the PNG of it.

matplotlib draws. It is an extra and takes half a second to import, so it is imported with the first sheet only.
Nothing here is shared between calls: sheets can be drawn in any thread.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyBboxPatch, Rectangle
    from matplotlib.transforms import Affine2D
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngInfo

WIDTH = 1080
"""In pixels. A phone shows the picture a third as wide, so no type is smaller than 36: that makes 12 on the screen."""
MARGIN = 56
INSET = 40
_ROUND = 20
GAP = 24
_COLOURS = 128

GROUND, _CARD, RAIL, BRIGHT = "#13202c", "#1f3447", "#486580", "#ffb547"
LIGHT, SOFT = "#f4f7f9", "#c6d3dd"
"""Dark, so that nothing glares at night; the one bright colour differs in lightness too, so that no hue matters."""


@dataclass(frozen=True, slots=True)
class Type:
    """How a piece of text is set."""

    size: int
    colour: str = LIGHT
    bold: bool = False

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.size * 1.26


_HEADING = Type(62, bold=True)
NOTE = Type(38, SOFT)
TITLE = Type(46, bold=True)
FIGURE = Type(50, BRIGHT, bold=True)


class Sheet:
    """A picture that grows downwards, in pixels from its upper left corner."""

    def __init__(self) -> None:
        # At 72 dots an inch, points are pixels.
        self._figure: Figure = import_module("matplotlib.figure").Figure(dpi=72, facecolor=GROUND)
        canvas = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg(self._figure)
        self._measure: Callable[..., tuple[float, float, float]] = canvas.get_renderer().get_text_width_height_descent
        self._box: type[FancyBboxPatch] = import_module("matplotlib.patches").FancyBboxPatch
        self._rectangle: type[Rectangle] = import_module("matplotlib.patches").Rectangle
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

    def heading(self, over: str, title: str, note: str) -> float:
        """What stands above a picture: a line over its title, the title, a note; where the picture can begin."""
        width = WIDTH - 2 * MARGIN
        y = self.paragraph(MARGIN, MARGIN - 12, width, over, NOTE)
        y = self.paragraph(MARGIN, y, width, title, _HEADING)
        return self.paragraph(MARGIN, y + 4, width, note, NOTE) + 36

    def box(self, left: float, top: float, width: float, height: float) -> None:
        """A card to write on."""
        shape = f"round,pad=0,rounding_size={_ROUND}"
        box = self._box((left, top), width, height, boxstyle=shape, facecolor=_CARD, linewidth=0)
        box.set_transform(self._downwards)
        self._figure.add_artist(box)

    def bar(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """A rectangle."""
        bar = self._rectangle((left, top), width, height, facecolor=colour, linewidth=0)
        bar.set_transform(self._downwards)
        self._figure.add_artist(bar)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, colour: str) -> None:
        """A line with round ends through some points; one that leads nowhere makes a dot."""
        across, down = zip(*points, (points[-1][0] + 1, points[-1][1]), strict=True)
        line = self._line(across, down, linewidth=width, color=colour, solid_capstyle="round", solid_joinstyle="round")
        line.set_transform(self._downwards)
        self._figure.add_artist(line)

    def text(self, left: float, top: float, text: str, style: Type) -> None:
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

    def paragraph(self, left: float, top: float, width: float, text: str, style: Type) -> float:
        """Text in as many lines as it takes; where the next thing can stand."""
        for line in self.lines(text, width, style):
            self.text(left, top, line, style)
            top += style.leading
        return top

    def lines(self, text: str, width: float, style: Type) -> list[str]:
        """Text in lines that are no wider than they may be; a word that is, is broken."""
        lines: list[str] = []
        for piece in (piece for word in text.split() for piece in self._pieces(word, width, style)):
            wider = f"{lines[-1]} {piece}" if lines else piece
            if lines and self.width(wider, style) <= width:
                lines[-1] = wider
            else:
                lines.append(piece)
        return lines

    def width(self, text: str, style: Type) -> float:
        """How wide a line of text is."""
        return self._measure(text, self._face(style), ismath=False)[0]

    def _pieces(self, word: str, width: float, style: Type) -> Iterator[str]:
        """A word, or a wider one than there may be in pieces."""
        piece = word if self.width(word, style) <= width else ""
        for letter in "" if piece else word:
            if piece and self.width(piece + letter, style) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece

    def _face(self, style: Type) -> FontProperties:
        """The font that comes with matplotlib: a picture looks the same on every machine."""
        name = "DejaVuSans-Bold.ttf" if style.bold else "DejaVuSans.ttf"
        return self._font(fname=str(self._fonts / name), size=style.size)


def available() -> bool:
    """Whether pictures can be drawn: the extra `charts` is installed."""
    return find_spec("matplotlib") is not None


def png(figure: Figure, title: str, description: str) -> bytes:
    """A finished sheet as a PNG that says what there is to see.

    The same bytes for the same sheet: no date and no version stands in them.
    """
    file = io.BytesIO()
    canvas = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
    canvas.draw()
    image: Image = import_module("PIL.Image").frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    about: PngInfo = import_module("PIL.PngImagePlugin").PngInfo()
    about.add_itxt("Title", title)
    about.add_itxt("Description", description)
    # A palette makes a third of the size, and with so few colours nobody sees it.
    image.convert("RGB").quantize(_COLOURS).save(file, "PNG", optimize=True, pnginfo=about)
    return file.getvalue()
