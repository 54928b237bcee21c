"""The web pages of a running bot: is it well, what does it count, and the web hook that Telegram calls."""

import asyncio
import hmac
import json
import logging
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot

from bot.channels.telegram.chats import Chats
from bot.channels.telegram.updates import read
from bot.errors import ChannelError
from bot.metrics import Metrics
from bot.settings import Settings
from bot.storage import Store

log = logging.getLogger(__name__)

LARGEST_BODY = 2**20
"""Bytes; Telegram's updates are far smaller."""

PROOF_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FINISH_SECONDS = 0.5
"""Seconds that pages may take when the process is told to end and what is in hand has come to its end."""


class Pages:
    """What one process serves to browsers, balancers, Prometheus and Telegram."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        """Serve ``/healthz`` and ``/metrics``."""
        self._store = store
        self._metrics = metrics
        self._app = web.Application(client_max_size=LARGEST_BODY)
        self._app.router.add_get("/healthz", self._health)
        self._app.router.add_get("/metrics", self._counts)

    def add_hook(self, settings: Settings, bot: Bot, chats: Chats) -> None:
        """Serve the web hook as well, under the path of WEBHOOK_URL."""
        hook = Hook(settings.hook_secret(), bot, chats)
        self._app.router.add_post(urlsplit(settings.webhook_url or "").path or "/", hook.take)

    async def listen(self, address: str) -> web.AppRunner:
        """Begin to listen on ``host:port``; the runner that is returned is to be cleaned up.

        Raises:
            ChannelError: nobody can listen there.
        """
        host, _, port = address.rpartition(":")
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=FINISH_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port), reuse_address=True).start()
        except OSError as error:
            await runner.cleanup()
            raise ChannelError(f"cannot listen on {address}: {error.strerror}; is it in use already?") from None
        log.info("serving /healthz and /metrics on %s", address)
        return runner

    async def _health(self, _request: web.Request) -> web.Response:
        well = await self._store.healthy()
        state = {"store": "ok" if well else "cannot be used"}
        return web.json_response(state, status=200 if well else 503)

    async def _counts(self, _request: web.Request) -> web.Response:
        return web.Response(body=self._metrics.page(), content_type="text/plain", charset="utf-8")


class Hook:
    """Takes the updates that Telegram brings; one is confirmed by status 200 when it is answered."""

    def __init__(self, secret: str, bot: Bot, chats: Chats) -> None:
        """Take updates that come with the secret, for these chats."""
        self._secret = secret.encode()
        self._bot = bot
        self._chats = chats

    async def take(self, request: web.Request) -> web.Response:
        """Answer one update; what Telegram did not send is refused before it is read."""
        shown = request.headers.get(PROOF_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=403)
        if (request.content_length or 0) > LARGEST_BODY:
            return web.Response(status=413)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        incoming = read(raw, self._bot)
        if incoming is None:
            return web.Response()
        # Telegram may hang up and bring the update again; its answering goes on, and both wait for the same one.
        done = self._chats.put(incoming)
        await asyncio.wait([done])
        return web.Response(status=503 if done.cancelled() else 200)
