"""Conversations that must hold: knowledge/dialogues/*.yaml, played against the advisor."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.advisor import Advisor
from bot.conversation import Conversation
from bot.errors import KnowledgeError
from bot.loading import shipped_directory
from bot.replies import Reply
from bot.yaml_tree import YamlTree

_EXPECTED = "expected lines `- what a person says: topic`"

NOT_ANSWERED = ("clarify", "unknown")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person says, what must be answered, and where that stands."""

    says: str
    wanted: str
    place: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation."""

    name: str
    turns: tuple[Turn, ...]


def read_dialogues(directory: Path | None = None) -> list[Dialogue]:
    """Read the dialogues of a knowledge folder.

    Raises:
        KnowledgeError: as ``file:line: problem``, for what is not a name and a list of `says: wanted`.
    """
    tree = YamlTree()
    for path in sorted(((directory or shipped_directory()) / "dialogues").glob("*.yaml")):
        tree.read(path, ())
    dialogues, problems = [], list(tree.problems)
    for name, content in tree.content.items():
        if not isinstance(content, list):
            problems.append(f"{tree.line((name,))}: {_EXPECTED}")
            continue
        turns: list[Turn] = []
        for at, line in enumerate(content):
            match list(line.items()) if isinstance(line, dict) else []:
                case [(str(says), str(wanted))]:
                    turns.append(Turn(says, wanted, tree.line((name, at))))
                case _:
                    problems.append(f"{tree.line((name, at))}: {_EXPECTED}")
        dialogues.append(Dialogue(name, tuple(turns)))
    if problems:
        raise KnowledgeError(problems)
    return dialogues


def failures(advisor: Advisor, dialogue: Dialogue) -> Iterator[str]:
    """Play a dialogue; one ``file:line: problem`` for every turn that gets another answer than it must."""
    conversation = Conversation()
    for turn in dialogue.turns:
        reply, conversation = advisor.reply(turn.says, conversation)
        if _given(reply) != [topic.strip() for topic in turn.wanted.split("+")]:
            yield f"{turn.place}: '{turn.says}' gets {' + '.join(_given(reply))}, not {turn.wanted}"


def _given(reply: Reply) -> list[str]:
    return [reply.kind] if reply.kind in NOT_ANSWERED else list(reply.topics)
