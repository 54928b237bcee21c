"""The advisor in the terminal: one question, many questions, or a chat."""

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from rich.console import Console
from rich.markup import escape

from bot.advisor import Advisor
from bot.author.explain import explained
from bot.conversation import Conversation
from bot.replies import Reply

with suppress(ImportError):  # Windows has none
    import readline  # noqa: F401 - arrow keys and history at the prompt

COMMANDS = ("help", "plan")
OWN_DATA = ("privacy", "mydata", "forget")
QUIT = ("exit", "quit", "/quit", "/exit", ":q")


def ask(advisor: Advisor, questions: Iterable[str], console: Console) -> None:
    """Answer each question as a fresh chat."""
    for question in questions:
        _show(advisor.reply(question, today=date.today())[0], console)


def ask_json(advisor: Advisor, questions: Iterable[str]) -> None:
    """Answer each question as a fresh chat, one JSON object a line."""
    for question in questions:
        _print_json(question, advisor.reply(question, today=date.today())[0])


def chat_json(advisor: Advisor, lines: Iterable[str]) -> None:
    """Answer one turn a line, one JSON object a line; a blank line starts a new chat."""
    conversation = Conversation()
    for line in lines:
        utterance = line.rstrip("\r\n")
        if not utterance.strip():
            conversation = Conversation()
            continue
        reply, conversation = advisor.reply(utterance, conversation, today=date.today())
        _print_json(utterance, reply)


def chat(advisor: Advisor, console: Console) -> None:
    """Talk until "quit" or the end of the input; a number picks one of the suggestions."""
    console.print(escape(advisor.knowledge.wording.terminal))
    conversation, reply = Conversation(), None
    while True:
        try:
            utterance = console.input("\n[bold]> [/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if utterance.lower() in QUIT:
            return
        if not utterance:
            continue
        reply, conversation = _turn(advisor, utterance, reply, conversation)
        _show(reply, console, numbered=not _awaits_number(conversation))


def _turn(
    advisor: Advisor, utterance: str, before: Reply | None, conversation: Conversation
) -> tuple[Reply, Conversation]:
    """Answer one line: a command, the number of a suggestion, or a question."""
    command = utterance.removeprefix("/").lower() if utterance.startswith("/") else ""
    if command == "start":
        return advisor.start(), Conversation()
    if command == "cancel":
        return advisor.planner.cancel(conversation)
    wording = advisor.knowledge.wording
    if command in OWN_DATA:
        return Reply("smalltalk", (), 1.0, wording.terminal_keeps, advisor.start().suggestions), conversation
    picked = None if _awaits_number(conversation) else _picked(utterance, before)
    topic = wording.command_pages.get(command) or (command if command in COMMANDS else picked)
    answer = advisor.answer(topic, conversation) if topic else None
    return answer or advisor.reply(utterance, conversation, today=date.today())


def explain(advisor: Advisor, question: str, console: Console) -> None:
    """Answer a question and show how the answer came about."""
    rows = explained(advisor, question, Conversation(), date.today())
    for name, value in rows.items():
        console.print(f"[dim]{name:>10}[/dim]  {escape(value or '-')}")
    console.print()
    ask(advisor, [question], console)


def _picked(utterance: str, reply: Reply | None) -> str | None:
    numbered = enumerate((*reply.suggestions, *reply.navigation) if reply else (), start=1)
    return {str(number): suggestion.topic for number, suggestion in numbered}.get(utterance)


def _awaits_number(conversation: Conversation) -> bool:
    """Whether a number that is typed now tells years, and picks nothing."""
    placing = conversation.topics == ("next",) and conversation.years is None
    return placing or (conversation.open_plan is not None and conversation.open_plan.question == "years")


def _show(reply: Reply, console: Console, *, numbered: bool = True) -> None:
    text = escape(reply.markup)
    parts = text.split("*")
    console.print("".join(part if at % 2 == 0 else f"[bold]{part}[/bold]" for at, part in enumerate(parts)))
    offered = (*reply.suggestions, *reply.navigation)
    if offered:
        labels = (f"{number} {each.label}" if numbered else each.label for number, each in enumerate(offered, start=1))
        offers = "   ".join(labels)
        console.print(f"[dim]{escape(offers)}[/dim]")


def _print_json(question: str, reply: Reply) -> None:
    content = {
        "question": question,
        "kind": reply.kind,
        "topics": list(reply.topics),
        "confidence": round(reply.confidence, 4),
        "text": reply.text,
        "suggestions": [{"label": s.label, "topic": s.topic} for s in reply.suggestions],
    }
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
    sys.stdout.flush()
