"""The installed program, run as a process of its own in an empty folder and a clean environment."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from tests.e2e.bot_api import BotApi

CAREER_BOT = str(Path(sys.executable).parent / "career-bot")
DATABASE = "career-bot.sqlite"
"""Where a bot keeps what it keeps, in its folder, unless it is told otherwise."""

START_SECONDS = 120.0
"""How long a start may take: the first one after a change of the knowledge has to train."""

_KEPT = ("HOME", "PATH", "XDG_CACHE_HOME")  # the user's cache is shared, so that only the first start trains


class Program:
    """A running career-bot; what it writes goes to one file, which can be read at any time."""

    def __init__(self, process: asyncio.subprocess.Process, written: Path) -> None:
        self.process = process
        self._written = written

    @property
    def output(self) -> str:
        """Everything written so far to standard output and standard error."""
        return self._written.read_text(encoding="utf-8")

    async def writes(self, text: str, timeout: float = START_SECONDS) -> None:
        """Wait until a text is written."""
        async with asyncio.timeout(timeout):
            while text not in self.output:
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals = signal.SIGTERM, timeout: float = 10) -> int:
        """Tell the program to end and return its exit status.

        Raises:
            TimeoutError: it was still there after so many seconds.
        """
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.ended(timeout)

    async def ended(self, timeout: float = 10) -> int:
        """Wait until the program ends by itself and return its exit status."""
        return await asyncio.wait_for(self.process.wait(), timeout)


@asynccontextmanager
async def started(
    folder: Path, *args: str, program: Sequence[str] = (CAREER_BOT,), **env: str
) -> AsyncIterator[Program]:
    """A program that is started on entering, and killed on leaving if it is still there."""
    written = folder / "output.txt"
    with written.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *program, *args, cwd=folder, env=_environment(env), stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield Program(process, written)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def polling_bot(
    api: BotApi, folder: Path, *, program: Sequence[str] = (CAREER_BOT,), **env: str
) -> AsyncIterator[Program]:
    """A bot that polls, killed on leaving if it is still there."""
    settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url} | env
    async with started(folder, "run", program=program, **settings) as bot:
        await ready(bot)
        await api.wait_for_call("getUpdates")
        yield bot


@asynccontextmanager
async def running_bot(api: BotApi, folder: Path, **env: str) -> AsyncIterator[Program]:
    """A bot that polls, ended by SIGTERM on leaving: it has to end well and must not have told its token."""
    async with polling_bot(api, folder, **env) as bot:
        yield bot
        assert await bot.end() == 0, bot.output
        assert api.token not in bot.output


def query(folder: Path, statement: str, *values: object) -> list[dict[str, Any]]:
    """Look into the database of a bot, or change it, while the bot runs or afterwards."""
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(statement, values)]


def run(folder: Path, *args: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of career-bot to its end."""
    return run_as([CAREER_BOT], folder, *args, stdin=stdin, **env)


def run_as(
    program: list[str], folder: Path, *args: str, stdin: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end under another name than career-bot."""
    return subprocess.run(
        [*program, *args],
        cwd=folder,
        env=_environment(env),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=START_SECONDS,
        check=False,
    )


def _environment(settings: dict[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | settings


async def ready(program: Program) -> None:
    """Wait until a bot says that it answers; one that ends before it does has failed."""
    async with asyncio.timeout(START_SECONDS):
        while "answering as" not in program.output:
            if program.process.returncode is not None:
                status = program.process.returncode
                raise AssertionError(f"the bot ended with status {status}: {program.output[-2000:]}")
            await asyncio.sleep(0.02)
