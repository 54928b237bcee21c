"""Pictures: drawn once, sent to Telegram once, and from then on by the id under which Telegram keeps them."""

import asyncio
import hashlib
import logging
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest

from bot import charts, sheet
from bot.channels.telegram.means import Means
from bot.channels.telegram.messages import Rows
from bot.channels.telegram.updates import Incoming
from bot.knowledge import Knowledge
from bot.storage import ChatState

CHARTS: dict[str, charts.Chart] = {"salary": "salary", "path": "path"}
"""Commands that show a picture."""

log = logging.getLogger(__name__)


class Pictures:
    """Sends the charts of the knowledge."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means
        self._ids: dict[str, str] = {}
        self._drawing = {name: asyncio.Lock() for name in CHARTS}

    async def send(self, incoming: Incoming, state: ChatState, name: str, rows: Rows) -> bool:
        """Send the picture of this name with its figures in words; False if there is none, and nothing was sent."""
        chart = CHARTS.get(name)
        if chart is None or not sheet.available():
            return False
        knowledge = self._means.advisor.knowledge
        caption, key = charts.caption(knowledge, chart), _key(name, knowledge)
        if (known := self._ids.get(key)) and await self._sent(incoming, state, known, caption, rows):
            return True
        # One draws and uploads it; whoever asks meanwhile waits and gets it by its id.
        async with self._drawing[name]:
            kept = await self._kept(key)
            if kept and kept != known and await self._sent(incoming, state, kept, caption, rows):
                self._ids[key] = kept
                return True
            draw = charts.salary_chart if chart == "salary" else charts.path_chart
            content = await asyncio.to_thread(draw, knowledge)
            new = await self._sent(incoming, state, content, caption, rows)
            if new is None:
                return False
            self._ids[key] = new
            await self._keep(key, new)
        return True

    async def _sent(
        self, incoming: Incoming, state: ChatState, photo: bytes | str, caption: str, rows: Rows
    ) -> str | None:
        """Send a picture and return its id; None if Telegram refuses it."""
        try:
            return await self._means.speaker.send_photo(incoming, state, photo, caption, rows)
        except BadRequest as error:
            log.info("Telegram does not take a picture (%s)", error.message)
            return None

    async def _kept(self, key: str) -> str:
        try:
            async with self._means.store.note(key) as note:
                return note.value
        except (SQLAlchemyError, OSError):
            return ""

    async def _keep(self, key: str, file_id: str) -> None:
        try:
            async with self._means.store.note(key) as note:
                note.value = file_id
        except (SQLAlchemyError, OSError) as error:
            log.debug("the id of a picture is not kept (%s)", type(error).__name__)


def _key(name: str, knowledge: Knowledge) -> str:
    """What a picture is called: another one as soon as anything that it may show, or the program, is another."""
    shown = knowledge.career.model_dump_json() + knowledge.wording.charts.model_dump_json() + version("career-bot")
    return f"{name} {hashlib.sha256(shown.encode()).hexdigest()[:16]}"
