"""What was asked and what was answered: the clock of a run, and its count of lost, wrong and disordered answers."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Faults:
    """What went wrong with the answers of a run.

    Attributes:
        lost: answers that had to come and did not.
        surplus: answers that came too often, or that nobody had to get.
        disordered: answers that came, in the place of another one.
    """

    lost: int
    surplus: int
    disordered: int


class Ledger:
    """Takes down each message and each answer with its time.

    Attributes:
        count: how many answers have come.
        done: set when as many came as were expected.
    """

    def __init__(self, total: int, notice: Callable[[int], None] = lambda _: None) -> None:
        """Expect so many answers; `notice` is told the count with each of them."""
        self.count = 0
        self.done = asyncio.Event()
        self._total = total
        self._notice = notice
        self._asked: defaultdict[int, list[float]] = defaultdict(list)
        self._came: defaultdict[int, list[float]] = defaultdict(list)
        self._texts: defaultdict[int, list[str]] = defaultdict(list)
        self._same: dict[str, str] = {}

    def asked(self, chat: int) -> None:
        """A message goes out in a chat."""
        self._asked[chat].append(time.perf_counter())

    def answered(self, chat: int, text: str) -> None:
        """An answer came in a chat."""
        self._came[chat].append(time.perf_counter())
        self._texts[chat].append(self._same.setdefault(text, text))
        self.count += 1
        self._notice(self.count)
        if self.count == self._total:
            self.done.set()

    @property
    def seconds(self) -> float:
        """From the first message to the last answer."""
        return max(self._times(self._came), default=0.0) - min(self._times(self._asked), default=0.0)

    @property
    def waits(self) -> list[float]:
        """Seconds from each message to its answer, the shortest first."""
        pairs = [
            (chat, *times) for chat in self._came for times in zip(self._asked[chat], self._came[chat], strict=False)
        ]
        return sorted(came - asked for _, asked, came in pairs)

    def faults(self, expected: Mapping[int, Sequence[str]]) -> Faults:
        """Compare with the answers that each chat has to get, in their order."""
        return faults(expected, self._texts)

    @staticmethod
    def _times(chats: Mapping[int, Sequence[float]]) -> list[float]:
        return [time for times in chats.values() for time in times]


def faults(expected: Mapping[int, Sequence[str]], got: Mapping[int, Sequence[str]]) -> Faults:
    """What is wrong with the answers that came.

    Args:
        expected: the answers of each chat, in order; neighbours differ.
        got: those that came, in order.
    """
    lost = surplus = disordered = 0
    for chat in expected.keys() | got.keys():
        due, came = expected.get(chat, ()), got.get(chat, ())
        if tuple(due) == tuple(came):
            continue
        common = (Counter(due) & Counter(came)).total()
        lost += len(due) - common
        surplus += len(came) - common
        disordered += common - _longest_common(due, came)
    return Faults(lost, surplus, disordered)


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest sequence that is found, with gaps, in both."""
    lengths = [0] * (len(second) + 1)
    for one in first:
        diagonal = 0
        for at, other in enumerate(second, 1):
            longest = diagonal + 1 if one == other else max(lengths[at], lengths[at - 1])
            diagonal, lengths[at] = lengths[at], longest
    return lengths[-1]
