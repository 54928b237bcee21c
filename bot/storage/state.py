"""What is kept of a chat."""

import time
from dataclasses import dataclass, field

from bot.conversation import Conversation

DAY = 86_400.0
KEEP_CHATS = 30 * DAY
"""Seconds of silence after which a chat is forgotten."""


@dataclass(frozen=True)
class ChatState:
    """What is kept of a chat.

    Attributes:
        conversation: what it talked about.
        seen_at: when it was last answered, in seconds since 1970; 0 for a chat that never was.
        spent: messages spent of those that the brake allows, at `seen_at`.
        warned: whether it was told that it writes too much.
        answers: numbers of its last questions, each with the number of the message that answers it.
        told_language: whether it was told which language the bot speaks.
        blocked: whether the person has blocked the bot.
    """

    conversation: Conversation = field(default_factory=Conversation)
    seen_at: float = 0.0
    spent: float = 0.0
    warned: bool = False
    answers: tuple[tuple[int, int], ...] = ()
    told_language: bool = False
    blocked: bool = False


def remembered(state: ChatState) -> ChatState:
    """What is kept of a chat now: nothing if it was silent for too long."""
    return state if state.seen_at > time.time() - KEEP_CHATS else ChatState()
