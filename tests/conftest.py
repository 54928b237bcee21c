"""What all tests share: the shipped knowledge and an advisor over it."""

import pytest
from hypothesis import settings

from bot import Advisor, Knowledge
from bot.cache import load_advisor

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def advisor() -> Advisor:
    return load_advisor()


@pytest.fixture(scope="session")
def knowledge(advisor: Advisor) -> Knowledge:
    return advisor.knowledge
