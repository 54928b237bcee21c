"""The end of a process, which has one deadline for all that is left to do."""

import asyncio

END_SECONDS = 7.5
"""Seconds that the whole end may take, but for the last two that the store may need to let go; ten are promised."""


class Ending:
    """What is left of the time of the end, which begins to run when it is first asked for."""

    def __init__(self) -> None:
        """Get ready; the end has not begun yet."""
        self._until: float | None = None

    def seconds(self, most: float) -> float:
        """How long a step of the end may take: so many seconds, or what is left."""
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + END_SECONDS
        return max(0.0, min(most, self._until - now))
