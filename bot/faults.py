"""Knowledge -> what is wrong with it as a whole: its parts must fit each other, or somebody gets no answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from bot.career import ASPECTS, Fault, Kind, Place
from bot.knowledge import ALWAYS, Knowledge, OpenAspect, is_of_kind, key_of
from bot.menu import HOME, PAGE, Menu
from bot.phrases import OPEN
from bot.replies import Writer
from bot.templates import checked
from bot.text import expanded, normalise

_FORMULAIC = "next"
"""The topic whose answer is put together from `next_step`."""


def faults(knowledge: Knowledge) -> Iterator[Fault]:
    """Everything that is wrong, in no order, each fault once."""
    first = [
        *_within("career", found=knowledge.career.faults()),
        *_within("wording", found=knowledge.wording.faults()),
        *_within("wording", "plan", found=knowledge.wording.plan.faults(knowledge.career)),
        *_wrong_slots(knowledge),
        *_wordless(knowledge),
        *_within("wording", found=_missing(knowledge)),
        *_made_up(knowledge),
    ]
    # Only what is complete can be followed from topic to topic.
    yield from dict.fromkeys(first or _wrong_links(knowledge))


def _within(*place: str, found: Iterable[Fault]) -> Iterator[Fault]:
    """Faults of a part of the knowledge, which knows only its own keys."""
    return (((*place, *at), message) for at, message in found)


def _wrong_slots(knowledge: Knowledge) -> Iterator[Fault]:
    """Phrases with slots that nothing fills: where each is, and what is wrong with it."""
    for place, phrases in knowledge.phrase_lists():
        slots: set[str] = {"entity"} if place[0] == "asking" else set()
        of_topic = place[:2] == ("asking", "phrases")
        if of_topic and not _is_key(place[2], knowledge):
            # What is wrong here is the topic.
            continue
        if of_topic and is_of_kind(place[2]):
            kind = place[2].partition(".")[0]
            slots = {kind, kind + "2"}
        for number, phrase in enumerate(phrases):
            try:
                checked(phrase, slots)
            except ValueError as error:
                yield (*place, number), str(error)


def _wordless(knowledge: Knowledge) -> Iterator[Fault]:
    """Names and expressions that some spelling leaves without words: nothing can be found by them."""
    for place, patterns in _expressions(knowledge):
        for number, pattern in enumerate(patterns):
            if not all(map(normalise, expanded(pattern))):
                yield (*place, number), f"'{pattern}' can stand for no words at all"


def _expressions(knowledge: Knowledge) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """All lists of names and expressions, with their places."""
    career, plan = knowledge.career, knowledge.wording.plan
    for group, entities in (("levels", career.levels), ("tracks", career.tracks), ("strategies", career.strategies)):
        for at, entity in enumerate(entities):
            yield ("career", group, at, "names"), entity.names
            yield ("career", group, at, "hints"), entity.hints
    for name, patterns in knowledge.references:
        yield ("references", name), patterns
    for name, patterns in plan.forms:
        yield ("wording", "plan", "forms", name), patterns
    for skill, forms in plan.skills.items():
        yield ("wording", "plan", "skills", skill, "names"), forms.names
        yield ("wording", "plan", "skills", skill, "bare"), forms.bare


def _missing(knowledge: Knowledge) -> Iterator[Fault]:
    """What has no words and can be asked for."""
    wording = knowledge.wording
    for topic in (*ALWAYS, *knowledge.of_kind("advance")):
        if topic not in wording.suggestions:
            yield ("suggestions", topic), f"this key is missing: without it '{topic}' cannot be answered"
    if HOME not in wording.pages:
        yield ("pages", HOME), "this key is missing: browsing begins there"
    needed: dict[str, Mapping[str, object]] = {
        "answers": wording.answers,
        "labels": wording.labels,
        "questions": wording.questions,
        "suggestions": wording.suggestions,
    }
    for topic in knowledge.topics():
        if topic in wording.smalltalk:
            continue
        shown = key_of(topic, ()) if topic.rpartition(".")[0] in knowledge.entities else topic
        for name, entries in needed.items():
            if key_of(topic, entries) not in entries and (name, topic) != ("answers", _FORMULAIC):
                yield (name, shown), "this key is missing, and people can ask for it"


def _made_up(knowledge: Knowledge) -> Iterator[Fault]:
    """Keys that serve nothing."""
    wording = knowledge.wording
    by_topic = [("asking", "phrases", topic) for topic in knowledge.asking.phrases]
    for name in ("answers", "labels", "questions", "suggestions", "smalltalk", "browse"):
        by_topic += [("wording", name, topic) for topic in getattr(wording, name)]
    more = {("wording", "suggestions", "unknown"), *(("wording", "browse", page) for page in wording.pages)}
    for place in by_topic:
        if place not in more and not _is_key(place[-1], knowledge):
            yield place, _no_topic(place[-1])
    for topic in wording.choices:
        if topic not in {OPEN + aspect for aspect in get_args(OpenAspect)}:
            yield ("wording", "choices", topic), f"nothing is left open that is called '{topic}'"


def _is_key(topic: str, knowledge: Knowledge) -> bool:
    """Whether a key serves what can be answered: a topic, or an aspect of all levels or tracks."""
    kind, _, aspect = topic.partition(".")
    return knowledge.has(topic) or (kind in ("level", "track") and aspect in ASPECTS)


def _wrong_links(knowledge: Knowledge) -> Iterator[Fault]:
    """Topics that are named where they cannot be used."""
    writer = Writer(knowledge)
    yield from _wrong_topics(knowledge, writer)
    yield from _within("wording", found=_wrong_pages(knowledge, Menu(knowledge, writer)))


def _wrong_topics(knowledge: Knowledge, writer: Writer) -> Iterator[Fault]:
    """Topics that people cannot ask for, be offered or be told."""
    wording = knowledge.wording
    for name, group in knowledge.outside.items():
        yield from _wrong_offers(("outside", name, "near"), group.near, knowledge)
        if group.known and not _tells(group.known, knowledge):
            yield ("outside", name, "known"), f"there is no topic '{group.known}' that tells a fact"
    for topic, offers in wording.choices.items():
        yield from _wrong_offers(("wording", "choices", topic), offers, knowledge)
    for topic in (*knowledge.topics(), "unknown"):
        key = key_of(topic, wording.suggestions)
        yield from _wrong_offers(("wording", "suggestions", key), writer.follow_ups(topic), knowledge)
    for topic in wording.inline_first:
        if not knowledge.has(topic) or topic in wording.smalltalk:
            yield ("wording", "inline_first"), f"there is no topic '{topic}' with an answer for a card"


def _wrong_pages(knowledge: Knowledge, menu: Menu) -> Iterator[Fault]:
    """Pages that cannot be turned to."""
    wording = knowledge.wording
    for page, below in menu.all_below().items():
        yield from _wrong_offers(("browse", key_of(page, wording.browse)), below, knowledge)
    for key, patterns in wording.browse.items():
        for pattern in patterns:
            if "*" in pattern and pattern.partition(".*")[0] not in get_args(Kind):
                yield ("browse", key), f"there is nothing that the star in '{pattern}' can stand for"
    for command, page in wording.command_pages.items():
        if menu.shown(page) is None:
            yield ("command_pages", command), f"no page '{page}' can be turned to: write {PAGE} before one in browse"


def _wrong_offers(place: Place, topics: Iterable[str], knowledge: Knowledge) -> Iterator[Fault]:
    """Topics that are offered by a button and cannot be."""
    for topic in topics:
        if not knowledge.has(topic):
            yield place, _no_topic(topic)
        elif key_of(topic, knowledge.wording.labels) not in knowledge.wording.labels:
            yield place, f"'{topic}' cannot be offered: it has no label for the button"


def _tells(topic: str, knowledge: Knowledge) -> bool:
    """Whether the answer to a topic is a fact."""
    return knowledge.has(topic) and topic not in knowledge.wording.smalltalk and topic != _FORMULAIC


def _no_topic(name: str) -> str:
    return f"there is no topic '{name}'; correct the name, or add it to suggestions, answers, labels and questions"
