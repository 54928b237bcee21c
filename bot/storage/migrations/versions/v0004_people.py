"""Whose row it is, in whichever chat, and since when an update waits."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the person, whom old rows do not know, and the time; what waits by now waits from now on."""
    for table in ("chats", "votes", "questions"):
        op.add_column(table, sa.Column("person", sa.String(32), index=True))
    op.add_column("waiting", sa.Column("at", sa.Float, nullable=False, server_default="0", index=True))
    op.execute(sa.text("UPDATE waiting SET at = :now").bindparams(now=time.time()))
