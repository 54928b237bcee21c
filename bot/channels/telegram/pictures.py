"""Pictures: drawn once, and once Telegram has taken one, sent by the id under which Telegram keeps it."""

import asyncio
import hashlib
import logging
from collections.abc import Set
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
        self._drawn: dict[str, tuple[str, bytes]] = {}
        self._drawing = {name: asyncio.Lock() for name in CHARTS}

    async def send(self, incoming: Incoming, state: ChatState, name: str, rows: Rows) -> bool:
        """Send the picture of this name with its figures in words; False if there is none, and nothing was sent.

        Raises:
            TelegramError: it cannot be delivered.
        """
        chart = CHARTS.get(name)
        if chart is None or not sheet.available():
            return False
        knowledge = self._means.advisor.knowledge
        caption, key = charts.caption(knowledge, chart), _key(name, knowledge)
        refused: set[str] = set()
        while True:
            photo = await self._photo(name, key, knowledge, refused)
            # Nobody waits for this one: Telegram may take no messages for a chat for an hour.
            sent = await self._sent(incoming, state, photo, caption, rows)
            if sent is not None:
                break
            if isinstance(photo, bytes):
                return False
            refused.add(photo)
        if isinstance(photo, bytes):
            await self._keep(key, sent)
        self._ids[key] = sent if isinstance(photo, bytes) else photo
        return True

    async def _photo(self, name: str, key: str, knowledge: Knowledge, refused: Set[str]) -> bytes | str:
        """The id of a picture, unless it is unknown or Telegram has refused it; then the picture, drawn once."""
        known = self._ids.get(key, "")
        if known and known not in refused:
            return known
        async with self._drawing[name]:
            kept = await self._kept(key)
            if kept and kept not in refused:
                return kept
            drawn_for, content = self._drawn.get(name, ("", b""))
            if drawn_for != key:
                draw = charts.salary_chart if CHARTS[name] == "salary" else charts.path_chart
                content = await asyncio.to_thread(draw, knowledge)
                self._drawn[name] = key, content
            return content

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
