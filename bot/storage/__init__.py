"""What outlives a process: conversations, answered updates, votes and questions, in SQLite or PostgreSQL."""

from bot.storage.reading import passed_on
from bot.storage.state import ChatState
from bot.storage.statistics import CHOSEN, Statistics
from bot.storage.store import Store

__all__ = ["CHOSEN", "ChatState", "Statistics", "Store", "passed_on"]
