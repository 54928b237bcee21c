"""The scenarios of one bot that polls: how fast, how far away, how long, how soon."""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.delivery.figures import Figure, quantile
from tests.benchmarks.delivery.ledger import Faults, Ledger
from tests.benchmarks.delivery.run import Outcome, Telegram, all_answered, polled
from tests.benchmarks.delivery.script import Load
from tests.benchmarks.delivery.subjects import ECHO, OURS, START_SECONDS, Bot, Subject, running

Pairs = Sequence[tuple[Outcome, Outcome]]
"""Rounds, each with what came of our bot and of the echo bot, one right after the other."""


async def throughput(rounds: int) -> list[Figure]:
    """Both bots with 4,000 messages in the queue, in 50 chats."""
    load = Load(chats=50, each=80)
    pairs = [(await polled(OURS, load), await polled(ECHO, load)) for _ in range(rounds)]
    name = "throughput"
    costs = [ours.cost / echo.cost for ours, echo in pairs]
    return [
        *_rates(name, pairs, at_least=1.5),
        Figure(name, "career-bot: CPU a message", [ours.cost for ours, _ in pairs], "ms"),
        Figure(name, "echo bot: CPU a message", [echo.cost for _, echo in pairs], "ms"),
        Figure(name, "CPU, career-bot / echo bot", costs, at_most=0.8),
        Figure(name, "CPU of the Bot API, career-bot's run", [_share(ours) for ours, _ in pairs], "of one core"),
        Figure(name, "CPU of the Bot API, echo bot's run", [_share(echo) for _, echo in pairs], "of one core"),
        *fault_figures(name, [ours.faults for ours, _ in pairs]),
    ]


async def latency50(rounds: int) -> list[Figure]:
    """Both bots with 50 ms on every call; the echo bot gets fewer messages, as it would take minutes otherwise."""
    ours, echo = Load(chats=50, each=80), Load(chats=50, each=3)
    pairs = [(await polled(OURS, ours, latency=0.05), await polled(ECHO, echo, latency=0.05)) for _ in range(rounds)]
    faults = [ours.faults for ours, _ in pairs]
    return [*_rates("latency50", pairs, at_least=20), *fault_figures("latency50", faults)]


async def steady(rounds: int) -> list[Figure]:
    """Our bot with 60 messages in 20 chats, one a second: from each message to its answer, in milliseconds."""
    outcomes = [await polled(OURS, Load(chats=20, each=3, rate=1.0)) for _ in range(rounds)]
    middle, late = ([1000 * quantile(each.waits, share) for each in outcomes] for share in (0.5, 0.95))
    return [
        Figure("steady", "half of all answers within", middle, "ms"),
        Figure("steady", "95 % of all answers within", late, "ms", at_most=20),
        *fault_figures("steady", [each.faults for each in outcomes]),
    ]


async def pictures(rounds: int) -> list[Figure]:
    """From the command to the picture: the first one, drawn and uploaded; the second; and one that Telegram keeps."""
    times = [await _pictured() for _ in range(rounds)]
    first, second, kept = ([each[number] for each in times] for number in range(3))
    return [
        Figure("pictures", "the first picture after", first, "s", at_most=1.5),
        Figure("pictures", "the second picture after", second, "s"),
        Figure("pictures", "a picture that Telegram keeps after", kept, "s"),
    ]


async def _pictured() -> list[float]:
    """Seconds to /salary and to /path in a new bot, and to /salary again."""
    times = []
    with TemporaryDirectory() as folder:
        async with Telegram() as api, running(OURS, api.url, Path(folder)):
            api.say(1, "hi")
            await api.sent(1, timeout=START_SECONDS)
            for command in ("/salary", "/path", "/salary"):
                asked = time.perf_counter()
                api.say(1, command)
                (message,) = await api.sent(1)
                if message.method != "sendPhoto":
                    raise RuntimeError("there are no pictures: pip install matplotlib")
                times.append(time.perf_counter() - asked)
    return times


async def memory(rounds: int) -> list[Figure]:
    """Our bot's memory over 100,000 messages in 200 chats, once however many rounds there are."""
    del rounds
    name, every, settled, samples = "memory", 5_000, 10_000, dict[int, float]()

    def sample(bot: Bot, count: int) -> None:
        if count % every == 0:
            samples[count] = bot.memory / 2**20

    outcome = await polled(OURS, Load(chats=200, each=500, window=1_000), notice=sample)
    first = samples[settled]
    later = [size for count, size in samples.items() if count >= settled]
    return [
        Figure(name, f"memory after {settled:,} messages", [first], "MB"),
        Figure(name, f"memory after {outcome.messages:,} messages", [later[-1]], "MB"),
        Figure(name, f"most from then on / after {settled:,}", [max(later) / first], at_most=1.1),
        Figure(name, "messages a second", [outcome.rate]),
        *fault_figures(name, [outcome.faults]),
    ]


async def start(rounds: int) -> list[Figure]:
    """From the start of the process to the answer of a message that waited, what was learnt being in the cache."""
    times = {bot.name: [await _started(bot) for _ in range(rounds)] for bot in (OURS, ECHO)}
    return [
        Figure("start", "career-bot: first answer after", times[OURS.name], "s", at_most=2),
        Figure("start", "echo bot: first answer after", times[ECHO.name], "s"),
    ]


async def _started(subject: Subject) -> float:
    load = Load(chats=1, each=1)
    (chat, text), expected = next(load.messages()), subject.answers(load.texts(load.first))
    with TemporaryDirectory() as folder:
        async with Telegram() as api:
            ledger = api.ledger = Ledger(load.total)
            api.say(chat, text)
            ledger.asked(chat)
            async with running(subject, api.url, Path(folder)) as bot:
                await all_answered(ledger, [bot])
    if ledger.faults({chat: expected}) != Faults(0, 0, 0):
        raise RuntimeError(f"{subject.name} did not answer as expected")
    return ledger.seconds


def fault_figures(scenario: str, faults: Sequence[Faults], whose: str = "") -> list[Figure]:
    """What went wrong in all rounds together; the goal is nothing."""
    return [
        Figure(scenario, f"{whose}answers lost", [sum(each.lost for each in faults)], at_most=0),
        Figure(scenario, f"{whose}answers twice or wrong", [sum(each.surplus for each in faults)], at_most=0),
        Figure(scenario, f"{whose}answers out of order", [sum(each.disordered for each in faults)], at_most=0),
    ]


def _rates(scenario: str, pairs: Pairs, *, at_least: float) -> list[Figure]:
    ratios = [ours.rate / echo.rate for ours, echo in pairs]
    return [
        Figure(scenario, "career-bot: messages a second", [ours.rate for ours, _ in pairs]),
        Figure(scenario, "echo bot: messages a second", [echo.rate for _, echo in pairs]),
        Figure(scenario, "rate, career-bot / echo bot", ratios, at_least=at_least),
    ]


def _share(outcome: Outcome) -> float:
    return outcome.server_cpu / outcome.seconds
