"""What an operator can watch, in the format of Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """Counts of one process, from its start on."""

    def __init__(self) -> None:
        """Begin to count."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.updates = Counter(
            "career_bot_updates", "Updates that came from Telegram, by kind.", ["kind"], registry=self._registry
        )
        self.replies = Counter(
            "career_bot_replies", "Messages that were answered, by kind of reply.", ["kind"], registry=self._registry
        )
        self.seconds = Histogram(
            "career_bot_reply_seconds",
            "From the arrival of an update to its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.send_errors = Counter(
            "career_bot_send_errors", "Calls to Telegram that failed, by error.", ["error"], registry=self._registry
        )
        self.flood_waits = Counter(
            "career_bot_flood_waits", "Times that Telegram asked to wait (429).", registry=self._registry
        )

    def page(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self._registry)
