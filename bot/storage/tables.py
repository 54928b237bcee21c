"""The tables of the store. Nothing in them says who wrote: chats stand under a keyed hash."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

chats = Table(
    "chats",
    metadata,
    Column("chat", String(32), primary_key=True),
    Column("conversation", Text, nullable=False),  # JSON: topics, years of experience; never what was typed
    Column("seen_at", Float, nullable=False, index=True),  # seconds since 1970, of the last answer
    Column("spent", Float, nullable=False),  # of the messages that the brake allows; goes down with time
    Column("warned", Boolean, nullable=False),  # whether the chat was told of the brake
)

answered = Table(
    "answered",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False, index=True),
)

votes = Table(
    "votes",
    metadata,
    Column("chat", String(32), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topics", Text, nullable=False),  # of the answer that was voted on, with spaces between
    Column("good", Boolean, nullable=False),
    Column("at", Float, nullable=False, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", String(32), nullable=False, index=True),
    Column("message_id", BigInteger, nullable=False),
    Column("question", Text, nullable=False),  # in the words of the writer, who agreed
    Column("at", Float, nullable=False, index=True),
    UniqueConstraint("chat", "message_id"),
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What workers tell each other, such as which web hook is set."""
