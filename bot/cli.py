"""The commands of career-bot."""

import asyncio
import io
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from bot.advisor import Advisor
from bot.author import evaluate as evaluation
from bot.author.check import problems
from bot.cache import load_advisor
from bot.channels import terminal
from bot.errors import BotError, KnowledgeError, StoreError
from bot.logs import configure_logs
from bot.settings import Settings, load_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Answers questions about a career.",
)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(highlight=False, soft_wrap=True, stderr=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show how the answer came about.")]
Questions = Annotated[list[str] | None, typer.Argument(help="One or more questions.")]
Files = Annotated[list[Path], typer.Argument(help="Question files, one JSON object a line.")]
Wrong = Annotated[bool, typer.Option("--wrong", help="List every question that was not answered right.")]


@app.command()
def run() -> None:
    """Serve Telegram; without a token, open the chat in this terminal."""
    settings = load_settings()
    advisor = _advisor(settings)
    if settings.telegram_bot_token is None:
        _err.print(advisor.knowledge.wording.no_token, markup=False)
        terminal.chat(advisor, _out)
        return
    # Only this command needs the Telegram library, and loading it takes as long as answering a question.
    telegram = import_module("bot.channels.telegram")
    configure_logs(settings)
    telegram.serve(settings, advisor)


@app.command()
def chat(as_json: Json = False) -> None:
    """Talk to the advisor in the terminal; with --json one turn a line, a blank line starts a new chat."""
    advisor = _advisor(load_settings())
    if as_json:
        terminal.chat_json(advisor, sys.stdin)
    else:
        terminal.chat(advisor, _out)


@app.command()
def ask(questions: Questions = None, as_json: Json = False, explain: Explain = False) -> None:
    """Ask one question, or with --json one per line of standard input, each as a fresh chat."""
    asked: Iterable[str] = [question for question in questions or [] if question.strip()]
    if not asked and as_json and not questions:
        asked = (line.rstrip("\r\n") for line in sys.stdin if line.strip())
    elif not asked:
        raise BotError('nothing to ask: write career-bot ask "your question"')
    advisor = _advisor(load_settings())
    if as_json:
        terminal.ask_json(advisor, asked)
    elif explain:
        for question in asked:
            terminal.explain(advisor, question, _out)
    else:
        terminal.ask(advisor, asked, _out)


@app.command()
def check() -> None:
    """Find everything that is wrong with the knowledge, as file:line: problem; exit status 1 if anything is."""
    settings = load_settings()
    try:
        found = list(problems(_advisor(settings), settings.knowledge_dir))
    except KnowledgeError as error:
        found = error.problems
    for problem in found:
        _out.print(problem, markup=False)
    if found:
        raise typer.Exit(1)
    _out.print(f"All is well with {settings.knowledge_dir or 'the shipped knowledge'}.", markup=False)


@app.command()
def evaluate(files: Files, wrong: Wrong = False) -> None:
    """Score question files: the share answered right, asked back (offered), missed and answered falsely."""
    advisor = _advisor(load_settings())
    everything: list[evaluation.Scored] = []
    for file in files:
        results = list(evaluation.score(advisor, evaluation.read_questions(file)))
        table = Table(title=file.name, title_justify="left")
        table.add_column("questions")
        for column in ("count", *evaluation.VERDICTS):
            table.add_column(column, justify="right")
        for name, count, shares in evaluation.table(results):
            table.add_row(name, str(count), *(f"{shares[verdict]:.3f}" for verdict in evaluation.VERDICTS))
        _out.print(table)
        everything += results
        for result in results if wrong else []:
            if result.verdict != "right":
                got = ", ".join(result.reply.topics) or result.reply.kind
                line = f"{result.verdict}: {result.question.q} -> {got}, wanted {result.question.topics}"
                _out.print(line, markup=False)
    table = Table(title="How sure, and how often right", title_justify="left")
    for column in ("confidence", "answers", "right"):
        table.add_column(column, justify="right")
    for confidence, count, right in evaluation.reliability(everything):
        table.add_row(confidence, str(count), f"{right:.3f}")
    _out.print(table)


@app.command()
def review() -> None:
    """List the questions without an answer that people passed on, the latest first; exit status 1 if it cannot."""
    # Only the commands that use the store load SQLAlchemy, which takes as long as answering a question.
    storage = import_module("bot.storage")
    try:
        found: list[tuple[float, str]] = asyncio.run(storage.passed_on(load_settings().database_url.get_secret_value()))
    except StoreError as error:
        _fail(str(error), 1)
    for at, question in found:
        _out.print(f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}  {' '.join(question.split())}", markup=False)
    if not found:
        _out.print("Nobody has passed on a question.")


def main() -> None:
    """Run a command; an error ends it with one clear line and exit status 2, an interrupt with 130."""
    _prepare_streams()
    try:
        app()
    except BotError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Nobody reads on; the interpreter would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _fail(f"{error.filename or 'output'}: {error.strerror}")


def _fail(problem: str, status: int = 2) -> NoReturn:
    sys.stderr.write(f"career-bot: {problem}\n")
    sys.exit(status)


def _prepare_streams() -> None:
    """Read and write whatever comes: closed streams as empty ones, bytes and letters that cannot be as "?"."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _advisor(settings: Settings) -> Advisor:
    """The advisor of these settings, with a bar on standard error while a person waits for training."""
    columns = (TextColumn("Learning the phrases"), BarColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("", total=1.0, visible=False)
        return load_advisor(
            settings.knowledge_dir,
            settings.cache_dir,
            lambda share: bar.update(task, completed=share, visible=True),
        )
