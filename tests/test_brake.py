"""The brake on a chat that writes too much, for any rhythm in which somebody can write."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.brake import Verdict, judge
from bot.storage import ChatState

START = 1_800_000_000.0
RATES = st.integers(1, 60) | st.floats(1, 60)
PAUSES = st.lists(st.just(0.0) | st.floats(0, 5) | st.floats(0, 300), min_size=1, max_size=200)


def judged(times: Sequence[float], rate: float) -> list[Verdict]:
    """What a chat gets for messages at these times, when everything that is sent is sent at once."""
    verdicts, state = [], ChatState()
    for now in times:
        verdict, after = judge(state, now, rate)
        # As it is kept: with the time at which the chat was last written to.
        state = state if verdict is Verdict.SILENCE else replace(after, seen_at=now)
        verdicts.append(verdict)
    return verdicts


def times(pauses: Sequence[float]) -> list[float]:
    return [*accumulate(pauses, initial=START)]


@given(st.integers(1, 300), RATES)
def test_of_messages_at_once_as_many_are_answered_as_the_rate_allows(count: int, rate: float) -> None:
    verdicts = judged([START] * count, rate)
    assert verdicts.count(Verdict.ANSWER) == min(count, int(rate))
    assert verdicts[int(rate) :][:1] == [Verdict.WARNING] * (count > int(rate))


@given(PAUSES, RATES)
def test_no_chat_gets_more_in_the_long_run_than_the_rate_allows(pauses: Sequence[float], rate: float) -> None:
    written = times(pauses)
    answered = [at for at, verdict in zip(written, judged(written, rate), strict=True) if verdict is Verdict.ANSWER]
    for first in range(len(answered)):
        for last in range(first, len(answered)):
            assert last - first + 1 <= rate + (answered[last] - answered[first]) * rate / 60 + 1e-3


@given(PAUSES, RATES)
def test_a_chat_is_warned_once_until_it_is_answered_again(pauses: Sequence[float], rate: float) -> None:
    told = [verdict for verdict in judged(times(pauses), rate) if verdict is not Verdict.SILENCE]
    assert (Verdict.WARNING, Verdict.WARNING) not in pairwise(told)


@given(PAUSES, RATES)
def test_silence_comes_only_after_a_warning(pauses: Sequence[float], rate: float) -> None:
    verdicts = judged(times(pauses), rate)
    assert verdicts[0] is Verdict.ANSWER
    assert (Verdict.ANSWER, Verdict.SILENCE) not in pairwise(verdicts)


@given(PAUSES, RATES)
def test_a_chat_that_has_waited_for_more_than_a_minute_is_answered(pauses: Sequence[float], rate: float) -> None:
    written = times(pauses)
    assert judged([*written, written[-1] + 61], rate)[-1] is Verdict.ANSWER


@given(PAUSES, st.floats(0.01, 1, exclude_max=True))
def test_even_the_lowest_rate_answers_the_first_message(pauses: Sequence[float], rate: float) -> None:
    assert judged(times(pauses), rate)[0] is Verdict.ANSWER


@given(PAUSES)
def test_without_a_rate_everything_is_answered(pauses: Sequence[float]) -> None:
    assert {*judged(times(pauses), 0)} == {Verdict.ANSWER}


@given(st.floats(-1e6, 0), RATES)
def test_a_clock_that_is_put_back_gives_nothing_away(back: float, rate: float) -> None:
    used_up = ChatState(seen_at=START, spent=rate)
    assert judge(used_up, START + back, rate)[0] is Verdict.WARNING
