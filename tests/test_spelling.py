"""Typos are repaired, and nothing else is."""

from collections import Counter
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Advisor, Knowledge
from bot.spelling import COMMON, KEY, MAX_REPAIRS, Speller, ordinary_words

ORDINARY = ordinary_words().split("\n")
RARE = frozenset(ORDINARY[COMMON:])

KITCHEN = [("sharpen", "a", "kitchen", "knife"), ("knead", "the", "dough"), ("grate", "cheddar", "for", "lasagne")]


@pytest.fixture(scope="module")
def speller(advisor: Advisor) -> Speller:
    return advisor.matchers.topics.speller


@pytest.fixture(scope="module")
def kitchen() -> Speller:
    return Speller.of_phrases(KITCHEN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("junoir", "junior"),
        ("sinior", "senior"),
        ("infrastucture", "infrastructure"),
        ("certificaton", "certification"),
        ("expereince", "experience"),
        ("managr", "manager"),
        ("salarry", "salary"),
        ("helo", "hello"),
    ],
)
def test_a_typo_becomes_the_word_that_the_phrases_use(speller: Speller, typed: str, meant: str) -> None:
    assert speller.repair((typed,)) == (meant,)


def test_only_the_words_of_the_phrases_count_as_right_spellings(kitchen: Speller) -> None:
    assert kitchen.repair(("sharpne", "chedar", "junoir")) == ("sharpen", "cheddar", "junoir")


def test_the_other_words_of_a_message_keep_their_places(speller: Speller) -> None:
    repaired = speller.repair(("what", "does", "a", "junoir", "earn"))
    assert repaired == ("what", "does", "a", "junior", "earn")


def test_the_more_frequent_of_two_words_that_are_as_near_is_taken() -> None:
    speller = Speller.of_phrases([("gnocchi",), *[("gnacchi",)] * 9])
    assert speller.repair(("gnucchi",)) == ("gnacchi",)


def test_a_word_with_the_same_first_letter_is_nearer_than_another() -> None:
    speller = Speller.of_phrases([("brzole",), ("krzale",)])
    assert speller.repair(("krzole",)) == ("krzale",)


@pytest.mark.parametrize("word", ["lumber", "structure", "timber", "jumbo", "center", "payment", "sprint", "stake"])
def test_an_ordinary_word_near_a_key_word_is_not_a_typo(speller: Speller, word: str) -> None:
    assert speller.repair((word,)) == (word,)


@given(word=st.sampled_from(ORDINARY[:COMMON]))
def test_a_word_of_ordinary_english_is_never_repaired(speller: Speller, word: str) -> None:
    assert speller.repair((word,)) == (word,)


@given(word=st.sampled_from(ORDINARY))
def test_a_rare_word_of_english_is_never_taken_apart(speller: Speller, word: str) -> None:
    assert len(speller.repair((word,))) == 1


def test_a_question_word_that_the_knowledge_lists_is_never_repaired(knowledge: Knowledge, speller: Speller) -> None:
    listed = (*knowledge.references.question, *knowledge.references.auxiliary)
    assert [word for word in listed if speller.repair((word,)) != (word,)] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("projectmanager", "project manager"), ("careerpath", "career path"), ("howmuch", "how much")],
)
def test_two_words_that_were_run_together_are_split(speller: Speller, typed: str, meant: str) -> None:
    assert speller.repair((typed,)) == tuple(meant.split())


def test_words_that_the_phrases_hardly_use_are_not_split_off(kitchen: Speller) -> None:
    assert kitchen.repair(("kitchenknife",)) == ("kitchenknife",)


@pytest.mark.parametrize("typed", ["asdfghjkl", "xqzptv", "qwrtzp", "jjkkll", "blorptang"])
def test_gibberish_stays_as_it_was_typed(speller: Speller, typed: str) -> None:
    assert speller.repair((typed,)) == (typed,)


@pytest.mark.parametrize("word", ["80000", "2.5", "$", "@levle", "🎉", "x", "pm"])
def test_numbers_signs_markers_and_very_short_words_are_never_repaired(speller: Speller, word: str) -> None:
    assert speller.repair((word,)) == (word,)


def test_only_so_many_words_of_one_message_are_repaired(kitchen: Speller) -> None:
    repaired = kitchen.repair(("kneda",) * (MAX_REPAIRS + 2))
    assert repaired == ("knead",) * MAX_REPAIRS + ("kneda",) * 2


def test_words_that_are_right_do_not_use_up_the_repairs(kitchen: Speller) -> None:
    assert kitchen.repair(("the",) * 3 * MAX_REPAIRS + ("kneda",))[-1] == "knead"


@pytest.mark.parametrize(("typed", "meant"), [("hwo", "how"), ("teh", "the"), ("yuo", "you"), ("pya", "pay")])
def test_a_three_letter_word_with_swapped_letters_is_repaired(speller: Speller, typed: str, meant: str) -> None:
    assert speller.repair((typed,)) == (meant,)


@given(word=st.text(ascii_lowercase, min_size=3, max_size=3))
def test_a_three_letter_word_never_turns_into_one_of_other_letters(speller: Speller, word: str) -> None:
    (repaired,) = speller.repair((word,))
    added = Counter(repaired) - Counter(word)
    assert Counter(word) <= Counter(repaired)
    assert not added or (added.total() == 1 and speller.counts[repaired] >= KEY)


@given(words=st.lists(st.text(ascii_lowercase, min_size=1, max_size=12), max_size=8))
def test_words_that_were_repaired_once_stay_as_they_are(kitchen: Speller, words: list[str]) -> None:
    repaired = kitchen.repair(tuple(words))
    assert kitchen.repair(repaired) == repaired


def test_ordinary_words_come_commonest_first_and_without_apostrophes() -> None:
    assert {"the", "you", "whats"} <= set(ORDINARY[:COMMON])
    assert "lumberjack" in RARE
    assert not any("'" in word for word in ORDINARY)
