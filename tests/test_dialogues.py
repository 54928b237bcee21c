"""The conversations that must hold, do."""

from pathlib import Path

import pytest

from bot import Advisor, KnowledgeError
from bot.author.dialogues import Dialogue, failures, read_dialogues


@pytest.mark.parametrize("dialogue", read_dialogues(), ids=lambda dialogue: dialogue.name)
def test_every_shipped_dialogue_holds(advisor: Advisor, dialogue: Dialogue) -> None:
    assert list(failures(advisor, dialogue)) == []


def test_a_turn_with_another_answer_is_reported_with_its_line(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "dialogues").mkdir()
    (tmp_path / "dialogues" / "one.yaml").write_text("pay:\n  - what does agile pay: role\n")
    (problem,) = failures(advisor, read_dialogues(tmp_path)[0])
    assert problem.endswith("one.yaml:2: 'what does agile pay' gets track.agile.salary, not role")


@pytest.mark.parametrize(
    "turn", ["hi: [greeting]", "hi: {greeting: path}", "[hi, greeting]", "hi", "{hi: path, ho: path}"]
)
def test_a_turn_of_another_shape_is_refused_with_its_line(tmp_path: Path, turn: str) -> None:
    (tmp_path / "dialogues").mkdir()
    (tmp_path / "dialogues" / "one.yaml").write_text(f"pay:\n  - what does agile pay: role\n  - {turn}\n")
    with pytest.raises(KnowledgeError, match=r"one\.yaml:3: expected lines") as caught:
        read_dialogues(tmp_path)
    assert len(caught.value.problems) == 1


def test_a_dialogue_of_another_shape_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "dialogues").mkdir()
    (tmp_path / "dialogues" / "one.yaml").write_text("ok:\n  - hi: greeting\nbad: just words\n")
    with pytest.raises(KnowledgeError, match=r"one\.yaml:3: expected lines"):
        read_dialogues(tmp_path)
