"""What the README says works, works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import ORDER

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
PROGRAM = str(Path(sys.executable).parent / "career-bot")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout with standard input closed."""
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, check=False
    )


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("career-bot")])
def test_every_command_of_the_readme_runs(command: str) -> None:
    finished = run(PROGRAM, *shlex.split(command)[1:])
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip()


def test_make_run_with_standard_input_closed_ends_cleanly() -> None:
    finished = run("make", "run")
    assert finished.returncode == 0, finished.stderr
    assert "@BotFather" in finished.stderr


@pytest.mark.parametrize(
    "target", [command.removeprefix("make ") for command in COMMANDS if command.startswith("make")]
)
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert run("make", "--dry-run", target).returncode == 0


def test_the_conversation_in_the_readme_is_what_the_bot_says() -> None:
    (transcript,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    turns = re.findall(r"^> (.*)\n((?:(?!> ).*\n)*)", transcript, re.MULTILINE)
    asked = "".join(f"{question}\n" for question, _ in turns)
    finished = subprocess.run([PROGRAM, "chat"], input=asked, capture_output=True, text=True, timeout=60, check=True)
    assert all(answer.strip() in finished.stdout for _, answer in turns)


def test_the_python_in_the_readme_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert "track.infrastructure.salary" in run(sys.executable, "-c", code).stdout


@pytest.mark.parametrize("file", ["README.md", ".env.example", "deploy/README.md"])
def test_the_key_of_the_store_is_to_be_set_before_the_first_start_wherever_it_is_told_of(file: str) -> None:
    told = " ".join((ROOT / file).read_text().replace("\n#", "").split())
    assert "before the first start" in told
    assert "before you change the token" not in told


def test_every_room_is_in_the_table_of_rooms() -> None:
    (table,) = re.findall(r"\| room \| .*\n((?:\|.*\n)+)", README)
    named = set(re.findall(r"`(?:bot/)?(\w+)(?:\.py|/)`", table))
    assert set(ORDER) - {"__main__"} == named


def test_every_setting_of_the_example_file_is_in_the_readme_and_the_other_way_round() -> None:
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert example == set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
