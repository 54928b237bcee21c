"""Plans made in Telegram: by buttons and in words, interrupted, shared, opened again, as a file."""

from pathlib import Path

import pytest

from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import query
from tests.e2e.talking import AGILE, NAME, NUMBERS, PAID, ask, flat, press

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAN = "Your plan: Agile"
SHARE = f"https://t.me/share/url?url=https%3A%2F%2Ft.me%2F{NAME}%3Fstart%3D"


async def finished(api: BotApi, chat: int) -> SentMessage:
    """Make a plan in a few words."""
    for words in ("/plan", "4 years", "agile", "I have scrum"):
        await ask(api, chat, words)
    return await ask(api, chat, "that's all")


def link(plan: SentMessage) -> str:
    """What the link to a plan carries."""
    return next(data for _, data in flat(plan) if data.startswith(SHARE)).removeprefix(SHARE)


async def test_a_plan_is_made_by_buttons_alone_and_skills_are_turned_on_in_place(live: BotApi, chat: int) -> None:
    years = await ask(live, chat, "/plan")
    goal = await press(live, chat, years, "3-7")
    skills = await press(live, chat, goal, "Agile")
    on = await press(live, chat, skills, "Scrum")
    assert (on.method, on.message_id) == ("editMessageText", skills.message_id)
    assert "You have: Scrum." in on.text
    off = await press(live, chat, on, "✓ Scrum")
    assert off.text == skills.text
    again = await press(live, chat, off, "Kanban")
    plan = await press(live, chat, again, "Done")
    assert plan.method == "sendMessage"
    assert PLAN in plan.text
    assert "Skills you have: Kanban." in plan.text


async def test_a_plan_that_is_interrupted_three_times_goes_on(live: BotApi, chat: int, wording: Wording) -> None:
    await ask(live, chat, "/plan")
    first = await ask(live, chat, "infra pm pay??")
    assert PAID in first.text
    assert wording.plan.talk.ask_years in first.text
    assert "where do you want to go" in (await ask(live, chat, "4")).text.lower()
    second = await ask(live, chat, "what does a senior do")
    assert "Senior" in second.text.partition("\n")[0]
    await press(live, chat, second, "Agile")
    await ask(live, chat, "scrum")
    third = await ask(live, chat, "and what does agile pay?")
    assert AGILE in third.text
    assert "So far: Scrum." in third.text
    plan = await ask(live, chat, "that's all")
    assert PLAN in plan.text
    assert "Skills you have: Scrum." in plan.text


@pytest.mark.parametrize("said", [[], ["4"], ["4", "agile"], ["4", "agile", "scrum"]])
async def test_cancel_ends_a_plan_at_any_question(live: BotApi, chat: int, said: list[str], wording: Wording) -> None:
    for words in ("/plan", *said):
        await ask(live, chat, words)
    assert (await ask(live, chat, "/cancel")).text == wording.plan.talk.cancelled
    assert AGILE in (await ask(live, chat, "what does agile pay?")).text
    assert (await ask(live, chat, "/cancel")).text == wording.plan.talk.nothing_to_cancel


async def test_a_plan_is_shared_by_a_link_that_shows_it_to_somebody_else(
    live: BotApi, live_folder: Path, chat: int
) -> None:
    plan = await finished(live, chat)
    carried = link(plan)
    assert len(carried) <= 64
    # The link says all: nothing has to be kept for it.
    query(live_folder, "DELETE FROM chats")
    assert (await ask(live, next(NUMBERS), f"/start {carried}")).text.endswith(plan.text)


@pytest.mark.parametrize("carried", ["plan_", "plan_AAAA", "plan_" + "x" * 59, "plan_--__"])
async def test_a_link_that_is_damaged_or_out_of_date_begins_a_new_plan_with_a_kind_line(
    live: BotApi, chat: int, carried: str, wording: Wording
) -> None:
    answer = await ask(live, chat, f"/start {carried}")
    assert answer.text.startswith(wording.plan.talk.outdated)
    assert "where do you want to go" in (await ask(live, chat, "4")).text.lower()


async def test_a_plan_is_sent_as_a_file(live: BotApi, chat: int, wording: Wording) -> None:
    file = await press(live, chat, await finished(live, chat), wording.plan_file)
    assert file.file
    assert file.file.name == "plan.txt"
    assert "[x] Scrum" in file.file.content.decode()
    assert file.text == wording.plan_caption


async def test_a_plan_that_nobody_remembers_is_still_sent_as_a_file(live: BotApi, chat: int, wording: Wording) -> None:
    plan = await finished(live, chat)
    await ask(live, chat, "/forget")
    file = (await press(live, chat, plan, wording.plan_file)).file
    assert file
    assert "[x] Scrum" in file.content.decode()


async def test_an_older_plan_is_sent_as_a_file_by_its_own_button(live: BotApi, chat: int, wording: Wording) -> None:
    older = await finished(live, chat)
    await ask(live, chat, "change it to infrastructure")
    file = (await press(live, chat, older, wording.plan_file)).file
    assert file
    assert "Your plan: Agile" in file.content.decode()


async def test_only_a_plan_that_is_shown_can_be_shared(live: BotApi, chat: int, wording: Wording) -> None:
    await finished(live, chat)
    assert wording.share not in dict(flat(await ask(live, chat, "/cancel")))


async def test_a_button_of_a_plan_that_nobody_remembers_begins_one_with_its_answer(live: BotApi, chat: int) -> None:
    years = await ask(live, chat, "/plan")
    await ask(live, chat, "/forget")
    goal = await press(live, chat, years, "3-7")
    assert "where do you want to go" in goal.text.lower()
