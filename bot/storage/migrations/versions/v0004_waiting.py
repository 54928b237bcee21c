"""Since when an update waits."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the time; what waits by now waits from now on."""
    op.add_column("waiting", sa.Column("at", sa.Float, nullable=False, server_default="0", index=True))
    op.execute(sa.text("UPDATE waiting SET at = :now").bindparams(now=time.time()))
