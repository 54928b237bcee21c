"""What outlives a process: conversations, answered updates, votes and questions, in SQLite or PostgreSQL."""

from bot.storage.state import ChatState
from bot.storage.store import Statistics, Store

__all__ = ["ChatState", "Statistics", "Store"]
