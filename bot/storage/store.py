"""The store: conversations and turns, votes, questions passed on; what is kept of a chat, and its end."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.storage.database import cannot_be_used, create_engine, wipe
from bot.storage.ledger import Ledger, reason
from bot.storage.rows import inserting
from bot.storage.state import DAY, KEEP_CHATS, ChatState
from bot.storage.statistics import Counts, Statistics
from bot.storage.tables import answered, chats, notes, questions, votes
from bot.storage.waiting import Waiting

log = logging.getLogger(__name__)

KEEP_ANSWERED = 2 * DAY
"""Seconds that an answered update is remembered; Telegram delivers none that is older than a day. None waits longer."""

KEEP_FEEDBACK = 180 * DAY
"""Seconds that votes and questions passed on are kept."""

CLOSE_SECONDS = 5.0
LET_GO_SECONDS = 0.5
"""Seconds that the end may take: to write what is not written yet, and to hang up."""

TIDY_EVERY = DAY / 4
COUNT_EVERY = 20.0
"""Seconds between two times that counts are written."""


Owner = int | str
"""Whose conversation it is: Telegram's number of a chat, or of a group and a person in it."""


class Store:
    """What outlives a process.

    Chats have Telegram's numbers on the way in; in the database they stand under a keyed hash.
    """

    def __init__(self, address: str, key: bytes) -> None:
        """Get ready to use a database.

        Args:
            address: ``sqlite:///file`` or ``postgresql://user:password@host/name``.
            key: secret of the hash; with another key nothing of a chat is found again.

        Raises:
            StoreError: the address cannot be used.
        """
        self._engine = create_engine(address)
        self._key = hashlib.sha256(key).digest()
        self._ledger = Ledger(self._engine)
        self._waiting = Waiting(self._engine, self._ledger, key)
        self._counts = Counts(self._engine)
        self._tidying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to work; a database that cannot be reached now is waited for in the background.

        Raises:
            StoreError: waiting will not help; the message says why.
        """
        try:
            await self._ledger.open()
        except TypeError as error:
            raise StoreError(f"DATABASE_URL cannot be used: {reason(error)}") from None
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            if cannot_be_used(error):
                raise StoreError(f"DATABASE_URL cannot be used: {reason(error)}") from None
            await self._ledger.go_on_without(error)
        else:
            with suppress(SQLAlchemyError, OSError):
                await self._delete_old(time.time())
        self._tidying = asyncio.create_task(self._tidy())

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Write what is not written yet, for so many seconds, and let go of the database."""
        until = asyncio.get_running_loop().time() + seconds
        if self._tidying:
            self._tidying.cancel()
        await self._ledger.close(seconds)
        with suppress(SQLAlchemyError, OSError):
            async with asyncio.timeout_at(until):
                await self._counts.write()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._engine.dispose(), LET_GO_SECONDS)

    async def begin(self, chat: Owner, update_id: int) -> ChatState | None:
        """Begin to answer an update of a chat; None if it was answered before, and then there is nothing to end.

        While another process answers this chat, this waits.
        """
        return await self._ledger.begin(self._name(chat), update_id)

    def finish(self, chat: Owner, update_id: int, state: ChatState | None) -> "asyncio.Future[None]":
        """Record that an update was answered, and keep this of its chat: nothing at all with None.

        The future is done when that is on disk, or will be once the database is back.
        """
        return self._ledger.finish(self._name(chat), update_id, state, self._person(chat))

    def abandon(self, chat: Owner) -> None:
        """End a turn without an answer: the update may come again."""
        self._ledger.abandon(self._name(chat))

    async def hold(self, updates: Mapping[int, Any]) -> None:
        """Keep updates that Telegram is about to forget, encrypted, until they are answered.

        Raises:
            SQLAlchemyError, OSError: the database is gone, and they are not kept.
        """
        await self._waiting.hold(updates)

    async def held(self) -> list[Any]:
        """The updates that were kept and are not answered, the oldest first; those of another key are dropped.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        return await self._waiting.held()

    async def vote(self, chat: Owner, message_id: int, topics: str, *, good: bool) -> None:
        """Keep what a chat thinks of an answer; a later vote on the same message replaces it.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        row = {"chat": self._name(chat), "message_id": message_id, "topics": topics, "good": good, "reason": ""}
        row |= {"at": time.time(), "person": self._person(chat)}
        replace = inserting(self._engine, votes).values(row)
        async with self._engine.begin() as connection:
            await connection.execute(replace.on_conflict_do_update(index_elements=["chat", "message_id"], set_=row))

    async def give_reason(self, chat: Owner, message_id: int, reason: str) -> None:
        """Keep what was wrong with an answer that a chat voted on.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        await self._change_vote(chat, message_id, reason=reason)

    async def take_back(self, chat: Owner, message_id: int) -> None:
        """Turn the bad vote of a chat on an answer into a good one.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        await self._change_vote(chat, message_id, good=True, reason="")

    async def _change_vote(self, chat: Owner, message_id: int, **values: object) -> None:
        voted = (votes.c.chat == self._name(chat)) & (votes.c.message_id == message_id)
        async with self._engine.begin() as connection:
            await connection.execute(sa.update(votes).where(voted).values(**values))

    def count(self, kind: str, topic: str) -> None:
        """Count a reply for the statistics; it is written from time to time."""
        self._counts.add(kind, topic)

    async def statistics(self, days: int) -> Statistics:
        """How it went in the last days, for all people together.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        return await self._counts.statistics(days)

    async def pass_on(self, chat: Owner, message_id: int, question: str) -> None:
        """Keep a question for the authors, once per message.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        # PostgreSQL takes every character but this one.
        question = question.replace("\0", "")
        row = {"chat": self._name(chat), "message_id": message_id, "question": question, "at": time.time()}
        row["person"] = self._person(chat)
        async with self._engine.begin() as connection:
            await connection.execute(inserting(self._engine, questions).values(row).on_conflict_do_nothing())

    async def export(self, chat: Owner) -> dict[str, Any]:
        """Everything that is kept of a chat, as JSON can say it; of a private one, also of its person in groups.

        It is empty if that is nothing.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        kept: dict[str, Any] = {}
        await self._ledger.settled()
        async with self._engine.connect() as connection:
            for table in (chats, votes, questions):
                rows = await connection.execute(sa.select(table).where(self._of(table, chat)))
                if found := [dict(row) for row in rows.mappings()]:
                    kept[table.name] = found
        return kept

    async def forget(self, chat: Owner) -> None:
        """Delete everything that is kept of a chat; of a private one, also of its person in groups.

        Raises:
            SQLAlchemyError, OSError: the database is gone, and nothing was deleted.
        """
        # A turn that is written after this would be in the log of changes once more.
        await self._ledger.settled()
        async with self._engine.begin() as connection:
            gone = list(await connection.scalars(sa.select(chats.c.chat).where(self._of(chats, chat))))
            for table in (chats, votes, questions):
                await connection.execute(sa.delete(table).where(self._of(table, chat)))
        self._ledger.forget(gone)
        await wipe(self._engine)

    async def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            async with asyncio.timeout(2), self._engine.connect() as connection:
                await connection.execute(sa.select(answered.c.update_id).limit(1))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True

    @asynccontextmanager
    async def note(self, name: str) -> AsyncIterator["Note"]:
        """A note that workers share, locked for the others until this is left; what it then says is kept.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        async with self._engine.begin() as connection:
            note = Note(await self._locked(connection, name))
            yield note
            await connection.execute(sa.update(notes).where(notes.c.name == name).values(value=note.value))

    async def _locked(self, connection: AsyncConnection, name: str) -> str:
        make = inserting(self._engine, notes).values(name=name, value="").on_conflict_do_nothing()
        await connection.execute(make)
        wanted = sa.select(notes.c.value).where(notes.c.name == name).with_for_update()
        return str((await connection.execute(wanted)).scalar_one())

    async def _tidy(self) -> None:
        """Forget, again and again, what was kept for long enough, and write the counts."""
        tidied = time.monotonic()
        while True:
            try:
                if time.monotonic() - tidied > TIDY_EVERY:
                    await self._delete_old(time.time())
                    tidied = time.monotonic()
                await self._counts.write()
            except (SQLAlchemyError, OSError) as error:
                log.info("counts and old entries wait for the database (%s)", reason(error))
            await asyncio.sleep(COUNT_EVERY)

    async def _delete_old(self, now: float) -> None:
        async with self._engine.begin() as connection:
            for column, seconds in (
                (chats.c.seen_at, KEEP_CHATS),
                (answered.c.at, KEEP_ANSWERED),
                (votes.c.at, KEEP_FEEDBACK),
                (questions.c.at, KEEP_FEEDBACK),
            ):
                await connection.execute(sa.delete(column.table).where(column < now - seconds))
            await self._waiting.delete_old(connection, now - KEEP_ANSWERED)
            await self._counts.delete_old(connection, now - KEEP_FEEDBACK)

    def _of(self, table: sa.Table, chat: Owner) -> sa.ColumnElement[bool]:
        """Which rows are a chat's. Nobody's private chat has the name of a person in a group, so that is alone."""
        return (table.c.chat == self._name(chat)) | (table.c.person == self._name(chat))

    def _person(self, chat: Owner) -> str:
        """What the person is called who writes in a chat: as their private chat, which has their number."""
        return self._name(str(chat).rpartition("/")[2])

    def _name(self, chat: Owner) -> str:
        """What a chat is called in the database: 128 bits of keyed BLAKE2 (RFC 7693)."""
        return hashlib.blake2b(str(chat).encode(), key=self._key, digest_size=16).hexdigest()


class Note:
    """The text of a note, to be read and changed while it is locked."""

    def __init__(self, value: str) -> None:
        """Begin with what the note says; empty if it is new."""
        self.value = value
