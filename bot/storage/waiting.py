"""Updates that Telegram has been told to forget before they are answered: encrypted, and gone once they are."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.ledger import Ledger
from bot.storage.rows import inserting
from bot.storage.tables import answered, waiting

NOT_NEEDED = sa.delete(waiting).where(waiting.c.update_id.in_(sa.select(answered.c.update_id)))
"""Deletes what is answered by now."""


class Waiting:
    """Keeps updates until the ledger has recorded their answers."""

    def __init__(self, engine: AsyncEngine, ledger: Ledger, key: bytes) -> None:
        """Keep them in this database, sealed with a key."""
        self._engine = engine
        self._ledger = ledger
        self._seal = Fernet(urlsafe_b64encode(sha256(b"waiting" + key).digest()))

    async def hold(self, updates: Mapping[int, Any]) -> None:
        """Keep updates until they are answered.

        Raises:
            SQLAlchemyError, OSError: the database is gone, and they are not kept.
        """
        # From here on the ledger deletes what it records as answered.
        self._ledger.held |= updates.keys()
        now = time.time()
        rows = [
            {"update_id": n, "sealed": self._seal.encrypt(json.dumps(u).encode()).decode(), "at": now}
            for n, u in updates.items()
        ]
        async with self._engine.begin() as connection:
            await connection.execute(inserting(self._engine, waiting).on_conflict_do_nothing(), rows)
        # What it recorded while the rows were not there yet is left for us; what it records now, it sees.
        await self._ledger.settled()
        async with self._engine.begin() as connection:
            await connection.execute(NOT_NEEDED)

    async def held(self) -> list[Any]:
        """The updates that were kept and are not answered, the oldest first; those of another key are dropped.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        found, unreadable = [], []
        async with self._engine.begin() as connection:
            await connection.execute(NOT_NEEDED)
            for row in await connection.execute(sa.select(waiting).order_by(waiting.c.update_id)):
                try:
                    found.append(json.loads(self._seal.decrypt(row.sealed)))
                    self._ledger.held.add(row.update_id)
                except InvalidToken:
                    unreadable.append(row.update_id)
            await connection.execute(sa.delete(waiting).where(waiting.c.update_id.in_(unreadable)))
        return found

    async def delete_old(self, connection: AsyncConnection, before: float) -> None:
        """Delete what is answered, and what was kept before a moment, in seconds since 1970."""
        await connection.execute(NOT_NEEDED)
        await connection.execute(sa.delete(waiting).where(waiting.c.at < before))
