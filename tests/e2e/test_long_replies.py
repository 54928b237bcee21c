"""Replies that are longer than a message may be."""

import shutil
from pathlib import Path

import pytest

from bot.loading import shipped_directory
from tests.e2e.bot_api import BotApi
from tests.e2e.program import running_bot
from tests.e2e.talking import BOT, ask, flat

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAGRAPHS = [
    f"*Part {number}* of <what> is & has to be said. " + "So it goes on and on. " * 120 for number in (1, 2, 3)
]


async def test_a_long_reply_comes_in_parts_that_end_with_paragraphs_and_the_buttons_below_the_last(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))
    replies = folder / "replies.yaml"
    before, _, rest = replies.read_text(encoding="utf-8").partition("\nstart: |-\n")
    after = rest[rest.index("\nno_token:") :]
    told = "\n".join(f"  {paragraph}\n" for paragraph in PARAGRAPHS)
    replies.write_text(f"{before}\nstart: |-\n{told}{after}", encoding="utf-8")
    async with BotApi(BOT) as api, running_bot(api, tmp_path, KNOWLEDGE_DIR=str(folder)):
        first = await ask(api, 1, "/start")
        others = await api.sent(1, 2)
    assert [m.text for m in (first, *others)] == [p.replace("*", "").strip() for p in PARAGRAPHS]
    assert [m.html.startswith("<b>Part") for m in (first, *others)] == [True] * 3
    assert [bool(flat(m)) for m in (first, *others)] == [False, False, True]
