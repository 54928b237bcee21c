"""The tables of the store. Nothing in them says who wrote: chats and people stand under a keyed hash."""

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
    Column("answers", Text, nullable=False),  # JSON: numbers of the last questions, each with that of its answer
    Column("told_language", Boolean, nullable=False),  # whether it was told which language the bot speaks
    Column("blocked", Boolean, nullable=False),  # whether the person has blocked the bot
    Column("person", String(32), index=True),  # who wrote, in whichever chat: the name of their private one
    Column("before", Text),  # JSON: the conversation as it was before the last question, for that may be edited
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
    Column("reason", String(32), nullable=False),  # what was wrong, of the few that can be chosen
    Column("at", Float, nullable=False, index=True),
    Column("person", String(32), index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", String(32), nullable=False, index=True),
    Column("message_id", BigInteger, nullable=False),
    Column("question", Text, nullable=False),  # in the words of the writer, who agreed
    Column("at", Float, nullable=False, index=True),
    Column("person", String(32), index=True),
    UniqueConstraint("chat", "message_id"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("day", String(10), primary_key=True),  # as 2025-12-31
    Column("kind", String(16), primary_key=True),  # of the reply
    Column("topic", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)
"""How many replies of which kind were given to all people together."""

waiting = Table(
    "waiting",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sealed", Text, nullable=False),  # an update that Telegram holds no more, encrypted until it is answered
    Column("at", Float, nullable=False, index=True),
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What workers tell each other, such as which web hook is set."""
