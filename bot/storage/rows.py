"""Rows of the tables, what they stand for, and the statements that lock and replace them."""

import json
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation import Conversation
from bot.storage.state import ChatState, remembered
from bot.storage.tables import chats

UNLOCK = sa.text("SELECT pg_advisory_unlock(key) FROM unnest(:keys) AS key").bindparams(
    sa.bindparam("keys", type_=postgresql.ARRAY(sa.BigInteger))
)
LOCK = sa.text("SELECT key, pg_try_advisory_lock(key) FROM unnest(:keys) AS key").bindparams(
    sa.bindparam("keys", type_=postgresql.ARRAY(sa.BigInteger))
)


def inserting(engine: AsyncEngine, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say, in the words of this database, what to do about a row that is there already."""
    return postgresql.insert(table) if engine.dialect.name == "postgresql" else sqlite.insert(table)


def replacing(insert: Any, *, newest: bool) -> Any:
    """Insert chats, replacing what is there; with `newest` only what is older.

    After the database was gone another worker may have written meanwhile. Otherwise the turn has the chat for itself,
    and it wins although the clock of its machine may be behind.
    """
    new = insert.excluded
    columns = {column.name: new[column.name] for column in chats.columns if not column.primary_key}
    older = new.seen_at >= chats.c.seen_at if newest else None
    return insert.on_conflict_do_update(index_elements=["chat"], set_=columns, where=older)


def lock_of(chat: str) -> int:
    """The number under which a chat is locked."""
    return int.from_bytes(bytes.fromhex(chat[:16]), signed=True)


def to_row(chat: str, person: str, state: ChatState) -> dict[str, object]:
    """The row of a chat, or of a person in it."""
    return {
        "chat": chat,
        "person": person,
        "conversation": state.conversation.model_dump_json(exclude_defaults=True),
        "seen_at": state.seen_at,
        "spent": state.spent,
        "warned": state.warned,
        "answers": json.dumps(state.answers),
        "told_language": state.told_language,
        "blocked": state.blocked,
        "before": state.before.model_dump_json(exclude_defaults=True) if state.before else None,
    }


def to_state(row: Any) -> ChatState:
    """What a row keeps; what an older version wrote otherwise is forgotten."""
    try:
        answers = tuple((int(asked), int(answer)) for asked, answer in json.loads(row.answers))
    except (ValueError, TypeError):
        answers = ()
    before = _conversation(row.before) if row.before else None
    talk = _conversation(row.conversation) or Conversation()
    flags = (row.warned, answers, row.told_language, row.blocked)
    return remembered(ChatState(talk, row.seen_at, row.spent, *flags, before))


def _conversation(text: str) -> Conversation | None:
    try:
        return Conversation.model_validate_json(text)
    except ValidationError:
        return None
