"""The commands, as an operator or a script runs them."""

import json
import shutil
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from bot.decision import MARGIN, THRESHOLD
from bot.loading import shipped_directory
from tests.e2e.program import CAREER_BOT, run, run_as

PAY = "infra pm pay??"
PAID = "$85,000 - $130,000"
AGILE = "$80,000 - $120,000"
QUESTION = {"q": PAY, "topics": [["track.infrastructure.salary"]], "kind": "answer", "tags": ["terse"]}


def objects(ended: CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects a command that went well wrote, one a line."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def complaint(ended: CompletedProcess[str]) -> str:
    """The one line by which a command refused to work."""
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("career-bot: ")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the knowledge, to be broken."""
    return Path(shutil.copytree(shipped_directory(), tmp_path / "knowledge"))


# Asking.


@pytest.mark.parametrize("program", [[CAREER_BOT], [sys.executable, "-m", "bot"]])
def test_a_question_is_answered_by_either_name_of_the_program(tmp_path: Path, program: list[str]) -> None:
    ended = run_as(program, tmp_path, "ask", PAY)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"IT Infrastructure Project Management: {PAID}.")
    assert "1 Agile salary" in ended.stdout


def test_each_of_several_questions_is_a_chat_of_its_own(tmp_path: Path) -> None:
    ended = run(tmp_path, "ask", PAY, "and agile?")
    assert PAID in ended.stdout
    assert AGILE not in ended.stdout


def test_json_tells_everything_about_a_reply(tmp_path: Path) -> None:
    (reply,) = objects(run(tmp_path, "ask", "--json", PAY))
    assert list(reply) == ["question", "kind", "topics", "confidence", "text", "suggestions"]
    assert (reply["question"], reply["kind"], reply["topics"]) == (PAY, "answer", ["track.infrastructure.salary"])
    assert 0.5 < reply["confidence"] <= 1
    assert PAID in reply["text"]
    assert reply["suggestions"][0] == {"label": "Agile salary", "topic": "track.agile.salary"}


@pytest.mark.parametrize("way", ["arguments", "input"])
def test_json_answers_one_object_a_line_in_order(tmp_path: Path, way: str) -> None:
    questions = [PAY, "and agile?", "¿café? 🙂", "hi"]
    arguments, lines = (questions, "") if way == "arguments" else ([], "\n".join(questions))
    replies = objects(run(tmp_path, "ask", "--json", *arguments, stdin=lines))
    assert [reply["question"] for reply in replies] == questions
    assert [reply["kind"] for reply in replies] == ["answer", "answer", "unknown", "smalltalk"]
    assert AGILE not in replies[1]["text"]


@pytest.mark.parametrize("command", ["ask --json", "chat"])
def test_input_that_is_not_utf_8_is_answered_all_the_same(tmp_path: Path, command: str) -> None:
    script = f"printf 'caf\\351\\n{PAY}\\n' | \"$0\" {command}"
    ended = run_as(["/bin/sh", "-c", script, CAREER_BOT], tmp_path, PYTHONIOENCODING="utf-8:strict")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert PAID in ended.stdout


def test_no_input_gives_no_json(tmp_path: Path) -> None:
    assert objects(run(tmp_path, "ask", "--json")) == []


def test_explain_shows_how_an_answer_came_about(tmp_path: Path) -> None:
    shown = run(tmp_path, "ask", "--explain", "hey! what skilsl do juniors need").stdout
    rows = {line[:10].strip(): line[12:] for line in shown.partition("\n\n")[0].splitlines()}
    assert rows["words read"] == "what skills do juniors need"
    assert rows["repaired"] == "skilsl -> skills"
    assert rows["ignored"] == "hey"
    assert rows["named"] == "level.junior"
    assert rows["threshold"] == f"{THRESHOLD}, and a margin of {MARGIN}"
    assert rows["ranked"].startswith("level.junior.skills ")
    assert rows["decision"].startswith("answer: level.junior.skills")
    assert "Time Management" in shown


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    ended = run(tmp_path, "ask", "--explain", "[bold]junior[/nope] skills <b> *")
    assert (ended.returncode, ended.stderr) == (0, "")


# Talking.


def test_a_blank_line_starts_a_new_chat(tmp_path: Path) -> None:
    replies = objects(run(tmp_path, "chat", "--json", stdin=f"{PAY}\nand agile?\n \nand agile?\n"))
    assert [reply["question"] for reply in replies] == [PAY, "and agile?", "and agile?"]
    assert [AGILE in reply["text"] for reply in replies] == [False, True, False]


def test_a_number_picks_a_suggestion(tmp_path: Path) -> None:
    ended = run(tmp_path, "chat", stdin=f"{PAY}\n1\n99\nquit\n{PAY}\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    welcome, paid, agile, unpicked, rest = ended.stdout.split("\n> ")
    assert "Ask me anything" in welcome
    assert PAID in paid
    assert AGILE in agile
    assert AGILE not in unpicked
    assert rest.strip() == ""


@pytest.mark.parametrize("end", ["", "\n", "EXIT\n"])
def test_a_chat_ends_well(tmp_path: Path, end: str) -> None:
    ended = run(tmp_path, "chat", stdin=f"hi\n{end}")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_without_a_token_run_says_how_to_get_one_and_opens_the_chat(tmp_path: Path) -> None:
    ended = run(tmp_path, "run", stdin=f"{PAY}\n")
    (line,) = ended.stderr.splitlines()
    assert all(word in line for word in ("TELEGRAM_BOT_TOKEN", "@BotFather", ".env"))
    assert PAID in ended.stdout
    assert ended.returncode == 0


@pytest.mark.parametrize("how", ["</dev/null", "<&-"])
def test_without_a_token_and_without_input_run_ends_well(tmp_path: Path, how: str) -> None:
    ended = run_as(["/bin/sh", "-c", f'exec "$0" run {how}', CAREER_BOT], tmp_path)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (0, 1)


def test_settings_are_read_from_the_env_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=nonsense\n")
    assert complaint(run(tmp_path, "ask", "hi")).startswith("LOG_LEVEL: ")


# What cannot be done.


@pytest.mark.parametrize("asked", [[], [" ", "\t"], ["--json", ""]])
def test_nothing_to_ask_is_said_so(tmp_path: Path, asked: list[str]) -> None:
    assert complaint(run(tmp_path, "ask", *asked)).startswith("nothing to ask")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("LOG_LEVEL", "nonsense"), ("TELEGRAM_API_URL", "ftp://x"), ("KNOWLEDGE_DIR", "nowhere")],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, variable: str, value: str) -> None:
    assert variable in complaint(run(tmp_path, "run", **{variable: value}))


@pytest.mark.parametrize(("text", "problem"), [("a: b: c", "this is not valid YAML"), ("surprise: hi", "'surprise'")])
def test_a_broken_knowledge_file_is_told_with_its_line(knowledge: Path, text: str, problem: str) -> None:
    file = knowledge / "replies.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, text]), encoding="utf-8")
    said = complaint(run(knowledge.parent, "ask", "hi", KNOWLEDGE_DIR=str(knowledge)))
    assert said.startswith(f"{file}:{len(lines) + 1}: ")
    assert problem in said


def test_check_tells_a_mistake_that_keeps_all_else_from_working_like_any_other(knowledge: Path) -> None:
    file = knowledge / "replies.yaml"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("  path: menu.path", "  path: menu.paths"), encoding="utf-8")
    ended = run(knowledge.parent, "check", KNOWLEDGE_DIR=str(knowledge))
    assert (ended.returncode, ended.stderr) == (1, "")
    line = content[: content.index("  path: menu.path")].count("\n") + 1
    assert ended.stdout.startswith(f"{file}:{line}: 'path': no page 'menu.paths' can be turned to")


def test_a_control_character_in_a_knowledge_file_is_told(knowledge: Path) -> None:
    (knowledge / "outside.yaml").write_text("pay: \a\n")
    said = complaint(run(knowledge.parent, "ask", "hi", KNOWLEDGE_DIR="knowledge"))
    assert said.startswith("knowledge/outside.yaml:1: this is not valid YAML")


def test_knowledge_that_is_not_utf_8_is_told(knowledge: Path) -> None:
    (knowledge / "outside.yaml").write_bytes(b"caf\xe9: 1\n")
    said = complaint(run(knowledge.parent, "ask", "hi", KNOWLEDGE_DIR="knowledge"))
    assert said == "knowledge/outside.yaml:1: this is not UTF-8 text; save the file as UTF-8"


@pytest.mark.parametrize("command", [["nonsense"], ["evaluate"]])
def test_a_mistyped_command_shows_how_it_is_written(tmp_path: Path, command: list[str]) -> None:
    ended = run(tmp_path, *command)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("Usage: career-bot")


# Evaluating.


def test_evaluate_prints_a_table(tmp_path: Path) -> None:
    talk = {"turns": [QUESTION | {"q": "hi"}, QUESTION], "tags": ["talk"]}
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(QUESTION)}\n{json.dumps(talk)}\n")
    ended = run(tmp_path, "evaluate", "--wrong", "questions.jsonl")
    assert (ended.returncode, ended.stderr) == (0, "")
    cells = [line.replace("│", " ").split() for line in ended.stdout.splitlines()]
    assert ["all", "3", "0.667", "0.000", "0.000", "0.333"] in cells
    assert ["tag", "terse", "1", "1.000", "0.000", "0.000", "0.000"] in cells
    assert "false: hi -> greeting" in ended.stdout


def test_a_question_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert complaint(run(tmp_path, "evaluate", "nowhere.jsonl")).startswith("nowhere.jsonl: ")


@pytest.mark.parametrize("bad", ["not JSON", '{"q": "hi"}'])
def test_a_bad_line_of_a_question_file_is_told(tmp_path: Path, bad: str) -> None:
    (tmp_path / "questions.jsonl").write_text(f"{json.dumps(QUESTION)}\n{bad}\n")
    assert complaint(run(tmp_path, "evaluate", "questions.jsonl")).startswith("questions.jsonl:2: ")


def test_a_question_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes(b"caf\xe9\n")
    assert complaint(run(tmp_path, "evaluate", "questions.jsonl")).startswith("questions.jsonl:")


def chatted(folder: Path, *lines: str) -> list[str]:
    """What the chat says to some lines, one answer each."""
    ended = run(folder, "chat", stdin="".join(f"{line}\n" for line in lines))
    assert ended.returncode == 0
    return [answer.strip() for answer in ended.stdout.split("\n> ")[1:]]


def test_a_plan_is_made_in_the_terminal_by_numbers_and_in_words(tmp_path: Path) -> None:
    years, goal, skills, ticked, plan = chatted(tmp_path, "/plan", "4", "2", "5", "7")[:5]
    # A number tells years here, so the ranges have none.
    assert years.endswith("Under 1   1-3   3-7   7 or more")
    assert "With 4 years you are at IT Project Manager" in goal
    assert "1 The next level   2 Agile" in goal
    assert "5 Scrum" in skills
    assert "5 ✓ Scrum" in ticked
    assert plan.startswith("Your plan: Agile")


def test_pages_are_turned_in_the_terminal(tmp_path: Path) -> None:
    ladder, junior, back = chatted(tmp_path, "/path", "1", "back")[:3]
    assert "three levels" in ladder
    assert junior.startswith("Junior IT Project Manager")
    assert back == ladder


def test_the_terminal_says_that_it_keeps_nothing(tmp_path: Path) -> None:
    assert all("keeps nothing" in answer for answer in chatted(tmp_path, "/privacy", "/mydata", "/forget")[:3])
