"""Bots that Telegram calls: the workers behind the web hook."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.bot_api import BotApi
from tests.e2e.program import Program, ready, started

HOOK = "https://bot.example/telegram"
"""What the bot calls its hook; who really gets the requests is told to the server as `balance`."""

UNBRAKED = {"SEND_RATE": "0", "CHAT_RATE": "0"}


@dataclass(frozen=True)
class Worker:
    """A running bot with a web hook.

    Attributes:
        program: its process.
        url: where it really listens, such as http://127.0.0.1:8081.
    """

    program: Program
    url: str


def free_port() -> int:
    """A local port that nobody uses, out of those that no outgoing connection is ever given."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as listening:
            if listening.connect_ex(("127.0.0.1", port)):
                return port


def settings(api: BotApi, port: int, **env: str) -> dict[str, str]:
    """The environment of a worker at a port."""
    telegram = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
    return telegram | {"WEBHOOK_URL": HOOK, "WEBHOOK_LISTEN": f"127.0.0.1:{port}"} | env


@asynccontextmanager
async def working(api: BotApi, folder: Path, port: int, **env: str) -> AsyncIterator[Worker]:
    """A worker that is ready when this is entered, and killed on leaving if it is still there."""
    folder.mkdir(exist_ok=True)
    async with started(folder, "run", **settings(api, port, **env)) as program:
        await ready(program)
        yield Worker(program, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def hooked_bot(api: BotApi, folder: Path, **env: str) -> AsyncIterator[Worker]:
    """The only worker of a bot, ended by SIGTERM on leaving: it has to end well and must not have told its token."""
    port = free_port()
    api.balance = [f"http://127.0.0.1:{port}"]
    async with working(api, folder, port, **env) as worker:
        yield worker
        assert await worker.program.end() == 0, worker.program.output
        assert api.token not in worker.program.output


async def nothing_waits(api: BotApi, timeout: float = 60) -> None:
    """Wait until the bot has taken every update; for long, because a busy machine is no fault of the bot."""
    async with asyncio.timeout(timeout):
        while api.pending:
            await asyncio.sleep(0.02)
