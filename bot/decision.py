"""Weighed topics -> what to do: the only place that decides between answering, asking back and not knowing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.career import ASPECTS, public_topic
from bot.interpretation import Weighed
from bot.knowledge import Knowledge
from bot.meaning import Clause, Meaning, ReplyKind, best_first, likeliest
from bot.phrases import OPEN, OUTSIDE

THRESHOLD = 0.55
"""Below this confidence nothing is answered."""

MARGIN = 0.25
"""Two topics nearer to each other than this are asked about instead of answered."""

GUESS = 0.30
"""From this confidence on, what is asked about first is what the conversation goes on from."""

OFFER = 0.10
"""A topic must be at least so likely to be offered when asking back."""

PART = 0.70
"""A clause counts as a question of its own from this confidence on."""

SUPPORT = 0.15
"""A clause that has not the shape of a question counts as one if the whole message lends its topic this confidence."""

FOREIGN = 0.02
"""A message that is surely about something else holds no question of a topic below this confidence, unless one names
a thing."""

NAMED_GAP = 0.6
"""What exactly is not known is named from this confidence on; below it is something else about every second time."""

WORDED = 0.4
"""A reply that names no gap is given from this confidence on: silence would be worse."""

URGENT = 0.2
"""A cry for help is answered as one from this confidence on, whatever else may be meant: 75 of 96 that nobody had read
before reach it, and 7 of 3,220 other messages."""

SURELY_OUTSIDE = 0.8
"""A clause beside one that is answered is named as not known from this confidence on."""

COURTESY = 0.45
"""Small talk is answered from this confidence on: to answer it wrongly costs little."""

BOTH = 0.30
"""Two aspects of one thing are both answered if each is at least so likely and nothing else is likely at all."""

SURE_CLAUSES = "each clause is sure by itself"
MAX_OFFERS = 3
MAX_TOPICS = 3


def decide(
    knowledge: Knowledge,
    whole: Weighed,
    clauses: Sequence[Clause],
    targets: Sequence[str],
    inherited: str | None,
    listed: Sequence[str],
) -> Meaning:
    """Decide what to do about a message.

    Args:
        knowledge: what can be answered.
        whole: the topics of the whole message, weighed.
        clauses: the same for each clause, none for a message of one clause.
        targets: entities that the words name or point at.
        inherited: the entity that the conversation lends to words that name none.
        listed: entities that the last answer named.
    """
    meaning = _urgent(knowledge, whole) or _consoled(clauses, whole, knowledge)
    meaning = meaning or _weighed_up(knowledge, whole, clauses, targets, inherited, listed)
    comfort = _bad_news(clauses, whole, knowledge) if meaning.kind == "answer" else None
    if not comfort:
        return meaning
    return replace(meaning, comfort=comfort, unanswered=None if meaning.unanswered == comfort else meaning.unanswered)


def _weighed_up(
    knowledge: Knowledge,
    whole: Weighed,
    clauses: Sequence[Clause],
    targets: Sequence[str],
    inherited: str | None,
    listed: Sequence[str],
) -> Meaning:
    """What to do about a message that is nothing out of the ordinary; the arguments are those of `decide`."""
    several = _several(clauses, whole, knowledge)
    unanswered = _unanswered(clauses) if several else None
    if len(several) == 1 and likeliest(whole)[1] < PART:
        whole = _mixed(whole, next(clause for clause in clauses if likeliest(clause.weighed)[0] in several))
    standing = _stand(knowledge, whole, targets, together=not several)
    if len(several) > 1 or unanswered:
        topics, sure = tuple(several)[:MAX_TOPICS], min(several.values())
        return Meaning("answer", topics, sure, SURE_CLAUSES, standing.ranked, unanswered=unanswered)
    best, confidence, outside = standing.best, standing.confidence, standing.outside
    courtesy = best in knowledge.wording.smalltalk
    if courtesy and confidence >= COURTESY and confidence > standing.group_confidence:
        outside = 0.0
    if outside >= confidence and (outside >= THRESHOLD or confidence < OFFER):
        reason = f"outside the knowledge {outside:.2f}, best topic {best or '-'} {confidence:.2f}"
        return Meaning("unknown", (), outside, reason, standing.ranked, gap=standing.gap)
    if both := _both(standing.inside, knowledge):
        reason = f"{both[0]} or {both[1]}, and hardly anything else: both fit one screen"
        return Meaning("answer", both, confidence + standing.runner_up, reason, standing.ranked)
    threshold, margin = (COURTESY, 0.0) if courtesy else (THRESHOLD, MARGIN)
    lead = f"the next ({standing.runner_up:.2f})"
    if best.startswith(OPEN) or confidence < threshold or confidence - standing.runner_up < margin:
        reason = f"{best} {confidence:.2f}: below {threshold}, or within {margin} of {lead}"
        return _ask_back(standing, _offers(standing.inside, knowledge, listed), reason)
    reason = f"{best} {confidence:.2f}: at least {threshold}, and {margin} above {lead}"
    asked = {_thing(topic, knowledge): topic for topic in (best, *standing.siblings)}
    topics = tuple(asked[target] for target in targets if target in asked)[:MAX_TOPICS] or (best,)
    entity = _thing(best, knowledge)
    assumed = entity if entity == inherited and entity not in targets else None
    kind: ReplyKind = "smalltalk" if courtesy else "answer"
    return Meaning(kind, topics, confidence, reason, standing.ranked, assumed=assumed)


def _urgent(knowledge: Knowledge, whole: Weighed) -> Meaning | None:
    """The answer to a cry for help, if a message may be one."""
    for group in (name for name, group in knowledge.outside.items() if group.urgent == "yes"):
        confidence = whole.get(OUTSIDE + group, 0.0)
        if confidence >= URGENT:
            reason = f"{group} {confidence:.2f}: at least {URGENT}, and urgent"
            return Meaning("unknown", (), confidence, reason, best_first(whole), gap=group)
    return None


def _bad_news(clauses: Sequence[Clause], whole: Weighed, knowledge: Knowledge) -> str | None:
    """The group of words in a message that deserve a kind word."""
    for weighed in (whole, *(clause.weighed for clause in clauses)):
        topic, confidence = likeliest(weighed)
        group = _comforted(topic, knowledge)
        if group and confidence >= SURELY_OUTSIDE:
            return group
    return None


def _comforted(topic: str, knowledge: Knowledge) -> str | None:
    """The group of outside words that a topic is, if they deserve a kind word."""
    name = topic.removeprefix(OUTSIDE)
    return name if name in knowledge.outside and knowledge.outside[name].comfort else None


def _consoled(clauses: Sequence[Clause], whole: Weighed, knowledge: Knowledge) -> Meaning | None:
    """The questions within a story of bad luck: they are answered all the same."""
    if not _comforted(likeliest(whole)[0], knowledge):
        return None
    asked = [likeliest(clause.weighed) for clause in clauses if clause.asks]
    sure = {topic: confidence for topic, confidence in asked if confidence >= PART and _is_answer(topic, knowledge)}
    topics = tuple(sure)[:MAX_TOPICS]
    return Meaning("answer", topics, min(sure.values()), SURE_CLAUSES, best_first(whole)) if sure else None


def _ask_back(standing: "_Standing", offers: tuple[str, ...], reason: str) -> Meaning:
    """Ask which of the offers is meant; without any, nothing is known."""
    guess = standing.best if standing.confidence >= GUESS and standing.best in offers else None
    kind: ReplyKind = "clarify" if offers else "unknown"
    return Meaning(kind, (), standing.confidence, reason, standing.ranked, offers, guess, standing.gap)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the topics of a message stand to each other."""

    ranked: tuple[tuple[str, float], ...]
    """All topics, best first."""
    inside: list[tuple[str, float]]
    """Those that can be answered, taken together where the answer is the same."""
    outside: float
    """The confidence of all others together."""
    gap: str | None
    """The likeliest group of outside questions, if it is sure enough to be named."""
    group_confidence: float
    best: str
    confidence: float
    """That the best topic is meant, or the same aspect of the other things meant."""
    siblings: list[str]
    """The best topic's aspect of other things that the words mean too: they do not compete with it."""
    runner_up: float
    """The confidence of the nearest rival."""


