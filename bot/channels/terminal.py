"""The advisor in the terminal: one question, many questions, or a chat."""

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from rich.console import Console
from rich.markup import escape

from bot.advisor import Advisor
from bot.conversation import Conversation
from bot.decision import MARGIN, THRESHOLD
from bot.replies import Reply

with suppress(ImportError):  # Windows has none
    import readline  # noqa: F401 - arrow keys and history at the prompt

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
        placing = conversation.topics == ("next",) and conversation.years is None
        asked_for_years = placing or (conversation.plan is not None and conversation.plan.question == "years")
        picked = None if asked_for_years else _picked(utterance, reply)
        answer = advisor.answer(picked, conversation) if picked else None
        reply, conversation = answer or advisor.reply(utterance, conversation, today=date.today())
        _show(reply, console)


def explain(advisor: Advisor, question: str, console: Console) -> None:
    """Answer a question and show how the answer came about."""
    understood = advisor.understand(question, Conversation(), date.today())
    reading, meaning = understood.reading, understood.meaning
    rows = {
        "words read": " ".join(reading.words),
        "repaired": ", ".join(f"{typed} -> {taken}" for typed, taken in advisor.repairs(question)),
        "ignored": " ".join(advisor.ignored(understood)),
        "named": ", ".join(f"{m.target}{'' if m.sure else ' ?'}{' not' * m.denied}" for m in reading.mentions),
        "years": "" if understood.years is None else f"{understood.years:g}",
        "ranked": ", ".join(f"{topic} {confidence:.2f}" for topic, confidence in meaning.ranked[:5]),
        "threshold": f"{THRESHOLD}, and a margin of {MARGIN}",
        "decision": f"{meaning.kind}: {meaning.reason}",
    }
    for name, value in rows.items():
        console.print(f"[dim]{name:>10}[/dim]  {escape(value or '-')}")
    console.print()
    ask(advisor, [question], console)


def _picked(utterance: str, reply: Reply | None) -> str | None:
    numbered = enumerate(reply.suggestions if reply else (), start=1)
    return {str(number): suggestion.topic for number, suggestion in numbered}.get(utterance)


def _show(reply: Reply, console: Console) -> None:
    text = escape(reply.markup)
    parts = text.split("*")
    console.print("".join(part if at % 2 == 0 else f"[bold]{part}[/bold]" for at, part in enumerate(parts)))
    if reply.suggestions:
        offers = "   ".join(f"{n} {suggestion.label}" for n, suggestion in enumerate(reply.suggestions, start=1))
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
