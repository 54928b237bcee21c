"""What the authors read of a database, which stays as it is: nothing is made, migrated or tidied."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.storage.database import create_engine
from bot.storage.ledger import reason
from bot.storage.tables import questions


async def passed_on(address: str) -> list[tuple[float, str]]:
    """Questions that people passed on: (seconds since 1970, question), the latest first.

    Args:
        address: ``sqlite:///file`` or ``postgresql://user:password@host/name``.

    Raises:
        StoreError: the database is not there or cannot be read; the message names it, without its password.
    """
    engine = create_engine(address, read_only=True)
    wanted = sa.select(questions.c.at, questions.c.question).order_by(questions.c.at.desc())
    try:
        if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
            raise StoreError(f"there is no database {_name(engine)}: go to the folder of the bot, or set DATABASE_URL")
        async with engine.connect() as connection:
            return [(row.at, row.question) for row in await connection.execute(wanted)]
    except (SQLAlchemyError, OSError, TimeoutError, TypeError) as error:
        # A TypeError is an option in the address that the driver does not know.
        raise StoreError(f"the database {_name(engine)} cannot be read: {reason(error)}") from None
    finally:
        await engine.dispose()


def _name(engine: AsyncEngine) -> str:
    """What a database is called in an error: its file, or its address without the password."""
    if engine.dialect.name == "sqlite":
        return str(Path(engine.url.database or "").resolve())
    return engine.url.set(drivername=engine.dialect.name, query={}).render_as_string(hide_password=True)
