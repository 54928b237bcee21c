"""What this process knows without asking the database, where no other process can change it."""

import math
from collections import OrderedDict
from collections.abc import Iterable

from bot.storage.state import ChatState, remembered

CHATS = 2_000
"""So many chats are known, those that wrote last."""

UPDATES = 10_000
"""So many updates are known as answered, the last ones."""


class Known:
    """States and answered updates that this process knows without asking the database.

    Attributes:
        floor: updates up to this number may have been answered by a process before.
    """

    def __init__(self) -> None:
        self.floor: float = math.inf
        self._states: OrderedDict[str, ChatState] = OrderedDict()
        self._answered: OrderedDict[int, None] = OrderedDict()

    def get(self, chat: str, update_id: int) -> ChatState | None:
        """The state of a chat, if it is known, and known that the update was not answered."""
        if update_id <= self.floor or update_id in self._answered:
            return None
        state = self._states.get(chat)
        return remembered(state) if state else None

    def put(self, chat: str, update_id: int, state: ChatState | None) -> None:
        """Know that an update was answered, and what is kept of its chat since."""
        self._states.pop(chat, None)
        if state is not None:
            self._states[chat] = state
        self._answered[update_id] = None
        if len(self._states) > CHATS:
            self._states.popitem(last=False)
        if len(self._answered) > UPDATES:
            self._answered.popitem(last=False)

    def forget(self, chats: Iterable[str]) -> None:
        """Know nothing of chats any more; their updates stay answered."""
        for chat in chats:
            self._states.pop(chat, None)
