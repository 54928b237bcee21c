"""How what was typed becomes comparable words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text import MAX_LETTERS, MAX_WORDS, clauses, expanded, normalise, number_value, singular, stem

anything = st.text(max_size=200)
without_separators = st.text(st.characters(exclude_characters=".,"), max_size=200)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("WHAT Does It PAY", "what does it pay"),
        ("café naïve Zürich", "cafe naive zurich"),
        ("ﬁne ﬂow", "fine flow"),
        ("hello, world (again)!", "hello world again"),
        ("snake_case well-known", "snake case well known"),
    ],
)
def test_case_accents_and_punctuation_make_no_difference(typed: str, words: str) -> None:
    assert normalise(typed) == tuple(words.split())


@pytest.mark.parametrize(
    "typed",
    ["what's", "what’s", "what‘s", "what`s", ("what´s")],
)
def test_every_kind_of_apostrophe_inside_a_word_is_dropped(typed: str) -> None:
    assert normalise(typed) == ("whats",)


def test_quotation_marks_around_a_word_are_no_part_of_it() -> None:
    assert normalise("'scrum' ‘kanban’ 'tis") == ("scrum", "kanban", "tis")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2 be senior", "to be senior"),
        ("what do i have 2 do", "what do i have to do"),
        ("how long 2 get there", "how long to get there"),
        ("skills 4 that", "skills for that"),
        ("thx 4 it", "thx for it"),
        ("2", "2"),
        ("2 years", "2 years"),
        ("i have 4, that is", "i have 4 that is"),
        ("i have 4 that i count", "i have 4 that i count"),
        ("level 2 or 4 it said", "level 2 or 4 it said"),
        ("1.4 it says", "1.4 it says"),
    ],
)
def test_a_digit_that_sounds_like_a_word_is_one_before_a_verb_or_a_pronoun(typed: str, words: str) -> None:
    assert normalise(typed) == tuple(words.split())


@pytest.mark.parametrize(("typed", "word"), [("sooo", "soo"), ("soooooo", "soo"), ("soo", "soo"), ("YEEEES", "yees")])
def test_letters_typed_more_than_twice_in_a_row_count_twice(typed: str, word: str) -> None:
    assert normalise(typed) == (word,)


def test_repeated_digits_are_kept_because_they_are_a_number() -> None:
    assert normalise("80000 1111") == ("80000", "1111")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4yrs", ["4", "yrs"]),
        ("B4 that, m8", ["before", "that", "mate"]),
        ("80k", ["80", "k"]),
        ("4+ years", ["4", "years"]),
        ("1-3", ["1", "3"]),
        ("$80,000", ["$", "80000"]),
        ("£5 €6", ["$", "5", "$", "6"]),
        ("$$$", ["$"]),
    ],
)
def test_numbers_and_currency_signs_are_words_of_their_own(typed: str, words: list[str]) -> None:
    assert normalise(typed) == tuple(words)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("80,000", "80000"),
        ("80.000", "80000"),
        ("1,200,000", "1200000"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("80,000.50", "80000.50"),
    ],
)
def test_a_separator_before_three_digits_means_thousands_and_else_a_fraction(typed: str, number: str) -> None:
    assert normalise(typed) == (number,)


def test_each_emoji_is_a_word_of_its_own() -> None:
    assert normalise("thanks🎉🎉 bye👋") == ("thanks", "🎉", "🎉", "bye", "👋")


def test_a_marker_with_a_dot_stays_one_word() -> None:
    assert normalise("the @level.senior one") == ("the", "@level.senior", "one")


@pytest.mark.parametrize("typed", ["", "   ", "?!...", "\n\t", "—", "@"])
def test_a_message_without_anything_readable_has_no_words(typed: str) -> None:
    assert normalise(typed) == ()


def test_a_message_that_is_too_long_keeps_its_beginning_and_its_end() -> None:
    words = normalise("first " + "middle " * MAX_WORDS + "last")
    assert len(words) == MAX_WORDS
    assert (words[0], words[-1]) == ("first", "last")


@pytest.mark.parametrize("count", [MAX_WORDS - 1, MAX_WORDS])
def test_a_message_that_is_not_too_long_keeps_all_its_words(count: int) -> None:
    typed = tuple(str(number) for number in range(count))
    assert normalise(" ".join(typed)) == typed


@pytest.mark.parametrize("typed", ["ab" * MAX_LETTERS, "12" * MAX_LETTERS, "@" + "ab" * MAX_LETTERS])
def test_a_word_that_is_too_long_is_cut_to_its_first_characters(typed: str) -> None:
    assert normalise(typed) == (typed[:MAX_LETTERS],)


@given(anything)
@example("½ ①②③ Ⅷ ፩ ٣ ㎏ ﷺ")
@example("\ud800")
def test_whatever_is_typed_becomes_words_that_are_not_empty(typed: str) -> None:
    assert all(normalise(typed))


@given(without_separators)
@example("aa'a")
@example("İSTANBUL ẞ Ǆ ŉ")
@example("4U")
@example("2be")
def test_words_that_were_made_comparable_once_stay_as_they_are(typed: str) -> None:
    words = normalise(typed)
    assert normalise(" ".join(words)) == words


def test_a_number_that_was_cut_once_stays_as_it_is() -> None:
    words = normalise("1." * MAX_LETTERS + "1")
    assert normalise(" ".join(words)) == words


@given(st.text("aé1@.,'$ 🎉x", max_size=4 * MAX_WORDS))
def test_the_caps_on_words_and_letters_hold_for_any_message(typed: str) -> None:
    words = normalise(typed)
    assert len(words) <= MAX_WORDS
    assert all(len(word) <= MAX_LETTERS for word in words)


@given(st.text(st.characters(max_codepoint=127)))
def test_shouting_and_whispering_are_the_same_words(typed: str) -> None:
    assert normalise(typed.upper()) == normalise(typed.lower())


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("what is it? and how long", ["what is it", "how long"]),
        ("hello! pay; skills\nyears", ["hello", "pay", "skills", "years"]),
        ("first. second", ["first", "second"]),
        ("pay, skills", ["pay", "skills"]),
        ("pay and also skills plus years as well as titles", ["pay", "skills", "years", "titles"]),
        ("pay & skills + years - titles", ["pay", "skills", "years", "titles"]),
        ("pay n skills und years", ["pay", "skills", "years"]),
        ("Pay AND Skills", ["Pay", "Skills"]),
    ],
)
def test_a_message_is_cut_where_one_question_may_end_and_another_begin(typed: str, parts: list[str]) -> None:
    assert [clause.text for clause in clauses(typed)] == parts


@pytest.mark.parametrize(
    "typed",
    [
        "brand new surplus land",
        "well-known R&D in C++",
        "2.5 years",
        "version 1.2.3",
        ("1,5 years"),
        ("$80,000 a year"),
    ],
)
def test_a_message_is_never_cut_inside_a_word_or_a_number(typed: str) -> None:
    assert [clause.text for clause in clauses(typed)] == [typed]


@given(anything)
def test_the_clauses_of_any_message_are_trimmed_and_not_empty(typed: str) -> None:
    assert all(clause.text and clause.text == clause.text.strip() for clause in clauses(typed))


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("pay and skills", [False, True]),
        ("pay, skills", [False, True]),
        ("pay. and skills", [False, False]),
        ("Pay? Skills!", [False, False]),
        ("1) pay 2) skills", [False, False]),
    ],
)
def test_a_clause_tells_whether_a_sentence_began_with_it(typed: str, joined: list[bool]) -> None:
    assert [clause.joined for clause in clauses(typed)] == joined


@pytest.mark.parametrize(
    ("pattern", "spellings"),
    [
        ("top rung", ["top rung"]),
        ("(top|upper) rung", ["top rung", "upper rung"]),
        ("(top|upper) (rung|level)", ["top rung", "top level", "upper rung", "upper level"]),
        ("(the|) one above", ["the one above", "one above"]),
    ],
)
def test_a_pattern_stands_for_all_its_spellings(pattern: str, spellings: list[str]) -> None:
    assert list(expanded(pattern)) == spellings


@pytest.mark.parametrize(
    ("word", "value"),
    [("3", 3), ("2.5", 2.5), ("007", 7), ("zero", 0), ("half", 0.5), ("couple", 2), ("twelve", 12), ("ninety", 90)],
)
def test_a_number_in_digits_or_in_one_word_has_its_value(word: str, value: float) -> None:
    assert number_value(word) == value


@pytest.mark.parametrize("word", ["many", "yrs", "1.2.3", "٣", "1st", "@2"])
def test_a_word_that_is_no_plain_number_has_no_value(word: str) -> None:
    assert number_value(word) is None


@given(anything)
@example("2" * 99 + " 1.1.1")
def test_the_value_of_any_comparable_word_can_be_asked_for(typed: str) -> None:
    assert all((number_value(word) or 0) >= 0 for word in normalise(typed))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("skill", "skills"),
        ("earn", "earning"),
        ("earn", "earned"),
        ("manage", "managing"),
        ("role", "roles"),
        ("class", "classes"),
        ("company", "companies"),
        ("quick", "quickly"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("manager", "manage"),
        ("boss", "bos"),
        ("bring", "br"),
        ("red", "r"),
        ("speed", "sp"),
    ],
)
def test_words_that_only_look_like_forms_keep_their_own_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text("esingdly", min_size=1))
def test_no_word_is_stemmed_away_altogether(word: str) -> None:
    assert stem(word)
    assert singular(word)


@pytest.mark.parametrize(
    ("word", "root"),
    [("seniors", "senior"), ("servers", "server"), ("boss", "boss"), ("pms", "pm"), ("is", "is"), ("senior", "senior")],
)
def test_only_a_plural_s_is_taken_off(word: str, root: str) -> None:
    assert singular(word) == root
