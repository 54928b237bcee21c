"""Ranked topics and what this chat said before -> the topics meant, weighed.

"and infrastructure?" names a thing and no aspect, "how long does that take?" an aspect and no thing, "the other one"
neither: what is missing comes from the conversation.
"""

from collections.abc import Mapping, Sequence

from bot.career import ASPECTS
from bot.conversation import Conversation
from bot.entities import Mention, Reading
from bot.knowledge import Knowledge
from bot.phrases import OPEN

Weighed = Mapping[str, float]
"""Confidence per topic, 0 to 1."""

_CELL_KINDS = ("level", "track")
_MORE = {"level": ("overview", "skills", "experience"), "track": ("overview", "skills", "salary")}


class Interpreter:
    """Puts words and conversation together."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        references = knowledge.references
        self._knowledge = knowledge
        self._levels = knowledge.of_kind("level")
        self._tracks = knowledge.of_kind("track")
        self._pronouns = frozenset(references.pronoun)
        self._filler = frozenset(words for words in references.filler if " " not in words)
        self._openers = [words for words in references.filler if " " in words]
        self._general = frozenset(references.general)
        self._between_words = frozenset(references.between)
        self._difference = frozenset(references.difference)
        self._question = frozenset(references.question)
        self._auxiliary = frozenset(references.auxiliary)
        self._opening = self._auxiliary | self._pronouns

    def weigh(self, reading: Reading, confidences: Weighed, conversation: Conversation) -> dict[str, float]:
        """Move the confidence of what was left open onto the things that the words or the conversation name.

        Args:
            reading: the words.
            confidences: the matcher's confidence per topic, aspects left open ("open.skills") among them.
            conversation: what was said before.

        Returns:
            Confidence per topic; "open." topics remain only where nothing fills them.
        """
        named = self.named(reading, conversation)
        leaning = not named and self._leans(reading)
        weighed: dict[str, float] = {}
        for topic, confidence in confidences.items():
            for meant in self._meant(topic, reading, named, conversation, leaning=leaning):
                weighed[meant] = weighed.get(meant, 0.0) + confidence
        return weighed

    def named(self, reading: Reading, conversation: Conversation) -> list[str]:
        """Entities that the words name or point at, in the order of the words."""
        between = self._between(reading)
        if between:
            return [between]
        found: list[str] = []
        for mention in reading.mentions:
            kind, _, name = mention.target.partition(".")
            if mention.sure and not mention.denied:
                found += self._pointed(name, reading, conversation) if kind == "ref" else [self._shifted(mention)]
        return list(dict.fromkeys(found))

    def _shifted(self, mention: Mention) -> str:
        """The entity that a mention means: the one named, or the neighbour of a level."""
        if mention.target not in self._levels:
            return mention.target
        return self._stepped(mention.target, mention.shift)

    def _stepped(self, level: str, steps: int) -> str:
        """The level so many steps up, or down, the ladder; its ends are as far as it goes."""
        return self._levels[min(max(self._levels.index(level) + steps, 0), len(self._levels) - 1)]

    def _between(self, reading: Reading) -> str | None:
        """The level that is told by its neighbours: "no longer the rookie but not yet an old hand"."""
        between = self._between_words & set(reading.words) and not self._difference & set(reading.words)
        levels = {m.target: m.denied for m in reading.mentions if m.target in self._levels}
        for below, level, above in zip(self._levels, self._levels[1:], self._levels[2:], strict=False):
            outer = below in levels and above in levels and level not in levels
            if outer and ((levels[below] and levels[above]) or between):
                return level
        return None

    def repeated(self, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The last question asked again of other things ("and infrastructure?"), none if the words say more."""
        if not conversation.topics or not self.is_bare(reading):
            return []
        if reading.bare_number is not None and conversation.topics == ("next",):
            return ["next"]
        named = self.named(reading, conversation)
        return self._same(named, conversation) if named else []

    def is_bare(self, reading: Reading) -> bool:
        """Whether the words hold names or pointers at most, and nothing else that means anything."""
        covered = {at for mention in reading.mentions for at in range(mention.start, mention.end)}
        rest = f" {' '.join(word for at, word in enumerate(reading.words) if at not in covered)} "
        for opener in self._openers:
            rest = rest.replace(f" {opener} ", " ")
        return all(word in self._filler or word.isdecimal() for word in rest.split())

    def asks(self, reading: Reading) -> bool:
        """Whether words have the shape of a question, and not of a name or a piece of a story."""
        opening = next((word for word in reading.words if word not in self._filler or word in self._opening), "")
        question = opening in self._auxiliary or any(word in self._question for word in reading.words)
        return question and not self.is_bare(reading)

    def about(self, topics: Sequence[str], reading: Reading, conversation: Conversation) -> list[str]:
        """Entities that a question is about without being part of the topics it asks for.

        Those that it names; and of "which one pays better", the one that does.
        """
        if "track.compare" in topics and asks_which_pays_better(self._knowledge, reading):
            return [self._knowledge.track_by_pay(best=True)]
        return self.named(reading, conversation)

    def _pointed(self, reference: str, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """What "the other one", "the one above" and the like point at, nothing if that cannot be told."""
        listed = conversation.listed
        ladder = listed if set(listed) & set(self._levels) else self._levels
        by_place = {
            "first": listed[:1],
            "second": listed[1:2],
            "third": listed[2:3],
            "both": listed,
            "top": ladder[-1:],
            "bottom": ladder[:1],
            "middle": self._levels[1:-1],
        }
        if reference in by_place:
            return by_place[reference]
        if reference in ("richer", "poorer"):
            return [self._knowledge.track_by_pay(best=reference == "richer")]
        if reference == "other":
            rest = [track for track in self._tracks if track != conversation.track]
            return rest if conversation.track and len(rest) == 1 else []
        return (
            self._own_level(conversation) if reference == "own" else self._neighbour(reference, reading, conversation)
        )

    def _own_level(self, conversation: Conversation) -> Sequence[str]:
        """The level talked about, else the one of the years that the person told."""
        if conversation.level:
            return [conversation.level]
        return [] if conversation.years is None else self._knowledge.levels_at(conversation.years)[-1:]

    def _neighbour(self, reference: str, reading: Reading, conversation: Conversation) -> Sequence[str]:
        """The level above or below the one talked about."""
        base = next(iter([*reading.named("level"), *self._own_level(conversation)]), None)
        if base is None:
            return []
        # "After that", said of the answer to "what comes next", means the level after the next one.
        step = -1 if reference == "below" else 2 if reference == "after" and conversation.topics == ("next",) else 1
        return [self._stepped(base, step)]

    def _meant(
        self, topic: str, reading: Reading, named: Sequence[str], conversation: Conversation, *, leaning: bool
    ) -> Sequence[str]:
        """The topics that one topic of the matcher stands for here."""
        focus = [conversation.focus] if conversation.focus else []
        kind, _, rest = topic.partition(".")
        entity, _, aspect = rest.partition(".")
        if topic == "next" == "".join(conversation.topics) and reading.references and not reading.durations:
            # Who points at a level right after being placed asks about that level, not to be placed again.
            return []
        if topic.startswith(OPEN):
            nothing = "salary" if rest == "salary" else topic
            return self._open(rest, reading, named or focus, conversation) or [nothing]
        if topic == "salary" or (aspect == "salary" and kind == "level"):
            # Pay is asked of a level only if the level is named: a level that is merely guessed at says nothing.
            inherits = leaning or not self._general & set(reading.words)
            grid = [target for target in named or (focus if inherits else ()) if not target.startswith("advance.")]
            return _cells("salary", grid) or ["salary"]
        if not aspect or kind not in _CELL_KINDS:
            return [topic]
        of_kind = [target for target in named if target.startswith(kind + ".")]
        if of_kind and f"{kind}.{entity}" not in of_kind:
            return [f"{of_kind[0]}.{aspect}"]
        pointed = named if named and not of_kind and reading.references else ()
        return _cells(aspect, pointed or (focus if leaning else ())) or [topic]

    def _leans(self, reading: Reading) -> bool:
        """Whether the words lean on what was said before: very short, or with a pronoun, and no name of their own."""
        content = [word for word in reading.words if word not in self._filler]
        return not reading.mentions and (len(content) <= 2 or any(word in self._pronouns for word in reading.words))

    def _open(self, aspect: str, reading: Reading, targets: Sequence[str], conversation: Conversation) -> Sequence[str]:
        """Topics for an aspect that was left open, none if nothing fills it."""
        match aspect:
            case "same":
                return self._same(self.named(reading, conversation) or reading.hinted, conversation)
            case "more":
                return self._more(conversation)
            case "compare":
                # Pay is given by track only: which pays better can only be asked of tracks.
                pay = asks_which_pays_better(self._knowledge, reading)
                kinds = ["track"] if pay else [target.partition(".")[0] for target in targets]
                return [f"{kind}.compare" for kind in kinds if kind in _CELL_KINDS][:1]
        return _cells(aspect, targets)

    def _same(self, named: Sequence[str], conversation: Conversation) -> Sequence[str]:
        """The last question, with all that it asked, asked again of the things named."""
        last = [topic.rpartition(".")[2] for topic in conversation.topics]
        aspects = [aspect for aspect in last if aspect in ASPECTS] or ["overview"]
        return list(dict.fromkeys(cell for aspect in aspects for cell in _cells(aspect, named)))

    def _more(self, conversation: Conversation) -> Sequence[str]:
        """What comes after the last answer when a person asks for more: the next aspect of the same thing."""
        if not conversation.topics:
            return []
        last = conversation.topics[-1]
        target, _, aspect = last.rpartition(".")
        order = _MORE.get(target.partition(".")[0], ())
        if target not in self._knowledge.entities or aspect not in order:
            return [last]
        return [f"{target}.{order[(order.index(aspect) + 1) % len(order)]}"]


def asks_which_pays_better(knowledge: Knowledge, reading: Reading) -> bool:
    """Whether a comparison is one of pay."""
    words = set(reading.words)
    return bool(words & {*knowledge.references.better_pay} and words & {*knowledge.references.pay})


def _cells(aspect: str, targets: Sequence[str]) -> list[str]:
    """An aspect of some entities as topics; a strategy is a topic by itself, and gives way to levels and tracks."""
    grid = [f"{target}.{aspect}" for target in targets if not target.startswith("advance.")]
    return grid or list(targets[:1])
