"""What outlives a process: conversations, answered updates, votes and questions, in SQLite or PostgreSQL."""

from bot.storage.reading import passed_on
from bot.storage.state import REMEMBERED_ANSWERS, ChatState
from bot.storage.statistics import CHOSEN, Statistics
from bot.storage.store import Store

__all__ = ["CHOSEN", "REMEMBERED_ANSWERS", "ChatState", "Statistics", "Store", "passed_on"]
