"""What is kept of people, what they can have done with it, and what nobody ever gets to see."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import load_knowledge
from bot.storage.state import DAY, KEEP_CHATS
from bot.storage.store import KEEP_ANSWERED, KEEP_FEEDBACK
from bot.storage.tables import answered, chats, questions, votes, waiting
from bot.wording import Wording
from tests.e2e.bot_api import BotApi, SentMessage
from tests.e2e.program import DATABASE, Program, query, running_bot
from tests.e2e.test_telegram import BOT, FOR_AUTHORS, PAY, Chat, buttons

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGILE = "$80,000 - $120,000"
UNKNOWN = "what is the capital of Liechtenstein?"
YEARS = "i have 4 years as a pm, what comes next"
DEBUG = {"SEND_RATE": "0", "CHAT_RATE": "0", "LOG_LEVEL": "DEBUG"}
PREFIX = "78123645"
TABLES = {
    "chats": "SELECT * FROM chats",
    "questions": "SELECT * FROM questions",
    "votes": "SELECT * FROM votes",
}
"""How to read all that is kept by chat."""

NUMBERS = itertools.count(int(PREFIX + "01"))
SECRETS = [PREFIX, "Ada", "Liechtenstein", PAY, YEARS, BOT.partition(":")[2]]
"""What must not be found: the numbers, the name and the words of those who write here, and the token."""


class Person(Chat):
    """Somebody whose number occurs nowhere by chance."""

    def __init__(self, api: BotApi) -> None:
        super().__init__(api)
        self.number = next(NUMBERS)

    async def pass_on(self, answer: SentMessage) -> SentMessage:
        """Press the button under an answer that passes the question on."""
        assert FOR_AUTHORS in [data for _, data in buttons(answer)]
        return await self.press(FOR_AUTHORS, answer.message_id)

    async def gets_on_record(self, folder: Path) -> str:
        """Ask, and return the name of the chat in the database."""
        await all_recorded(self.api)
        before = names(folder)
        await self.ask(PAY)
        await all_recorded(self.api)
        (name,) = names(folder) - before
        return name


@dataclass(frozen=True)
class Live:
    """A running bot, Telegram around it, and its folder."""

    api: BotApi
    bot: Program
    folder: Path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    """One bot that all tests without a restart share."""
    folder = tmp_path_factory.mktemp("live")
    async with BotApi(BOT) as api, running_bot(api, folder, **DEBUG) as bot:
        yield Live(api, bot, folder)


@pytest.fixture
def person(live: Live) -> Person:
    return Person(live.api)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_knowledge().wording


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    """Everything that stands in a table."""
    return query(folder, TABLES[name])


def names(folder: Path) -> set[str]:
    """The names of all chats of which something is kept."""
    return {row["chat"] for name in TABLES for row in table(folder, name)}


def found(folder: Path, secrets: list[str]) -> list[str]:
    """Which of these the database holds, in its tables or anywhere in the bytes of its files."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        held = "".join(database.iterdump()).encode()
    held += b"".join(path.read_bytes() for path in folder.glob(f"{DATABASE}*"))
    return [secret for secret in secrets if secret.encode() in held]


async def all_recorded(api: BotApi) -> None:
    """Wait until everything is answered and recorded."""
    async with asyncio.timeout(30):
        while api.pending:
            await asyncio.sleep(0.02)


async def talk(person: Person) -> None:
    """Say all sorts of things."""
    for text in (PAY, YEARS, UNKNOWN, "hi, I am Ada", "/help", "/start", PAY):
        await person.ask(text)
    await person.send_photo(caption=YEARS)
    await person.press("t:path")
    await person.press("Liechtenstein")
    await all_recorded(person.api)


# What is kept.


async def test_nothing_in_the_database_tells_who_wrote_or_in_which_words(live: Live, person: Person) -> None:
    await talk(person)
    assert found(live.folder, ["track.infrastructure.salary", *SECRETS]) == ["track.infrastructure.salary"]


async def test_another_key_gives_a_chat_another_name(live: Live, person: Person, tmp_path: Path) -> None:
    async with BotApi(BOT) as api, running_bot(api, tmp_path, STORE_KEY="another key", **DEBUG) as bot:
        same = Person(api)
        same.number = person.number
        assert await same.gets_on_record(tmp_path) != await person.gets_on_record(live.folder)
        assert found(tmp_path, [*SECRETS, "another key"]) == []
        assert "another key" not in bot.output


async def test_the_privacy_notice_tells_how_long_what_is_kept(person: Person, wording: Wording) -> None:
    told = (await person.ask("/privacy")).text
    assert told == wording.privacy.strip()
    for seconds in (KEEP_CHATS, KEEP_ANSWERED, KEEP_FEEDBACK):
        assert f"{seconds / DAY:.0f} days" in told
    assert "/mydata" in told
    assert "/forget" in told


