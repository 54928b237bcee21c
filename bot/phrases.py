"""The phrases of the knowledge -> examples to train on: slots filled with names, names marked."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.career import ASPECTS, OF_A_KIND, Entity
from bot.entities import Reader
from bot.knowledge import NAMED, NOWHERE, Knowledge
from bot.spelling import Speller
from bot.text import expanded, normalise

Example = tuple[tuple[str, ...], str]
"""A phrase, as words with markers, and its label."""

OUTSIDE = "outside."
OPEN = "open."
SURE = 30
"""Words that the knowledge lists count so many times: often enough that the speller never doubts them."""

STANDING = 8
"""Of so many phrases that stand for themselves one teaches what it looks like when words point nowhere."""


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
        examples += [(next(expanded(pattern)), topic) for pattern in (*entity.names, *entity.hints)]
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


@dataclass(frozen=True, slots=True)
class Examples:
    """What the matchers learn from, spelled and marked as questions will be."""

    topics: list[Example]
    """What is asked: (phrase, topic)."""
    pointers: list[Example]
    """What words point at that name nothing: (phrase, pointer)."""
    speller: Speller
    """Knows the words of the phrases."""


def marked_examples(knowledge: Knowledge) -> Examples:
    """All phrases as examples, and the speller that knows their words."""
    plain = [(normalise(phrase), topic, None) for phrase, topic in plain_examples(knowledge)]
    leaning = [(normalise(phrase), OPEN + aspect, pointer) for phrase, aspect, pointer in _follow_ups(knowledge)]
    examples = [*plain, *leaning]
    names = [normalise(name) for name in _listed_words(knowledge)]
    speller = Speller.of_phrases([*(words for words, _, _ in examples), *names * SURE])
    speller.study(word for words, _, _ in examples for word in words)
    reader = Reader(knowledge)
    topics, pointers = [], []
    standing = 0
    for words, topic, pointer in examples:
        reading = reader.read(speller.repair(words))
        marked = (*reading.marked, *speller.marks(reading.words))
        topics.append((marked, topic))
        if pointer is None and not topic.startswith(OUTSIDE):
            standing += 1
        if pointer is not None and pointer != NAMED:
            pointers.append((marked, pointer))
        elif pointer is None and not topic.startswith(OUTSIDE) and standing % STANDING == 0:
            pointers.append((marked, NOWHERE))
    return Examples(topics, pointers, speller)


def _follow_ups(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """How people lean on what was said before: (phrase, aspect, pointer)."""
    for pointer, aspects in knowledge.asking.follow_ups.items():
        for aspect, phrases in aspects.items():
            for number, phrase in enumerate(phrases):
                for filled, _ in _filled(knowledge, OPEN + aspect, phrase, number) if "{" in phrase else [(phrase, "")]:
                    yield filled, aspect, pointer


def _listed_words(knowledge: Knowledge) -> Iterator[str]:
    """Every name and listed word, so that the speller knows them even if no phrase uses them."""
    for entity in knowledge.entities.values():
        yield from entity.all_names
    for _, words in knowledge.references:
        for pattern in words:
            yield from expanded(pattern)


def _filled(knowledge: Knowledge, topic: str, phrase: str, number: int) -> Iterator[tuple[str, str]]:
    """One phrase with a slot -> examples for every entity of that kind."""
    if "{entity}" in phrase:
        named = list(knowledge.entities.values())
        yield phrase.format(entity=_name(named[number % len(named)], number)), topic
        return
    kind, aspect = topic.split(".")
    of_all = aspect in OF_A_KIND
    entities = {target: entity for target, entity in knowledge.entities.items() if target.startswith(kind + ".")}
    for place, (target, entity) in enumerate(entities.items()):
        other = list(entities.values())[(place + 1 + number % max(1, len(entities) - 1)) % len(entities)]
        names = {kind: _name(entity, number), f"{kind}2": _name(other, number)}
        yield phrase.format(**names), topic if of_all else f"{target}.{aspect}"


def _name(entity: Entity, number: int) -> str:
    """One of the names of an entity; a pattern counts as one name, whose spellings take turns."""
    patterns = (*entity.names, *entity.hints)
    spellings = list(expanded(patterns[number * 11 % len(patterns)]))
    return spellings[number % len(spellings)]
