"""Answers that change with their question, what was wrong with an answer, counts of days."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what editing, votes and statistics need."""
    op.add_column("chats", sa.Column("answers", sa.Text, nullable=False, server_default="[]"))
    op.add_column("chats", sa.Column("told_language", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("chats", sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("votes", sa.Column("reason", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "tallies",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("topic", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "waiting",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
