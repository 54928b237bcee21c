"""An entity -> what a template may quote of it."""

from bot.career import Entity, Level, Track


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
