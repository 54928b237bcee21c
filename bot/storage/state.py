"""What is kept of a chat."""

import time
from dataclasses import dataclass, field, replace

from bot.conversation import Conversation

DAY = 86_400.0
REMEMBERED_ANSWERS = 5
"""So many answers of a chat change when their question is edited."""

KEEP_CHATS = 30 * DAY
"""Seconds of silence after which a chat is forgotten."""


@dataclass(frozen=True)
class ChatState:
    """What is kept of a chat.

    Attributes:
        conversation: what it talked about.
        before: the same before its last question, None if that is not known.
        seen_at: when it was last answered, in seconds since 1970; 0 for a chat that never was.
        spent: messages spent of those that the brake allows, at `seen_at`.
        warned: whether it was told that it writes too much.
        answers: numbers of its last questions, each with the number of the message that answers it.
        told_language: whether it was told which language the bot speaks.
        blocked: whether the person has blocked the bot.
        blind: whether this was begun without the database, which may keep more; that is not kept itself.
    """

    conversation: Conversation = field(default_factory=Conversation)
    seen_at: float = 0.0
    spent: float = 0.0
    warned: bool = False
    answers: tuple[tuple[int, int], ...] = ()
    told_language: bool = False
    blocked: bool = False
    before: Conversation | None = None
    blind: bool = field(default=False, compare=False)

    def over(self, kept: "ChatState | None") -> "ChatState":
        """This state; where it was begun without the database, with what is `kept` there and is not known to it."""
        if not self.blind or kept is None:
            return self
        talk, old = self.conversation, kept.conversation
        known = {} if talk.years is not None else {"years": old.years, "years_theirs": old.years_theirs}
        return replace(
            self,
            conversation=talk.model_copy(update=known | ({} if talk.plan else {"plan": old.plan})),
            answers=(*kept.answers, *self.answers)[-REMEMBERED_ANSWERS:],
            told_language=self.told_language or kept.told_language,
            blind=False,
        )


def remembered(state: ChatState) -> ChatState:
    """What is kept of a chat now: nothing if it was silent for too long."""
    return state if state.seen_at > time.time() - KEEP_CHATS else ChatState()
