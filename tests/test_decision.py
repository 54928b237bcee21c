"""One place decides between answering, asking back and not knowing."""

import pytest

from bot import Knowledge
from bot.decision import MAX_OFFERS, decide
from bot.meaning import Clause, Meaning, likeliest

SKILLS, WORK, PAY = "level.mid.skills", "level.mid.overview", "track.agile.salary"


def decided(knowledge: Knowledge, weighed: dict[str, float], *clauses: Clause, listed: tuple[str, ...] = ()) -> Meaning:
    return decide(knowledge, weighed, clauses, (), None, listed)


def asking(topic: str, confidence: float = 0.9, rest: dict[str, float] | None = None, *, names: bool = False) -> Clause:
    return Clause({topic: confidence}, asks=True, names=names, rest=lambda: rest or {})


def telling(topic: str) -> Clause:
    return Clause({topic: 0.9}, asks=False, names=False, rest=dict)


def test_a_likely_topic_far_above_all_others_is_answered(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {PAY: 0.7, "path": 0.2})
    assert (meaning.kind, meaning.topics, meaning.confidence) == ("answer", (PAY,), 0.7)


def test_a_cry_for_help_is_heard_however_little_is_sure(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {PAY: 0.7, "outside.crisis": 0.2})
    assert (meaning.kind, meaning.topics, meaning.gap) == ("unknown", (), "crisis")
    assert decided(knowledge, {PAY: 0.7, "outside.crisis": 0.1}).topics == (PAY,)


@pytest.mark.parametrize("weighed", [{PAY: 0.4, "path": 0.1}, {PAY: 0.55, "path": 0.4}])
def test_what_is_unlikely_or_near_to_another_topic_is_asked_back(
    knowledge: Knowledge, weighed: dict[str, float]
) -> None:
    meaning = decided(knowledge, weighed)
    assert (meaning.kind, meaning.topics, meaning.offers) == ("clarify", (), (PAY, "path"))


def test_two_near_aspects_of_one_thing_are_both_answered(knowledge: Knowledge) -> None:
    assert decided(knowledge, {SKILLS: 0.5, WORK: 0.45}).topics == (SKILLS, WORK)
    assert decided(knowledge, {SKILLS: 0.5, "level.senior.skills": 0.45}).kind == "clarify"


def test_topics_with_the_same_answer_do_not_compete(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {"track.better_pay": 0.4, "track.compare": 0.4, "path": 0.1})
    assert (meaning.kind, meaning.topics) == ("answer", ("track.better_pay",))
    assert meaning.confidence == pytest.approx(0.8)


def test_what_is_outside_is_not_known_however_many_groups_share_it(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {"outside.exam": 0.3, "outside.books": 0.25, PAY: 0.4})
    assert (meaning.kind, meaning.topics, meaning.gap) == ("unknown", (), None)


def test_what_exactly_is_not_known_is_named_if_it_is_likely(knowledge: Knowledge) -> None:
    assert decided(knowledge, {"outside.exam": 0.6, PAY: 0.2}).gap == "exam"
    assert decided(knowledge, {"outside.exam": 0.55, PAY: 0.2}).gap is None


def test_a_reply_that_names_no_gap_needs_less(knowledge: Knowledge) -> None:
    assert decided(knowledge, {"outside.crisis": 0.45, "outside.exam": 0.3}).gap == "crisis"


def test_a_piece_of_a_question_about_something_else_asks_nothing_unless_it_names_a_thing(
    knowledge: Knowledge,
) -> None:
    train = {"outside.everyday": 0.95}
    assert decided(knowledge, train, asking("outside.everyday"), asking("tracks")).kind == "unknown"
    assert decided(knowledge, train, asking("outside.everyday"), asking(WORK, names=True)).topics == (WORK,)


def test_nothing_likely_at_all_is_not_known(knowledge: Knowledge) -> None:
    assert decided(knowledge, {}).kind == "unknown"


def test_small_talk_needs_less_and_never_asks_back_between_two_courtesies(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {"thanks": 0.45, "goodbye": 0.42, PAY: 0.1})
    assert (meaning.kind, meaning.topics) == ("smalltalk", ("thanks",))


def test_clauses_that_are_sure_by_themselves_are_answered_in_their_order(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {PAY: 0.9}, asking("path", 0.8), asking(PAY, 0.95))
    assert (meaning.topics, meaning.confidence) == (("path", PAY), 0.8)


def test_a_clause_that_only_tells_something_is_no_question(knowledge: Knowledge) -> None:
    assert decided(knowledge, {PAY: 0.9}, telling("track.agile.overview"), asking(PAY)).topics == (PAY,)


def test_the_only_sure_clause_leaves_room_for_what_the_others_ask_together(knowledge: Knowledge) -> None:
    clauses = (asking("next", 0.6), asking(PAY, rest={"next": 0.9}))
    assert decided(knowledge, {"next": 0.9}, *clauses).topics == ("next", PAY)


def test_a_part_that_is_not_known_is_named_beside_the_answer(knowledge: Knowledge) -> None:
    meaning = decided(knowledge, {PAY: 0.8}, asking(PAY), asking("outside.cv", 0.95))
    assert (meaning.kind, meaning.topics, meaning.unanswered) == ("answer", (PAY,), "cv")


def test_an_open_aspect_is_asked_about_the_things_just_listed(knowledge: Knowledge) -> None:
    open_skills = {"open.skills": 0.9}
    listed = decided(knowledge, open_skills, listed=("track.agile", "track.infrastructure"))
    assert listed.offers == ("track.agile.skills", "track.infrastructure.skills")
    assert len(decided(knowledge, open_skills).offers) == MAX_OFFERS


def test_of_no_topics_none_is_the_likeliest() -> None:
    assert likeliest({}) == ("", 0.0)
    assert likeliest({"a": 0.2, "b": 0.7}) == ("b", 0.7)
