"""A database address -> an engine, and a schema that is brought up to date."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreError

LOCKED_SECONDS = 1.0
"""How long a database that somebody else has locked is waited for."""

CONNECT_SECONDS = 3.0
COMMAND_SECONDS = 5.0
MIGRATION_LOCK = 7_230_417
"""Any number, the same for all workers: only one of them migrates at a time."""

WRITER = (
    # A reader never waits for the writer, and a killed process loses nothing that was committed.
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    # What is deleted is overwritten: a page that is free must not tell what stood in it.
    "PRAGMA secure_delete=ON",
)
READER = ("PRAGMA query_only=ON",)
"""What is told to SQLite at the beginning of each connection."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def create_engine(address: str, *, read_only: bool = False) -> AsyncEngine:
    """An engine for ``sqlite:///file`` or ``postgresql://user:password@host/name``.

    Args:
        address: where the database is.
        read_only: whether an SQLite file is left as it is; it is made all the same if it is not there.

    Raises:
        StoreError: the address is none of these, or its driver is not installed.
    """
    try:
        url = make_url(address)
        url = url.set(drivername=_DRIVERS[url.drivername])
        if url.get_backend_name() == "sqlite":
            return _sqlite(url.render_as_string(hide_password=False), READER if read_only else WRITER)
        if "sslmode" in url.query:  # libpq's name, in the addresses that providers hand out; asyncpg's is another
            url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
        limits = {"timeout": CONNECT_SECONDS, "command_timeout": COMMAND_SECONDS}
        return create_async_engine(url, hide_parameters=True, connect_args=limits, pool_pre_ping=True)
    except (ArgumentError, KeyError, NoSuchModuleError, ValueError):
        raise StoreError("DATABASE_URL must look like sqlite:///file.sqlite or postgresql://user@host/name") from None
    except ModuleNotFoundError as error:
        raise StoreError(f'PostgreSQL needs {error.name}: pip install "career-bot[postgres]"') from None


def _sqlite(url: str, statements: Sequence[str]) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": LOCKED_SECONDS})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return engine


async def bring_up_to_date(engine: AsyncEngine) -> None:
    """Make the tables, or bring those of an older version up to date.

    Raises:
        StoreError: a newer version made the database.
        SQLAlchemyError, OSError: it cannot be reached now.
    """
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        else:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        await connection.run_sync(_upgrade)


async def wipe(engine: AsyncEngine) -> None:
    """Empty the log of changes of an SQLite database, in which what was deleted still stands.

    While somebody reads, the log has to stay; it is emptied in its time.
    """
    if engine.dialect.name != "sqlite":
        return
    with suppress(SQLAlchemyError):
        async with engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _upgrade(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(connection).get_current_revision()
    if found == script.get_current_head():
        return
    if found is not None and found not in {step.revision for step in script.walk_revisions()}:
        raise StoreError(f"a newer version made the database (schema {found}): update career-bot, or use another file")
    command.upgrade(config, "head")


def cannot_be_used(error: BaseException) -> bool:
    """Whether waiting will not mend it: a wrong password, no such database, a file that cannot be made."""
    reason = str(error.orig if isinstance(error, DBAPIError) else error)
    hopeless = ("unable to open database file", "not a database", "authentication failed", "does not exist")
    return any(each in reason for each in hopeless)
