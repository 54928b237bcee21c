"""The queue of updates for a bot, and both ways out of it: getUpdates and a web hook."""

import asyncio
import time
from collections import OrderedDict
from contextlib import suppress
from itertools import islice

from tests.e2e.balancer import Balancer
from tests.e2e.telegram_errors import RefusedError, too_many_requests
from tests.e2e.telegram_params import Json, Params, flag, integer
from tests.e2e.webhook import Webhook, WebhookSender

_KINDS = (  # in Telegram's order
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "message_reaction",
    "message_reaction_count",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "purchased_paid_media",
    "managed_bot",
    "guest_message",
)
_ALL = frozenset(_KINDS)
_BY_DEFAULT = _ALL - {"chat_member", "message_reaction", "message_reaction_count"}
_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """Keeps updates until the bot has confirmed them.

    Attributes:
        pending: the updates that are kept, by id.
        confirmed: the highest id the bot has confirmed.
    """

    def __init__(self, balancer: Balancer, *, webhook_retry: float, webhook_timeout: float) -> None:
        # Updates leave at the front, or anywhere when a web hook takes them: an ordered dictionary is quick at both.
        self.pending: OrderedDict[int, Json] = OrderedDict()
        self.confirmed = 0
        self._allowed = _BY_DEFAULT
        self._poll: asyncio.Future[str] | None = None  # in progress; the result is why it has to fail, if it has to
        self._balancer = balancer
        self._retry = webhook_retry
        self._timeout = webhook_timeout
        self._hook: Webhook | None = None
        self._sender: WebhookSender | None = None
        self._next_set = 0.0

    def push(self, update: Json) -> None:
        """Keep an update for the bot, unless it is of a kind the bot did not ask for.

        A kind that Telegram does not have is kept too: whoever makes such an update wants the bot to get it.
        """
        if (update.keys() & _ALL) - self._allowed:
            return
        self.pending[update["update_id"]] = update
        if self._sender:
            self._sender.add(update)
        else:
            self._end_poll()

    def confirm(self, update_id: int) -> None:
        """Take down that the bot has an update."""
        self.pending.pop(update_id, None)
        self.confirmed = max(self.confirmed, update_id)

    async def get(self, params: Params) -> list[Json]:
        """Answer getUpdates."""
        if self._hook:
            raise RefusedError(_WEBHOOK_ACTIVE, 409)
        self._end_poll(_OTHER_POLL)
        self._allow(params)
        self._forget(integer(params, "offset"))
        if not self.pending:
            await self._wait(min(max(integer(params, "timeout"), 0), 50))
        return list(islice(self.pending.values(), min(max(integer(params, "limit", 100), 1), 100)))

    async def _wait(self, seconds: int) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if problem := await poll:
                    raise RefusedError(problem, 409)

    def _end_poll(self, problem: str = "") -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(problem)

    def _forget(self, offset: int) -> None:
        """Confirm the updates before the offset; a negative one counts from the end."""
        while self.pending and (len(self.pending) > -offset if offset < 0 else next(iter(self.pending)) < offset):
            self.confirm(next(iter(self.pending)))

    def _allow(self, params: Params) -> None:
        kinds = params.get("allowed_updates")
        if isinstance(kinds, list):
            self._allowed = _ALL & {str(kind).lower() for kind in kinds} or _BY_DEFAULT

    def set_webhook(self, params: Params) -> bool:
        """Answer setWebhook, and deleteWebhook as one without an address."""
        hook = Webhook.read(params) if params.get("url") else None
        if hook and time.monotonic() < self._next_set:
            raise too_many_requests(1)
        if hook:
            self._next_set = time.monotonic() + 1
        drop = flag(params, "drop_pending_updates")
        if hook == self._hook and not drop:
            self._allow(params)
            return True
        self._remove_webhook()
        if drop:
            self.pending.clear()
        if hook:
            self._add_webhook(hook, params)
        return True

    def _remove_webhook(self) -> None:
        if self._sender:
            self._sender.stop()
        self._hook = self._sender = None

    def _add_webhook(self, hook: Webhook, params: Params) -> None:
        self._end_poll("terminated by setWebhook request")
        hook.check()
        self._allow(params)
        hook.check_address()
        self._hook = hook
        self._sender = WebhookSender(hook, self._balancer, self.confirm, retry=self._retry, timeout=self._timeout)
        for update in self.pending.values():
            self._sender.add(update)

    def webhook_info(self) -> Json:
        """Answer getWebhookInfo."""
        info: Json = {"url": self._hook.url if self._hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.pending)
        if self._sender and self._sender.last_error:
            info["last_error_date"], info["last_error_message"] = self._sender.last_error
        if self._hook:
            info |= {"max_connections": self._hook.max_connections, "ip_address": "127.0.0.1"}
        if self._allowed != _BY_DEFAULT:
            info["allowed_updates"] = [kind for kind in _KINDS if kind in self._allowed]
        return info

    async def close(self) -> None:
        """Bring nothing more to the web hook."""
        if self._sender:
            await self._sender.close()