def _stand(knowledge: Knowledge, whole: Weighed, targets: Sequence[str], *, together: bool) -> _Standing:
    """Rank the topics; strategies that are named `together` do not compete."""
    ranked = best_first(whole)
    inside = _by_answer([(topic, confidence) for topic, confidence in ranked if not topic.startswith(OUTSIDE)])
    groups = {topic.removeprefix(OUTSIDE): confidence for topic, confidence in ranked if topic.startswith(OUTSIDE)}
    group = next(iter(groups), None)
    outside = _outside(whole)
    best, confidence = inside[0] if inside else ("", 0.0)
    siblings = _siblings(best, targets)
    if together and best in targets:
        siblings = [other for other, confidence in inside[1:] if other in targets and confidence >= OFFER]
    confidence = min(1.0, confidence + sum(value for topic, value in inside[1:] if topic in siblings))
    # Two courtesies do not compete either: whoever thanks and leaves gets one kind word.
    friends = {*siblings, *(knowledge.wording.smalltalk if best in knowledge.wording.smalltalk else ())}
    runner_up = max([outside, *(value for topic, value in inside[1:] if topic not in friends)])
    group_confidence = groups[group] if group else 0.0
    worded = group is not None and bool(knowledge.outside[group].reply)
    gap = group if group_confidence >= (WORDED if worded else NAMED_GAP) else None
    return _Standing(ranked, inside, outside, gap, group_confidence, best, confidence, siblings, runner_up)


def _both(inside: Sequence[tuple[str, float]], knowledge: Knowledge) -> tuple[str, ...]:
    """The two likeliest topics, if they are aspects of one thing, near to each other, and far from all others."""
    (first, one), (second, other), *_ = [*inside, ("", 0.0), ("", 0.0)]
    entity = first.rpartition(".")[0]
    near = other >= BOTH and one - other < MARGIN and one + other >= 1 - MARGIN
    return (first, second) if near and entity in knowledge.entities and entity == second.rpartition(".")[0] else ()