TOLD = {
    "chats.chat": "scrambled numbers, of the chat",
    "chats.conversation": "your years of experience if you told me, what you answered for a plan",
    "chats.before": "the topics, now and before your last question",
    "chats.seen_at": "when I last answered you",
    "chats.spent": "how many messages you sent me of late",
    "chats.warned": "whether I asked you to slow down",
    "chats.answers": "the numbers of your last messages and of mine",
    "chats.told_language": "whether I told you which language I speak",
    "chats.blocked": "whether you have blocked me",
    "chats.person": "and of you",
    "answered.update_id": "as bare numbers",
    "answered.at": "Which messages I have answered, and when",
    "votes.chat": "scrambled numbers, of the chat",
    "votes.message_id": "Your votes on my answers",
    "votes.topics": "Your votes on my answers",
    "votes.good": "Your votes on my answers",
    "votes.reason": "with what was wrong if you told me",
    "votes.at": "at most 180 days",
    "votes.person": "and of you",
    "questions.id": "a question",
    "questions.chat": "scrambled numbers, of the chat",
    "questions.message_id": "under my answer",
    "questions.question": "a question, in your words",
    "questions.at": "at most 180 days",
    "questions.person": "and of you",
    "waiting.update_id": "a message that I cannot answer at once",
    "waiting.sealed": "may wait encrypted until I can",
    "waiting.at": "2 days at most",
}
"""The words of the privacy notice that tell of each column."""


async def test_the_privacy_notice_tells_of_every_column_that_is_kept_of_people(wording: Wording) -> None:
    kept = {
        f"{table.name}.{column.name}" for table in (chats, answered, votes, questions, waiting) for column in table.c
    }
    assert kept == TOLD.keys()
    assert [column for column, words in TOLD.items() if words not in wording.privacy] == []
    # About one screen of a telephone.
    assert len(wording.privacy) < 1_400


# Questions for the authors.


async def test_a_question_is_passed_on_once_and_nothing_but_the_question(
    live: Live, person: Person, wording: Wording
) -> None:
    await person.ask(YEARS)
    answer = await person.ask(UNKNOWN)
    assert answer.reply_to is not None
    name = max(table(live.folder, "chats"), key=lambda row: float(row["seen_at"]))["chat"]
    told = [(await person.pass_on(answer)).text for _ in range(2)]
    assert told == [wording.passed_on] * 2
    (kept,) = table(live.folder, "questions")
    assert kept | {"id": 0, "at": 0} == {
        "id": 0,
        "chat": name,
        "person": name,
        "message_id": answer.message_id,
        "question": UNKNOWN,
        "at": 0,
    }
    await person.ask("/forget")


async def test_a_question_whose_words_are_gone_cannot_be_passed_on(
    live: Live, person: Person, wording: Wording
) -> None:
    answer = await person.ask(UNKNOWN)
    chat = live.api.chats[person.number]
    deleted = {"message_id": answer.message_id, "date": 1_800_000_000, "chat": chat, "text": answer.text}
    query_ = {"id": "1", "from": chat | {"is_bot": False}, "chat_instance": "1", "data": FOR_AUTHORS}
    live.api.push({"callback_query": query_ | {"message": deleted}})
    assert (await person.answer()).text == wording.pass_on_late
    assert (await person.press(FOR_AUTHORS, 1)).text == wording.pass_on_late
    assert table(live.folder, "questions") == []


# What people can have done.


async def all_kept(live: Live, person: Person) -> str:
    """Have something of a person in every table, and return the name of the chat."""
    name = await person.gets_on_record(live.folder)
    answer = await person.ask(UNKNOWN)
    await person.pass_on(answer)
    vote = "INSERT INTO votes (chat, message_id, topics, good, at) VALUES (?, ?, 'salary', 1, 1800000000.5)"
    query(live.folder, vote, name, answer.message_id)
    await all_recorded(live.api)
    return name


async def test_my_data_is_a_file_with_exactly_what_the_tables_hold(
    live: Live, person: Person, wording: Wording
) -> None:
    await Person(live.api).ask(PAY)
    name = await all_kept(live, person)
    kept = {each: [row for row in table(live.folder, each) if row["chat"] == name] for each in TABLES}
    sent = await person.ask("/mydata")
    assert (sent.method, sent.text) == ("sendDocument", wording.my_data)
    assert sent.file is not None
    assert json.loads(sent.file.content) == kept
    await person.ask("/forget")


async def test_my_data_of_somebody_unknown_is_said_to_be_nothing(person: Person, wording: Wording) -> None:
    assert (await person.ask("/mydata")).text == wording.no_data


async def test_my_data_asked_for_at_once_holds_the_answer_before(person: Person) -> None:
    person.api.say(person.number, PAY)
    person.api.say(person.number, "/mydata")
    _, sent = await person.api.sent(person.number, 2)
    assert sent.file is not None
    assert b"track.infrastructure.salary" in sent.file.content


