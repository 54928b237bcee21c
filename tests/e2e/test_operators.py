"""What operators ask in the chat."""

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.talking import ADMIN, ask

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_operator_is_told_why_and_how_it_goes(live: BotApi) -> None:
    await ask(live, ADMIN, "senoir pm skils")
    why = await ask(live, ADMIN, "/why")
    assert "senoir -> senior" in why.text
    assert "decision: answer" in why.text
    stats = await ask(live, ADMIN, "/stats")
    assert "The last 7 days" in stats.text
    assert "Senior: skills 1" in stats.text


async def test_an_operator_can_have_the_knowledge_read_anew(live: BotApi, wording: Wording) -> None:
    live.say(ADMIN, "/reload")
    assert [m.text for m in await live.sent(ADMIN, 2, timeout=60)] == [
        wording.admin.reloading,
        wording.admin.reloaded,
    ]


@pytest.mark.parametrize("command", ["/why", "/stats", "/reload"])
async def test_others_cannot_have_what_operators_have(live: BotApi, chat: int, command: str, wording: Wording) -> None:
    text = (await ask(live, chat, command)).text
    assert text not in dict(wording.admin).values()
    assert "The last 7 days" not in text
