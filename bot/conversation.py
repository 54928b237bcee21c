"""What one chat remembers, and how it changes with every answer."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.career import ASPECTS, OF_A_KIND
from bot.knowledge import Knowledge

MOST_ASPECTS = 3
"""So many questions about one thing are remembered."""


PlanQuestion = Literal["years", "goal", "skills"]


class Plan(BaseModel):
    """A guided plan: what a person has answered so far. Immutable, and JSON like the conversation it belongs to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    years: float | None = None
    """Years as a project manager, to a hundredth."""
    goal: str | None = None
    """What the plan is for: "next", "pay", or a track as an entity id."""
    skills: tuple[str, ...] = ()
    """Ids of skills that the person has, in the order of the career file."""
    question: PlanQuestion | None = "years"
    """What was asked last and is open; None once the plan is finished."""


class Conversation(BaseModel):
    """What one chat remembers.

    Immutable; `model_dump_json` and `model_validate_json` turn it into JSON and back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topics: tuple[str, ...] = ()
    """Topics of the last answer, as cells of the grid where they are one."""
    level: str | None = None
    """The level last talked about, as an entity id."""
    track: str | None = None
    """The track last talked about, as an entity id."""
    focus: str | None = None
    """The entity last talked about, of whatever kind; None after an answer that was about none."""
    listed: tuple[str, ...] = ()
    """Entities in the order in which the last answer named them, for "the second one"."""
    aspects: tuple[str, ...] = ()
    """What was asked of the thing last talked about, turn after turn, for "the same two questions"."""
    years: float | None = None
    """Years of experience that the person told."""
    years_theirs: bool = False
    """Whether these are somebody else's."""
    years_elsewhere: float | None = None
    """Years that the person told of another job: told again, they are still no experience in this one."""
    offered: tuple[str, ...] = ()
    """Topics that the bot has just asked about, in order, for "the first" and "yes"."""
    fallbacks: int = 0
    """How many times in a row the bot did not know."""
    turn: int = 0
    """Messages so far; makes wordings take turns."""
    plan: Plan | None = None
    """The plan that is being made, or the last one that was finished."""

    @property
    def finished_plan(self) -> Plan | None:
        """The plan that was made last; None if there is none, or its questions are still open."""
        return self.plan if self.plan and self.plan.question is None else None

    @property
    def open_plan(self) -> Plan | None:
        """The plan whose questions are not all answered; None if there is none."""
        return self.plan if self.plan and self.plan.question is not None else None

    def sound(self, knowledge: Knowledge) -> "Conversation":
        """The conversation without what the knowledge holds no more: ids change, and chats are kept for weeks."""
        known = knowledge.entities
        kept = {
            "topics": tuple(topic for topic in self.topics if _stands(topic, knowledge)),
            "offered": tuple(topic for topic in self.offered if _stands(topic, knowledge)),
            "listed": tuple(entity for entity in self.listed if entity in known),
            "level": self.level if self.level in known else None,
            "track": self.track if self.track in known else None,
            "focus": self.focus if self.focus in known else None,
        }
        return (
            self if all(getattr(self, name) == value for name, value in kept.items()) else self.model_copy(update=kept)
        )

    def answered(self, knowledge: Knowledge, topics: Sequence[str], about: Sequence[str]) -> "Conversation":
        """The conversation after an answer.

        Args:
            knowledge: whose entities are meant.
            topics: what was answered, in order.
            about: entities that the question was about beyond those of the topics.
        """
        asked = [topic if topic.startswith("advance.") else topic.rpartition(".")[0] for topic in topics]
        entities = [entity for entity in asked if entity in knowledge.entities] or list(about)
        # A level or a track can be asked more about than a way to get ahead.
        focus = next(reversed([entity for entity in entities if _on_the_grid(entity)] or entities), None)
        own = knowledge.levels_at(self.years)[-1] if "next" in topics and self.years is not None else None
        focus = focus or own
        changes: dict[str, object] = {
            "topics": tuple(topics),
            "focus": focus,
            "aspects": self._still_asked(topics, focus),
            "listed": self._still_listed(_listed(knowledge, topics, about)),
            "offered": (),
            "fallbacks": 0,
            "turn": self.turn + 1,
        }
        if focus:
            changes |= _on_the_grid(focus)
        if own:
            changes["level"] = own
        return self.model_copy(update=changes)

    def spoke_of(self, entities: Sequence[str], topics: Sequence[str] = ()) -> "Conversation":
        """The conversation in the middle of a message that has just spoken of some entities, or asked something."""
        changes: dict[str, object] = {"topics": tuple(topics)} if topics else {}
        if not entities:
            return self.model_copy(update=changes) if changes else self
        changes["focus"] = entities[-1]
        if len(entities) > 1:
            changes["listed"] = tuple(entities)
        return self.model_copy(update=changes | _on_the_grid(entities[-1]))

    def _still_asked(self, topics: Sequence[str], focus: str | None) -> tuple[str, ...]:
        """What was asked of the focus so far: it begins anew with a new focus."""
        asked = [aspect for topic in topics if (aspect := topic.rpartition(".")[2]) in ASPECTS]
        before = self.aspects if focus == self.focus else ()
        return tuple(dict.fromkeys((*before, *asked)))[-MOST_ASPECTS:]

    def _still_listed(self, listed: tuple[str, ...]) -> tuple[str, ...]:
        """What "the second one" counts in: an answer about one thing of a list leaves the list standing."""
        return self.listed if len(listed) == 1 and listed[0] in self.listed else listed

    def asked_back(
        self, knowledge: Knowledge, offers: Sequence[str], guess: str | None, about: Sequence[str]
    ) -> "Conversation":
        """The conversation after asking back.

        Args:
            knowledge: whose entities are meant.
            offers: topics that were asked about, in order.
            guess: the likeliest of them, if any is likely: who goes on without choosing has meant that.
            about: entities that the question named.
        """
        after = self.answered(knowledge, [guess], about) if guess else self.chatted(about)
        return after.model_copy(update={"offered": tuple(offers)})

    def chatted(self, about: Sequence[str] = ()) -> "Conversation":
        """The conversation after small talk: the subject stays, unless some entities were named."""
        return self.spoke_of(about).model_copy(update={"turn": self.turn + 1, "fallbacks": 0, "offered": ()})

    def not_known(self) -> "Conversation":
        """The conversation after a question that had no answer: the subject stays."""
        return self.model_copy(update={"turn": self.turn + 1, "fallbacks": self.fallbacks + 1, "offered": ()})


