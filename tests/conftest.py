"""What all tests share: the shipped knowledge and an advisor over it, and a PostgreSQL for those that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot import Advisor, Knowledge
from bot.cache import load_advisor
from tests.postgres import Postgres, running_postgres

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-length", action="store_true", help="outages of a minute last a minute, not six seconds")


@pytest.fixture(scope="session")
def full_length(request: pytest.FixtureRequest) -> bool:
    """Whether outages last as long as those that a bot has to survive, instead of a few seconds."""
    return bool(request.config.getoption("--full-length"))


@pytest.fixture(scope="session")
def advisor() -> Advisor:
    return load_advisor()


@pytest.fixture(scope="session")
def knowledge(advisor: Advisor) -> Knowledge:
    return advisor.knowledge


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()
