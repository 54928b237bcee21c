"""How often what was answered, for all people together."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.rows import inserting
from bot.storage.state import DAY
from bot.storage.tables import chats, questions, tallies, votes

TOP = 5
"""So many topics are named in the statistics."""

CHOSEN = "button"
"""The kind of what was chosen by a button or a command, and not asked in words."""


@dataclass(frozen=True)
class Statistics:
    """How it went for some days.

    Attributes:
        people: chats that were answered.
        days: the days, the first one first, each with how many replies of which kind it had.
        disliked: answers that were voted down, by what was wrong with them; "" where nobody said.
        passed_on: questions that were passed on.
        topics: what was answered most, most often first, and how often.
    """

    people: int
    days: Mapping[date, Mapping[str, int]]
    disliked: Mapping[str, int]
    passed_on: int
    topics: Mapping[str, int]

    def number(self, *kinds: str) -> int:
        """How many replies of some kinds there were in all."""
        return sum(day.get(kind, 0) for day in self.days.values() for kind in kinds)


class Counts:
    """Counts in memory, and from time to time in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Count in this database."""
        self._engine = engine
        self._unwritten: Counter[tuple[str, str, str]] = Counter()

    def add(self, kind: str, topic: str) -> None:
        """Count one reply."""
        self._unwritten[date.today().isoformat(), kind, topic] += 1

    async def write(self) -> None:
        """Write what was counted.

        Raises:
            SQLAlchemyError, OSError: the database is gone; nothing that was counted is lost by it.
        """
        counted = self._unwritten
        if not counted:
            return
        insert = inserting(self._engine, tallies)
        added = insert.on_conflict_do_update(
            index_elements=["day", "kind", "topic"], set_={"number": tallies.c.number + insert.excluded.number}
        )
        # In one order for all workers, so that none waits for another that waits for it.
        rows = [
            {"day": day, "kind": kind, "topic": topic, "number": number}
            for (day, kind, topic), number in sorted(counted.items())
        ]
        self._unwritten = Counter()
        try:
            async with self._engine.begin() as connection:
                await connection.execute(added, rows)
        except BaseException:
            self._unwritten += counted
            raise

    async def statistics(self, days: int) -> Statistics:
        """How it went in the last days.

        Raises:
            SQLAlchemyError, OSError: the database is gone.
        """
        await self.write()
        since, today = time.time() - days * DAY, date.today()
        found: dict[date, dict[str, int]] = {today - timedelta(days=ago): {} for ago in range(days - 1, -1, -1)}
        recent = tallies.c.day >= min(found).isoformat()
        number = sa.func.sum(tallies.c.number)
        async with self._engine.connect() as connection:
            people = await connection.scalar(sa.select(sa.func.count()).where(chats.c.seen_at >= since)) or 0
            bad = sa.select(votes.c.reason, sa.func.count()).where((votes.c.at >= since) & ~votes.c.good)
            disliked = {why: int(count) for why, count in await connection.execute(bad.group_by(votes.c.reason))}
            passed_on = await connection.scalar(sa.select(sa.func.count()).where(questions.c.at >= since)) or 0
            kinds = (
                sa.select(tallies.c.day, tallies.c.kind, number).where(recent).group_by(tallies.c.day, tallies.c.kind)
            )
            for day, kind, count in await connection.execute(kinds):
                found.setdefault(date.fromisoformat(day), {})[kind] = int(count)
            about = recent & tallies.c.kind.in_(["answer", CHOSEN]) & (tallies.c.topic != "")
            top = sa.select(tallies.c.topic, number).where(about).group_by(tallies.c.topic)
            rows = await connection.execute(top.order_by(number.desc(), tallies.c.topic).limit(TOP))
            topics = {topic: int(count) for topic, count in rows}
        return Statistics(people, found, disliked, passed_on, topics)

    async def delete_old(self, connection: AsyncConnection, before: float) -> None:
        """Delete counts of days before a moment, in seconds since 1970."""
        await connection.execute(sa.delete(tallies).where(tallies.c.day < date.fromtimestamp(before).isoformat()))
