"""The phrases of the knowledge -> examples to train on: slots filled with names, names marked."""

from collections.abc import Iterator
from itertools import cycle, islice

from bot.career import ASPECTS, Entity
from bot.entities import Reader
from bot.knowledge import Knowledge
from bot.spelling import Speller
from bot.text import normalise

OUTSIDE = "outside."
OPEN = "open."
SURE = 30
"""Words that the knowledge lists count so many times: often enough that the speller never doubts them."""

FILLINGS = 2
"""Names drawn for each slot and entity."""


def plain_examples(knowledge: Knowledge) -> list[tuple[str, str]]:
    """All phrases with their slots filled.

    Returns:
        (phrase, topic) pairs; a topic is a cell of the grid ("level.mid.skills"), another topic ("path"), an aspect
        that leaves open of what ("open.skills"), or a group of outside questions ("outside.exam").
    """
    examples = [(phrase, OUTSIDE + name) for name, group in knowledge.outside.items() for phrase in group.phrases]
    for topic, phrases in knowledge.asking.phrases.items():
        for number, phrase in enumerate(phrases):
            examples += [(phrase, topic)] if "{" not in phrase else _filled(knowledge, topic, phrase, number)
    examples += _own_questions(knowledge)
    for target, entity in knowledge.entities.items():
        topic = target if target.startswith("advance.") else f"{target}.overview"
        examples += [(name, topic) for name in (*entity.names, *entity.hints)]
    return examples


def _own_questions(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """What stands on buttons and what the bot asks back: people type these words too."""
    for templates in (knowledge.wording.labels, knowledge.wording.questions):
        for topic, template in templates.items():
            kind, _, aspect = topic.partition(".")
            if aspect not in ASPECTS:
                yield template, topic
                continue
            for target in knowledge.of_kind("level" if kind == "level" else "track"):
                entity = knowledge.entities[target]
                yield template.format(title=entity.title, short=entity.short), f"{target}.{aspect}"


def marked_examples(knowledge: Knowledge) -> tuple[list[tuple[str, str]], Speller]:
    """The same phrases, spelled and marked as questions will be, and the speller that knows their words."""
    examples = [(normalise(phrase), topic) for phrase, topic in plain_examples(knowledge)]
    names = [normalise(name) for name in _listed_words(knowledge)]
    speller = Speller.of_phrases([*(words for words, _ in examples), *names * SURE])
    reader = Reader(knowledge)
    readings = [(reader.read(speller.repair(words)), topic) for words, topic in examples]
    return [(" ".join((*r.marked, *speller.marks(r.words))), topic) for r, topic in readings], speller


def _listed_words(knowledge: Knowledge) -> Iterator[str]:
    """Every name and listed word, so that the speller knows them even if no phrase uses them."""
    for entity in knowledge.entities.values():
        yield from (*entity.names, *entity.hints)
    for _, words in knowledge.references:
        yield from words


def _filled(knowledge: Knowledge, topic: str, phrase: str, number: int) -> Iterator[tuple[str, str]]:
    """One phrase with a slot -> examples for every entity of that kind."""
    if "{entity}" in phrase:
        for target, entity in islice(cycle(knowledge.entities.items()), number, number + FILLINGS):
            yield phrase.format(entity=_name(entity, number + len(target))), topic
        return
    kind, aspect = topic.split(".")
    entities = {target: entity for target, entity in knowledge.entities.items() if target.startswith(kind + ".")}
    for place, (target, entity) in enumerate(entities.items()):
        other = list(entities.values())[(place + 1 + number % (len(entities) - 1)) % len(entities)]
        for draw in range(FILLINGS):
            names = {kind: _name(entity, number + 7 * draw), f"{kind}2": _name(other, number + 5 * draw)}
            yield phrase.format(**names), topic if aspect == "compare" else f"{target}.{aspect}"


def _name(entity: Entity, number: int) -> str:
    names = (*entity.names, *entity.hints)
    return names[number * 11 % len(names)]
