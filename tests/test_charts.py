"""The two pictures: what is to be seen in them, that it can be read, and that their captions say the same."""

import hashlib
import io
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

from bot import Knowledge, KnowledgeError, load_knowledge
from bot.charts import LONGEST_CAPTION, Chart, caption, drawn, path_chart, salary_chart
from bot.loading import shipped_directory
from bot.sheet import WIDTH, available

KNOWLEDGE = load_knowledge()
BOTH: tuple[Chart, ...] = ("salary", "path")
ON_A_PHONE = 360
READABLE = 12
"""Pixels: the width of the picture on a small phone, and the size of type that can be read there."""
BORDER = 24
LARGEST = 150 * 1024

LETTERS = st.characters(min_codepoint=0x21, max_codepoint=0x17E, exclude_categories=["C", "Z"])
WORDS = st.text(LETTERS, min_size=1, max_size=24) | st.sampled_from(["Manager", "IT", "{title}", "$5", "a_b", "$x^2$"])
TITLES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
SKILLS = st.lists(TITLES, min_size=1, max_size=5).map(tuple)
YEARS = st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60))
RANGES = st.tuples(st.integers(0, 9_999_999), st.integers(0, 9_999_999)).map(sorted)


def painted(knowledge: Knowledge, chart: Chart) -> bytes:
    return path_chart(knowledge) if chart == "path" else salary_chart(knowledge)


def opened(png: bytes) -> Image.Image:
    """A picture as pixels; raises an error if it is no whole PNG."""
    image = Image.open(io.BytesIO(png), formats=["PNG"])
    image.load()
    return image


def written(knowledge: Knowledge, chart: Chart) -> str:
    """All that stands in a picture, line after line."""
    return "\n".join(text.get_text() for text in drawn(knowledge, chart).texts)


def run(code: str) -> str:
    """What a program of its own prints."""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def contrast(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: tuple[float, ...]) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def with_title(title: str) -> Knowledge:
    """The shipped knowledge with one title for every level and every track."""
    career = KNOWLEDGE.career
    levels, tracks = (
        tuple(entity.model_copy(update={"title": title}) for entity in entities)
        for entities in (career.levels, career.tracks)
    )
    return KNOWLEDGE.model_copy(update={"career": career.model_copy(update={"levels": levels, "tracks": tracks})})


@st.composite
def careers(draw: st.DrawFn) -> Knowledge:
    """The shipped knowledge with another ladder and other tracks."""
    career = KNOWLEDGE.career
    levels = tuple(
        career.levels[0].model_copy(update={"title": title, "skills": skills, "years_from": start, "years_to": end})
        for title, skills, (start, end) in draw(st.lists(st.tuples(TITLES, SKILLS, YEARS), min_size=1, max_size=6))
    )
    tracks = tuple(
        career.tracks[0].model_copy(update={"title": title, "salary_from": lower, "salary_to": upper})
        for title, (lower, upper) in draw(st.lists(st.tuples(TITLES, RANGES), min_size=1, max_size=6))
    )
    return KNOWLEDGE.model_copy(update={"career": career.model_copy(update={"levels": levels, "tracks": tracks})})


@pytest.mark.parametrize(("chart", "height"), [("salary", 902), ("path", 1263)])
def test_a_picture_is_a_png_of_a_width_for_phones_and_as_high_as_what_it_shows(chart: Chart, height: int) -> None:
    assert opened(painted(KNOWLEDGE, chart)).size == (WIDTH, height)


@pytest.mark.parametrize("chart", BOTH)
def test_a_picture_is_small(chart: Chart) -> None:
    assert len(painted(KNOWLEDGE, chart)) <= LARGEST


@pytest.mark.parametrize("chart", BOTH)
def test_a_picture_brings_its_own_ground(chart: Chart) -> None:
    image = opened(painted(KNOWLEDGE, chart))
    assert not image.has_transparency_data


@pytest.mark.parametrize("chart", BOTH)
def test_a_picture_tells_programs_what_there_is_to_see_and_nothing_of_time_or_tools(chart: Chart) -> None:
    words = getattr(KNOWLEDGE.wording.charts, chart)
    assert opened(painted(KNOWLEDGE, chart)).info == {"Title": words.title, "Description": words.alt}


