"""What a message, or a clause of one, is taken to mean."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.interpretation import Weighed

ReplyKind = Literal["answer", "smalltalk", "clarify", "unknown"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message, by itself."""

    weighed: Weighed
    asks: bool
    """Whether it has the shape of a question, or of an item in a list of things asked for."""
    names: bool
    """Whether it names or points at a thing."""
    rest: Callable[[], Weighed]
    """Finds what the message asks without this clause."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an utterance is taken to mean."""

    kind: ReplyKind
    topics: tuple[str, ...]
    """Cells or topics to answer, in the order asked."""
    confidence: float
    """0 to 1: that these topics are meant, or that nothing known is."""
    reason: str
    """Why this was decided, for people who look into it."""
    ranked: tuple[tuple[str, float], ...] = field(repr=False, default=())
    """All weighed topics, best first."""
    offers: tuple[str, ...] = ()
    """What to ask about when asking back."""
    guess: str | None = None
    """The likeliest of these, if it is likely at all."""
    gap: str | None = None
    """The group of outside questions, when that is what was asked."""
    unanswered: str | None = None
    """The group of outside questions that was asked beside what is answered."""
    comfort: str | None = None
    """The group of outside words beside the question that is answered, if they deserve a kind word."""
    assumed: str | None = None
    """The entity that was taken from the conversation and not from the words."""


def best_first(weighed: Weighed) -> tuple[tuple[str, float], ...]:
    """All topics, best first."""
    return tuple(sorted(weighed.items(), key=lambda item: (-item[1], item[0])))


def likeliest(weighed: Weighed) -> tuple[str, float]:
    """The topic with the highest confidence, and that confidence; "" with 0 if there is none."""
    return max(weighed.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))
