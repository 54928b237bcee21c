"""What words mean that name nothing."""

import pytest

from bot import Conversation, Knowledge
from bot.entities import Reader
from bot.pointers import Pointers

LEVELS = ("level.junior", "level.mid", "level.senior")
TRACKS = ("track.agile", "track.infrastructure")
WAYS = ("advance.leadership", "advance.certifications", "advance.networking", "advance.brand")

MID = Conversation(topics=("level.mid.skills",), focus="level.mid", level="level.mid", listed=("level.mid",))
LADDER = Conversation(topics=("path",), listed=LEVELS)
AGILE = Conversation(topics=("track.agile.salary",), focus="track.agile", track="track.agile", listed=("track.agile",))
BOTH_TRACKS = Conversation(topics=("tracks",), listed=TRACKS)
ADVICE = Conversation(topics=("advance",), listed=WAYS)
SECOND_ADVICE = Conversation(topics=("advance.certifications",), focus="advance.certifications", listed=WAYS)
ENDS = Conversation(topics=("level.compare",), listed=("level.junior", "level.senior"), focus="level.senior")


@pytest.fixture(scope="module")
def pointers(knowledge: Knowledge) -> Pointers:
    return Pointers(knowledge)


@pytest.mark.parametrize(
    ("pointer", "said_before", "meant"),
    [
        ("it", MID, ["level.mid"]),
        ("it", LADDER, []),
        ("above", MID, ["level.senior"]),
        ("below", MID, ["level.junior"]),
        ("above", Conversation(level="level.senior"), ["level.senior"]),
        ("below", Conversation(level="level.junior"), ["level.junior"]),
        ("above", Conversation(years=2.0), ["level.mid"]),
        ("above", Conversation(), []),
        ("after", Conversation(topics=("next",), level="level.junior"), ["level.senior"]),
        ("above", SECOND_ADVICE, ["advance.networking"]),
        ("below", SECOND_ADVICE, ["advance.leadership"]),
        ("first", LADDER, ["level.junior"]),
        ("third", LADDER, ["level.senior"]),
        ("third", BOTH_TRACKS, []),
        ("second", AGILE, ["track.infrastructure"]),
        ("first", MID, ["level.junior"]),
        ("last", ADVICE, ["advance.brand"]),
        ("last", Conversation(), ["level.senior"]),
        ("both", Conversation(), []),
        ("both", BOTH_TRACKS, [*TRACKS]),
        ("both", AGILE, [*TRACKS]),
        ("both", LADDER, [*LEVELS]),
        ("other", AGILE, ["track.infrastructure"]),
        ("other", ENDS, ["level.junior"]),
        ("other", BOTH_TRACKS, []),
        ("richer", BOTH_TRACKS, ["track.infrastructure"]),
        ("poorer", Conversation(), ["track.agile"]),
        ("top", MID, ["level.senior"]),
        ("bottom", LADDER, ["level.junior"]),
        ("middle", ENDS, ["level.mid"]),
        ("own", Conversation(years=4.0), ["level.mid"]),
        ("nowhere", AGILE, ["track.agile"]),
    ],
)
def test_a_pointer_is_followed_through_what_was_said_before(
    pointers: Pointers, knowledge: Knowledge, pointer: str, said_before: Conversation, meant: list[str]
) -> None:
    assert list(pointers.follow(pointer, Reader(knowledge).read(()), said_before)) == meant


def test_a_step_stays_on_the_ladder(pointers: Pointers) -> None:
    assert [pointers.step("level.mid", steps) for steps in (-5, -1, 0, 1, 5)] == [
        *("level.junior", "level.junior", "level.mid", "level.senior", "level.senior")
    ]
