"""What can be wrong with a folder of knowledge that loads, as ``file:line: problem``."""

from collections.abc import Iterator
from pathlib import Path

from bot.advisor import Advisor
from bot.author.dialogues import failures, read_dialogues
from bot.career import public_topic
from bot.conversation import Conversation
from bot.errors import KnowledgeError
from bot.knowledge import Knowledge
from bot.loading import read_tree, shipped_directory
from bot.phrases import OUTSIDE
from bot.text import normalise
from bot.yaml_tree import YamlTree

LONGEST_LABEL = 25
LONGEST_REPLY = 4096


def problems(advisor: Advisor, directory: Path | None = None) -> Iterator[str]:
    """Check a folder of knowledge that loads.

    Args:
        advisor: one that was trained on this folder.
        directory: the folder; the shipped one by default.

    Yields:
        One ``file:line: problem`` for each thing that is wrong.
    """
    tree = read_tree(directory or shipped_directory())
    yield from _phrases(tree, advisor.knowledge)
    yield from _offers(tree, advisor)
    try:
        dialogues = read_dialogues(directory)
    except KnowledgeError as error:
        yield from error.problems
        return
    for dialogue in dialogues:
        yield from failures(advisor, dialogue)


def _phrases(tree: YamlTree, knowledge: Knowledge) -> Iterator[str]:
    """Phrases without words, phrases that stand twice, and phrases with two homes."""
    homes: dict[tuple[str, ...], tuple[str, str]] = {}
    for place, listed in knowledge.phrase_lists():
        topic = _home(place)
        for number, phrase in enumerate(listed):
            line, words = tree.line((*place, number)), normalise(phrase)
            if not words:
                yield f"{line}: '{phrase}' has no words"
            elif words in homes and homes[words][0] == topic:
                yield f"{line}: '{phrase}' stands twice, first in {homes[words][1]}"
            elif words in homes and not _either(topic, homes[words][0], knowledge):
                yield f"{line}: '{phrase}' belongs to {topic} here and to {homes[words][0]} in {homes[words][1]}"
            homes.setdefault(words, (topic, line))


def _either(one: str, other: str, knowledge: Knowledge) -> bool:
    """Whether a phrase may be both: a mere reaction by itself ("why?"), and one that leans on an answer before it."""
    groups = [knowledge.outside.get(home.removeprefix(OUTSIDE)) for home in (one, other)]
    leaning = any(": " in home for home in (one, other))
    return leaning and any(group is not None and group.aside == "yes" for group in groups)


def _home(place: tuple[str, ...]) -> str:
    """What a list of phrases is called that stands at some place."""
    match place:
        case ("outside", name, _):
            return OUTSIDE + name
        case (_, "follow_ups", pointer, aspect):
            return f"{pointer}: {aspect}"
    return place[-1]


def _offers(tree: YamlTree, advisor: Advisor) -> Iterator[str]:
    """Answers, labels and questions that are too long, or that are not understood when typed."""
    labels, questions = tree.line(("wording", "labels")), tree.line(("wording", "questions"))
    answers = tree.line(("wording", "answers"))
    for topic in advisor.topics():
        answer = advisor.answer(topic)
        if answer and len(answer[0].text) > LONGEST_REPLY:
            yield f"{answers}: the answer to {topic} is longer than {LONGEST_REPLY} characters"
        if topic in advisor.knowledge.wording.smalltalk:
            continue
        label, question = advisor.writer.label(topic), advisor.writer.question(topic)
        if len(label) > LONGEST_LABEL:
            yield f"{labels}: the label '{label}' is longer than {LONGEST_LABEL} characters"
        for line, typed in ((labels, label), (questions, question)):
            # As words, and not as the button that the advisor takes them for.
            meant = advisor.understand(typed, Conversation()).meaning.topics
            understood = tuple(dict.fromkeys(map(public_topic, meant)))
            if understood != (public_topic(topic),):
                yield f"{line}: '{typed}' is not understood as {topic} but as {' + '.join(understood) or 'nothing'}"
