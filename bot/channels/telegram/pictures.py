"""Pictures: drawn once, sent to Telegram once, and from then on by the id under which Telegram keeps them."""

import asyncio
import hashlib
import logging

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest

from bot import charts, sheet
from bot.channels.telegram.means import Means
from bot.channels.telegram.messages import Rows
from bot.channels.telegram.updates import Incoming
from bot.storage import ChatState

CHARTS: dict[str, charts.Chart] = {"salary": "salary", "path": "path"}
"""Commands that show a picture."""

log = logging.getLogger(__name__)


class Pictures:
    """Sends the charts of the knowledge."""

    def __init__(self, means: Means) -> None:
        """Take what answering takes."""
        self._means = means
        self._drawn: dict[str, tuple[str, bytes]] = {}
        self._ids: dict[str, str] = {}

    async def send(self, incoming: Incoming, state: ChatState, name: str, rows: Rows) -> bool:
        """Send the picture of this name with its figures in words; False if there is none, and nothing was sent."""
        chart = CHARTS.get(name)
        if chart is None or not sheet.available():
            return False
        knowledge = self._means.advisor.knowledge
        caption = charts.caption(knowledge, chart)
        # The name of the knowledge's content: another chart is another picture.
        key = f"{name} {hashlib.sha256(caption.encode()).hexdigest()[:16]}"
        file_id = self._ids.get(key) or await self._kept(key)
        if file_id:
            try:
                await self._means.speaker.send_photo(incoming, state, file_id, caption, rows)
            except BadRequest:
                log.info("Telegram does not keep the picture %s any more; it is sent anew", name)
            else:
                self._ids[key] = file_id
                return True
        draw = charts.salary_chart if chart == "salary" else charts.path_chart
        content = await asyncio.to_thread(draw, knowledge)
        self._ids[key] = await self._means.speaker.send_photo(incoming, state, content, caption, rows)
        await self._keep(key, self._ids[key])
        return True

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
