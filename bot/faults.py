"""Knowledge -> what is wrong with it as a whole: its parts must fit each other."""

from collections.abc import Iterable, Iterator

from bot.career import Fault
from bot.knowledge import Knowledge, is_of_kind
from bot.templates import checked


def faults(knowledge: Knowledge) -> Iterator[Fault]:
    """Everything that is wrong, in no order."""
    yield from _within("career", found=knowledge.career.faults())
    yield from _within("wording", found=knowledge.wording.faults())
    yield from _within("wording", "plan", found=knowledge.wording.plan.faults(knowledge.career))
    yield from _wrong_slots(knowledge)


def _within(*place: str, found: Iterable[Fault]) -> Iterator[Fault]:
    """Faults of a part of the knowledge, which knows only its own keys."""
    return (((*place, *at), message) for at, message in found)


def _wrong_slots(knowledge: Knowledge) -> Iterator[Fault]:
    """Phrases with slots that nothing fills: where each is, and what is wrong with it."""
    for place, phrases in knowledge.phrase_lists():
        slots: set[str] = {"entity"} if place[0] == "asking" else set()
        if place[:2] == ("asking", "phrases") and is_of_kind(place[2]):
            kind = place[2].partition(".")[0]
            slots = {kind, kind + "2"}
        for number, phrase in enumerate(phrases):
            try:
                checked(phrase, slots)
            except ValueError as error:
                yield (*place, number), str(error)
