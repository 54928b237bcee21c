"""Conversations and answered updates: the first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first two tables."""
    op.create_table(
        "chats",
        sa.Column("chat", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "answered",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float, nullable=False, index=True),
    )
