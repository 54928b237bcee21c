"""Scores say how often the advisor is right."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import Advisor, BotError, Reply, Suggestion
from bot.author.evaluate import Question, Scored, Talk, Verdict, judge, read_questions, reliability, score, table
from bot.meaning import ReplyKind


def asked(*wanted: list[str], kind: str = "answer") -> Question:
    return Question.model_validate({"q": "a question", "topics": [*wanted], "kind": kind})


def replied(kind: ReplyKind, *topics: str, offers: tuple[str, ...] = ()) -> Reply:
    return Reply(kind, topics, 0.9, "words", tuple(Suggestion(topic, topic) for topic in offers))


def scored(verdict: Verdict, *, kind: str = "answer", turn: int = 0, tags: tuple[str, ...] = ()) -> Scored:
    return Scored(asked(kind=kind), tags, turn, replied("unknown"), verdict)


def write(path: Path, *lines: Any) -> Path:
    """A question file; what is no text is written as JSON."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("wanted", "topics"),
    [
        ([["path"]], ["path"]),
        ([["path"], ["next"]], ["next"]),
        ([["path", "salary"]], ["salary", "path"]),
        ([["path"]], ["path", "role"]),
    ],
)
def test_an_answer_that_covers_one_alternative_is_right(wanted: list[list[str]], topics: list[str]) -> None:
    assert judge(asked(*wanted), replied("answer", *topics)) == "right"


@pytest.mark.parametrize(
    ("wanted", "topics"),
    [([["path"]], ["role"]), ([["path", "salary"]], ["path"]), ([["path"], ["next"]], ["role"])],
)
def test_an_answer_that_covers_no_alternative_is_false(wanted: list[list[str]], topics: list[str]) -> None:
    assert judge(asked(*wanted), replied("answer", *topics)) == "false"


@pytest.mark.parametrize(("topic", "verdict"), [("greeting", "right"), ("goodbye", "false")])
def test_small_talk_must_be_of_the_wanted_sort(topic: str, verdict: Verdict) -> None:
    assert judge(asked(["greeting"], kind="smalltalk"), replied("smalltalk", topic)) == verdict


@pytest.mark.parametrize(("offers", "verdict"), [(("role", "path"), "offered"), (("role",), "missed"), ((), "missed")])
def test_asking_back_counts_if_a_wanted_topic_is_offered(offers: tuple[str, ...], verdict: Verdict) -> None:
    assert judge(asked(["next"], ["path"]), replied("clarify", offers=offers)) == verdict


@pytest.mark.parametrize("kind", ["answer", "smalltalk"])
def test_not_knowing_what_can_be_known_is_missed_whatever_is_offered(kind: str) -> None:
    assert judge(asked(["path"], kind=kind), replied("unknown", offers=("path",))) == "missed"


@pytest.mark.parametrize(
    ("kind", "verdict"), [("unknown", "right"), ("clarify", "offered"), ("answer", "false"), ("smalltalk", "false")]
)
def test_what_cannot_be_known_is_best_not_answered(kind: ReplyKind, verdict: Verdict) -> None:
    assert judge(asked(kind="unknown"), replied(kind, offers=("path",))) == verdict


def test_a_question_is_read_as_a_conversation_of_one_turn(tmp_path: Path) -> None:
    question = {"q": "pay?", "topics": [["salary"]], "kind": "answer", "tags": ["terse"]}
    (talk,) = read_questions(write(tmp_path / "q.jsonl", question))
    assert ([turn.q for turn in talk.turns], talk.turns[0].topics, talk.tags) == (["pay?"], [["salary"]], ["terse"])


