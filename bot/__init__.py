"""A bot that answers questions about careers from a folder of knowledge. This is its public door."""

from bot.advisor import Advisor
from bot.conversation import Conversation
from bot.errors import BotError, KnowledgeError
from bot.knowledge import Knowledge
from bot.loading import load_knowledge
from bot.replies import Reply, Suggestion

__all__ = [
    "Advisor",
    "BotError",
    "Conversation",
    "Knowledge",
    "KnowledgeError",
    "Reply",
    "Suggestion",
    "load_knowledge",
]
