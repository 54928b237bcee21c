"""Groups, where the bot speaks only when it is spoken to."""

import pytest

from tests.e2e.bot_api import BotApi
from tests.e2e.talking import AGILE, NAME, NUMBERS, PAID, group_message

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered_as_a_reply(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, "what does infra pay?", group=group)
    group_message(live, "/salary@another_bot", group=group)
    number = group_message(live, f"@{NAME} infra pm pay??", group=group)
    answer = (await live.sent(group))[0]
    assert PAID in answer.text
    assert answer.reply_to == number
    commanded = group_message(live, f"/salary@{NAME}", group=group)
    assert (await live.sent(group))[0].reply_to == commanded


async def test_a_reply_to_the_bot_is_meant_for_it(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group)
    answer = (await live.sent(group))[0]
    me = {"id": 123456, "is_bot": True, "first_name": "Career bot", "username": NAME}
    replied = {"message_id": answer.message_id, "date": 1, "chat": {"id": group, "type": "supergroup"}, "from": me}
    group_message(live, "and agile?", group=group, reply_to_message=replied)
    assert AGILE in (await live.sent(group))[0].text


async def test_each_person_in_a_group_has_a_conversation_of_their_own(live: BotApi) -> None:
    group = -next(NUMBERS)
    group_message(live, f"@{NAME} infra pm pay??", group=group, person=5)
    await live.sent(group)
    group_message(live, f"@{NAME} and agile?", group=group, person=6)
    assert AGILE not in (await live.sent(group))[0].text
    group_message(live, f"@{NAME} and agile?", group=group, person=5)
    assert AGILE in (await live.sent(group))[0].text
