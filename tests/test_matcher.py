"""The matcher ranks topics of any domain; this one is a kitchen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matcher import Matcher
from bot.text import normalise

KITCHEN = {
    "baking": [
        "how long does bread bake",
        "which flour makes good bread",
        "my cake did not rise",
        "what oven heat for a cake",
        "can i bake without yeast",
        "how do i knead the dough",
        "why is my bread so dense",
        "how hot should the oven be for rolls",
    ],
    "knives": [
        "how do i sharpen a knife",
        "which knife cuts tomatoes best",
        "is a steel blade better than a ceramic one",
        "my blade is dull",
        "how to hold a chef knife",
        "where do i keep sharp knives",
        "what angle for sharpening the blade",
        "can knives go into the dishwasher",
    ],
    "storage": [
        "how long does milk keep in the fridge",
        "can i freeze cooked rice",
        "where do i store potatoes",
        "do tomatoes belong in the fridge",
        "how to keep herbs fresh",
        "is frozen soup still good after a year",
        "which jars keep flour dry",
        "does cheese go bad in the freezer",
    ],
    "drinks": [
        "how do i brew strong coffee",
        "what tea is good in the evening",
        "how many lemons for lemonade",
        "which beans for an espresso",
        "how hot should the water be for green tea",
        "can i make coffee without a machine",
        "how much sugar goes into lemonade",
        "why is my tea so bitter",
    ],
}
EXAMPLES = [(phrase, topic) for topic, phrases in KITCHEN.items() for phrase in phrases]
MARKED = [
    ("is @fruit @fruit.pear ripe", "ripeness"),
    ("when is @fruit @fruit.plum ripe", "ripeness"),
    ("is @nut @nut.hazel ripe", "roasting"),
    ("when is @nut @nut.wal ripe", "roasting"),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.train(EXAMPLES)


@pytest.mark.parametrize(("phrase", "topic"), EXAMPLES)
def test_a_phrase_that_it_learned_is_ranked_as_it_was_labelled(matcher: Matcher, phrase: str, topic: str) -> None:
    assert matcher.rank(phrase)[0].topic == topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("what flour do I need for a birthday cake?", "baking"),
        ("Sharpening a really dull knife!", "knives"),
        ("could leftover soup be frozen", "storage"),
        ("a nice cup of coffee", "drinks"),
        ("kneading", "baking"),
    ],
)
def test_a_question_in_other_words_gets_the_topic_it_is_about(matcher: Matcher, question: str, topic: str) -> None:
    assert matcher.rank(question)[0].topic == topic


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("which flower makes good braed", "baking"),
        ("sharpning a dul knive", "knives"),
        ("where do i stroe potatos", "storage"),
        ("how do I brwe cofee", "drinks"),
    ],
)
def test_typos_in_a_question_do_not_change_its_topic(matcher: Matcher, question: str, topic: str) -> None:
    assert matcher.rank(question)[0].topic == topic


def test_the_topics_are_those_of_the_examples(matcher: Matcher) -> None:
    assert sorted(matcher.topics) == sorted(KITCHEN)


@given(question=st.text())
def test_the_confidences_of_all_topics_add_up_to_one(matcher: Matcher, question: str) -> None:
    confidences = matcher.confidences(normalise(question))
    assert confidences.min() >= 0
    assert float(confidences.sum()) == pytest.approx(1, abs=1e-5)


def test_matches_come_best_first_with_their_confidences(matcher: Matcher) -> None:
    ranked = matcher.rank("a knife for bread")
    confidences = [match.confidence for match in ranked]
    assert confidences == sorted(confidences, reverse=True)
    assert ranked[0].topic == matcher.topics[int(matcher.confidences(("a", "knife", "for", "bread")).argmax())]


def test_a_question_about_the_domain_is_surer_than_one_about_nothing(matcher: Matcher) -> None:
    assert matcher.rank("sharpen the blade")[0].confidence > matcher.rank("quantum physics")[0].confidence


def test_ranked_confidences_leave_room_for_what_stands_in_no_example(matcher: Matcher) -> None:
    known = sum(match.confidence for match in matcher.rank("sharpen the blade", limit=9))
    partly = sum(match.confidence for match in matcher.rank("sharpen the zeitgeist", limit=9))
    assert known == pytest.approx(1, abs=1e-5)
    assert 0 < partly < known
    assert sum(match.confidence for match in matcher.rank("", limit=9)) == 0


def test_topics_that_share_a_word_of_their_ids_learn_from_each_other() -> None:
    asking = {
        "price": ("what does a {} cost", "is a {} expensive"),
        "time": ("how long must a {} grow", "when is a {} ripe"),
    }
    examples = [(phrase.format("pear"), f"pear.{topic}") for topic, phrases in asking.items() for phrase in phrases]
    examples += [("the price tag of a plum", "plum.price"), ("a plum grows for ages", "plum.time")]
    question = "is a plum expensive, what does it cost"
    together = {match.topic: match.confidence for match in Matcher.train(examples).rank(question)}
    apart = Matcher.train([(phrase, topic.replace(".", "")) for phrase, topic in examples]).rank(question)
    assert together["plum.price"] > {match.topic: match.confidence for match in apart}["plumprice"]


def test_the_id_of_a_topic_is_a_phrase_of_its_own_where_examples_are_few() -> None:
    matcher = Matcher.train([("why is my tea so bitter", "hot_drinks"), ("can i freeze rice", "frozen_food")])
    assert matcher.rank("drinks")[0].topic == "hot_drinks"


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (3, 3), (9, 4)])
def test_no_more_matches_than_asked_for_are_given(matcher: Matcher, limit: int, count: int) -> None:
    assert len(matcher.rank("bread", limit)) == count


@pytest.mark.parametrize("utterance", ["", "  ", "?!", "\n"])
def test_an_utterance_without_words_is_ranked_without_an_error(matcher: Matcher, utterance: str) -> None:
    assert len(matcher.rank(utterance)) == len(KITCHEN)


def test_two_trainings_on_the_same_examples_give_the_same_matcher(matcher: Matcher) -> None:
    again = Matcher.train(EXAMPLES)
    for phrase, _ in EXAMPLES:
        words = normalise(phrase)
        assert np.array_equal(matcher.confidences(words), again.confidences(words))


def test_asking_one_question_does_not_change_the_next_answer(matcher: Matcher) -> None:
    before = matcher.rank("sharpning a dul knive")
    matcher.rank("how long does bread bake")
    assert matcher.rank("sharpning a dul knive") == before


def test_markers_in_the_examples_count_as_words(matcher: Matcher) -> None:
    marked = Matcher.train(MARKED)
    assert marked.rank("@fruit")[0].topic == "ripeness"
    assert marked.rank("@nut @nut.hazel")[0].topic == "roasting"
    assert matcher.rank("@knife") != matcher.rank("knife")


def test_a_marker_has_no_pieces_that_resemble_words(matcher: Matcher) -> None:
    assert np.array_equal(matcher.confidences(("@sharpen",)), matcher.confidences(("@zzz",)))
    assert not np.array_equal(matcher.confidences(("xsharpen",)), matcher.confidences(("zzz",)))


def test_a_marker_is_never_repaired_nor_repaired_into() -> None:
    speller = Matcher.train(MARKED).speller
    assert speller.repair(("@friut", "friut")) == ("@friut", "friut")


def test_progress_is_told_as_a_growing_share_that_ends_at_one() -> None:
    told: list[float] = []
    Matcher.train(EXAMPLES, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
