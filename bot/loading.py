"""The knowledge folder -> Knowledge, with every mistake in it named by file and line."""

import hashlib
from pathlib import Path

from pydantic import ValidationError

from bot.errors import KnowledgeError
from bot.faults import faults
from bot.knowledge import Knowledge
from bot.yaml_tree import YamlTree, unreadable


def shipped_directory() -> Path:
    """Where the knowledge that comes with the program is: in the wheel, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "knowledge_shipped"
    return installed if installed.is_dir() else package.parent / "knowledge"


def knowledge_files(directory: Path) -> list[Path]:
    """The YAML files of a knowledge folder in a fixed order.

    Raises:
        KnowledgeError: there are none, or the folder cannot be read.
    """
    try:
        if not directory.is_dir():
            raise KnowledgeError([f"{directory}: no such folder; KNOWLEDGE_DIR must name a folder of knowledge"])
        found = [path for path in directory.rglob("*.yaml") if path.is_file()]
    except OSError as error:
        raise KnowledgeError([unreadable(Path(error.filename or directory), error)]) from None
    files = sorted(path for path in found if path.relative_to(directory).parts[0] != "dialogues")
    if not files:
        raise KnowledgeError([f"{directory}: no YAML files here; a folder of knowledge holds careers/*.yaml"])
    return files


def fingerprint(directory: Path) -> str:
    """A hash that changes whenever any knowledge file does.

    Raises:
        KnowledgeError: there are no files, or one of them cannot be read.
    """
    digest = hashlib.sha256()
    for path in knowledge_files(directory):
        digest.update(str(path.relative_to(directory)).encode())
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise KnowledgeError([unreadable(path, error)]) from None
    return digest.hexdigest()


def read_tree(directory: Path) -> YamlTree:
    """The YAML of a folder of knowledge with its lines; raises KnowledgeError for what is no YAML or cannot be read."""
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
        knowledge = Knowledge.model_validate(tree.content)
    except ValidationError as error:
        problems = [
            f"{directory / _FILES[str(detail['loc'][0])]}:1: this file is missing"
            if detail["loc"][0] in _FILES and detail["loc"][0] not in tree.content
            else tree.locate(detail["loc"], detail["msg"])
            for detail in error.errors()
        ]
        raise KnowledgeError(problems or [f"{directory}: cannot be read"]) from None
    if problems := [tree.locate(place, message) for place, message in faults(knowledge)]:
        raise KnowledgeError(problems)
    return knowledge


_FILES = {
    "career": "careers/it_project_management.yaml",
    "asking": "asking/career.yaml",
    "references": "asking/references.yaml",
    "outside": "outside.yaml",
    "wording": "replies.yaml",
}
"""The file that each part of Knowledge is read from."""


_PLACES = {
    ("asking", "references.yaml"): ("references",),
    ("asking", "follow_ups.yaml"): ("asking", "follow_ups"),
    ("outside.yaml",): ("outside",),
    ("replies.yaml",): ("wording",),
}


def _place(path: Path) -> tuple[str, ...]:
    """Where the content of a file belongs in Knowledge: careers/x.yaml is the career, and so on."""
    match path.parts:
        case ("careers", _):
            return ("career",)
        case parts if parts in _PLACES:
            return _PLACES[parts]
        case ("asking", _):
            return ("asking", "phrases")
    return ("unexpected file " + "/".join(path.parts),)
