"""A balancer in front of the workers of a bot, as nginx would be."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: the HTTP status.
        reason: the words after it.
        retry_after: the whole seconds of the header Retry-After; 0 without it.
    """

    status: int
    reason: str
    retry_after: int = 0


_BAD_GATEWAY = Answer(HTTPStatus.BAD_GATEWAY, HTTPStatus.BAD_GATEWAY.phrase)
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Balancer:
    """Hands each request to the next worker, over connections that it keeps for further requests.

    A worker that refuses the connection is passed over. When all do, or when a connection breaks after the
    request went out (the worker may have carried it out), the answer is 502.

    It speaks just as much HTTP as it needs: a client for everything costs three times the time.

    Attributes:
        workers: their base addresses, such as http://127.0.0.1:8081; they can be changed at any time.
    """

    def __init__(self, workers: list[str]) -> None:
        self.workers = workers
        self._turn = 0
        self._kept: defaultdict[str, list[_Connection]] = defaultdict(list)

    async def post(self, head: bytes, body: bytes) -> Answer:
        """Have a worker answer a request: its head without the length of the body, and the body."""
        for worker in self._in_turn():
            try:
                connection = self._take(worker) or await _connect(worker)
            except OSError:
                continue
            return await self._exchange(worker, connection, b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
        return _BAD_GATEWAY

    async def close(self) -> None:
        """Close the connections that are kept."""
        writers = [writer for connections in self._kept.values() for _, writer in connections]
        self._kept.clear()
        for writer in writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    def _in_turn(self) -> Iterator[str]:
        """All workers, each time beginning with the next one."""
        workers = list(self.workers)
        self._turn += 1
        for step in range(len(workers)):
            yield workers[(self._turn + step) % len(workers)]

    def _take(self, worker: str) -> _Connection | None:
        """A connection that was kept and that the worker has not closed."""
        kept = self._kept[worker]
        while kept:
            reader, writer = kept.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return None

    async def _exchange(self, worker: str, connection: _Connection, request: bytes) -> Answer:
        reader, writer = connection
        reusable = False
        try:
            writer.write(request)
            answer, reusable = await _read_answer(reader)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            return _BAD_GATEWAY
        finally:
            if reusable:
                self._kept[worker].append(connection)
            else:
                writer.transport.abort()
        return answer


async def _connect(worker: str) -> _Connection:
    address = urlsplit(worker)
    return await asyncio.open_connection(address.hostname, address.port or 80)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """Read an answer to its end; and whether the connection can carry another request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    version, status, reason = f"{first} ".split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = "0" if status == "204" else headers.get("content-length")
    if length:
        await reader.readexactly(int(length))
    wait = headers.get("retry-after", "")
    answer = Answer(int(status), reason.strip(), int(wait) if wait.isdecimal() else 0)
    # A body without a length is not read: Telegram has its answer, and the connection is given up.
    return answer, bool(length) and version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
