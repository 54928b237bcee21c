"""Replies -> Telegram messages: HTML, parts that fit, and buttons that carry what they ask for."""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from telegram import Message, MessageEntity

from bot.plan import TOPIC as PLAN_TOPIC
from bot.replies import Reply, Suggestion
from bot.wording import Wording

TOPIC = "t:"
"""Begins the payload of a button that asks for a topic; the topic itself follows, so the button never expires."""

FOR_AUTHORS = "pass-on"
"""The payload of the button that passes a question on."""

GOOD, BAD = "good:", "bad:"
"""Begin the payloads of votes; the topic voted on follows."""

REASON, RIGHT = "reason:", "right:"
"""Begin what can be said to a bad vote: what was wrong, and the number of the message that was voted on."""

PLAN = "plan_"
"""Begins what a link to a plan carries."""

PLAN_FILE = "plan-file"
"""The payload of the button that sends a plan as a file; behind a colon, what a link to that plan carries.

Old buttons carry nothing and send the plan that was made last.
"""

LONGEST = 4_096
"""Characters of a message, as UTF-16 counts them: https://core.telegram.org/bots/api#sendmessage."""

Button = dict[str, str]
Rows = Sequence[Sequence[Button]]

_BOLD = re.compile(r"\*([^*\n]+)\*")


def to_html(markup: str) -> str:
    """*Stars* become bold, everything else is escaped."""
    return _BOLD.sub(r"<b>\1</b>", html.escape(markup, quote=False))


def parts(markup: str, longest: int = LONGEST) -> list[str]:
    """A text in pieces that fit into a message, cut at the end of a paragraph, else of a line, else of a word.

    What stands out goes on standing out in the next piece.
    """
    pieces = []
    rest = markup
    while length(rest) > longest:
        # A cut at half the characters always fits: none counts for more than two.
        head = rest[: longest // 2] if length(rest[:longest]) > longest else rest[:longest]
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > 0), len(head))
        bold = next((found for found in _BOLD.finditer(rest) if found.start() < cut < found.end()), None)
        # Between a star and its word there is no place to cut; stars themselves take no room on the screen.
        if bold and cut == bold.end() - 1:
            cut, bold = bold.end(), None
        elif bold and cut == bold.start() + 1 and bold.start():
            cut, bold = bold.start(), None
        pieces.append(rest[:cut].rstrip() + ("*" if bold else ""))
        rest = ("*" if bold else "") + rest[cut:].lstrip()
    return [*pieces, rest]


def length(text: str) -> int:
    """Characters as Telegram counts them: in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def keyboard(rows: Rows) -> dict[str, Any] | None:
    """An InlineKeyboardMarkup as JSON has it, None without buttons."""
    filled = [list(row) for row in rows if row]
    return {"inline_keyboard": filled} if filled else None


def buttons(suggestions: Sequence[Suggestion], in_a_row: int = 2) -> list[list[Button]]:
    """Rows of buttons that ask for topics."""
    each = [{"text": s.label, "callback_data": TOPIC + s.topic} for s in suggestions]
    return [each[at : at + in_a_row] for at in range(0, len(each), in_a_row)]


def rows_of(reply: Reply, wording: Wording, username: str, *, asked: bool) -> list[list[Button]]:
    """All buttons under a reply: what to ask next, where to go, and what one thinks of it.

    Args:
        reply: what is said.
        wording: has the labels.
        username: the bot's, for links to it.
        asked: whether it answers what a person wrote, who then can pass it on if it is not known.
    """
    rows = buttons(reply.suggestions) + buttons(reply.navigation)
    if reply.plan:
        file = {"text": wording.plan_file, "callback_data": f"{PLAN_FILE}:{reply.plan}"}
        rows.append([file, {"text": wording.share, "url": share_link(username, PLAN + reply.plan)}])
    elif reply.kind == "unknown" and reply.for_authors and asked:
        rows.append([{"text": wording.pass_on, "callback_data": FOR_AUTHORS}])
    elif reply.kind == "answer" and not reply.in_place and reply.topics and reply.topics != (PLAN_TOPIC,):
        topic = reply.topics[0]
        votes = [
            {"text": wording.feedback.good, "callback_data": GOOD + topic},
            {"text": wording.feedback.bad, "callback_data": BAD + topic},
        ]
        rows.append([*votes, {"text": wording.share, "url": share_link(username, start_of(topic))}])
    return rows


def without_votes(markup: Any) -> list[list[Button]]:
    """The rows of buttons under a message of ours, without the votes."""
    rows = markup.to_dict()["inline_keyboard"] if markup else []
    kept = ([b for b in row if not b.get("callback_data", "").startswith((GOOD, BAD))] for row in rows)
    return [row for row in kept if row]


def bot_link(username: str, start: str) -> str:
    """A link that opens a chat with the bot and carries something along."""
    return f"https://t.me/{username}?{urlencode({'start': start})}"


@lru_cache(maxsize=256)  # nearly every answer carries one, and there are few
def share_link(username: str, start: str) -> str:
    """A link that lets a person send a link to the bot, which carries something along, to somebody else."""
    return f"https://t.me/share/url?{urlencode({'url': bot_link(username, start)})}"


def start_of(topic: str) -> str:
    """A topic as a link can carry it: Telegram allows letters, digits, _ and -."""
    return topic.replace(".", "-")


def topic_of(start: str) -> str:
    """The topic that a link carries."""
    return start.replace("-", ".")


def command(message: Message, username: str) -> str | None:
    """The command that a message begins with, in lower case; None if there is none, or it is for another bot."""
    text = message.text or ""
    marked = message.entities[0] if message.entities else None
    if marked is None or marked.type != MessageEntity.BOT_COMMAND or marked.offset != 0:
        return None
    name, _, other = text[1 : marked.length].partition("@")
    return name.lower() if not other or other.lower() == username.lower() else None


def argument(message: Message) -> str:
    """What follows the command of a message, on the same line or the next."""
    return "".join((message.text or "").split(maxsplit=1)[1:]).strip()
