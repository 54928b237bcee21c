"""Words -> the skills that they name in full, and who calls for them: "do juniors need leadership?"."""

from collections.abc import Mapping, Sequence

from bot.career import Level, Track
from bot.knowledge import Knowledge
from bot.text import normalise, singular

_LISTS = ("path", "tracks")
_ASPECTS = ("overview", "experience", "skills")


class SkillNames:
    """Finds the skills of the career by their names."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Collect the names."""
        self._owners: dict[str, list[str]] = {}
        for target, entity in knowledge.entities.items():
            for skill in entity.skills if isinstance(entity, Level | Track) else ():
                self._owners.setdefault(skill, []).append(target)
        self._by_words = {tuple(map(singular, normalise(skill))): skill for skill in self._owners}
        self._longest = max(map(len, self._by_words), default=0)

    def named(self, words: tuple[str, ...]) -> list[str]:
        """The skills that normalised words name, in their order; of names within names the longest counts."""
        roots = tuple(map(singular, words))
        found: list[str] = []
        at = 0
        while at < len(roots):
            ends = range(min(len(roots), at + self._longest), at, -1)
            end = next((end for end in ends if roots[at:end] in self._by_words), None)
            if end:
                found.append(self._by_words[roots[at:end]])
            at = end or at + 1
        return list(dict.fromkeys(found))

    def owners(self, skill: str) -> list[str]:
        """The levels and tracks that call for a skill, as entity ids."""
        return self._owners[skill]

    def lead(self, words: tuple[str, ...], weighed: Mapping[str, float], named: Sequence[str]) -> dict[str, float]:
        """Weighed topics of words that name one skill, moved to a list of skills that tells whether it is there.

        "Which level needs time management" asks for no comparison and for no ladder, but for who calls for that skill;
        "does a senior do time management" asks whether it is among the skills of the level `named`.
        """
        skills = self.named(words)
        owners = self.owners(skills[0]) if len(skills) == 1 else []
        if len(owners) != 1 or len(named) > 1 or set(named) & set(owners):
            return dict(weighed)
        if named:
            cell, moved = f"{named[0]}.skills", {f"{named[0]}.{aspect}" for aspect in _ASPECTS}
        else:
            cell = f"{owners[0]}.skills"
            moved = {topic for topic in weighed if topic in _LISTS or topic.rpartition(".")[2] in ("skills", "compare")}
        kept = {topic: confidence for topic, confidence in weighed.items() if topic not in moved}
        return kept | {cell: sum(weighed.get(topic, 0.0) for topic in moved | {cell})}
