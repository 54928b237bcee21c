"""Knowledge -> what is wrong with it as a whole: its parts must fit each other."""

from collections.abc import Iterator

from bot.knowledge import Knowledge, is_of_kind
from bot.wording import placeholders

Fault = tuple[tuple[str | int, ...], str]
"""Where it is among the keys of the YAML, and what is wrong there."""


def faults(knowledge: Knowledge) -> Iterator[Fault]:
    """Everything that is wrong, in no order."""
    yield from _wrong_slots(knowledge)
    yield from _wrong_links(knowledge)


def _wrong_links(knowledge: Knowledge) -> Iterator[Fault]:
    """Strategies, skills and goals that the wording of plans names and the career file does not hold."""
    for place, message in knowledge.wording.plan.wrong_links(knowledge.career):
        yield ("wording", "plan", *place), message


def _wrong_slots(knowledge: Knowledge) -> Iterator[Fault]:
    """Phrases with slots that nothing fills: where each is, and what is wrong with it."""
    for place, phrases in knowledge.phrase_lists():
        slots = {"entity"} if place[0] == "asking" else set()
        if place[:2] == ("asking", "phrases") and is_of_kind(place[2]):
            kind = place[2].partition(".")[0]
            slots = {kind, kind + "2"}
        for number, phrase in enumerate(phrases):
            try:
                unknown = sorted(placeholders(phrase) - slots)
            except ValueError as error:
                yield (*place, number), str(error)
            else:
                if unknown:
                    yield (*place, number), f"nothing fills {{{unknown[0]}}} here"
