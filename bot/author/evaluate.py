"""Scores question files: how often the advisor is right, asks back, misses, or answers wrongly.

A file holds one JSON object a line: {"q": "…", "topics": [["a"], ["b", "c"]], "kind": "answer", "tags": ["terse"]},
or a conversation {"turns": [{"q": …, "topics": …, "kind": …}, …], "tags": […]}. `topics` lists alternatives; a reply
must cover every topic of one of them. `kind` is answer, smalltalk or unknown; an unknown question has no topics.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.advisor import Advisor
from bot.conversation import Conversation
from bot.errors import BotError
from bot.replies import Reply

Verdict = Literal["right", "offered", "missed", "false"]
CONFIDENCES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
VERDICTS: tuple[Verdict, ...] = ("right", "offered", "missed", "false")


class Question(BaseModel):
    """One question with its label."""

    model_config = ConfigDict(extra="forbid")

    q: str
    topics: list[list[str]]
    kind: Literal["answer", "smalltalk", "unknown"]
    tags: list[str] = []


class Talk(BaseModel):
    """A conversation; a single question is a conversation of one turn."""

    model_config = ConfigDict(extra="forbid")

    turns: list[Question]
    tags: list[str] = []


@dataclass(frozen=True, slots=True)
class Scored:
    """A question, the reply it got, and what that is worth."""

    question: Question
    tags: tuple[str, ...]
    turn: int
    reply: Reply
    verdict: Verdict


def read_questions(path: Path) -> list[Talk]:
    """Read a question file.

    Raises:
        BotError: as ``file:line: problem``, if the file is missing or a line is not in the format.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BotError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BotError(f"{path}: this is not UTF-8 text; save the file as UTF-8") from None
    return [_read_talk(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _read_talk(line: str, place: str) -> Talk:
    try:
        content = json.loads(line)
        if "turns" not in content:
            content = {"turns": [content], "tags": content.get("tags", [])}
        return Talk.model_validate(content)
    except (ValueError, TypeError, AttributeError):
        raise BotError(f"{place}: this is not a question or conversation in JSON") from None


def judge(question: Question, reply: Reply) -> Verdict:
    """What a reply is worth.

    right: covers one of the alternatives, or says that it does not know what cannot be known. offered: asks back, and
    a wanted topic is among the offers (for an unknown question: asks back at all). missed: says that it does not know,
    or offers only other things. false: answers something that was not asked.
    """
    if question.kind == "unknown":
        return "right" if reply.kind == "unknown" else "offered" if reply.kind == "clarify" else "false"
    if reply.kind == "unknown":
        return "missed"
    if reply.kind == "clarify":
        offered = {suggestion.topic for suggestion in reply.suggestions}
        return "offered" if any(offered & set(wanted) for wanted in question.topics) else "missed"
    return "right" if any(set(wanted) <= set(reply.topics) for wanted in question.topics) else "false"


def score(advisor: Advisor, talks: Iterable[Talk]) -> Iterator[Scored]:
    """Play every conversation in a chat of its own and judge every reply."""
    for talk in talks:
        conversation = Conversation()
        for turn, question in enumerate(talk.turns):
            reply, conversation = advisor.reply(question.q, conversation)
            yield Scored(question, tuple(talk.tags), turn, reply, judge(question, reply))


def table(results: list[Scored]) -> list[tuple[str, int, dict[Verdict, float]]]:
    """Shares per slice: all, each kind, later turns, each tag. One (name, questions, share by verdict) per row."""
    slices = {"all": results}
    for kind in ("answer", "smalltalk", "unknown"):
        slices[kind] = [result for result in results if result.question.kind == kind]
    slices["later turns"] = [result for result in results if result.turn > 0]
    for tag in sorted({tag for result in results for tag in result.tags}):
        slices[f"tag {tag}"] = [result for result in results if tag in result.tags]
    return [(name, len(chosen), _shares(chosen)) for name, chosen in slices.items() if chosen]


def _shares(results: list[Scored]) -> dict[Verdict, float]:
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] / len(results) for verdict in VERDICTS}


def reliability(results: Iterable[Scored]) -> list[tuple[str, int, float]]:
    """How often answers of a certain confidence are right: (range of confidence, answers, share right) per row."""
    answers = [result for result in results if result.reply.kind == "answer"]
    rows = []
    for low, high in pairwise(CONFIDENCES):
        chosen = [result for result in answers if low <= min(result.reply.confidence, 1.0) < high]
        if chosen:
            right = sum(result.verdict == "right" for result in chosen) / len(chosen)
            rows.append((f"{low:.2f} to {min(high, 1.0):.2f}", len(chosen), right))
    return rows[::-1]