def _outside(weighed: Weighed) -> float:
    """The confidence that something outside the knowledge is meant, whatever it is."""
    return sum(confidence for topic, confidence in weighed.items() if topic.startswith(OUTSIDE))


def _by_answer(ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Topics with the same answer taken together: the likeliest one of each, with the confidence of all, best first."""
    together: dict[str, tuple[str, float]] = {}
    for topic, confidence in ranked:
        first, so_far = together.get(public_topic(topic), (topic, 0.0))
        together[public_topic(topic)] = (first, min(1.0, so_far + confidence))
    return sorted(together.values(), key=lambda item: (-item[1], item[0]))


def _several(clauses: Sequence[Clause], whole: Weighed, knowledge: Knowledge) -> dict[str, float]:
    """Topics of the clauses that are sure by themselves, in their order, small talk left out."""
    found: dict[str, float] = {}
    for clause in clauses:
        topic, confidence = likeliest(clause.weighed)
        told = topic.endswith(".overview") or topic in ("role", "next")
        asked = clause.asks or (whole.get(topic, 0.0) >= SUPPORT and not told)
        if asked and confidence >= PART and _is_answer(topic, knowledge):
            found[topic] = max(confidence, found.get(topic, 0.0))
    if len(found) != 1:
        return found
    return {} if _is_foreign(found, clauses, whole) else _with_the_rest(found, clauses, whole, knowledge)


def _is_foreign(found: dict[str, float], clauses: Sequence[Clause], whole: Weighed) -> bool:
    """Whether the only sure clause is a piece of a question about something else: "... and on which track"."""
    names = any(clause.names for clause in clauses if likeliest(clause.weighed)[0] in found)
    return not names and _outside(whole) >= SURELY_OUTSIDE and all(whole.get(topic, 0.0) < FOREIGN for topic in found)


def _with_the_rest(
    found: dict[str, float], clauses: Sequence[Clause], whole: Weighed, knowledge: Knowledge
) -> dict[str, float]:
    """The topic of the only sure clause, and that of the whole message if the other clauses alone ask it too."""
    at = next(at for at, clause in enumerate(clauses) if likeliest(clause.weighed)[0] in found)
    asked = [number for number, clause in enumerate(clauses) if clause.asks and number != at]
    meant = likeliest(whole)[0]
    if not asked or meant in found or not _is_answer(meant, knowledge):
        return found
    other, confidence = likeliest(clauses[at].rest())
    if other != meant or confidence < PART:
        return found
    return {other: confidence} | found if asked[0] < at else found | {other: confidence}


def _unanswered(clauses: Sequence[Clause]) -> str | None:
    """The group of the clause that surely asks something outside the knowledge, if there is one."""
    for clause in clauses:
        topic = likeliest(clause.weighed)[0]
        if clause.asks and topic.startswith(OUTSIDE) and _outside(clause.weighed) >= SURELY_OUTSIDE:
            return topic.removeprefix(OUTSIDE)
    return None


def _is_answer(topic: str, knowledge: Knowledge) -> bool:
    return not topic.startswith((OUTSIDE, OPEN)) and topic not in knowledge.wording.smalltalk


def _mixed(whole: Weighed, clause: Clause) -> Weighed:
    """The message as a whole and its one question, of equal weight: a story around a question may mislead."""
    topics = dict.fromkeys((*whole, *clause.weighed))
    return {topic: (whole.get(topic, 0.0) + clause.weighed.get(topic, 0.0)) / 2 for topic in topics}


def _thing(topic: str, knowledge: Knowledge) -> str:
    """The entity that a topic is about: a strategy is one itself."""
    return topic if topic in knowledge.entities else topic.rpartition(".")[0]


def _siblings(best: str, targets: Sequence[str]) -> list[str]:
    """The same aspect of other entities of the kind that the words mean too."""
    target, _, aspect = best.rpartition(".")
    kind = target.partition(".")[0]
    if target not in targets:
        return []
    return [f"{other}.{aspect}" for other in targets if other.startswith(kind + ".") and other != target]


def _offers(inside: Sequence[tuple[str, float]], knowledge: Knowledge, listed: Sequence[str]) -> tuple[str, ...]:
    """Topics worth asking about: the likeliest ones, an aspect that was left open as its choices."""
    offers: list[str] = []
    for topic, confidence in inside:
        if confidence >= OFFER and topic not in knowledge.wording.smalltalk:
            offers += _choices(topic, knowledge, listed) if topic.startswith(OPEN) else [topic]
    return tuple(dict.fromkeys(offers))[:MAX_OFFERS]


def _choices(topic: str, knowledge: Knowledge, listed: Sequence[str]) -> Sequence[str]:
    """What an aspect that was left open can be asked of: the things just listed, else what the wording offers."""
    aspect = topic.removeprefix(OPEN)
    cells = [f"{target}.{aspect}" for target in listed if not target.startswith("advance.")]
    return cells if cells and aspect in ASPECTS else knowledge.wording.choices.get(topic, ())
