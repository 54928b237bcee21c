"""The knowledge folder: what is read from it, and what an author is told who made a mistake in it."""

import re
import shutil
from pathlib import Path

import pytest

from bot import Knowledge, KnowledgeError, load_knowledge
from bot.loading import fingerprint, shipped_directory
from tests.knowledge_folders import cannot_be_read

CAREER = "careers/it_project_management.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped knowledge for a test to change."""
    return Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))


def problems(folder: Path) -> list[str]:
    """What is reported about a folder, each file named from the folder on."""
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def line_of(pattern: str, file: Path) -> int:
    """The number of the first line that a pattern matches."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if re.search(pattern, line))


def change(file: Path, pattern: str, replacement: str) -> None:
    """Replace the first place that a pattern matches, "^" and "$" meaning the ends of a line."""
    changed, count = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1
    file.write_text(changed, encoding="utf-8")


def append(file: Path, text: str) -> int:
    """Add a line at the end of a file; its number."""
    before = file.read_text(encoding="utf-8").rstrip("\n") + "\n"
    file.write_text(before + text + "\n", encoding="utf-8")
    return before.count("\n") + 1


def test_the_shipped_knowledge_can_be_loaded_without_naming_it() -> None:
    assert load_knowledge() == load_knowledge(shipped_directory())


def test_a_copy_of_the_knowledge_is_the_same_knowledge(folder: Path) -> None:
    assert load_knowledge(folder) == load_knowledge()
    assert fingerprint(folder) == fingerprint(shipped_directory())


def test_entities_have_full_ids_in_the_order_of_the_career(knowledge: Knowledge) -> None:
    assert knowledge.of_kind("level") == ("level.junior", "level.mid", "level.senior")
    assert knowledge.of_kind("track") == ("track.agile", "track.infrastructure")
    assert [target for target in knowledge.entities if target.startswith("advance.")] == [*knowledge.of_kind("advance")]


@pytest.mark.parametrize(
    ("years", "levels"),
    [
        (0, ["junior"]),
        (0.5, ["junior"]),
        (1, ["junior"]),
        (3, ["junior", "mid"]),
        (5, ["mid"]),
        (7, ["mid", "senior"]),
        (20, ["senior"]),
    ],
)
def test_years_belong_to_every_level_whose_range_holds_them(
    knowledge: Knowledge, years: float, levels: list[str]
) -> None:
    assert knowledge.levels_at(years) == [f"level.{level}" for level in levels]


def test_after_each_level_comes_the_next_and_after_the_last_none(knowledge: Knowledge) -> None:
    after = [knowledge.level_after(level) for level in knowledge.of_kind("level")]
    assert [level and level.id for level in after] == ["mid", "senior", None]


@pytest.mark.parametrize(
    "topic",
    [
        "path",
        "next",
        "greeting",
        "level.compare",
        "level.mid.skills",
        "level.junior.salary",
        "track.agile.experience",
        "advance",
        "advance.brand",
        "salary",
    ],
)
def test_what_can_be_answered_is_there(knowledge: Knowledge, topic: str) -> None:
    assert knowledge.has(topic)


@pytest.mark.parametrize(
    "topic",
    ["", ".", "unknown", "level", "level.mid", "level.overview", "level.boss.skills", "advance.brand.skills", "role.x"],
)
def test_what_cannot_be_answered_is_not_there(knowledge: Knowledge, topic: str) -> None:
    assert not knowledge.has(topic)


def test_words_that_yaml_takes_for_values_stay_the_text_they_are(folder: Path) -> None:
    append(folder / "asking/small_talk.yaml", "level.senior.salary: [on, no, yes, 1.0, 007, null, ~, 2019-01-01]")
    assert load_knowledge(folder).asking.phrases["level.senior.salary"] == (
        *("on", "no", "yes", "1.0", "007", "null", "~", "2019-01-01"),
    )


def test_a_key_that_is_missing_is_reported_where_it_should_stand(folder: Path) -> None:
    change(folder / CAREER, r"^    years_from: .*\n", "")
    level = line_of(r"^  - id:", folder / CAREER)
    assert problems(folder) == [f"{CAREER}:{level}: 'years_from': this key is missing"]


def test_a_key_that_is_not_known_is_reported_on_its_line(folder: Path) -> None:
    line = append(folder / "replies.yaml", "assumption: none")
    assert problems(folder) == [f"replies.yaml:{line}: 'assumption': this key is not known here"]


def test_a_value_that_cannot_be_used_is_reported_on_its_line(folder: Path) -> None:
    change(folder / CAREER, r"years_from: .*", "years_from: three")
    line = line_of("years_from: three", folder / CAREER)
    (problem,) = problems(folder)
    assert problem.startswith(f"{CAREER}:{line}: 'years_from': ")


def test_a_phrase_that_is_empty_is_reported_on_its_line(folder: Path) -> None:
    line = append(folder / "asking/small_talk.yaml", "test.topic:\n  - fine\n  - ''") + 2
    (problem,) = problems(folder)
    assert problem.startswith(f"asking/small_talk.yaml:{line}: ")


@pytest.mark.parametrize(
    ("file", "key", "phrase", "message"),
    [
        ("asking/tracks.yaml", "track.skills:", "what of {level}", "nothing fills {level} here"),
        ("asking/career.yaml", "path:", "how long as a {level}", "nothing fills {level} here"),
        ("asking/career.yaml", "path:", "how long as a {level", "the braces do not match"),
        ("asking/follow_ups.yaml", "  salary:", "and for a {track}", "nothing fills {track} here"),
        ("outside.yaml", "  phrases:", "is {entity} hard", "nothing fills {entity} here"),
    ],
)
def test_a_slot_that_nothing_fills_is_reported_on_its_line(
    folder: Path, file: str, key: str, phrase: str, message: str
) -> None:
    indent = " " * (len(key) - len(key.lstrip()))
    change(folder / file, f"^{key}$", f"{key}\n{indent}  - {phrase}")
    (problem,) = problems(folder)
    assert problem.startswith(f"{file}:{line_of(re.escape(phrase), folder / file)}: ")
    assert message in problem


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("lines", "skill_elsewhere"),
        ("next_step", "settle"),
        ("navigation", "browse"),
        ("feedback", "noted"),
        ("admin", "reloading"),
        ("profile", "name"),
        ("    kinds", "unknown"),
    ],
)
def test_words_that_will_be_needed_are_missed_where_they_should_stand(folder: Path, section: str, key: str) -> None:
    replies = folder / "replies.yaml"
    start = line_of(f"^{section}:", replies)
    change(replies, rf"(^{section}:\n(?:  .*\n)*?) +{key}:.*\n(?:{section.count(' ') * ' '}    .*\n)*", r"\1")
    assert problems(folder) == [f"replies.yaml:{start}: '{key}': this key is missing"]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("People: {people}", "People: {persons}", "{persons}"),
        ('  role: "{role}"', '  role: "{role} {salary}"', "{salary}"),
        ('"{specialising}|{specialising}', "{title}", "{title}"),
        ("has three key skills:", "has three key skills for {years}:", "{years}"),
        ("has the higher range: {salary}", "has the higher range: {years2}", "{years2}"),
        ('"{short}: the work"', '"{short}: {years}"', "{years}"),
        ("path: The career ladder", 'path: "The {title} ladder"', "{title}"),
        ("role: What does an IT", "role: What {self} does an IT", "{self}"),
        ('track: "• [*]{title}[*]: {brief}', 'track: "{years}: {brief}', "{years}"),
        ("skill_elsewhere: .*", 'skill_elsewhere: "{skills}"', "{skills}"),
        ("Next comes [*]{title}", "After {told} comes *{title}", "{told}"),
        ("  level: .*are at [*]{title}", '  level: "After {told} {They} are at *{title}', "{told}"),
        ("you are at [*]{title}[*] .*, the highest level I", "{title2} is the highest level I", "{title2}"),
        ('assumed: "For {short}:"', 'assumed: "For {title}:"', "{title}"),
        ("  path: .level.junior.overview,", '  path: ["{title}.overview",', "{title}"),
        ("  home: .role,", '  home: ["{other}",', "{other}"),
        ('answer: "answered: {number}"', 'answer: "answered: {days}"', "{days}"),
        ("gap_known:\\n.*{known}", 'gap_known:\n  - "{say} {title}', "{title}"),
        ("over: over {told}", "over: over {}", "{}"),
    ],
)
def test_a_template_that_quotes_what_is_not_filled_in_there_is_reported_on_its_line(
    folder: Path, old: str, new: str, name: str
) -> None:
    replies = folder / "replies.yaml"
    change(replies, old, new)
    (problem,) = problems(folder)
    assert re.match(r"replies\.yaml:\d+: ", problem)
    shown = replies.read_text(encoding="utf-8").splitlines()[int(problem.split(":")[1]) - 1 :]
    assert name in "\n".join(shown[:8])
    assert f"nothing fills {name} here" in problem


@pytest.mark.parametrize("quoted", ["{told:>9}", "{told!r}"])
def test_nothing_but_a_name_can_be_quoted(folder: Path, quoted: str) -> None:
    change(folder / "replies.yaml", "over: over {told}", f'over: "over {quoted}"')
    line = line_of("^  over:", folder / "replies.yaml")
    assert problems(folder) == [
        f"replies.yaml:{line}: 'over': nothing but the name can stand in the braces of {{told}}"
    ]


def test_a_profile_that_is_longer_than_telegram_shows_is_reported(folder: Path) -> None:
    change(folder / "replies.yaml", "^  name: .*", f"  name: {'x' * 65}")
    (problem,) = problems(folder)
    assert "'name': should have at most 64 characters" in problem


@pytest.mark.parametrize("key", ["clarify", "gap", "unknown", "  thanks"])
def test_wordings_that_take_turns_must_be_some(folder: Path, key: str) -> None:
    change(folder / "replies.yaml", rf"^{key}:\n(?: +- .*\n)+", f"{key}: []\n")
    (problem,) = problems(folder)
    assert f"'{key.strip()}': should have at least 1 item" in problem


def test_a_key_that_stands_twice_in_a_file_is_reported_the_second_time(folder: Path) -> None:
    line = append(folder / "asking/small_talk.yaml", "thanks:\n  - cheers")
    assert problems(folder) == [f"asking/small_talk.yaml:{line}: 'thanks' stands here twice"]


@pytest.mark.parametrize("topic", ["thanks: [cheers]", ("thanks:\n  - cheers")])
def test_a_topic_that_stands_in_two_files_is_reported_in_the_second(folder: Path, topic: str) -> None:
    (folder / "asking/thanking.yaml").write_text(f"# More thanks.\n\n{topic}\n", encoding="utf-8")
    assert problems(folder) == ["asking/thanking.yaml:3: 'thanks' stands in another file as well"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("topic:\n  - what: ever: this is\n", 2),
        ("topic:\n  - fine\n  - [not closed\nother: x\n", 4),
        ("topic:\n\t- a tab\n", 2),
        ("topic:\n  - fine\n  - *nothing\n", 3),
        ("topic:\n  - a \x07 bell\n", 2),
        ("topic:\n  - fine\n{level}: [skills]\n", 3),
    ],
)
def test_yaml_that_cannot_be_read_is_reported_on_its_line(folder: Path, content: str, line: int) -> None:
    (folder / "asking/more.yaml").write_text(content, encoding="utf-8")
    (problem,) = problems(folder)
    assert problem.startswith(f"asking/more.yaml:{line}: ")


def test_a_file_that_is_not_utf_8_is_reported_as_such(folder: Path) -> None:
    (folder / "asking/more.yaml").write_bytes("topic: [café]\n".encode("latin-1"))
    assert problems(folder) == ["asking/more.yaml:1: this is not UTF-8 text; save the file as UTF-8"]


@pytest.mark.parametrize("content", ["- one\n- two\n", "just words\n", "", "# only a comment\n"])
def test_a_file_without_keys_is_reported_on_its_first_line(folder: Path, content: str) -> None:
    (folder / "asking/more.yaml").write_text(content, encoding="utf-8")
    assert problems(folder) == ["asking/more.yaml:1: expected `key: value` lines here"]


@pytest.mark.parametrize("name", ["more.yaml", "levels/junior.yaml"])
def test_a_file_in_a_place_where_none_belongs_is_reported(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("topic: [phrase]\n", encoding="utf-8")
    (problem,) = problems(folder)
    assert problem.startswith(f"{name}:1: ")


@pytest.mark.parametrize("name", ["replies.yaml", "outside.yaml", "asking/references.yaml"])
def test_a_file_that_is_missing_is_reported_by_its_name(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (problem,) = problems(folder)
    assert problem.startswith(name)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("years_to: 3", "years_to: 1", "years_to: 1$", "'years_to': it must be more than years_from, which is 1"),
        ("years_from: 3", "years_from: 4", "years_from: 4", "'years_from': this level must begin at 3, where the"),
        ("years_from: 3", "years_from: 2", "years_from: 2", "'years_from': this level must begin at 3, where the"),
        ("years_from: 7", "years_from: 0", "years_from: 0", "'years_from': this level must begin at 7, where the"),
        (r"    years_to: 3\n", "", "- id: junior", "'years_to': only the last level may have no end"),
        ("years_from: 1", "years_from: -1", "years_from: -1", "'years_from': "),
        (
            "salary_from: 80000",
            "salary_from: 130000",
            "salary_from: 130000",
            "it is more than salary_to, which is 120000",
        ),
        ("id: brand", "id: compare", "id: compare", "'id': 'compare' is what comparisons are called"),
        ("id: mid", f"id: {'m' * 33}", "id: mmm", "should have at most 32 characters"),
    ],
)
def test_facts_that_cannot_be_true_together_are_reported_on_their_line(
    folder: Path, old: str, new: str, line: str, message: str
) -> None:
    change(folder / CAREER, old, new)
    problem, *_ = problems(folder)
    assert problem.startswith(f"{CAREER}:{line_of(line, folder / CAREER)}: ")
    assert message in problem


@pytest.mark.parametrize(
    ("twice", "instead", "group"), [("junior", "mid", "levels"), ("agile", "infrastructure", "tracks")]
)
def test_an_id_that_stands_twice_in_a_group_is_reported_the_second_time(
    folder: Path, twice: str, instead: str, group: str
) -> None:
    line = line_of(f"id: {instead}$", folder / CAREER)
    change(folder / CAREER, f"id: {instead}$", f"id: {twice}")
    problem, *_ = problems(folder)
    assert problem.startswith(f"{CAREER}:{line}: 'id': '{twice}' stands in {group} twice")


def test_a_ladder_may_begin_at_nothing_and_end_somewhere(folder: Path) -> None:
    change(folder / CAREER, "years_from: 1$", "years_from: 0")
    change(folder / CAREER, "years_from: 7$", "years_from: 7\n    years_to: 12")
    assert [level.years for level in load_knowledge(folder).career.levels] == ["0-3", "3-7", "7-12"]


def test_all_mistakes_in_the_yaml_are_reported_at_once(folder: Path) -> None:
    line = append(folder / "asking/small_talk.yaml", "thanks: [cheers]")
    (folder / "asking/a.yaml").write_text("- no key\n", encoding="utf-8")
    (folder / "outside.yaml").write_text("exam: [\n", encoding="utf-8")
    places = [problem.partition(": ")[0] for problem in problems(folder)]
    assert places == ["asking/a.yaml:1", f"asking/small_talk.yaml:{line}", "outside.yaml:2"]


def test_all_mistakes_in_the_content_are_reported_at_once(folder: Path) -> None:
    line = append(folder / CAREER, "wage: none")
    change(folder / CAREER, r"^    years_from: .*\n", "")
    change(folder / "replies.yaml", r"^stale_button:", "stale:")
    stale = line_of("^stale:", folder / "replies.yaml")
    level = line_of(r"^  - id:", folder / CAREER)
    places = {problem.partition(": ")[0] for problem in problems(folder)}
    assert places == {f"{CAREER}:{level}", f"{CAREER}:{line - 1}", "replies.yaml:1", f"replies.yaml:{stale}"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=rf"^{tmp_path / 'nowhere'}: no such folder"):
        load_knowledge(tmp_path / "nowhere")


def test_a_folder_without_yaml_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("levels\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"^{tmp_path}: no YAML files here"):
        load_knowledge(tmp_path)


@pytest.mark.parametrize("name", [CAREER, "outside.yaml"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, name: str) -> None:
    cannot_be_read(folder / name)
    (problem,) = problems(folder)
    assert problem.startswith(f"{name}: cannot be read (")
    with pytest.raises(KnowledgeError, match=f"^{folder / name}: cannot be read"):
        fingerprint(folder)


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ("too long for a name" * 20)
    with pytest.raises(KnowledgeError, match=f"^{folder}: "):
        fingerprint(folder)


def test_dialogues_are_no_part_of_what_the_bot_knows(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "dialogues").mkdir(exist_ok=True)
    (folder / "dialogues/one.yaml").write_text("- not even a mapping\n", encoding="utf-8")
    assert load_knowledge(folder) == load_knowledge()
    assert fingerprint(folder) == before


def test_the_folder_itself_may_lie_below_one_named_dialogues(folder: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(folder, tmp_path / "dialogues" / "knowledge"))
    assert load_knowledge(elsewhere) == load_knowledge()


@pytest.mark.parametrize("name", [CAREER, "replies.yaml", "asking/references.yaml"])
def test_the_fingerprint_changes_with_every_file(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    append(folder / name, "# a comment")
    assert fingerprint(folder) != before


def test_knowledge_cannot_be_changed_once_it_is_loaded(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(knowledge.wording, "failed", "changed")
