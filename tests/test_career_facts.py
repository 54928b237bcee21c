"""Every fact of the career is in the knowledge, exactly, and no other fact is in anything the bot says."""

import re
from collections.abc import Iterator

from bot import Advisor, Knowledge
from bot.career import Level, Track

LEVELS = {
    "Junior IT Project Manager": ("1-3", ["Project Coordination", "Communication", "Time Management"]),
    "IT Project Manager": ("3-7", ["Leadership", "Risk Management", "Budget Management"]),
    "Senior IT Project Manager": ("7+", ["Strategic Planning", "Advanced Risk Management", "Mentoring"]),
}
TRACKS = {
    "Agile Project Management": ("$80,000 - $120,000", ["Agile Methodologies", "Scrum", "Kanban"]),
    "IT Infrastructure Project Management": (
        "$85,000 - $130,000",
        ["Infrastructure Knowledge", "Vendor Management", "Technical Acumen"],
    ),
}
NAMED = ["PMP", "Agile Certified Practitioner", "Project Management Institute"]
NUMBERS = {"1-3", "3-7", "7+", "80,000", "120,000", "85,000", "130,000"}

DUTIES = {
    "role": ["inception to completion", "on time", "scope", "budget", "resources", "risks", "stakeholders"],
    "level.junior.overview": ["senior project managers", "plan", "close", "coordinate tasks", "reports", "standards"],
    "level.mid.overview": ["several projects", "project teams", "stakeholders", "lanning", "xecution", "business"],
    "level.senior.overview": ["complex projects", "larger teams and budgets", "mentor", "strategic", "improvements"],
    "track.agile.overview": ["Agile methodologies", "deep understanding", "principles", "iterative", "flexible"],
    "track.infrastructure.overview": ["network upgrades", "server installations", "cloud migrations", "components"],
    "advance": ["experience", "continuous learning", "strategic networking"],
    "advance.leadership": ["crucial", "challenging projects", "feedback", "peers", "mentors"],
    "advance.certifications": ["PMP", "Agile Certified Practitioner", "commitment", "marketable"],
    "advance.networking": ["Project Management Institute", "networking opportunities", "resources", "events"],
    "advance.brand": ["blog", "industry publications", "insights", "experiences", "thought leader"],
}


def said(advisor: Advisor) -> Iterator[tuple[str, str]]:
    """Every answer that can be asked for, by topic."""
    entities = [target for target in advisor.knowledge.entities if not target.startswith("advance.")]
    cells = [f"{e}.{aspect}" for e in entities for aspect in ("overview", "experience", "skills", "salary")]
    topics = [topic for topic in advisor.knowledge.wording.suggestions if advisor.knowledge.has(topic)]
    for topic in (*topics, *cells):
        answer = advisor.answer(topic)
        assert answer is not None, topic
        yield topic, answer[0].text


def test_levels_have_exactly_the_titles_years_and_skills_of_the_page(knowledge: Knowledge) -> None:
    levels = [entity for entity in knowledge.entities.values() if isinstance(entity, Level)]
    assert {level.title: (level.years, list(level.skills)) for level in levels} == LEVELS


def test_tracks_have_exactly_the_titles_salaries_and_skills_of_the_page(knowledge: Knowledge) -> None:
    tracks = [entity for entity in knowledge.entities.values() if isinstance(entity, Track)]
    assert {track.title: (track.salary, list(track.skills)) for track in tracks} == TRACKS


def test_every_duty_and_description_of_the_page_is_in_its_answer(advisor: Advisor) -> None:
    answers = dict(said(advisor))
    missing = [(topic, fact) for topic, facts in DUTIES.items() for fact in facts if fact not in answers[topic]]
    assert missing == []


def test_every_cell_answers_with_its_own_fact(advisor: Advisor) -> None:
    answers = dict(said(advisor))
    for short, (years, skills) in zip(("junior", "mid", "senior"), LEVELS.values(), strict=True):
        assert years in answers[f"level.{short}.experience"]
        assert all(skill in answers[f"level.{short}.skills"] for skill in skills)
    for short, (salary, skills) in zip(("agile", "infrastructure"), TRACKS.values(), strict=True):
        assert salary in answers[f"track.{short}.salary"]
        assert all(skill in answers[f"track.{short}.skills"] for skill in skills)


def test_pay_of_a_level_names_the_gap_and_gives_both_ranges(advisor: Advisor) -> None:
    for level in ("junior", "mid", "senior"):
        text = dict(said(advisor))[f"level.{level}.salary"]
        assert "I have no figure for this level" in text
        assert all(salary in text for salary, _ in TRACKS.values())


def test_years_of_a_track_name_the_gap_and_give_the_ladder(advisor: Advisor) -> None:
    for track in ("agile", "infrastructure"):
        text = dict(said(advisor))[f"track.{track}.experience"]
        assert "I have no number of years for this track" in text
        assert all(years in text for years, _ in LEVELS.values())


def test_no_answer_holds_a_number_that_the_page_does_not_give(advisor: Advisor) -> None:
    numbers = re.compile(r"\d+(?:[-,]\d+)*\+?")
    invented = [(t, n) for t, text in said(advisor) for n in numbers.findall(text) if n not in NUMBERS]
    assert invented == []


def test_no_answer_names_an_organisation_or_certificate_that_the_page_does_not(advisor: Advisor) -> None:
    known = " ".join(
        [*LEVELS, *TRACKS, *NAMED, *(s for _, skills in (*LEVELS.values(), *TRACKS.values()) for s in skills)]
    )
    capital = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]*")
    allowed = {*known.split(), "I", "Junior", "Mid", "Senior", "Agile", "Infrastructure", "Salary", "Key"}
    invented = [(t, word) for t, text in said(advisor) for word in capital.findall(text) if word not in allowed]
    assert invented == []


def test_every_fact_says_which_part_of_the_page_it_comes_from(knowledge: Knowledge) -> None:
    career = knowledge.career
    sources = [entity.source for entity in knowledge.entities.values()]
    sources += [fact.source for fact in (career.role, career.advance, career.specialising)]
    parts = ("Traditional Career Path", "Specialized Career Tracks", "Career Advancement Strategies")
    assert all(source.startswith(parts) for source in sources)
