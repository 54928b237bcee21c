"""What operators ask in the chat."""

from pathlib import Path

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi
from tests.e2e.program import running_bot
from tests.e2e.talking import ADMIN, BOT, ask
from tests.knowledge_folders import cannot_be_read, short_knowledge

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


async def reloaded(api: BotApi) -> str:
    """What an operator hears of a reload."""
    api.say(ADMIN, "/reload")
    _, said = await api.sent(ADMIN, 2, timeout=60)
    return said.text


async def test_menu_and_profile_of_the_knowledge_that_is_read_anew_are_shown(tmp_path: Path, wording: Wording) -> None:
    knowledge = short_knowledge(tmp_path / "knowledge")
    settings = {"KNOWLEDGE_DIR": str(knowledge), "CACHE_DIR": str(tmp_path), "ADMIN_CHAT_IDS": str(ADMIN)}
    replies = knowledge / "replies.yaml"
    before = replies.read_text(encoding="utf-8")
    async with BotApi(BOT) as api, running_bot(api, tmp_path, **settings):
        assert before.count(wording.commands["salary"]) == before.count(wording.profile.name) == 1
        after = before.replace(wording.commands["salary"], "Who gets what")
        replies.write_text(after.replace(wording.profile.name, "Careers"), encoding="utf-8")
        assert await reloaded(api) == wording.admin.reloaded
        told = dict(api.calls)
        assert {"command": "salary", "description": "Who gets what"} in told["setMyCommands"]["commands"]
        assert told["setMyName"]["name"] == "Careers"


async def test_knowledge_that_cannot_be_read_anew_is_named_and_the_old_one_stays(
    tmp_path: Path, wording: Wording
) -> None:
    knowledge = short_knowledge(tmp_path / "knowledge")
    settings = {"KNOWLEDGE_DIR": str(knowledge), "CACHE_DIR": str(tmp_path), "ADMIN_CHAT_IDS": str(ADMIN)}
    async with BotApi(BOT) as api, running_bot(api, tmp_path, **settings) as bot:
        cannot_be_read(knowledge / "outside.yaml")
        said = await reloaded(api)
        assert said.startswith(f"{wording.admin.refused}\n{knowledge / 'outside.yaml'}: cannot be read (")
        assert (await ask(api, ADMIN, "/start")).text
        assert "database" not in bot.output


@pytest.mark.parametrize("command", ["/why", "/stats", "/reload"])
async def test_others_cannot_have_what_operators_have(live: BotApi, chat: int, command: str, wording: Wording) -> None:
    text = (await ask(live, chat, command)).text
    assert text not in dict(wording.admin).values()
    assert "The last 7 days" not in text
