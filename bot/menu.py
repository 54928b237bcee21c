"""Browsing by buttons: a tree of pages, each with the pages below it and the way back."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.knowledge import Knowledge, key_of
from bot.replies import Reply, Suggestion, Writer

PAGE = "menu."
"""Begins the topic of a page; what it shows follows: a topic, or a page of the menu itself."""

HOME = "home"


class Menu:
    """The pages of some knowledge.

    A page shows the answer of a topic, or a text of the menu's own (`Wording.pages`: the first page, for one).
    """

    def __init__(self, knowledge: Knowledge, writer: Writer) -> None:
        """Lay the pages out as the knowledge says."""
        self._knowledge = knowledge
        self._wording = knowledge.wording
        self._writer = writer
        self._below: dict[str, tuple[str, ...]] = {}
        self._above: dict[str, str] = {}
        for page in self._wording.pages:
            self._lay_out(page)

    def all_below(self) -> Mapping[str, tuple[str, ...]]:
        """Every page that can be turned to, with the pages below it."""
        return self._below

    def shown(self, topic: str) -> str | None:
        """What the page of this topic ("menu.path") shows ("path"); None if there is no such page."""
        page = topic.removeprefix(PAGE)
        return page if topic.startswith(PAGE) and page in self._below else None

    def own(self, page: str) -> Reply | None:
        """A page of the menu's own; None if it shows the answer of a topic."""
        text = self._wording.pages.get(page)
        return self.page(page, Reply("smalltalk", ("help",), 1.0, text)) if text else None

    def page(self, page: str, answer: Reply) -> Reply:
        """An answer as a page: with the pages below it, and the way back."""
        above = self._above.get(page, HOME)
        back = Suggestion(self._wording.navigation.back, PAGE + above)
        home = Suggestion(self._wording.navigation.home, PAGE + HOME)
        ways = () if page == HOME else (home,) if above == HOME else (back, home)
        below = tuple(Suggestion(self._writer.label(topic), PAGE + topic) for topic in self._below[page])
        return replace(answer, suggestions=below, navigation=ways, in_place=True)

    def above(self, topics: tuple[str, ...]) -> str:
        """The page above what was answered last: where "back" leads."""
        return next((self._above[topic] for topic in reversed(topics) if topic in self._above), HOME)

    def _lay_out(self, root: str) -> None:
        """Find all pages below one, nearest first: the way back from a page is the shortest."""
        waiting = deque([root])
        while waiting:
            page = waiting.popleft()
            if page in self._below:
                continue
            self._below[page] = tuple(dict.fromkeys(self._filled(page)))
            for below in self._below[page]:
                self._above.setdefault(below, page)
            waiting.extend(self._below[page])

    def _filled(self, page: str) -> Iterator[str]:
        """Topics of the pages below one: "{self}" is the thing it is about, "level.*.overview" one for each level."""
        target = page.rpartition(".")[0]
        for pattern in self._wording.browse.get(key_of(page, self._wording.browse), ()):
            of, star, what = pattern.partition(".*")
            for each in self._knowledge.entities if star else ("",):
                if each.startswith(of + ".") or not star:
                    yield each + what if star else pattern.format(self=target)
