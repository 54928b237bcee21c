"""YAML files as one tree of text that knows which line each part stands on."""

import re
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

DEEPEST = 12
"""Nothing in a knowledge folder is nested as deep as this."""


class YamlTree:
    """YAML files merged into one tree.

    Attributes:
        content: mappings, lists and text; every scalar is text, also `on`, `no` and `1.0`.
        problems: ``file:line: problem`` for everything that is wrong with the YAML itself.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.content: dict[str, Any] = {}
        self._lines: dict[tuple[str | int, ...], str] = {}
        self.problems: list[str] = []

    def read(self, path: Path, place: tuple[str, ...]) -> None:
        """Add a file, a mapping, at a place in the tree; what is wrong with it goes to `problems`."""
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        except UnicodeDecodeError:
            self.problems.append(f"{path}:1: this is not UTF-8 text; save the file as UTF-8")
            return
        except OSError as error:
            self.problems.append(unreadable(path, error))
            return
        except yaml.YAMLError as error:
            self.problems.append(f"{path}:{_line_of(error, path)}: this is not valid YAML: {_problem(error)}")
            return
        if not isinstance(node, yaml.MappingNode):
            self.problems.append(f"{path}:1: expected `key: value` lines here")
            return
        self._lines[place] = f"{path}:1"
        target = self.content
        for part in place:
            target = target.setdefault(part, {})
        for key, value in self._mapping(node, path, place).items():
            if key in target:
                self.problems.append(f"{self._lines[(*place, key)]}: '{key}' stands in another file as well")
            target[key] = value

    def _build(self, node: yaml.Node, path: Path, place: tuple[str | int, ...]) -> Any:
        line = f"{path}:{node.start_mark.line + 1}"
        self._lines.setdefault(place, line)
        if len(place) > DEEPEST:
            self.problems.append(f"{line}: this is nested too deep, or refers to itself")
            return ""
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, path, (*place, index)) for index, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path, place: tuple[str | int, ...]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, value in node.value:
            line = f"{path}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(f"{line}: a key must be plain text; put quotes around it")
                continue
            if key.value in content:
                self.problems.append(f"{line}: '{key.value}' stands here twice")
            self._lines[(*place, key.value)] = line
            content[key.value] = self._build(value, path, (*place, key.value))
        return content

    def line(self, place: tuple[str | int, ...]) -> str:
        """``file:line`` of a place in the tree."""
        return self._lines[place]

    def locate(self, place: tuple[str | int, ...], message: str) -> str:
        """One problem line for a place in the tree: the nearest line that exists, and what is wrong there."""
        missing = [str(part) for part in place]
        keys = [part for part in place if isinstance(part, str)]
        for length in range(len(place), 0, -1):
            if place[:length] in self._lines:
                rest = keys[-1] if length == len(place) else ".".join(missing[length:])
                return f"{self._lines[place[:length]]}: '{rest}': {_plain(message)}"
        return f"{'.'.join(missing)}: {_plain(message)}"


def unreadable(path: Path, error: OSError) -> str:
    """One problem line for a file or a folder that is there and cannot be read."""
    return f"{path}: cannot be read ({error.strerror}); let the user who runs the bot read it"


def _line_of(error: yaml.YAMLError, path: Path) -> int:
    """The line on which a file stops being YAML."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return error.problem_mark.line + 1
    if isinstance(error, yaml.reader.ReaderError):
        return path.read_bytes()[: error.position].count(b"\n") + 1
    return 1


def _problem(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return "a control character stands here"
    return getattr(error, "problem", None) or "it cannot be read"


def _plain(message: str) -> str:
    """A validation message in an author's words."""
    plain = {
        "Field required": "this key is missing",
        "Extra inputs are not permitted": "this key is not known here",
    }.get(message, message)
    return re.sub(r"^(?:(?:String|Tuple) (?=should)|Value error, )", "", plain)
