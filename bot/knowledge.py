"""The knowledge folder -> Knowledge: strict models of what the bot knows and how people ask for it."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import KnowledgeError
from bot.yaml_tree import YamlTree

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=25)]
Kind = Literal["level", "track", "advance"]

ASPECTS = ("overview", "experience", "skills", "salary")
"""What can be asked of every level and track: the columns of the grid."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entity(_Strict):
    """A thing of the career that people name: a level, a track, a strategy ("advance")."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
    title: Text
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=14)]
    """A name that fits on a button."""
    brief: Text
    """The work in half a line, for lists and comparisons."""
    about: Text
    source: Text
    names: tuple[Text, ...]
    """Words that surely mean this entity wherever they stand."""
    hints: tuple[Text, ...] = ()
    """Words that may mean it: they fill slots and are weighed by the matcher, but decide nothing alone."""


class Level(Entity):
    """One step of the ladder."""

    years_from: int
    years_to: int | None = None
    """None: open upwards."""
    skills: tuple[Text, ...]

    @property
    def years(self) -> str:
        """The range of years as people write it: "1-3", "7+"."""
        return f"{self.years_from}+" if self.years_to is None else f"{self.years_from}-{self.years_to}"

    def holds(self, years: float) -> bool:
        """Whether so many years belong to this level; its ends belong to it."""
        return self.years_from <= years and (self.years_to is None or years <= self.years_to)


class Track(Entity):
    """A specialisation."""

    skills: tuple[Text, ...]
    salary_from: int
    salary_to: int

    @property
    def salary(self) -> str:
        """The salary range in US dollars: "$80,000 - $120,000"."""
        return f"${self.salary_from:,} - ${self.salary_to:,}"


class Statement(_Strict):
    """Something the page says that belongs to no entity."""

    about: Text
    source: Text


class Career(_Strict):
    """All the facts: one file in careers/."""

    name: Text
    title: Text
    role: Statement
    advance: Statement
    specialising: Statement
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    tracks: Annotated[tuple[Track, ...], Field(min_length=1)]
    strategies: Annotated[tuple[Entity, ...], Field(min_length=1)]

    def entities(self) -> Iterator[tuple[str, Entity]]:
        """Every entity with its full id: ("level.junior", …), in the order of the file."""
        for kind, group in (("level", self.levels), ("track", self.tracks), ("advance", self.strategies)):
            for entity in group:
                yield f"{kind}.{entity.id}", entity


class Asking(_Strict):
    """How people ask: phrases by topic, and the words that lean on what was said before."""

    phrases: dict[str, tuple[Text, ...]]
    """Topic, or aspect of a kind ("level.skills", with a {level} slot), or open aspect ("open.skills")."""


class OutsideGroup(_Strict):
    """A family of questions that must not be answered."""

    say: Text | None = None
    """Names the gap: what exactly is not known."""
    near: tuple[Text, ...] = ()
    """Topics worth offering instead."""
    phrases: tuple[Text, ...]


class References(_Strict):
    """Words that point at something said before, and words about years."""

    first: tuple[Text, ...]
    second: tuple[Text, ...]
    third: tuple[Text, ...]
    other: tuple[Text, ...]
    above: tuple[Text, ...]
    after: tuple[Text, ...]
    below: tuple[Text, ...]
    middle: tuple[Text, ...]
    own: tuple[Text, ...]
    top: tuple[Text, ...]
    bottom: tuple[Text, ...]
    both: tuple[Text, ...]
    richer: tuple[Text, ...]
    poorer: tuple[Text, ...]
    negation: tuple[Text, ...]
    """Words after which a name is not meant."""
    beyond: tuple[Text, ...]
    short_of: tuple[Text, ...]
    """Words before the name of a level that mean the one above it, or the one below."""
    between: tuple[Text, ...]
    """Words that put a level between two that are named."""
    difference: tuple[Text, ...]
    """Words that compare the two instead."""
    better_pay: tuple[Text, ...]
    pay: tuple[Text, ...]
    """A word of each of these two in a comparison asks which pays better."""
    general: tuple[Text, ...]
    """Words that make a question one about the whole career."""
    pronoun: tuple[Text, ...]
    """Words that stand for the thing talked about."""
    oneself: tuple[Text, ...]
    """Words by which people speak of themselves."""
    question: tuple[Text, ...]
    """Words that make a question wherever they stand."""
    auxiliary: tuple[Text, ...]
    """Words that make a question at its beginning."""
    filler: tuple[Text, ...]
    """Words without meaning for the topic."""
    profession: tuple[Text, ...]
    """Words that show that years were spent in this career."""
    no_profession: tuple[Text, ...]
    """Words that show that they were not, and what an amount of years can also be."""


_QUOTABLE = {
    *("role", "advance", "specialising", "ladder", "title", "short", "about", "brief", "Brief", "years", "skills"),
    *("level_lines", "track_lines", "salary_lines", "strategy_lines", "compare_lines", "skill_lines", "salary"),
    *("skill", "title2", "years2", "told", "say", "self", "other", "above"),
}


def _known_placeholders(template: str) -> str:
    """Refuse a template that quotes what no reply can fill in."""
    try:
        unknown = sorted({name for _, name, _, _ in Formatter().parse(template) if name is not None} - _QUOTABLE)
    except ValueError as error:
        raise ValueError(f"the braces do not match: {error}") from None
    if unknown:
        raise ValueError(f"there is no placeholder {{{unknown[0]}}}")
    return template


Template = Annotated[Text, AfterValidator(_known_placeholders)]


class Wording(_Strict):
    """How the bot words its replies: templates with {placeholders}; *stars* make bold."""

    answers: dict[str, Template]
    """By topic, or by kind and aspect ("level.skills")."""
    lines: dict[str, Template]
    """One line of a list inside an answer."""
    next_step: dict[str, Template]
    smalltalk: dict[str, tuple[Text, ...]]
    """Small talk has several wordings that take turns."""
    labels: dict[str, Template]
    """What stands on the button of a topic."""
    questions: dict[str, Template]
    """The question that a topic answers, for asking back."""
    suggestions: dict[str, tuple[Template, ...]]
    """Topics worth asking next; {self}, {other} and {above} stand for entities."""
    assumed: Template
    choices: dict[str, tuple[Text, ...]]
    """What to offer when an aspect was left open ("open.skills") and nothing fills it."""
    clarify: tuple[Text, ...]
    unknown: tuple[Text, ...]
    gap: tuple[Template, ...]
    failed: Text
    unreadable: Text
    stale_button: Text
    commands: dict[str, Text]
    """Telegram's command menu: command -> description."""
    start: Text
    no_token: Text
    terminal: Text


