"""What words name: entities, pointers, years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Knowledge
from bot.durations import counted
from bot.entities import Mention, Reader, Reading
from bot.text import normalise


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> Reader:
    return Reader(knowledge)


def read(reader: Reader, utterance: str) -> Reading:
    return reader.read(normalise(utterance))


@pytest.mark.parametrize(
    ("utterance", "target"),
    [
        ("what does a junior do", "level.junior"),
        ("the mid level", "level.mid"),
        ("Senior IT Project Manager", "level.senior"),
        ("is scrum for me", "track.agile"),
        ("data centre stuff", "track.infrastructure"),
        ("should i get the PMP", "advance.certifications"),
        ("start a blog", "advance.brand"),
    ],
)
def test_a_name_is_found_wherever_it_stands(reader: Reader, utterance: str, target: str) -> None:
    assert [(m.target, m.sure) for m in read(reader, utterance).mentions] == [(target, True)]


def test_a_mention_says_which_words_it_covers(reader: Reader) -> None:
    assert read(reader, "tell a senior pm that").mentions == (Mention("level.senior", 2, 4, sure=True),)


@pytest.mark.parametrize(("utterance", "hint"), [("a starter", "level.junior"), ("the big boss", "level.senior")])
def test_a_hint_is_a_mention_that_is_not_sure(reader: Reader, utterance: str, hint: str) -> None:
    reading = read(reader, utterance)
    assert [(m.target, m.sure) for m in reading.mentions] == [(hint, False)]
    assert (reading.hinted, reading.named("level")) == ([hint], [])


@pytest.mark.parametrize(
    ("utterance", "target"),
    [
        ("seniors", "level.senior"),
        ("junior project managers", "level.junior"),
        ("network upgrade", "track.infrastructure"),
        ("regular pms", "level.mid"),
    ],
)
def test_a_name_in_the_singular_and_in_the_plural_is_one_name(reader: Reader, utterance: str, target: str) -> None:
    assert [m.target for m in read(reader, utterance).mentions if m.sure] == [target]


@pytest.mark.parametrize(
    ("utterance", "target", "length"),
    [("agile project manager", "track.agile", 3), ("bottom of the ladder", "level.junior", 4)],
)
def test_of_two_names_that_begin_together_the_longest_is_meant(
    reader: Reader, utterance: str, target: str, length: int
) -> None:
    assert read(reader, utterance).mentions == (Mention(target, 0, length, sure=True),)


def test_names_are_listed_once_and_in_the_order_of_the_words(reader: Reader) -> None:
    reading = read(reader, "from senior to junior, agile or scrum, and senior again")
    assert reading.named("level") == ["level.senior", "level.junior"]
    assert reading.named("track") == ["track.agile"]


@pytest.mark.parametrize("utterance", ["juniority", "no names here", "mindful"])
def test_a_word_that_only_begins_like_a_name_is_none(reader: Reader, utterance: str) -> None:
    assert read(reader, utterance).mentions == ()


@pytest.mark.parametrize("taken_back", ["not junior", "not a junior"])
def test_a_name_that_is_taken_back_is_not_named(reader: Reader, taken_back: str) -> None:
    assert read(reader, f"senior, {taken_back}").named("level") == ["level.senior"]


@pytest.mark.parametrize(
    ("utterance", "reference"),
    [
        ("the other one", "other"),
        ("the first one", "first"),
        ("the latter", "second"),
        ("the next level", "above"),
        ("the step after that", "after"),
        ("one level lower", "below"),
        ("the highest one", "top"),
        ("the lowest one", "bottom"),
    ],
)
def test_a_pointer_is_found_without_a_name(reader: Reader, utterance: str, reference: str) -> None:
    reading = read(reader, utterance)
    assert (reading.references, reading.named("level")) == ([reference], [])


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("4 yrs", 4),
        ("4yrs", 4),
        ("4+ years", 4),
        ("five years", 5),
        ("2.5 years", 2.5),
        ("2,5 years", 2.5),
        ("two and a half years", 2.5),
        ("two years and a half", 2.5),
        ("a year and a half", 1.5),
        ("half a year", 0.5),
        ("a couple of years", 2),
        ("a decade", 10),
        ("two decades", 20),
        ("18 months", 1.5),
        ("6 good long years", 6),
        ("10 yoe", 10),
        ("100 years", 100),
        ("twenty five years", 25),
        ("a half year", 0.5),
        ("1½ years", 1.5),
        ("120 months", 10),
        ("twenty to thirty years", 25),
        ("twenty five to thirty five years", 30),
        ("2019 to 3 years", 3),
    ],
)
def test_an_amount_of_time_is_read_in_years(reader: Reader, utterance: str, years: float) -> None:
    assert [duration.years for duration in read(reader, utterance).durations] == [pytest.approx(years)]


@pytest.mark.parametrize(
    "utterance",
    ["I'm 52", "level 2", "three skills", "$80,000", "101 years", "50 decades", "an hour", "many years", "in 2019"],
)
def test_a_number_that_is_no_amount_of_years_is_none(reader: Reader, utterance: str) -> None:
    assert read(reader, utterance).durations == ()


@pytest.mark.parametrize(
    ("utterance", "years"),
    [("a pm since 2019", 7), ("from 1998 on", 28), ("since forever", None), ("in 2019", None), ("since 2030", None)],
)
def test_a_calendar_year_counts_as_the_beginning_after_since(
    reader: Reader, utterance: str, years: float | None
) -> None:
    assert reader.read(counted(normalise(utterance), 2026)).experience == years


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I have 3 years of experience", 3),
        ("nine years running IT projects", 9),
        ("a pm for 6 months", 0.5),
        ("ten years a developer, one as PM", 1),
        ("8 years in a bank, then 2 years leading projects", 2),
        ("one year as a nurse and 3 as project manager", 3),
        ("2 years as junior pm and 4 years as senior pm", 6),
        ("ten years in it, of which 3 as pm", 3),
        ("zero experience", 0),
        ("2 years and 6 months as a pm", 2.5),
    ],
)
def test_only_years_in_this_career_count_as_experience(reader: Reader, utterance: str, years: float) -> None:
    assert read(reader, utterance).experience == pytest.approx(years)


@pytest.mark.parametrize(
    "utterance",
    ["I'm 52", "52 years old", "I started 5 years ago", "ten years a developer", "how long does it take", "hello", ""],
)
def test_years_of_something_else_are_no_experience(reader: Reader, utterance: str) -> None:
    assert read(reader, utterance).experience is None


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I'm 35 years, where do I stand", None),
        ("im 16 years", None),
        ("she is 40 years", None),
        ("my sister is now 30 years", None),
        ("turning 40 years, is it too late", None),
        ("I'm 35 years and a PM for 5 years", 5),
        ("I'm 35 years in", 35),
        ("I'm 20 years as a PM", 20),
        ("she is 25 years into it", 25),
        ("I am 16 years of experience", 16),
        ("i am 3 years", 3),
        ("my experience is 20 years", 20),
        ("16 years, where do I stand", 16),
    ],
)
def test_an_age_is_no_experience(reader: Reader, utterance: str, years: float | None) -> None:
    assert read(reader, utterance).experience == years


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I have 6 months to become a senior", None),
        ("in two years I want to be senior", None),
        ("6 months left", None),
        ("within 3 years", None),
        ("where will I be in about 5 years", None),
        ("over the next 3 years", None),
        ("two years from now", None),
        ("do I need 5 years for that", None),
        ("I would have 8 years if I had not quit after 2", None),
        ("if I would have 8 years, where would I stand", 8),
        ("in 5 years as a PM I saw a lot", 5),
        ("in the last 5 years", 5),
        ("after 4 years", 4),
        ("5 years to date", 5),
        ("I have 2 years and want to be senior", 2),
    ],
)
def test_time_to_come_or_needed_or_supposed_is_no_experience(
    reader: Reader, utterance: str, years: float | None
) -> None:
    assert read(reader, utterance).experience == years


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I managed projects for 10 years outside of IT, what level am I", None),
        ("I managed construction projects for 10 years, what level am I in IT?", None),
        ("event manager for 6 years", None),
        ("5 years running building sites", None),
        ("product owner for 4 years", None),
        ("6 years managing projects in another industry", None),
        ("6 years managing projects, not in IT", None),
        ("marketing project manager for 5 years", None),
        ("10 years in logistics, where do I start", None),
        ("10 years managing IT projects", 10),
        ("4 years running software projects", 4),
        ("5 years as IT project manager for a hotel", 5),
        ("4 years running web projects for a film studio", 4),
        ("from construction, now a PM for 5 years", 5),
        ("coming from sales, 4 years as PM", 4),
        ("I ran a shop, 3 years as a project manager since", 3),
        ("3 years leading construction and 4 years leading software teams", 4),
        ("I ran construction projects for 8 years and IT projects for 2, where do I stand", 2),
    ],
)
def test_projects_of_another_trade_are_no_experience(reader: Reader, utterance: str, years: float | None) -> None:
    assert read(reader, utterance).experience == years


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I've got 3 years, my friend has 8, who is more senior?", 3),
        ("my colleague has 5 years and I have 2", 2),
        ("I have 2, my boss has 10 years, where do I stand", 2),
        ("my friend is a PM for 8 years and I am for 2, what's my level", 2),
        ("my manager has 10 years as PM, I have 2 years", 2),
        ("my friend has 8 years as a PM", 8),
        ("my sister has 4 years, what level is she", 4),
        ("my colleague has 5 years as PM and I have 2 years as a nurse", None),
        ("I have 3 years and I have 2 kids", 3),
    ],
)
def test_the_years_of_others_count_only_where_the_writer_tells_none(
    reader: Reader, utterance: str, years: float | None
) -> None:
    assert read(reader, utterance).experience == years


@pytest.mark.parametrize(
    ("utterance", "level"),
    [
        ("I've been a senior for 2 years", "senior"),
        ("I have been a mid-level PM for 1 year", "mid"),
        ("I am a senior PM with 3 years in this role", "senior"),
        ("I work as a senior project manager for 2 years now", "senior"),
        ("as a mid level pm for 2 years", "mid"),
        ("senior for 2 years, what next", "senior"),
        ("2 years as a senior", "senior"),
        ("my friend has been a senior PM for 2 years", "senior"),
        ("she is a mid-level PM for one year", "mid"),
        ("my sister is a senior with 2 years", "senior"),
        ("I was a junior for 2 years, now a mid", "mid"),
        ("I've been a mid-level for 2 years, am I senior", "mid"),
        ("I've been a junior for 6 months", "junior"),
    ],
)
def test_a_level_that_somebody_is_at_beats_years_that_would_place_them_lower(
    reader: Reader, utterance: str, level: str
) -> None:
    reading = read(reader, utterance)
    assert (reading.held, reading.experience) == (f"level.{level}", None)


@pytest.mark.parametrize(
    ("utterance", "years"),
    [
        ("I have 2 years, how do I get to senior?", 2),
        ("I have 8 years, am I senior?", 8),
        ("I have 2 years, am I now a senior?", 2),
        ("with 2 years do you think I'm senior", 2),
        ("tell me if I am senior with 2 years", 2),
        ("can I get promoted to senior with 2 years", 2),
        ("I have 2 years, can I work as a senior", 2),
        ("I have 2 years and want to be a senior", 2),
        ("2 years, so I'm senior?", 2),
        ("is a senior somebody with 2 years", 2),
        ("I've been assisting a senior for 2 years", 2),
        ("I have 2 years, my boss has been a senior for 4 years", 2),
        ("I've been a junior for 5 years", 5),
        ("I've been a mid-level PM for 5 years", 5),
        ("I am not a senior, I have 2 years", 2),
        ("2 years as junior pm and 4 years as senior pm", 6),
    ],
)
def test_years_count_where_the_level_is_asked_wanted_of_another_or_no_higher(
    reader: Reader, utterance: str, years: float
) -> None:
    reading = read(reader, utterance)
    assert (reading.held, reading.experience) == (None, years)


@pytest.mark.parametrize(
    ("utterance", "levels"),
    [
        ("I'm a senior, what comes next", ["level.senior"]),
        ("I want to become a senior", []),
        ("6 months to reach mid level", []),
        ("a senior developer", []),
        ("a mid who wants to be senior", ["level.mid"]),
    ],
)
def test_nobody_stands_at_a_level_that_is_wanted_or_of_another_job(
    reader: Reader, utterance: str, levels: list[str]
) -> None:
    assert read(reader, utterance).standing == levels


@pytest.mark.parametrize(
    ("utterance", "marked"),
    [
        ("a senior pm earns", "a @level senior pm @level.senior earns"),
        ("the other one please", "@ref the other one @ref.other please"),
        ("for 3 years now", "for @number 3 years @years now"),
        ("$90 or 80k or 70000", "$ @money 90 or @money 80 k or @money 70000"),
        ("agile", "@track agile @track.agile"),
        ("nothing to mark", "nothing to mark"),
    ],
)
def test_names_years_and_money_are_marked_for_the_matcher(reader: Reader, utterance: str, marked: str) -> None:
    assert read(reader, utterance).marked == tuple(marked.split())


@given(
    words=st.lists(st.sampled_from(["a", "half", "and", "years", "3", "two", "junior", "the", "other", "one", "of"]))
)
def test_markers_are_all_that_reading_adds_to_the_words(reader: Reader, words: list[str]) -> None:
    reading = reader.read(tuple(words))
    assert [word for word in reading.marked if word[0] != "@"] == words


@given(typed=st.text())
def test_any_message_can_be_read(reader: Reader, typed: str) -> None:
    reading = read(reader, typed)
    assert all(0 <= mention.start < mention.end <= len(reading.words) for mention in reading.mentions)
