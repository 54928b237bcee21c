"""An HTTP server that can go away and come back."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.web_protocol import RequestHandler

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_LARGEST_BODY = 50 * 2**20


class HttpServer:
    """Serves on a free local port from `start` to `stop`, except while it is away.

    Attributes:
        url: where it listens.
    """

    def __init__(self, handler: Handler) -> None:
        self.url = ""
        self._handler = handler
        self._site: web.BaseSite | None = None

    async def start(self) -> None:
        """Begin to listen."""
        # Without an application: one handler needs no router.
        self._server = web.Server(
            self._handler, request_factory=_request, handler_cancellation=True, access_log=None, keepalive_timeout=75.0
        )
        self._runner = web.ServerRunner(self._server, shutdown_timeout=0.1)
        await self._runner.setup()
        self._socket = _bound(0)
        self._port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        await self.come_back()

    async def stop(self) -> None:
        """End for good."""
        await self._runner.cleanup()
        self._site = None
        self._socket.close()

    async def go_away(self) -> None:
        """Refuse connections and cut the open ones."""
        if self._site is None:
            return
        await self._site.stop()
        self._site = None
        self._socket = _bound(self._port)  # keeps the port from others; nobody listens on it
        while open_ones := [connection.transport for connection in self._server.connections if connection.transport]:
            for transport in open_ones:
                transport.abort()
            await asyncio.sleep(0)  # a connection ends in the next turn of the loop

    async def come_back(self) -> None:
        """Listen again where it did before."""
        if self._site is None:
            self._site = web.SockSite(self._runner, self._socket, backlog=1024)
            await self._site.start()


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_LARGEST_BODY)