def _stands(topic: str, knowledge: Knowledge) -> bool:
    """Whether the thing that a topic is about is still there."""
    target = topic if topic.startswith("advance.") else topic.rpartition(".")[0]
    return "." not in target or target in knowledge.entities


def _on_the_grid(entity: str) -> dict[str, object]:
    """The level or track that is talked about now; nothing if the entity is neither."""
    kind = entity.partition(".")[0]
    return {kind: entity} if kind in ("level", "track") else {}


def _listed(knowledge: Knowledge, topics: Sequence[str], about: Sequence[str]) -> tuple[str, ...]:
    """Entities in the order in which answers to these topics name them; the last list is the one in mind."""
    compared = tuple(about) if len(about) > 1 else ()
    for topic in reversed(topics):
        if topic in ("path", "tracks", "salary"):
            return knowledge.of_kind("level" if topic == "path" else "track")
        if topic.rpartition(".")[2] in OF_A_KIND:
            return compared or knowledge.of_kind("level" if topic.startswith("level") else "track")
        if topic == "advance":
            return knowledge.of_kind("advance")
    if compared:
        return compared
    spoken_of = [topic if topic in knowledge.entities else topic.rpartition(".")[0] for topic in topics]
    return tuple(dict.fromkeys(entity for entity in spoken_of if entity in knowledge.entities))