def test_a_conversation_is_read_with_its_turns_in_order(tmp_path: Path) -> None:
    turns: list[dict[str, Any]] = [{"q": text, "topics": [], "kind": "unknown"} for text in ("one", "two")]
    talks = read_questions(write(tmp_path / "q.jsonl", {"turns": turns, "tags": ["long"]}, {"turns": turns[:1]}))
    assert [[turn.q for turn in talk.turns] for talk in talks] == [["one", "two"], ["one"]]
    assert [talk.tags for talk in talks] == [["long"], []]


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        "5",
        {"q": "pay?", "kind": "answer", "tags": []},
        {"q": "pay?", "topics": [], "kind": "guess", "tags": []},
        {"q": "pay?", "topics": [], "kind": "answer", "tags": [], "extra": 1},
        {"turns": [{"q": "pay?"}]},
    ],
)
def test_a_line_of_another_format_is_reported_with_its_number(tmp_path: Path, line: Any) -> None:
    good = {"q": "pay?", "topics": [["salary"]], "kind": "answer", "tags": []}
    path = write(tmp_path / "q.jsonl", good, good, line, good)
    with pytest.raises(BotError, match=rf"^{path}:3: "):
        read_questions(path)


def test_tags_may_be_left_out_of_a_question(tmp_path: Path) -> None:
    question = {"q": "pay?", "topics": [["salary"]], "kind": "answer"}
    assert read_questions(write(tmp_path / "q.jsonl", question))[0].tags == []


def test_a_file_that_is_missing_is_reported_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BotError, match=rf"^{tmp_path / 'none.jsonl'}: cannot be read"):
        read_questions(tmp_path / "none.jsonl")


def test_a_file_that_is_not_utf_8_is_reported_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b'{"q": "\xe9"}\n')
    with pytest.raises(BotError, match=rf"^{tmp_path / 'q.jsonl'}"):
        read_questions(tmp_path / "q.jsonl")


def test_a_conversation_is_played_in_one_chat(advisor: Advisor) -> None:
    talk = Talk(
        turns=[
            Question(q="what does a senior do", topics=[["level.senior.overview"]], kind="answer"),
            Question(q="and which skills do they need?", topics=[["level.senior.skills"]], kind="answer"),
        ],
        tags=["long"],
    )
    results = list(score(advisor, [talk]))
    assert [(r.turn, r.verdict, r.tags) for r in results] == [(0, "right", ("long",)), (1, "right", ("long",))]


def test_each_conversation_is_played_in_a_chat_of_its_own(advisor: Advisor) -> None:
    first = Question(q="what does a senior do", topics=[["level.senior.overview"]], kind="answer")
    second = Question(q="and which skills do they need?", topics=[["level.senior.skills"]], kind="answer")
    results = list(score(advisor, [Talk(turns=[first]), Talk(turns=[second])]))
    assert [(result.turn, result.verdict == "right") for result in results] == [(0, True), (0, False)]


def test_the_table_gives_the_share_of_each_verdict() -> None:
    (name, count, shares), *_ = table([scored("right"), scored("right"), scored("missed"), scored("false")])
    assert (name, count) == ("all", 4)
    assert shares == {"right": 0.5, "offered": 0, "missed": 0.25, "false": 0.25}


def test_the_table_has_a_row_for_each_slice_that_is_not_empty() -> None:
    results = [
        scored("right", tags=("terse", "typo")),
        scored("false", tags=("typo",), turn=1),
        scored("right", kind="unknown"),
    ]
    rows = {name: (count, shares["right"]) for name, count, shares in table(results)}
    assert rows == {
        "all": (3, pytest.approx(2 / 3)),
        "answer": (2, 0.5),
        "unknown": (1, 1),
        "later turns": (1, 0),
        "tag terse": (1, 1),
        "tag typo": (2, 0.5),
    }


def test_the_table_of_no_results_has_no_rows() -> None:
    assert table([]) == []


def test_reliability_says_how_often_answers_of_a_certain_confidence_are_right() -> None:
    def answered(confidence: float, verdict: Verdict) -> Scored:
        return Scored(asked(["path"]), (), 0, Reply("answer", ("path",), confidence, "words"), verdict)

    results = [answered(1.0, "right"), answered(0.95, "false"), answered(0.75, "right"), scored("missed")]
    assert reliability(results) == [("0.90 to 1.00", 2, 0.5), ("0.70 to 0.80", 1, 1.0)]
