"""A finished plan -> the payload of a link, and back: its answers, and a seal that breaks with any change."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2s

from bot.conversation import Plan
from bot.knowledge import Knowledge
from bot.plan_facts import PlanFacts

LONGEST = 54
"""Characters: a link to the bot and a button carry 64, and a word stands before the payload."""

_VERSION = 1
_SEAL = 4
_PAYLOAD = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")


def encode(plan: Plan, knowledge: Knowledge) -> str:
    """A plan as a payload of letters, digits, "_" and "-".

    Args:
        plan: a finished plan.
        knowledge: what it was made from.

    Returns:
        At most `LONGEST` characters.

    Raises:
        ValueError: the plan is not finished, or there are more skills than a payload has room for.
    """
    facts = PlanFacts(knowledge)
    plan = facts.sound(plan)
    if plan.question is not None or plan.years is None or plan.goal is None:
        raise ValueError("only a finished plan can be linked to")
    had = sum(1 << at for at, skill in enumerate(facts.skills) if skill in plan.skills)
    content = bytes([_VERSION, facts.goals.index(plan.goal)])
    content += round(plan.years * 100).to_bytes(2, "big") + had.to_bytes(_bytes_of_skills(facts), "big")
    payload = urlsafe_b64encode(content + _seal(content, facts)).decode().rstrip("=")
    if len(payload) > LONGEST:
        raise ValueError("there are too many skills for a link")
    return payload


def decode(payload: str, knowledge: Knowledge) -> Plan | None:
    """The finished plan that a payload holds; None if it is damaged, of other knowledge, or none of ours."""
    if not _PAYLOAD.fullmatch(payload) or len(payload) % 4 == 1:
        return None
    raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    facts = PlanFacts(knowledge)
    content, seal = raw[:-_SEAL], raw[-_SEAL:]
    # Two spellings may hold the same bytes: only the one that we write is ours.
    spelled = urlsafe_b64encode(raw).decode().rstrip("=") == payload
    if not spelled or len(content) != 4 + _bytes_of_skills(facts) or seal != _seal(content, facts):
        return None
    goal, had = content[1], int.from_bytes(content[4:], "big")
    if content[0] != _VERSION or goal >= len(facts.goals):
        return None
    plan = Plan(
        years=int.from_bytes(content[2:4], "big") / 100,
        goal=facts.goals[goal],
        skills=tuple(skill for at, skill in enumerate(facts.skills) if had >> at & 1),
        question=None,
    )
    return plan if facts.sound(plan) == plan else None


def _bytes_of_skills(facts: PlanFacts) -> int:
    """One bit for each skill."""
    return (len(facts.skills) + 7) // 8


def _seal(content: bytes, facts: PlanFacts) -> bytes:
    """A checksum over a plan and over what it was made from: the levels with their years, the tracks, all skills."""
    career = facts.knowledge.career
    levels = [(level.id, level.years_from, level.years_to, level.skills) for level in career.levels]
    tracks = [(track.id, track.skills) for track in career.tracks]
    return blake2s(content + repr((levels, tracks)).encode(), digest_size=_SEAL).digest()
