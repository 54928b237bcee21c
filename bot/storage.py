"""What outlives a message: each chat's conversation. In memory for now, of the chats that wrote last."""

from collections import OrderedDict

from bot.conversation import Conversation

CHATS = 100_000


class Store:
    """Conversations by chat; the one silent for longest is forgotten when there are too many."""

    def __init__(self, chats: int = CHATS) -> None:
        """Remember at most so many chats."""
        self._chats = chats
        self._conversations: OrderedDict[int, Conversation] = OrderedDict()

    async def load(self, chat: int) -> Conversation:
        """What a chat remembers; a fresh conversation for a new chat."""
        return self._conversations.get(chat) or Conversation()

    async def save(self, chat: int, conversation: Conversation) -> None:
        """Remember a chat's conversation."""
        self._conversations[chat] = conversation
        self._conversations.move_to_end(chat)
        if len(self._conversations) > self._chats:
            self._conversations.popitem(last=False)
