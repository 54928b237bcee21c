"""What a chat had talked about before its last question, for that question may be edited."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add it; of old rows it is not known."""
    op.add_column("chats", sa.Column("before", sa.Text))
