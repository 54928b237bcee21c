"""What the tests of a running bot share: one bot in Telegram for each file, and the words that it says."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import Advisor
from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.program import running_bot
from tests.e2e.talking import ADMIN, BOT, NUMBERS


@pytest.fixture(scope="module")
def live_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bot of `live` runs and keeps what it keeps."""
    return tmp_path_factory.mktemp("live")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(live_folder: Path) -> AsyncIterator[BotApi]:
    """Telegram with one bot that the tests of a file share, without brakes, and with an operator."""
    settings = {"SEND_RATE": "0", "CHAT_RATE": "0", "ADMIN_CHAT_IDS": str(ADMIN)}
    async with BotApi(BOT) as api, running_bot(api, live_folder, **settings):
        yield api


@pytest.fixture
def chat() -> int:
    """A private chat of its own for each test."""
    return next(NUMBERS)


@pytest.fixture(scope="session")
def wording(advisor: Advisor) -> Wording:
    return advisor.knowledge.wording
