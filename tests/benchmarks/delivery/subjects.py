"""The bots under measurement: processes of their own, whose time and memory the system's accounts tell."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.delivery.script import advised, echoed

TOKEN = "123456:bot-under-measurement"
START_SECONDS = 30.0
"""How long a start may take, what was learnt from the phrases being in the cache."""

END_SECONDS = 15.0

_KEPT = ("HOME", "PATH", "XDG_CACHE_HOME")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Subject:
    """A bot that can be started.

    Attributes:
        name: what the tables call it.
        command: what starts it.
        answers: the texts of a chat -> the answers it has to get.
    """

    name: str
    command: tuple[str, ...]
    answers: Callable[[tuple[str, ...]], tuple[str, ...]]


OURS = Subject("career-bot", (str(Path(sys.executable).parent / "career-bot"), "run"), advised)
ECHO = Subject("echo bot", (sys.executable, str(Path(__file__).with_name("echo_bot.py"))), echoed)


class Bot:
    """A running bot."""

    def __init__(self, process: asyncio.subprocess.Process, written: Path) -> None:
        self._process = process
        self._written = written

    @property
    def output(self) -> str:
        """The end of what it wrote."""
        return self._written.read_text(encoding="utf-8", errors="replace")[-2000:]

    def check(self) -> None:
        """Go on only if the process is still there.

        Raises:
            RuntimeError: it has ended, with what it wrote.
        """
        if self._process.returncode is not None:
            raise RuntimeError(f"the bot ended with status {self._process.returncode}: {self.output}")

    @property
    def cpu(self) -> float:
        """Seconds of processor time taken so far, those of its children included."""
        return sum(_cpu(process) for process in _family(self._process.pid))

    @property
    def memory(self) -> int:
        """Bytes in memory now, those of its children included."""
        return sum(_memory(process) for process in _family(self._process.pid))

    async def end(self) -> None:
        """Tell it to end, and kill it if it does not."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), END_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


@asynccontextmanager
async def running(subject: Subject, api_url: str, folder: Path, **env: str) -> AsyncIterator[Bot]:
    """A bot in a folder of its own and a clean environment, from its start to its end.

    Args:
        subject: which bot.
        api_url: the Bot API it is to use.
        folder: an empty folder.
        env: settings besides those that all runs have in common.
    """
    settings = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "SEND_RATE": "0",
        "CHAT_RATE": "0",
        "DATABASE_URL": f"sqlite:///{folder}/bot.sqlite",
        "LOG_LEVEL": "WARNING",
    }
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    written = folder / "output.txt"
    with written.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *subject.command, cwd=folder, env=kept | settings | env, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    bot = Bot(process, written)
    try:
        yield bot
    finally:
        await bot.end()


def machine_seconds() -> tuple[float, float]:
    """Seconds of processor time that the whole machine has been in use, and that it has been idle."""
    fields = [int(field) / _TICKS for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]  # idle, and waiting for disks
    return sum(fields) - idle, idle


def _family(process: int) -> list[int]:
    """A process and all that descend from it and are alive."""
    found = [process]
    for one in found:  # grows on the way
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS  # utime, stime, and both of children that have ended


def _memory(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
