"""The brake on a chat that writes too much: a token bucket, kept with the chat so that it holds for all workers."""

from dataclasses import replace
from enum import Enum

from bot.storage import ChatState


class Verdict(Enum):
    """What a chat may get for its next message."""

    ANSWER = "answer"
    WARNING = "warning"
    SILENCE = "silence"


def judge(state: ChatState, now: float, rate: float) -> tuple[Verdict, ChatState]:
    """Whether a chat gets an answer to a message of this moment, and what is kept of it then.

    A chat may write `rate` messages at once, and `rate` a minute in the long run. Beyond that it is warned once, and
    hears nothing until half of them are free again.

    Args:
        state: what is kept of the chat.
        now: when the message came, in seconds since 1970.
        rate: messages a minute; 0 for no brake.
    """
    if not rate:
        return Verdict.ANSWER, state
    spent = max(0.0, state.spent - max(0.0, now - state.seen_at) * rate / 60)
    if spent + 1 <= (rate / 2 if state.warned else rate) or spent == 0:
        return Verdict.ANSWER, replace(state, spent=spent + 1, warned=False)
    if state.warned:
        return Verdict.SILENCE, state
    return Verdict.WARNING, replace(state, spent=spent, warned=True)
