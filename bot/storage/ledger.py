"""Turns of chats, begun and finished: many at a time in one transaction, so that a message costs a fraction of one.

A turn is the answering of one update. On PostgreSQL a chat whose turn has begun is locked for other workers until it is
finished; the locks belong to the connection, so those of a process that dies are gone with it.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.database import bring_up_to_date
from bot.storage.known import Known
from bot.storage.rows import LOCK, UNLOCK, inserting, lock_of, replacing, to_row, to_state
from bot.storage.state import ChatState
from bot.storage.tables import answered, chats, waiting

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that the database may take before it counts as gone."""

RETRY = 1.0
"""Seconds between two tries to reach a database that is gone."""

LET_GO = 0.5
"""Seconds that the database may take to hang up."""

BUSY_RETRY = 0.02
"""Seconds until a chat that another worker is busy with is asked for again."""

REST = 0.01
"""Seconds that the ledger rests after a transaction, so that turns gather and share the next one."""

FULL = 16
"""Turns that are worth a transaction without a rest."""

AT_ONCE = 250
"""Turns that are written in one transaction, so that after an outage a slow database takes them bit by bit."""

UNSAVED = 10_000
"""Turns that are kept in memory while the database is gone; the oldest are given up when there are more."""


@dataclass(frozen=True)
class _Beginning:
    chat: str
    update_id: int
    begun: "asyncio.Future[ChatState | None]"


@dataclass(frozen=True)
class _Finished:
    chat: str
    update_id: int
    state: ChatState | None
    person: str
    written: "asyncio.Future[None]"