class Knowledge(_Strict):
    """Everything that the advisor knows and says."""

    career: Career
    asking: Asking
    references: References
    outside: dict[str, OutsideGroup]
    wording: Wording

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Entities by full id ("level.junior")."""
        return dict(self.career.entities())

    def of_kind(self, kind: Kind) -> tuple[str, ...]:
        """Ids of all entities of a kind, in the order of the career file."""
        return tuple(target for target in self.entities if target.startswith(kind + "."))

    def levels_at(self, years: float) -> list[str]:
        """Levels whose range of years holds a number of years: two where ranges touch, the first one below all."""
        levels = {target: e for target, e in self.entities.items() if isinstance(e, Level)}
        return [target for target, level in levels.items() if level.holds(years)] or list(levels)[:1]

    def track_by_pay(self, *, best: bool) -> str:
        """The track that pays best, or worst, by the upper end of its range."""
        tracks = {target: e.salary_to for target, e in self.entities.items() if isinstance(e, Track)}
        return (max if best else min)(tracks, key=lambda target: tracks[target])

    def level_after(self, level: str) -> Level | None:
        """The level above a level id, None above the last one."""
        at = self.of_kind("level").index(level) + 1
        return self.career.levels[at] if at < len(self.career.levels) else None

    def has(self, topic: str) -> bool:
        """Whether there is such a topic or cell to answer."""
        target, _, aspect = topic.rpartition(".")
        entity = self.entities.get(target)
        if entity is not None:
            return not target.startswith("advance.") and aspect in ASPECTS
        of_a_kind = target in ("level", "track") and aspect in ASPECTS
        return topic in self.wording.suggestions and topic != "unknown" and not of_a_kind


def shipped_directory() -> Path:
    """Where the knowledge that comes with the program is: in the wheel, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "knowledge_shipped"
    return installed if installed.is_dir() else package.parent / "knowledge"


def knowledge_files(directory: Path) -> list[Path]:
    """The YAML files of a knowledge folder in a fixed order; raises KnowledgeError if there are none."""
    if not directory.is_dir():
        raise KnowledgeError([f"{directory}: no such folder; KNOWLEDGE_DIR must name a folder of knowledge"])
    found = (path for path in directory.rglob("*.yaml") if path.is_file())
    files = sorted(path for path in found if path.relative_to(directory).parts[0] != "dialogues")
    if not files:
        raise KnowledgeError([f"{directory}: no YAML files here; a folder of knowledge holds careers/*.yaml"])
    return files


def fingerprint(directory: Path) -> str:
    """A hash that changes whenever any knowledge file does."""
    digest = hashlib.sha256()
    for path in knowledge_files(directory):
        digest.update(str(path.relative_to(directory)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_tree(directory: Path) -> YamlTree:
    """The YAML of a folder of knowledge with its lines; raises KnowledgeError for what is no YAML."""
    tree = YamlTree()
    for path in knowledge_files(directory):
        tree.read(path, _place(path.relative_to(directory)))
    if tree.problems:
        raise KnowledgeError(tree.problems)
    return tree


def load_knowledge(directory: Path | None = None) -> Knowledge:
    """Read and check a folder of knowledge.

    Args:
        directory: the folder; the shipped one by default.

    Raises:
        KnowledgeError: with every problem found, each as ``file:line: problem``.
    """
    directory = directory or shipped_directory()
    tree = read_tree(directory)
    try:
        return Knowledge.model_validate(tree.content)
    except ValidationError as error:
        problems = [
            f"{directory / _FILES[str(detail['loc'][0])]}:1: this file is missing"
            if detail["loc"][0] in _FILES and detail["loc"][0] not in tree.content
            else tree.locate(detail["loc"], detail["msg"])
            for detail in error.errors()
        ]
        raise KnowledgeError(problems or [f"{directory}: cannot be read"]) from None


_FILES = {
    "career": "careers/it_project_management.yaml",
    "asking": "asking/career.yaml",
    "references": "asking/references.yaml",
    "outside": "outside.yaml",
    "wording": "replies.yaml",
}
"""The file that each part of Knowledge is read from."""


def _place(path: Path) -> tuple[str, ...]:
    """Where the content of a file belongs in Knowledge: careers/x.yaml is the career, and so on."""
    match path.parts:
        case ("careers", _):
            return ("career",)
        case ("asking", "references.yaml"):
            return ("references",)
        case ("asking", _):
            return ("asking", "phrases")
        case ("outside.yaml",):
            return ("outside",)
        case ("replies.yaml",):
            return ("wording",)
    return ("unexpected file " + "/".join(path.parts),)