def test_the_salary_picture_shows_both_ends_of_every_range_and_that_it_is_for_the_whole_track() -> None:
    lines = written(KNOWLEDGE, "salary").splitlines()
    figures = [figure for track in KNOWLEDGE.career.tracks for figure in track.salary.split(" - ")]
    assert [line for line in lines if line.startswith("$")] == figures
    assert any("whole track" in line for line in lines)


def test_the_path_picture_shows_the_highest_level_on_top_each_with_years_and_skills() -> None:
    wanted = [
        line
        for level in reversed(KNOWLEDGE.career.levels)
        for line in (f"{level.years} years", level.title, *level.skills)
    ]
    assert written(KNOWLEDGE, "path").splitlines()[-len(wanted) :] == wanted


def test_pictures_say_nothing_of_a_period_that_the_career_does_not_name() -> None:
    said = written(KNOWLEDGE, "salary") + caption(KNOWLEDGE, "salary")
    assert re.findall(r"year|annual|month|hour", said, re.IGNORECASE) == []


@pytest.mark.parametrize("chart", BOTH)
def test_the_same_knowledge_gives_the_same_bytes_in_another_process_too(chart: Chart) -> None:
    png = painted(load_knowledge(), chart)
    assert png == painted(KNOWLEDGE, chart)
    code = (
        "import hashlib; from bot import charts, load_knowledge; "
        f"print(hashlib.sha256(charts.{chart}_chart(load_knowledge())).hexdigest())"
    )
    assert run(code) == hashlib.sha256(png).hexdigest()


def test_pictures_can_be_drawn_in_several_threads_at_once() -> None:
    wanted = {chart: painted(KNOWLEDGE, chart) for chart in BOTH}
    with ThreadPoolExecutor(4) as workers:
        drawings = [(chart, workers.submit(painted, KNOWLEDGE, chart)) for chart in BOTH * 4]
    assert all(drawing.result() == wanted[chart] for chart, drawing in drawings)


def test_importing_the_room_does_not_import_the_library() -> None:
    assert run("import sys, bot.charts; print('matplotlib' in sys.modules)") == "False"


def test_pictures_are_available_with_the_library() -> None:
    assert available()


def test_without_the_library_there_are_captions_but_no_pictures() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from bot import charts, load_knowledge, sheet\n"
        "print(sheet.available(), len(charts.caption(load_knowledge(), 'path')))\n"
        "try: charts.path_chart(load_knowledge())\n"
        "except ImportError: print('refused')"
    )
    assert run(code) == f"False {len(caption(KNOWLEDGE, 'path'))}\nrefused"


def test_the_caption_of_the_path_holds_every_title_year_and_skill() -> None:
    text = caption(KNOWLEDGE, "path")
    facts = [fact for level in KNOWLEDGE.career.levels for fact in (level.title, level.years, *level.skills)]
    assert [fact for fact in facts if fact not in text] == []


def test_the_caption_of_the_salaries_holds_every_range_and_that_it_is_for_the_whole_track() -> None:
    text = caption(KNOWLEDGE, "salary")
    assert all(f"{track.title}: {track.salary}" in text for track in KNOWLEDGE.career.tracks)
    assert "whole track" in text


@settings(max_examples=100)
@given(careers())
def test_a_caption_fits_under_a_picture_and_holds_every_figure_whatever_the_career(knowledge: Knowledge) -> None:
    for chart in BOTH:
        text = caption(knowledge, chart)
        assert len(text.encode("utf-16-le")) // 2 <= LONGEST_CAPTION
    assert all(track.salary in caption(knowledge, "salary") for track in knowledge.career.tracks)
    assert all(f"{level.years} years" in caption(knowledge, "path") for level in knowledge.career.levels)


@settings(max_examples=15)
@given(careers())
@example(with_title("W" * 80))
def test_all_text_stands_in_the_picture_without_overlaps_whatever_the_career(knowledge: Knowledge) -> None:
    for chart in BOTH:
        figure = drawn(knowledge, chart)
        extents = [text.get_window_extent() for text in figure.texts]
        assert all(extent.x0 >= BORDER and extent.x1 <= WIDTH - BORDER for extent in extents)
        assert all(extent.y0 >= BORDER and extent.y1 <= figure.bbox.height - BORDER for extent in extents)
        overlapping = [(a, b) for a, b in combinations(extents, 2) if a.overlaps(b)]
        assert overlapping == []


