"""Where words point that name nothing: "it", "the other one", "one rung up", "the second of those"."""

from collections.abc import Callable, Sequence

from bot.conversation import Conversation
from bot.entities import Reading
from bot.knowledge import IT, NOWHERE, Knowledge
from bot.text import Expressions

_PLACES = ("first", "second", "third")
_Way = Callable[[str, Reading, Conversation], Sequence[str]]


class Pointers:
    """Follows a pointer to the entities that it means in a conversation."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        self._knowledge = knowledge
        self._levels = knowledge.of_kind("level")
        self._tracks = knowledge.of_kind("track")
        self._strategies = knowledge.of_kind("advance")
        self._arriving = Expressions(knowledge.references.arriving)
        self._ways: dict[str, _Way] = {
            **dict.fromkeys((IT, NOWHERE), self._focus),
            **dict.fromkeys(_PLACES, self._counted),
            **dict.fromkeys(("last", "both"), self._listed),
            **dict.fromkeys(("richer", "poorer"), self._by_pay),
            **dict.fromkeys(("above", "below", "after"), self._neighbour),
            **dict.fromkeys(("top", "middle", "bottom"), self._on_the_ladder),
            "other": self._other,
            "own": self._own_level,
        }

    def follow(self, pointer: str, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """Entity ids that a pointer means.

        Args:
            pointer: one of `knowledge.Pointer` or `entities.REFERENCES`.
            reading: the words it stands in.
            conversation: what was said before.

        Returns:
            Ids in the order in which they were spoken of; none if it cannot be told.
        """
        return self._ways[pointer](pointer, reading, conversation)

    def step(self, level: str, steps: int) -> str:
        """The level so many steps up, or down, the ladder; its ends are as far as it goes."""
        return self._levels[min(max(self._levels.index(level) + steps, 0), len(self._levels) - 1)]

    def _focus(self, _pointer: str, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The thing just talked about; after a comparison, or one question about several things, all of them."""
        aspects = {topic.rpartition(".")[2] for topic in conversation.topics}
        together = aspects == {"compare"} or (len(aspects) == 1 and len(conversation.topics) > 1)
        if together and len(conversation.listed) > 1:
            return conversation.listed
        focus = conversation.focus
        placed = conversation.topics == ("next",) and focus is not None and focus == conversation.level
        if focus and placed and self._arriving.within(reading.words):
            # Who was just placed is there already, and wants to get to what comes next.
            return (self.step(focus, 1),)
        return (focus,) if focus else ()

    def _counted(self, pointer: str, _reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The first, second or third of the things just listed, else of all of the kind just talked about."""
        at = _PLACES.index(pointer)
        return self._list(conversation)[at : at + 1]

    def _listed(self, pointer: str, _reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The last of the things just listed, or all of them, else of the kind just talked about."""
        listed = self._list(conversation)
        return (listed or self._levels)[-1:] if pointer == "last" else listed

    def _list(self, conversation: Conversation) -> Sequence[str]:
        """What people count in."""
        if len(conversation.listed) > 1 or not conversation.focus:
            return conversation.listed
        return self._tracks if conversation.focus in self._tracks else self._levels

    def _by_pay(self, pointer: str, _reading: Reading, _conversation: Conversation) -> Sequence[str]:
        return (self._knowledge.track_by_pay(best=pointer == "richer"),)

    def _other(self, _pointer: str, _reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The other one of two, the other levels or strategies; none if nothing was singled out before."""
        listed, focus = conversation.listed, conversation.focus
        if focus in self._levels:
            all_of_them = listed if len(listed) > 1 else self._levels
        elif focus in self._strategies:
            all_of_them = self._strategies
        else:
            all_of_them = listed if len(listed) == 2 else self._tracks
            focus = focus if focus in all_of_them else conversation.track
        return tuple(entity for entity in all_of_them if entity != focus) if focus in all_of_them else ()

    def _own_level(self, _pointer: str, _reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The level talked about, else the one of the years that the person told."""
        if conversation.level:
            return (conversation.level,)
        return () if conversation.years is None else self._knowledge.levels_at(conversation.years)[-1:]

    def _neighbour(self, pointer: str, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The level above or below the one talked about; in a list of other things the next one, or the one before."""
        if conversation.focus in conversation.listed and conversation.focus not in self._levels:
            at = conversation.listed.index(conversation.focus) + (-1 if pointer == "below" else 1)
            return conversation.listed[at : at + 1] if at >= 0 else ()
        base = next(iter([*reading.named("level"), *self._own_level(pointer, reading, conversation)]), None)
        if base is None:
            return ()
        # "After that", said of the answer to "what comes next", means the level after the next one.
        twice = pointer == "after" and conversation.topics == ("next",)
        return (self.step(base, -1 if pointer == "below" else 2 if twice else 1),)

    def _on_the_ladder(self, pointer: str, _reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The top, the bottom or the middle of the levels listed, or of all."""
        listed = tuple(level for level in self._levels if level in conversation.listed)
        ladder = listed if len(listed) > 1 else self._levels
        if pointer == "middle":
            low, high = self._levels.index(ladder[0]), self._levels.index(ladder[-1])
            return self._levels[low + 1 : high]
        return ladder[-1:] if pointer == "top" else ladder[:1]
