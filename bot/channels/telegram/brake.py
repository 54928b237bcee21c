"""The brake on a chat that writes too much: a token bucket, kept with the chat so that it holds for all workers."""

import time
from collections import OrderedDict
from dataclasses import replace
from enum import Enum

from bot.channels.telegram.updates import Incoming
from bot.storage import ChatState

FORGOTTEN_SECONDS = 120.0
"""Seconds for which the brake of a chat that was forgotten is remembered: by then it is free in any case."""


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


class ForgottenBrakes:
    """The brakes of chats that asked to be forgotten: in memory, for a short while, so that asking is no way around."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, ChatState] = OrderedDict()

    def remember(self, incoming: Incoming, state: ChatState) -> None:
        """Remember the brake of a chat that was just forgotten."""
        now = time.time()
        self._states[incoming.owner] = ChatState(seen_at=now, spent=state.spent, warned=state.warned)
        self._states.move_to_end(incoming.owner)
        while next(iter(self._states.values())).seen_at < now - FORGOTTEN_SECONDS:
            self._states.popitem(last=False)

    def remembered(self, incoming: Incoming, state: ChatState) -> ChatState:
        """What is kept of a chat, with the brake that it had before it was forgotten."""
        before = self._states.get(incoming.owner)
        if before is None or state.seen_at > before.seen_at:
            return state
        return replace(state, seen_at=before.seen_at, spent=before.spent, warned=before.warned)
