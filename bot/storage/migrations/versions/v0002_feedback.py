"""Votes, questions passed on, the brake of a chat, notes among workers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of feedback and what a brake needs."""
    op.add_column("chats", sa.Column("spent", sa.Float, nullable=False, server_default="0"))
    op.add_column("chats", sa.Column("warned", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "votes",
        sa.Column("chat", sa.String(32), primary_key=True),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("at", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chat", sa.String(32), nullable=False, index=True),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False, index=True),
        sa.UniqueConstraint("chat", "message_id"),
    )
    op.create_table(
        "notes",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
