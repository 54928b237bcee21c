"""What a test arranges to go wrong."""

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """How a call goes wrong.

    Attributes:
        status: the HTTP status; None lets the call be carried out.
        body: the answer, word for word; None leaves it to the status.
        retry_after: the seconds a 429 asks to wait.
        cut: whether the connection ends in the middle of the answer.
        delay: seconds to wait first.
        chat_id: the only chat whose calls go wrong; None for all calls.
    """

    status: int | None
    body: str | None
    retry_after: int | None
    cut: bool
    delay: float
    chat_id: int | None


class Faults:
    """The faults to come, by the method they hit."""

    def __init__(self) -> None:
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let a fault hit the next calls of a method."""
        self._faults[method].extend([fault] * times)

    def take(self, method: str, chat_id: int) -> Fault | None:
        """The fault that hits a call, used up by it; None if the call goes well."""
        if method not in self._faults:
            return None
        faults = self._faults[method]
        for index, fault in enumerate(faults):
            if fault.chat_id in {None, chat_id}:
                del faults[index]
                return fault
        return None