@settings(max_examples=15)
@given(careers())
def test_every_word_and_figure_of_the_career_is_in_the_picture_whatever_the_career(knowledge: Knowledge) -> None:
    salary, path = ("".join(written(knowledge, chart).split()) for chart in BOTH)
    for track in knowledge.career.tracks:
        assert "".join(track.title.split()) in salary
        assert f"${track.salary_from:,}${track.salary_to:,}" in salary
    for level in knowledge.career.levels:
        assert "".join(f"{level.years} years{level.title}{''.join(level.skills)}".split()) in path


@settings(max_examples=6)
@given(careers())
def test_no_ink_touches_the_border_whatever_the_career(knowledge: Knowledge) -> None:
    for chart in BOTH:
        image = opened(painted(knowledge, chart)).convert("RGB")
        right, bottom = image.width - BORDER, image.height - BORDER
        sides = [(0, 0, image.width, BORDER), (0, bottom, *image.size), (0, 0, BORDER, image.height)]
        colours = [image.crop(side).getcolors() for side in (*sides, (right, 0, *image.size))]
        assert all(found and len(found) == 1 for found in colours)


@pytest.mark.parametrize("chart", BOTH)
def test_the_smallest_type_can_be_read_on_a_phone(chart: Chart) -> None:
    sizes = [text.get_fontsize() for text in drawn(KNOWLEDGE, chart).texts]
    assert min(float(size) for size in sizes) * ON_A_PHONE / WIDTH >= READABLE


@pytest.mark.parametrize("chart", BOTH)
def test_all_text_stands_out_from_what_is_behind_it(chart: Chart) -> None:
    image = opened(painted(KNOWLEDGE, chart)).convert("RGB")
    for text in drawn(KNOWLEDGE, chart).texts:
        extent = text.get_window_extent()
        behind = image.crop(
            (int(extent.x0), int(image.height - extent.y1), int(extent.x1), int(image.height - extent.y0))
        )
        _, ground = max(behind.getcolors(behind.width * behind.height) or ())
        assert isinstance(ground, tuple)
        assert contrast(to_rgb(text.get_color()), tuple(channel / 255 for channel in ground)) >= 4.5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped knowledge for a test to change."""
    return Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert content.count(old) == 1
    file.write_text(content.replace(old, new), encoding="utf-8")


def test_other_facts_give_another_picture_and_another_caption_with_these_facts(folder: Path) -> None:
    career = folder / "careers/it_project_management.yaml"
    change(career, "salary_to: 120000", "salary_to: 1234567")
    change(career, "years_to: 7", "years_to: 8")
    change(career, "years_from: 7", "years_from: 8")
    changed = load_knowledge(folder)
    figures: dict[Chart, str] = {"salary": "$1,234,567", "path": "8+ years"}
    for chart, figure in figures.items():
        assert painted(changed, chart) != painted(KNOWLEDGE, chart)
        assert figure in written(changed, chart)
        assert figure in caption(changed, chart)


def test_every_word_of_a_picture_and_its_caption_can_be_changed_in_the_yaml(folder: Path) -> None:
    replies = folder / "replies.yaml"
    change(replies, "title: Salary by specialisation", "title: Der Lohn")
    change(replies, "note: In dollars.", "note: In Dollar.")
    change(replies, 'years: "{years} years"', 'years: "{years} Jahre"')
    changed = load_knowledge(folder)
    assert "Der Lohn\nIn Dollar." in written(changed, "salary")
    assert "7+ Jahre" in written(changed, "path")


def test_a_placeholder_that_nothing_fills_is_reported_on_its_line(folder: Path) -> None:
    replies = folder / "replies.yaml"
    change(replies, '"• {short}: {salary}"', '"• {short}: {wage}"')
    line = next(n for n, line in enumerate(replies.read_text(encoding="utf-8").splitlines(), 1) if "{wage}" in line)
    with pytest.raises(KnowledgeError, match=rf"replies\.yaml:{line}: .*nothing fills {{wage}} here"):
        load_knowledge(folder)