class Ledger:
    """Begins and finishes turns on one connection to the database; goes on without it while it is gone.

    Attributes:
        held: updates that wait in the database; they are deleted there when their answers are recorded.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Work on this database."""
        self._engine = engine
        self._shared = engine.dialect.name == "postgresql"
        self._insert_answered = inserting(engine, answered).on_conflict_do_nothing()
        self._replace_chats = replacing(inserting(engine, chats), newest=False)
        self._replace_older = replacing(inserting(engine, chats), newest=True)
        self._known = Known()
        self._connection: AsyncConnection | None = None
        self._current = False
        self._beginning: list[_Beginning] = []
        self._finished: list[_Finished] = []
        self.held: set[int] = set()
        self._waiters: list[asyncio.Future[None]] = []
        self._unsaved: dict[int, _Finished] = {}
        self._locked: set[str] = set()
        self._release: set[str] = set()
        self._wake = asyncio.Event()
        self._retry_at = 0.0
        self._gone = False
        self._closing = False
        self._working: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Bring the schema up to date and begin to work.

        Raises:
            StoreError: a newer version made the database.
            SQLAlchemyError, OSError, TimeoutError: it cannot be reached now; see `go_on_without`.
        """
        async with asyncio.timeout(2 * PATIENCE if self._shared else None):
            await self._prepare()
        self._working = asyncio.create_task(self._work())

    async def go_on_without(self, error: BaseException) -> None:
        """Begin to work although the database could not be reached, and try again and again."""
        await self._broken(error)
        self._working = asyncio.create_task(self._work())

    async def close(self, seconds: float) -> None:
        """Write what is not written yet, if the database is there and takes it in so many seconds, and let go of it."""
        if self._working:
            self._closing = True
            self._wake.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._working, seconds)
        if self._unsaved:
            log.error("%d answers are not recorded: the database is gone", len(self._unsaved))
        await self._disconnect()

    async def begin(self, chat: str, update_id: int) -> ChatState | None:
        """What is kept of a chat; None if this update was answered before, and the turn is over.

        Waits while another worker is busy with the chat. Otherwise the turn must be finished or abandoned.
        """
        if (known := self._known.get(chat, update_id)) is not None:
            return known
        turn = _Beginning(chat, update_id, asyncio.get_running_loop().create_future())
        self._beginning.append(turn)
        self._wake.set()
        return await turn.begun

    def finish(self, chat: str, update_id: int, state: ChatState | None, person: str) -> "asyncio.Future[None]":
        """Keep the state of a chat (None: nothing is kept), in which a person wrote, and record its update as answered.

        The future is done when that is written, or will be when the database is back.
        """
        turn = _Finished(chat, update_id, state, person, asyncio.get_running_loop().create_future())
        if not self._shared:
            # What was begun without the database is known in full only once it is written.
            self._known.put(chat, update_id, None if state and state.blind else state)
        self._finished.append(turn)
        self._wake.set()
        return turn.written

    def forget(self, names: Iterable[str]) -> None:
        """Chats were deleted: go on from nothing with them."""
        self._known.forget(names)

    async def settled(self) -> None:
        """Wait until everything that is finished by now is written, or known to be waiting for the database."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._wake.set()
        await waiter

    def abandon(self, chat: str) -> None:
        """End a turn whose update was not answered."""
        if self._shared:
            self._release.add(chat)
            self._wake.set()

    async def _work(self) -> None:
        while not self._closing or self._finished or self._waiters:
            await self._wake.wait()
            self._wake.clear()
            await self._cycle()
            if not self._closing and len(self._finished) + len(self._beginning) < FULL:
                await asyncio.sleep(REST)

    async def _cycle(self) -> None:
        """Write what is finished, then begin what waits."""
        finished, self._finished = self._finished, []
        waiters, self._waiters = self._waiters, []
        beginning, self._beginning = [turn for turn in self._beginning if not turn.begun.done()], []
        self._unsaved |= {turn.update_id: turn for turn in finished}
        for turn in finished:
            self.abandon(turn.chat)
        if self._gone:
            self._begin_without(beginning)
        if not self._gone or time.monotonic() >= self._retry_at or self._closing:
            await self._try(beginning)
        for future in (*(turn.written for turn in finished), *waiters):
            _settle(future, None)

    async def _try(self, beginning: Sequence[_Beginning]) -> None:
        """Write and read; a connection that died while nobody wrote is worth a second try on a new one."""
        while True:
            again = self._connection is not None
            try:
                async with asyncio.timeout(self._patience()):
                    await self._write_and_read(beginning)
                return
            except Exception as error:  # whatever it is, people get answers and the next try may succeed
                await self._disconnect()
                if not again or isinstance(error, TimeoutError):
                    await self._broken(error)
                    self._begin_without(beginning)
                    return

    def _patience(self) -> float | None:
        """Seconds that a try may take. SQLite ends a wait itself; one that is cut off would go on and keep its lock."""
        return (RETRY if self._gone and not self._closing else PATIENCE) if self._shared else None

    async def _prepare(self) -> None:
        await bring_up_to_date(self._engine)
        async with self._engine.connect() as connection:
            self._known.floor = await connection.scalar(sa.select(sa.func.max(answered.c.update_id))) or 0
        self._current = True

    async def _write_and_read(self, beginning: Sequence[_Beginning]) -> None:
        if not self._current:
            await self._prepare()
        connection = self._connection = self._connection or await self._engine.connect()
        if not await self._catch_up(connection):
            self._begin_without(beginning)
            self._wake.set()
            return
        self._healed()
        if self._shared:
            beginning = await self._lock(connection, beginning)
        states = await self._read(connection, beginning)
        await connection.commit()
        for turn in beginning:
            state = states.get(turn.update_id)
            if not _settle(turn.begun, state) or state is None:
                self.abandon(turn.chat)

    async def _catch_up(self, connection: AsyncConnection) -> bool:
        """Write what is not saved; False if after an outage there is so much that nobody should wait for the rest."""
        until = time.monotonic() + RETRY / 2
        while self._unsaved:
            await self._write(connection, dict(islice(self._unsaved.items(), AT_ONCE)))
            if self._gone and not self._closing and time.monotonic() >= until:
                break
        return not self._unsaved

    async def _write(self, connection: AsyncConnection, turns: Mapping[int, _Finished]) -> None:
        """Write some turns."""
        now = time.time()
        # A chat that was never answered has nothing to keep: that its update came is all there is to record.
        latest = {turn.chat: turn for turn in turns.values() if turn.state is None or turn.state.seen_at}
        kept = await self._states(
            connection, [chat for chat, turn in latest.items() if turn.state and turn.state.blind]
        )
        states = {chat: turn.state and turn.state.over(kept.get(chat)) for chat, turn in latest.items()}
        rows = [to_row(chat, latest[chat].person, state) for chat, state in states.items() if state]
        if rows:
            await connection.execute(self._replace_older if self._gone else self._replace_chats, rows)
        forgotten = [chat for chat, turn in latest.items() if turn.state is None]
        if forgotten:
            await connection.execute(sa.delete(chats).where(chats.c.chat.in_(forgotten)))
        ids = [{"update_id": update_id, "at": now} for update_id in turns]
        await connection.execute(self._insert_answered, ids)
        if held := self.held.intersection(turns):
            await connection.execute(sa.delete(waiting).where(waiting.c.update_id.in_(held)))
        await connection.commit()
        self.held -= held
        for update_id in turns:
            del self._unsaved[update_id]

    async def _lock(self, connection: AsyncConnection, beginning: Sequence[_Beginning]) -> Sequence[_Beginning]:
        """Release the chats whose turns have ended, lock those that begin; busy ones are asked for again soon."""
        release, self._release = self._release, set()
        if release:
            await connection.execute(UNLOCK, {"keys": [lock_of(chat) for chat in release]})
            self._locked -= release
        first = {turn.chat: turn for turn in reversed(beginning) if turn.chat not in self._locked}
        wanted = {lock_of(chat): chat for chat in first}
        rows = await connection.execute(LOCK, {"keys": list(wanted)}) if wanted else ()
        locked = {wanted[key] for key, got in rows if got}
        self._locked |= locked
        begun = [turn for chat, turn in first.items() if chat in locked]
        busy = [turn for turn in beginning if turn not in begun and not turn.begun.done()]
        if busy:
            self._beginning = busy + [turn for turn in self._beginning if turn not in busy]
            asyncio.get_running_loop().call_later(BUSY_RETRY, self._wake.set)
        return begun

    async def _read(self, connection: AsyncConnection, beginning: Sequence[_Beginning]) -> dict[int, ChatState]:
        """States of the chats by update, without the updates that were answered before."""
        if not beginning:
            return {}
        ids = [turn.update_id for turn in beginning]
        known = await connection.scalars(sa.select(answered.c.update_id).where(answered.c.update_id.in_(ids)))
        done = set(known)
        states = await self._states(connection, {turn.chat for turn in beginning})
        return {t.update_id: states.get(t.chat, ChatState()) for t in beginning if t.update_id not in done}

    async def _states(self, connection: AsyncConnection, names: Collection[str]) -> dict[str, ChatState]:
        """What is kept of some chats."""
        rows = await connection.execute(sa.select(chats).where(chats.c.chat.in_(names))) if names else ()
        return {row.chat: to_state(row) for row in rows}

    async def _broken(self, error: BaseException) -> None:
        if not self._gone:
            log.error("the database cannot be used (%s): answering without memory until it can", reason(error))
        self._gone = True
        self._retry_at = time.monotonic() + RETRY
        asyncio.get_running_loop().call_later(RETRY, self._wake.set)
        await self._disconnect()
        for update_id in list(self._unsaved)[:-UNSAVED]:
            del self._unsaved[update_id]

    def _healed(self) -> None:
        if self._gone:
            log.warning("the database can be used again")
        self._gone = False

    def _begin_without(self, beginning: Iterable[_Beginning]) -> None:
        """Begin turns with what is in memory."""
        latest = {turn.chat: turn.state for turn in self._unsaved.values() if turn.state}
        for turn in beginning:
            state = None if turn.update_id in self._unsaved else latest.get(turn.chat, ChatState(blind=True))
            _settle(turn.begun, state)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._release.clear()
        self._locked.clear()
        if connection is None:
            return
        try:
            async with asyncio.timeout(LET_GO):
                # Closed for good and not put back: its locks must not outlive it.
                await connection.invalidate()
                await connection.close()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.debug("a connection to the database ended badly: %s", reason(error))


def reason(error: BaseException) -> str:
    """What went wrong with the database, in one line and without its address."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def _settle(future: "asyncio.Future[Any]", result: Any) -> bool:
    """Give a future its result, unless nobody waits for it any more."""
    if future.done():
        return False
    future.set_result(result)
    return True
