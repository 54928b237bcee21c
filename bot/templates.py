"""Templates: text with {placeholders}, each refused if it quotes what nothing fills in where it stands."""

from collections.abc import Set
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

from bot.career import Text
from bot.quotable import OF_ENTITY, OF_LEVEL, OF_TRACK


def checked(template: str, quotable: Set[str]) -> str:
    """A template as it is.

    Raises:
        ValueError: the braces do not match, or something stands in them that is none of the names in `quotable`.
    """
    try:
        fields = [(name, rest) for _, name, *rest in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise ValueError(f"the braces do not match: {error}") from None
    for name, (form, conversion) in fields:
        if name not in quotable:
            known = ", ".join(f"{{{each}}}" for each in sorted(quotable))
            raise ValueError(f"nothing fills {{{name}}} here" + (f"; what can stand here is {known}" if known else ""))
        if form or conversion:
            raise ValueError(f"nothing but the name can stand in the braces of {{{name}}}")
    return template


def quoting(quotable: Set[str]) -> AfterValidator:
    """Refuse a template that quotes what nothing fills in."""
    return AfterValidator(lambda template: checked(template, quotable))


OfEntity = Annotated[Text, quoting(OF_ENTITY)]
OfLevel = Annotated[Text, quoting(OF_LEVEL)]
OfTrack = Annotated[Text, quoting(OF_TRACK)]
OfSkills = Annotated[Text, quoting({"skills"})]
OfSkill = Annotated[Text, quoting({"skill"})]
OfYears = Annotated[Text, quoting({"years"})]
OfTold = Annotated[Text, quoting({"told"})]
