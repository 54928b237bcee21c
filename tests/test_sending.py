"""The limits of Telegram for one chat, whoever sends at the same time."""

import asyncio
import time
from itertools import pairwise

import pytest
from telegram.error import TimedOut

from bot.channels.telegram.sending import CHAT_PAUSE, Sender
from bot.metrics import Metrics

GROUP = -900
LATE = 0.3
"""Seconds by which a busy machine may let a timer be late."""


class Times:
    """When calls were made; the first ones may fail."""

    def __init__(self, failures: int = 0) -> None:
        self.all: list[float] = []
        self._failures = failures

    async def call(self) -> None:
        self.all.append(time.monotonic())
        if len(self.all) <= self._failures:
            raise TimedOut

    def pauses(self) -> list[float]:
        return [late - early for early, late in pairwise(self.all)]


@pytest.mark.parametrize("chat", [GROUP, 900], ids=["group", "private"])
async def test_those_who_send_to_one_chat_at_the_same_time_keep_its_pause_one_after_the_other(chat: int) -> None:
    sender, times = Sender(1_000, Metrics()), Times()
    await sender.send(chat, times.call)
    await asyncio.gather(*(sender.send(chat, times.call) for _ in range(4)))
    assert len(times.all) == 5
    assert all(abs(pause - CHAT_PAUSE) < LATE for pause in times.pauses())


async def test_other_chats_do_not_wait_for_the_pause_of_one() -> None:
    sender, times = Sender(1_000, Metrics()), Times()
    await asyncio.gather(*(sender.send(chat, times.call) for chat in range(1, 50)))
    assert times.all[-1] - times.all[0] < CHAT_PAUSE / 2


async def test_a_try_that_fails_keeps_the_pause_as_well() -> None:
    sender, times = Sender(1_000, Metrics()), Times(failures=1)
    await asyncio.gather(*(sender.send(GROUP, times.call) for _ in range(2)))
    assert len(times.all) == 3
    assert min(times.pauses()) > CHAT_PAUSE - LATE


async def test_a_clock_that_was_ahead_makes_a_chat_wait_for_one_pause_only() -> None:
    sender, times = Sender(1_000, Metrics()), Times()
    began = time.monotonic()
    await sender.send(GROUP, times.call, last=time.time() + 3_600)
    assert abs(times.all[0] - began - CHAT_PAUSE) < LATE


async def test_without_a_rate_nobody_waits() -> None:
    sender, times = Sender(0, Metrics()), Times()
    await asyncio.gather(*(sender.send(GROUP, times.call, last=time.time()) for _ in range(20)))
    assert times.all[-1] - times.all[0] < CHAT_PAUSE / 2
