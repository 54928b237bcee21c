"""One run: a load goes through the local Bot API to the bots, and their answers come back."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.delivery.ledger import Faults, Ledger
from tests.benchmarks.delivery.script import Load
from tests.benchmarks.delivery.subjects import START_SECONDS, TOKEN, Bot, Subject, machine_seconds, running
from tests.e2e.bot_api import BotApi, Upload

SILENCE_SECONDS = 10.0
"""When so long no answer comes, those that are missing are lost."""

SETTLE_SECONDS = 0.5
"""After the last answer, time for one that comes twice."""

WARM_UP = Load(1, 1, first=1)
"""What is answered before anything is measured: the bot is up and connected."""


@dataclass(frozen=True)
class Outcome:
    """What came of one run.

    Attributes:
        messages: how many were answered.
        seconds: from the first message to the last answer.
        cpu: seconds of processor time of all bots.
        server_cpu: seconds of processor time of the Bot API that stands in for Telegram.
        busy: share of the machine's processor time that was in use, whoever used it.
        waits: seconds from each message to its answer, the shortest first.
        faults: what went wrong.
    """

    messages: int
    seconds: float
    cpu: float
    server_cpu: float
    busy: float
    waits: Sequence[float]
    faults: Faults

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor time per message, of all bots."""
        return 1000 * self.cpu / self.messages


class Telegram(BotApi):
    """The tests' Bot API, with a ledger of what it is asked to send."""

    def __init__(self, **options: Any) -> None:
        super().__init__(TOKEN, keep_calls=False, **options)
        self.ledger = Ledger(0)

    def _show(self, method: str, message: dict[str, Any], html: str, file: Upload | None) -> dict[str, Any]:
        shown = super()._show(method, message, html, file)
        self.ledger.answered(message["chat"]["id"], message.get("text", ""))
        return shown


async def polled(
    subject: Subject, load: Load, *, latency: float = 0.0, notice: Callable[[Bot, int], None] = lambda *_: None
) -> Outcome:
    """Run a bot that polls.

    Args:
        subject: which bot.
        load: what people write.
        latency: seconds that each call of the Bot API takes.
        notice: told the bot and the number of answers with every answer.
    """
    with TemporaryDirectory() as folder:
        async with Telegram(latency=latency) as api, running(subject, api.url, Path(folder)) as bot:
            await carry(api, WARM_UP, subject, [bot])
            return await carry(api, load, subject, [bot], lambda count: notice(bot, count))


async def carry(
    api: Telegram, load: Load, subject: Subject, bots: Sequence[Bot], notice: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Write a load and wait for its answers; the bots run, or are about to."""
    expected = {chat: subject.answers(load.texts(chat)) for chat in load.numbers}
    ledger = api.ledger = Ledger(load.total, notice)
    cpu, server_cpu, used = sum(bot.cpu for bot in bots), time.process_time(), machine_seconds()
    writing = asyncio.create_task(_write(api, load))
    await all_answered(ledger, bots)
    if not writing.cancel():
        writing.result()
    cpu, server_cpu = sum(bot.cpu for bot in bots) - cpu, time.process_time() - server_cpu
    busy, idle = (after - before for after, before in zip(machine_seconds(), used, strict=True))
    await asyncio.sleep(SETTLE_SECONDS)
    return Outcome(
        messages=ledger.count,
        seconds=ledger.seconds,
        cpu=cpu,
        server_cpu=server_cpu,
        busy=busy / (busy + idle),
        waits=ledger.waits,
        faults=ledger.faults(expected),
    )


async def _write(api: Telegram, load: Load) -> None:
    began = time.perf_counter()
    for number, (chat, text) in enumerate(load.messages()):
        if load.rate:
            await asyncio.sleep(began + number / load.rate - time.perf_counter())
        while load.window and number - api.ledger.count >= load.window:
            await asyncio.sleep(0.005)
        api.ledger.asked(chat)
        api.say(chat, text)


async def all_answered(ledger: Ledger, bots: Sequence[Bot]) -> None:
    """Wait for the last answer, or for one that does not come.

    Raises:
        RuntimeError: a bot ended, or none of them answered anything.
    """
    came, since, patience = ledger.count, time.perf_counter(), SILENCE_SECONDS if ledger.count else START_SECONDS
    while not ledger.done.is_set() and time.perf_counter() - since < patience:
        for bot in bots:
            bot.check()
        try:
            await asyncio.wait_for(ledger.done.wait(), 0.5)
        except TimeoutError:
            if ledger.count > came:
                came, since, patience = ledger.count, time.perf_counter(), SILENCE_SECONDS
    if not ledger.count:
        raise RuntimeError(f"no answer came; the bot wrote: {bots[0].output}")
