"""Whatever happens to a store, in whatever order, it holds what a few dictionaries would hold."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.storage import ChatState, Store
from tests.stores import opened

NOW = time.time()
"""All is said to have happened about this time: a state that is older than the one before it would not be kept."""


@dataclass
class Model:
    """What a store should hold."""

    states: dict[int, ChatState] = field(default_factory=dict)
    answered: dict[int, int] = field(default_factory=dict)
    votes: dict[tuple[int, int], tuple[str, bool]] = field(default_factory=dict)
    questions: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """Begin a new update, and end it in one of three ways."""

    chat: int
    state: ChatState | None
    abandoned: bool
    waits: bool

    async def happen(self, store: Store, model: Model) -> None:
        update_id = len(model.answered) + 1
        assert await store.begin(self.chat, update_id) == model.states.get(self.chat, ChatState())
        if self.abandoned:
            store.abandon(self.chat)
            return
        written = store.finish(self.chat, update_id, self.state)
        if self.waits:
            await written
        model.answered[update_id] = self.chat
        if self.state is None:
            model.states.pop(self.chat, None)
        else:
            model.states[self.chat] = self.state


@dataclass(frozen=True)
class Again:
    """Bring an update that was answered before."""

    which: int

    async def happen(self, store: Store, model: Model) -> None:
        if model.answered:
            update_id = self.which % len(model.answered) + 1
            assert await store.begin(model.answered[update_id], update_id) is None


@dataclass(frozen=True)
class Feedback:
    """Vote on a message, or pass its question on."""

    chat: int
    message_id: int
    text: str
    vote: bool | None

    async def happen(self, store: Store, model: Model) -> None:
        if self.vote is None:
            await store.pass_on(self.chat, self.message_id, self.text)
            model.questions.setdefault((self.chat, self.message_id), self.text)
        else:
            await store.vote(self.chat, self.message_id, self.text, good=self.vote)
            model.votes[self.chat, self.message_id] = self.text, self.vote


@dataclass(frozen=True)
class Forget:
    """Delete what is kept of a chat, as the bot does it."""

    chat: int

    async def happen(self, store: Store, model: Model) -> None:
        update_id = len(model.answered) + 1
        assert await store.begin(self.chat, update_id) is not None
        await store.forget(self.chat)
        await store.finish(self.chat, update_id, None)
        model.answered[update_id] = self.chat
        model.states.pop(self.chat, None)
        for kept in (model.votes, model.questions):
            for key in [key for key in kept if key[0] == self.chat]:
                del kept[key]


Step = Turn | Again | Feedback | Forget | Literal["reopen"]

_chats = st.integers(-1, 2)
_conversations = st.builds(
    Conversation,
    topics=st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=2).map(tuple),
    years=st.none() | st.floats(0, 60),
    turn=st.integers(0, 99),
)
_states = st.builds(
    ChatState,
    _conversations,
    seen_at=st.just(NOW),
    spent=st.floats(0, 20),
    warned=st.booleans(),
)
_steps = st.one_of(
    st.builds(Turn, _chats, st.none() | _states, abandoned=st.booleans(), waits=st.booleans()),
    st.builds(Again, st.integers(0, 99)),
    st.builds(
        Feedback,
        _chats,
        st.integers(1, 3),
        st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        st.none() | st.booleans(),
    ),
    st.builds(Forget, _chats),
    st.just("reopen"),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them: a copy is made faster than another one."""
    file = tmp_path_factory.mktemp("model") / "empty.sqlite"

    async def make() -> None:
        async with opened(f"sqlite:///{file}"):
            pass

    asyncio.run(make())
    return file


@settings(max_examples=25)
@given(steps=st.lists(_steps, max_size=25))
def test_a_store_holds_what_dictionaries_would_hold(empty: Path, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_go_through(Path(shutil.copy(empty, folder)), steps))


async def _go_through(file: Path, steps: list[Step]) -> None:
    model = Model()
    left = [*steps, "reopen"]
    while left:
        async with opened(f"sqlite:///{file}") as store:
            while left and (step := left.pop(0)) != "reopen":
                assert not isinstance(step, str)
                await step.happen(store, model)
    async with opened(f"sqlite:///{file}") as store:
        for chat in range(-1, 3):
            assert _read(await store.export(chat)) == _expected(model, chat)
            assert await store.begin(chat, 1000 + chat) == model.states.get(chat, ChatState())


def _read(exported: dict[str, Any]) -> tuple[ChatState | None, dict[int, tuple[str, bool]], dict[int, str]]:
    """What an export says, in the terms of the model."""
    states = [
        ChatState(Conversation.model_validate_json(row["conversation"]), row["seen_at"], row["spent"], row["warned"])
        for row in exported.get("chats", [])
    ]
    votes = {row["message_id"]: (row["topics"], row["good"]) for row in exported.get("votes", [])}
    questions = {row["message_id"]: row["question"] for row in exported.get("questions", [])}
    return (states[0] if states else None), votes, questions


def _expected(model: Model, chat: int) -> tuple[ChatState | None, dict[int, tuple[str, bool]], dict[int, str]]:
    votes = {message: vote for (owner, message), vote in model.votes.items() if owner == chat}
    questions = {message: question for (owner, message), question in model.questions.items() if owner == chat}
    return model.states.get(chat), votes, questions