async def test_forget_deletes_everything_at_once_and_the_next_message_begins_anew(
    live: Live, person: Person, wording: Wording
) -> None:
    name = await all_kept(live, person)
    assert (await person.ask("/forget")).text == wording.forgotten
    assert name not in names(live.folder)
    assert AGILE not in (await person.ask("and agile?")).text
    await person.ask("/forget")
    assert (await person.ask("/mydata")).text == wording.no_data


# After a restart.


@dataclass(frozen=True)
class Restarted:
    """A bot that was started again, and what was before.

    Attributes:
        left: what of the secrets was in the files when the bot before had ended.
        asker: somebody who got an answer that the bot does not know.
        name: the name of the asker's chat.
        forgotten: somebody who asked to be forgotten, with all that can be kept.
        silent: somebody who has not written for longer than is remembered, and the name of the chat.
    """

    live: Live
    left: list[str]
    asker: tuple[Person, str, SentMessage]
    forgotten: tuple[Person, str]
    silent: tuple[Person, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def restarted(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Restarted]:
    """A bot over the database that one before it has left."""
    folder = tmp_path_factory.mktemp("restarted")
    async with BotApi(BOT) as api:
        asker, forgotten, silent = (Person(api) for _ in range(3))
        async with running_bot(api, folder, **DEBUG) as bot:
            gone = await all_kept(Live(api, bot, folder), forgotten)
            await forgotten.ask("/forget")
            quiet = await silent.gets_on_record(folder)
            name = await asker.gets_on_record(folder)
            answer = await asker.ask(UNKNOWN)
        left = found(folder, [gone, *SECRETS])
        query(folder, "UPDATE chats SET seen_at = seen_at - ? WHERE chat = ?", KEEP_CHATS + 60, quiet)
        async with running_bot(api, folder, LOG_FORMAT="json", **DEBUG) as bot:
            yield Restarted(Live(api, bot, folder), left, (asker, name, answer), (forgotten, gone), (silent, quiet))


async def test_what_was_forgotten_is_in_no_file_when_the_bot_has_ended(restarted: Restarted) -> None:
    assert restarted.left == []


async def test_what_was_forgotten_is_not_there_after_a_restart(restarted: Restarted) -> None:
    person, name = restarted.forgotten
    assert name not in names(restarted.live.folder)
    assert AGILE not in (await person.ask("and agile?")).text


async def test_a_chat_that_was_silent_for_thirty_days_is_forgotten(restarted: Restarted) -> None:
    person, name = restarted.silent
    assert name not in names(restarted.live.folder)
    assert AGILE not in (await person.ask("and agile?")).text


async def test_a_chat_keeps_its_name_over_a_restart_and_the_button_passes_its_question_on(
    restarted: Restarted, wording: Wording
) -> None:
    person, name, answer = restarted.asker
    assert name in names(restarted.live.folder)
    assert (await person.pass_on(answer)).text == wording.passed_on
    assert [(row["chat"], row["question"]) for row in table(restarted.live.folder, "questions")] == [(name, UNKNOWN)]
    assert AGILE in (await person.ask("and agile?")).text


# Logs.


async def go_through_faults(live: Live) -> None:
    """Talk while much goes wrong."""
    api = live.api
    faults: list[dict[str, Any]] = [{"status": 500}, {"cut": True}, {"body": "<html>"}, {"status": 403}, {"delay": 0.1}]
    for fault in faults:
        person = Person(api)
        api.fail_next("sendMessage", chat_id=person.number, **fault)
        api.say(person.number, UNKNOWN)
    del api.chats[person.number]  # the last one is gone before the answer
    head = {"message_id": 1, "chat": {"id": next(NUMBERS), "type": "private"}, "text": UNKNOWN, "date": 1_800_000_000}
    for change in ({"date": "nonsense"}, {"entities": "Liechtenstein"}, {"text": [UNKNOWN]}):
        api.push({"message": head | change})
    person = Person(api)
    answer = {"ok": True, "result": {"chat": {"id": person.number, "first_name": "Ada"}, "caption": UNKNOWN}}
    api.fail_next("sendDocument", body=json.dumps(answer)[:-2])  # the end of it got lost
    api.fail_next("answerCallbackQuery", body=json.dumps(answer)[:-2])
    api.fail_next("answerCallbackQuery", status=400, body='{"ok": false, "description": "query is too old"}')
    api.fail_next("getUpdates", cut=True)
    await talk(person)
    await person.pass_on(await person.ask(UNKNOWN))
    for command in ("/mydata", "/forget"):
        await person.ask(command)


@pytest.mark.parametrize("which", ["text", "json"])
async def test_no_log_tells_who_wrote_what(live: Live, restarted: Restarted, which: str) -> None:
    written = live if which == "text" else restarted.live
    await go_through_faults(written)
    levels = {level for level in ("DEBUG", "INFO", "WARNING", "ERROR") if level in written.bot.output}
    assert levels == {"DEBUG", "INFO", "WARNING", "ERROR"}
    assert [line for line in written.bot.output.splitlines() for secret in SECRETS if secret in line] == []
