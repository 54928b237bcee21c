"""Topics and facts -> the reply, worded from the knowledge, with the next questions worth asking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.career import OF_A_KIND, Level, Track, public_topic
from bot.conversation import Conversation
from bot.entities import Reading
from bot.knowledge import Knowledge, key_of
from bot.meaning import Meaning, ReplyKind
from bot.placement import Placement
from bot.quotable import entity_facts, level_facts, second_facts, track_facts
from bot.skill_names import SkillNames
from bot.text import money

MAX_SUGGESTIONS = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A next question, shown as a button."""

    label: str
    topic: str


def plain(markup: str) -> str:
    """A text without the *stars* around what stands out."""
    return markup.replace("*", "")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says.

    `markup` is the text with *stars* around what stands out; `text` is the same without them. `navigation` leads to
    other pages, beside the next questions. One that is `in_place` only changes the message whose button was pressed.
    """

    kind: ReplyKind
    topics: tuple[str, ...]
    confidence: float
    markup: str
    suggestions: tuple[Suggestion, ...] = ()
    navigation: tuple[Suggestion, ...] = ()
    in_place: bool = False
    """Whether it only changes the message whose button was pressed."""
    for_authors: bool = True
    """Whether a question that is not known is one that the authors may want to answer."""
    plan: str = ""
    """What a link to the plan carries that it shows; empty if it shows none."""

    @property
    def text(self) -> str:
        """The reply as plain text."""
        return plain(self.markup)


class Writer:
    """Words replies."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare for some knowledge."""
        self.knowledge = knowledge
        self.wording = knowledge.wording
        self._skills = SkillNames(knowledge)
        self._placement = Placement(knowledge)
        self._quotable: dict[str, dict[str, str]] = {}
        self._suggested: dict[str, Suggestion] = {}
        self._next_questions: dict[str, tuple[str, ...]] = {}

    def write(
        self,
        meaning: Meaning,
        reading: Reading,
        named: Sequence[str],
        conversation: Conversation,
        told: float | None,
    ) -> Reply:
        """Word what an utterance is taken to mean.

        Args:
            meaning: the decision.
            reading: the words.
            named: entities that the words name or point at.
            conversation: what was said before; it makes wordings take turns.
            told: years of experience that this very message tells.
        """
        if meaning.kind == "clarify":
            return self._clarify(meaning, conversation)
        if meaning.kind == "unknown":
            return self._unknown(meaning, conversation)
        topics = _one_by_answer(meaning.topics)
        paragraphs = [self._answer(topic, reading, named, conversation, told) for topic in topics]
        if meaning.kind == "answer" and self._was_answered(meaning.topics, named, conversation):
            paragraphs[0] = self.wording.again + "\n" + paragraphs[0]
        elif meaning.assumed:
            entity = self.knowledge.entities[meaning.assumed]
            if entity.title not in paragraphs[0].partition("\n")[0]:
                paragraphs[0] = self.wording.assumed.format(short=entity.short) + "\n" + paragraphs[0]
        if meaning.comfort:
            paragraphs.insert(0, self.knowledge.outside[meaning.comfort].comfort or "")
        remarks = (*self._skills_elsewhere(topics, reading), *self._pay_compared(topics, reading))
        paragraphs[-1] = "\n".join([paragraphs[-1], *remarks])
        group = self.knowledge.outside.get(meaning.unanswered or "")
        if group:
            paragraphs.append(self.wording.besides.format(say=group.say or "").strip())
        public = tuple(dict.fromkeys(map(public_topic, topics)))
        return Reply(meaning.kind, public, meaning.confidence, "\n\n".join(paragraphs), self.suggestions(topics))

    def suggestions(self, topics: Iterable[str]) -> tuple[Suggestion, ...]:
        """The next questions after these topics; none of them is a question just answered."""
        answered = list(topics)
        patterns = [self.follow_ups(topic) for topic in answered]
        mixed = [pattern[at] for at in range(MAX_SUGGESTIONS) for pattern in patterns if at < len(pattern)]
        offered = [topic for topic in dict.fromkeys(mixed) if topic not in answered]
        return self.suggested(offered[:MAX_SUGGESTIONS])

    def suggested(self, topics: Sequence[str]) -> tuple[Suggestion, ...]:
        """These topics as suggestions."""
        for topic in topics:
            if topic not in self._suggested:
                self._suggested[topic] = Suggestion(self.label(topic), topic)
        return tuple(map(self._suggested.__getitem__, topics))

    def label(self, topic: str) -> str:
        """What stands on the button of a topic."""
        return self._of_topic(self.wording.labels, topic).format(**self._facts(topic))

    def question(self, topic: str) -> str:
        """The question that a topic answers."""
        return self._of_topic(self.wording.questions, topic).format(**self._facts(topic))

    def _clarify(self, meaning: Meaning, conversation: Conversation) -> Reply:
        openings = self.wording.clarify if len(meaning.offers) > 1 else self.wording.clarify_one
        opening = _in_turn(openings, conversation.turn)
        return self._offering("clarify", opening, meaning.offers, meaning.confidence)

    def _unknown(self, meaning: Meaning, conversation: Conversation) -> Reply:
        group = self.knowledge.outside.get(meaning.gap or "")
        if group and group.reply:
            text = _in_turn(group.reply, conversation.fallbacks)
            return self._offering("unknown", text, group.near, meaning.confidence, for_authors=False)
        if group and group.say and group.known:
            gap = _in_turn(self.wording.gap_known, conversation.fallbacks)
            text = gap.format(say=group.say, known=self._told(group.known, ()))
            return Reply("unknown", (), meaning.confidence, text, self.suggested(group.near))
        if group and group.say:
            opening = _in_turn(self.wording.gap, conversation.fallbacks).format(say=group.say)
            return self._offering("unknown", opening, group.near, meaning.confidence)
        opening = _in_turn(self.wording.unknown, conversation.fallbacks)
        return self._offering("unknown", opening, self.wording.suggestions["unknown"], meaning.confidence)

    def _offering(
        self, kind: ReplyKind, opening: str, topics: tuple[str, ...], confidence: float, *, for_authors: bool = True
    ) -> Reply:
        lines = [opening, *(f"• {self.question(topic)}" for topic in topics if topic not in self.wording.smalltalk)]
        return Reply(kind, (), confidence, "\n".join(lines), self.suggested(topics), for_authors=for_authors)

    def _answer(
        self,
        topic: str,
        reading: Reading,
        named: Sequence[str],
        conversation: Conversation,
        told: float | None,
    ) -> str:
        if topic in self.wording.smalltalk:
            return _in_turn(self.wording.smalltalk[topic], conversation.turn)
        if topic == "next":
            return self._placement.text(reading, conversation, told)
        return self._told(topic, named)

    def _told(self, topic: str, named: Sequence[str]) -> str:
        """The facts of a topic in words; `named` are the things to compare, if it compares any."""
        facts = self._facts(topic)
        kind, _, aspect = topic.partition(".")
        if aspect in OF_A_KIND:
            of_kind = [target for target in named if target.startswith(kind + ".")]
            facts["compare_lines"] = self._compare_lines(kind, of_kind if len(of_kind) > 1 else [])
        if aspect == "better_pay":
            facts |= self._by_pay()
        return self._of_topic(self.wording.answers, topic).format(**facts)

    def _was_answered(self, topics: Sequence[str], named: Sequence[str], conversation: Conversation) -> bool:
        """Whether the last answer said the same."""
        if topics != conversation.topics or topics == ("next",) or conversation.offered:
            return False
        kind, _, aspect = topics[-1].partition(".")
        of_kind = [target for target in named if target.startswith(kind + ".")]
        compared = of_kind if len(of_kind) > 1 else self.knowledge.of_kind(kind)
        return aspect not in OF_A_KIND or set(compared) == set(conversation.listed)

    def _pay_compared(self, topics: Sequence[str], reading: Reading) -> Iterator[str]:
        """How an amount of money in the words stands to the ranges answered: "I make 70k in agile, is that fair"."""
        amounts = money(reading.words)
        targets = [topic.rpartition(".")[0] for topic in topics if topic.endswith(".salary")]
        for target in (self.knowledge.of_kind("track") if "salary" in topics else targets) if len(amounts) == 1 else ():
            track = self.knowledge.entities[target]
            if isinstance(track, Track):
                below, above = amounts[0] < track.salary_from, amounts[0] > track.salary_to
                lines = self.wording.pay
                line = lines.below if below else lines.above if above else lines.within
                yield line.format(amount=f"{amounts[0]:,}", **track_facts(track))

    def _skills_elsewhere(self, topics: Sequence[str], reading: Reading) -> Iterator[str]:
        """What to say of skills that the words name where none of the things answered calls for them."""
        asked = {topic.rpartition(".")[0] for topic in topics if topic.endswith(".skills")}
        for skill in self._skills.named(reading.words) if asked else ():
            owners = self._skills.owners(skill)
            if asked.isdisjoint(owners):
                titles = ", ".join(self.knowledge.entities[owner].title for owner in owners)
                yield self.wording.lines.skill_elsewhere.format(skill=skill, title=titles)

    def _by_pay(self) -> dict[str, str]:
        """Facts of the track that pays best, and with a 2 behind their names those of the one that pays worst."""
        best, worst = (self.knowledge.entities[self.knowledge.track_by_pay(best=best)] for best in (True, False))
        return track_facts(best) | second_facts(track_facts(worst))

    def _compare_lines(self, kind: str, named: list[str]) -> str:
        template = self.wording.lines.level_compare if kind == "level" else self.wording.lines.track_compare
        targets = [target for target in self.knowledge.entities if target.startswith(kind + ".")]
        chosen = [self.knowledge.entities[target] for target in targets if not named or target in named]
        return "\n".join(template.format(**level_facts(entity) | track_facts(entity)) for entity in chosen)

    def follow_ups(self, topic: str) -> tuple[str, ...]:
        """The topics that are worth asking for after a topic, the best first."""
        if topic not in self._next_questions:
            self._next_questions[topic] = tuple(self._questions_after(topic))
        return self._next_questions[topic]

    def _questions_after(self, topic: str) -> Iterator[str]:
        patterns = self._of_topic(self.wording.suggestions, topic)
        target = topic.rpartition(".")[0]
        kind = target.partition(".")[0]
        family = [t for t in self.knowledge.entities if t.startswith(kind + ".")] if target else []
        names = {"self": target, "other": "", "above": ""}
        if target in family:
            at = family.index(target)
            names["other"] = family[(at + 1) % len(family)]
            names["above"] = family[at + 1] if at + 1 < len(family) else ""
        filled = (pattern.format(**names) for pattern in patterns)
        return (topic for topic in filled if not topic.startswith("."))

    def _of_topic(self, entries: Mapping[str, T], topic: str) -> T:
        """What the wording has for a topic, or for its kind and aspect."""
        return entries[key_of(topic, entries)]

    def _facts(self, topic: str) -> dict[str, str]:
        """Everything that a template of this topic may quote."""
        if topic not in self._quotable:
            self._quotable[topic] = self._collected(topic)
        return dict(self._quotable[topic])

    def _collected(self, topic: str) -> dict[str, str]:
        career, lines = self.knowledge.career, self.wording.lines
        facts = {
            "role": career.role.about,
            "advance": career.advance.about,
            "specialising": career.specialising.about,
            "level_lines": "\n".join(lines.level.format(**level_facts(level)) for level in career.levels),
            "track_lines": "\n".join(lines.track.format(**track_facts(track)) for track in career.tracks),
            "salary_lines": "\n".join(lines.salary.format(**track_facts(track)) for track in career.tracks),
            "strategy_lines": "\n".join(lines.strategy.format(**entity_facts(s)) for s in career.strategies),
            "ladder": ", ".join(lines.ladder.format(**level_facts(level)) for level in career.levels),
        }
        entity = self.knowledge.entities.get(topic) or self.knowledge.entities.get(topic.rpartition(".")[0])
        if entity:
            facts |= level_facts(entity) | track_facts(entity)
        if isinstance(entity, Level | Track):
            facts["skill_lines"] = "\n".join(lines.skill.format(skill=skill) for skill in entity.skills)
        return facts


def _one_by_answer(topics: Sequence[str]) -> list[str]:
    """Topics without those that would say the same again: pay of two levels is the one answer on pay."""
    answers: dict[str, list[str]] = {}
    for topic in topics:
        answers.setdefault(public_topic(topic), []).append(topic)
    return [asked[0] if len(asked) == 1 else answer for answer, asked in answers.items()]


def _in_turn(choices: tuple[T, ...], number: int) -> T:
    return choices[number % len(choices)]
