"""Conversations side by side, each in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import islice

from bot.channels.telegram.ending import Ending
from bot.channels.telegram.updates import Incoming

FINISH_SECONDS = 4.5
"""Seconds that what is in hand may take when the process is told to end."""

GIVE_UP_SECONDS = 0.5
"""Seconds that what is given up then may take to let go."""

RECORD_SECONDS = 1.5
"""Seconds that the records of what was answered may take at the end."""

Done = asyncio.Future[None]
Answer = Callable[[Incoming, Sequence[Incoming]], Awaitable[Done]]


class Chats:
    """The updates in hand: those of one chat wait for each other, other chats do not."""

    def __init__(self, answer: Answer) -> None:
        """Let `answer` handle each update.

        It is told what else of the same chat waits, and returns a future that is done when the update is recorded.
        """
        self._answer = answer
        self._waiting: dict[str, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: dict[int, Done] = {}
        self._ending = False

    def put(self, incoming: Incoming) -> Done:
        """Take an update in hand; the future is done when it is answered and recorded, cancelled if that was given up.

        An update that comes again meanwhile is the same one.
        """
        if known := self._in_hand.get(incoming.update_id):
            return known
        done = self._in_hand[incoming.update_id] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda _: self._in_hand.pop(incoming.update_id, None))
        if self._ending:
            done.cancel()
            return done
        if waiting := self._waiting.get(incoming.owner):
            waiting.append(incoming)
        else:
            self._waiting[incoming.owner] = deque([incoming])
            task = asyncio.create_task(self._serve(incoming.owner))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return done

    async def finish(self, ending: Ending) -> None:
        """Let what is being answered come to its end, for a while; give up the rest, which will come again."""
        self._ending = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ending.seconds(FINISH_SECONDS))
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=ending.seconds(GIVE_UP_SECONDS))
        for done in [self._in_hand[each.update_id] for waiting in self._waiting.values() for each in waiting]:
            done.cancel()
        if self._in_hand:
            await asyncio.wait(list(self._in_hand.values()), timeout=ending.seconds(RECORD_SECONDS))

    async def _serve(self, owner: str) -> None:
        waiting = self._waiting[owner]
        while waiting and not self._ending:
            incoming = waiting[0]
            done = self._in_hand[incoming.update_id]
            recorded = await self._answer(incoming, list(islice(waiting, 1, None)))
            recorded.add_done_callback(partial(_settle, done))
            waiting.popleft()
        if not waiting:
            del self._waiting[owner]


def _settle(done: Done, _recorded: Done) -> None:
    if not done.done():
        done.set_result(None)
