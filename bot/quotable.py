"""What a template may quote: of an entity, of the whole career, and in the answer of which topic."""

from collections.abc import Mapping

from bot.career import ASPECTS, OF_A_KIND, Entity, Level, Track

OF_ENTITY = frozenset({"title", "short", "about", "brief", "Brief"})
OF_LEVEL = OF_ENTITY | {"years", "skills"}
OF_TRACK = OF_ENTITY | {"salary", "skills"}
OF_CAREER = frozenset(
    {"role", "advance", "specialising", "ladder", "level_lines", "track_lines", "salary_lines", "strategy_lines"}
)
"""The names under which templates quote what these things have."""

_OF_KIND = {"level": OF_LEVEL | {"skill_lines"}, "track": OF_TRACK | {"skill_lines"}, "advance": OF_ENTITY}


def of_second(names: frozenset[str]) -> frozenset[str]:
    """The names under which the same is quoted of a second thing."""
    return frozenset(name + "2" for name in names)


def second_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts of a second thing, under the names by which they are quoted."""
    return {name + "2": value for name, value in facts.items()}


def of_answer(topic: str) -> frozenset[str]:
    """What the answer of a topic may quote, or that of a kind and an aspect ("level.skills")."""
    kind, _, aspect = topic.partition(".")
    if aspect == "better_pay":
        return OF_CAREER | {"compare_lines"} | OF_TRACK | of_second(OF_TRACK)
    if aspect in OF_A_KIND:
        return OF_CAREER | {"compare_lines"}
    return OF_CAREER | _OF_KIND.get(kind, frozenset()) if aspect else OF_CAREER


def of_label(topic: str) -> frozenset[str]:
    """What the button and the question of a topic may quote: those of a kind and an aspect name the thing."""
    kind, _, aspect = topic.partition(".")
    return frozenset({"title", "short"}) if kind in ("level", "track") and aspect in ASPECTS else frozenset()


def of_suggestion(topic: str) -> frozenset[str]:
    """What the next questions after a topic may quote: that of a thing leads on to it, and to others of its kind."""
    return frozenset({"self", "other", "above"}) if _is_of_a_thing(topic) else frozenset()


def of_page(topic: str) -> frozenset[str]:
    """What the pages below a page may quote."""
    return frozenset({"self"}) if _is_of_a_thing(topic) else frozenset()


def _is_of_a_thing(topic: str) -> bool:
    return topic.startswith(("level.", "track.")) and topic.rpartition(".")[2] in ASPECTS


def entity_facts(entity: Entity) -> dict[str, str]:
    """What a template may quote of any entity."""
    brief = entity.brief
    return {
        "title": entity.title,
        "short": entity.short,
        "about": entity.about,
        "brief": brief,
        "Brief": brief[0].upper() + brief[1:],
    }


def level_facts(entity: Entity) -> dict[str, str]:
    """The same with what only levels have."""
    facts = entity_facts(entity)
    if isinstance(entity, Level):
        facts |= {"years": entity.years, "skills": ", ".join(entity.skills)}
    return facts


def track_facts(entity: Entity) -> dict[str, str]:
    """The same with what only tracks have."""
    facts = entity_facts(entity)
    if isinstance(entity, Track):
        facts |= {"salary": entity.salary, "skills": ", ".join(entity.skills)}
    return facts
