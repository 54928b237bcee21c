"""The web hook of a bot: how Telegram brings updates to it."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tests.e2e.balancer import Answer, Balancer
from tests.e2e.telegram_errors import RefusedError
from tests.e2e.telegram_params import Json, Params, integer

_PORTS = {80, 88, 443, 8443}
_ACTIVE_SECONDS = 10.0
"""For so long after a success Telegram opens further connections."""
_LONGEST_WAIT = 60
_LONGEST_RETRY_AFTER = 3600
_QUEUES = {
    **dict.fromkeys(("message", "edited_message", "channel_post", "edited_channel_post"), ("messages", "chat", "id")),
    **dict.fromkeys(("shipping_query", "pre_checkout_query"), ("payments", "from", "id")),
    **{kind: (kind, "from", "id") for kind in ("callback_query", "inline_query", "chosen_inline_result")},
    **{kind: (kind, "chat", "id") for kind in ("my_chat_member", "message_reaction", "message_reaction_count")},
    "chat_member": ("members", "new_chat_member", "user", "id"),
    "chat_join_request": ("members", "from", "id"),
    "poll": ("polls", "id"),
    "poll_answer": ("polls", "poll_id"),
}
"""By the kind of an update: the sort of its queue, and where in the update stands whose queue it is."""


@dataclass(frozen=True)
class Webhook:
    """Where a bot wants its updates.

    Attributes:
        url: the address, as it was given.
        secret_token: what tells the bot that it is Telegram; empty for none.
        max_connections: how many updates may be on their way at a time.
    """

    url: str
    secret_token: str
    max_connections: int

    @classmethod
    def read(cls, params: Params) -> "Webhook":
        """What a call of setWebhook asks for."""
        most = min(max(integer(params, "max_connections", 40), 1), 100)
        return cls(params.get("url", ""), params.get("secret_token", ""), most)

    def check(self) -> None:
        """Find out whether Telegram takes the parameters.

        Raises:
            RefusedError: it does not.
        """
        self._address()
        if len(self.secret_token) > 256:
            raise RefusedError("secret token is too long")
        if not re.fullmatch("[A-Za-z0-9_-]*", self.secret_token):
            raise RefusedError("secret token contains unallowed characters")

    def check_address(self) -> None:
        """Find out whether Telegram would bring updates to the address.

        Raises:
            RefusedError: it would not.
        """
        address = self._address()
        if address.scheme != "https":
            raise RefusedError("bad webhook: An HTTPS URL must be provided for webhook")
        if (address.port or 443) not in _PORTS:
            raise RefusedError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")

    def head(self) -> bytes:
        """The head of the requests to it, but for the length of the body."""
        address = self._address()
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {address.netloc}",
            *([f"X-Telegram-Bot-Api-Secret-Token: {self.secret_token}"] if self.secret_token else []),
            "Content-Type: application/json",
            "Connection: keep-alive",
            "Accept-Encoding: gzip, deflate",
        ]
        return "".join(f"{line}\r\n" for line in lines).encode()

    def _address(self) -> SplitResult:
        url = self.url if "://" in self.url else f"https://{self.url}"
        try:
            address = urlsplit(url)
            if address.scheme in {"http", "https"} and address.hostname and address.port != 0:
                return address
        except ValueError:  # not an address at all, or its port is no number
            pass
        raise RefusedError("invalid webhook URL specified")


@dataclass(eq=False)
class _Queue:
    """Updates that go out one after the other; the first may be on its way."""

    key: Hashable
    updates: deque[Json] = field(default_factory=deque)
    fails: int = 0  # of the first update
    wait: int = 1


class WebhookSender:
    """Brings updates to a web hook as Telegram does.

    Within a queue, an update goes out when the one before it was taken (answered with a status of 200 to 299).
    One that was not taken is tried once more at once, then after waits that double; a Retry-After is kept to.
    Queues go side by side, each over a connection of its own while there are any left; but until the hook has
    taken something, and when it has not taken anything for ten seconds, Telegram opens only one.

    Attributes:
        last_error: when something last went wrong, and what; None if nothing has.
    """

    def __init__(
        self,
        hook: Webhook,
        balancer: Balancer,
        taken: Callable[[int], None],
        *,
        retry: float,
        timeout: float,
    ) -> None:
        """Bring nothing yet.

        Args:
            hook: where to.
            balancer: what stands there.
            taken: is told the id of each update that was taken.
            retry: how many seconds stand for one of Telegram's in the growing waits.
            timeout: for how many seconds to wait for an answer.
        """
        self.last_error: tuple[int, str] | None = None
        self._most = hook.max_connections
        self._head = hook.head()
        self._balancer = balancer
        self._taken = taken
        self._retry = retry
        self._timeout = timeout
        self._queues: dict[Hashable, _Queue] = {}
        self._ready: deque[_Queue] = deque()
        self._connections: set[asyncio.Task[None]] = set()
        self._idle: list[asyncio.Future[None]] = []  # connections that wait for a queue
        self._last_success = float("-inf")
        self._closed = False

    def add(self, update: Json) -> None:
        """Bring an update when its turn comes."""
        key = queue_of(update)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue(key)
            queue.updates.append(update)
            self._make_ready(queue)
        else:
            queue.updates.append(update)

    async def close(self) -> None:
        """Bring nothing more; what is on its way is given up."""
        connections = self.stop()
        await asyncio.gather(*connections, return_exceptions=True)

    def stop(self) -> set[asyncio.Task[None]]:
        """Begin to close."""
        self._closed = True
        for connection in self._connections:
            connection.cancel()
        return self._connections

    def _make_ready(self, queue: _Queue) -> None:
        if self._closed:
            return
        self._ready.append(queue)
        if self._idle:
            self._idle.pop().set_result(None)
        else:
            self._connect()

    def _connect(self) -> None:
        """Open connections for the queues that wait for one, as many as Telegram would."""
        active = time.monotonic() < self._last_success + _ACTIVE_SECONDS
        left = (self._most if active else 1) - len(self._connections)
        for _ in range(min(left, len(self._ready))):
            connection = asyncio.create_task(self._use_connection())
            self._connections.add(connection)

    async def _use_connection(self) -> None:
        while True:
            if not self._ready:
                idle = asyncio.get_running_loop().create_future()
                self._idle.append(idle)
                await idle
                continue
            queue = self._ready.popleft()
            answer = await self._post(queue.updates[0])
            if isinstance(answer, Answer) and 200 <= answer.status <= 299:
                self._on_taken(queue)
            else:
                self._on_error(queue, answer)

    async def _post(self, update: Json) -> Answer | None:
        """The answer to an update; None if it does not come in time."""
        body = json.dumps(update).encode()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._balancer.post(self._head, body)
        except TimeoutError:
            return None

    def _on_taken(self, queue: _Queue) -> None:
        self._last_success = time.monotonic()
        self._taken(queue.updates.popleft()["update_id"])
        queue.fails, queue.wait = 0, 1
        if queue.updates:
            self._make_ready(queue)
        else:
            del self._queues[queue.key]
        if self._ready and not self._idle:
            self._connect()

    def _on_error(self, queue: _Queue, answer: Answer | None) -> None:
        wrong = (
            f"Wrong response from the webhook: {answer.status} {answer.reason}" if answer else "Read timeout expired"
        )
        self.last_error = int(time.time()), wrong
        seconds: float = min(answer.retry_after, _LONGEST_RETRY_AFTER) if answer else 0
        if not seconds and queue.fails:
            queue.wait = min(queue.wait * 2, _LONGEST_WAIT)
            seconds = queue.wait * self._retry
        queue.fails += 1
        asyncio.get_running_loop().call_later(seconds, self._make_ready, queue)


def queue_of(update: Json) -> Hashable:
    """The queue an update belongs to: messages go by chat, presses of buttons by person, and so on.

    One that does not say, or is of another kind, is a queue of its own.
    """
    for kind, content in update.items():
        if kind in _QUEUES:
            sort, *path = _QUEUES[kind]
            owner: Any = content
            for name in path:
                owner = owner.get(name) if isinstance(owner, dict) else None
            if isinstance(owner, int | str):
                return sort, owner
    return "update", update["update_id"]
