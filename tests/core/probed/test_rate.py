"""When `probe --rate` may say that more than the target succeed, and how often it may be wrong."""

from dataclasses import FrozenInstanceError
from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.probed.rate import LOOKS, SPEND, Answer, Rate, interval, look

TARGETS = (0.5, 0.9, 0.95, 0.99)


def chance(successes: int, tried: int, share: float) -> Fraction:
    """Exact, and by another way than the module's own."""
    exact = Fraction(f"{share:.10f}")
    return comb(tried, successes) * exact**successes * (1 - exact) ** (tried - successes)


def ever(answer: Answer, share: float, target: float) -> float:
    """The chance that a run ends with that answer: all sample paths, look by look."""
    paths, total = {0: 1.0}, 0.0
    for before, tried in pairwise((0, *LOOKS)):
        more = tried - before
        step = [float(chance(each, more, share)) for each in range(more + 1)]
        reached = [0.0] * (tried + 1)
        for successes, weight in paths.items():
            for each, part in enumerate(step):
                reached[successes + each] += weight * part
        answers = [look(successes, tried, target) for successes in range(tried + 1)]
        total += sum(w for w, found in zip(reached, answers, strict=True) if found is answer)
        paths = {s: w for s, w in enumerate(reached) if answers[s] is Answer.GO_ON}
    return total


@pytest.mark.parametrize("target", TARGETS)
def test_no_more_than_the_target_passes_for_more_in_at_most_one_run_of_twenty(
    target: float,
) -> None:
    assert ever(Answer.ABOVE, target, target) <= 0.05
    assert ever(Answer.ABOVE, target - 0.02, target) <= 0.05


@pytest.mark.parametrize("target", TARGETS)
def test_more_than_the_target_fails_in_at_most_one_run_of_twenty(target: float) -> None:
    assert ever(Answer.NOT_ABOVE, target + 1e-9, target) <= 0.05
    assert ever(Answer.NOT_ABOVE, target + 0.005, target) <= 0.05


def test_a_service_that_is_plainly_good_or_bad_is_told_so() -> None:
    assert ever(Answer.ABOVE, 0.99, 0.90) > 0.99
    assert ever(Answer.NOT_ABOVE, 0.80, 0.90) > 0.99


def test_the_looks_spend_five_percent_in_all_on_each_side() -> None:
    assert len(SPEND) == len(LOOKS)
    assert sum(Fraction(str(share)) for share in SPEND) == Fraction("0.05")


@pytest.mark.parametrize(
    ("successes", "tried", "target", "answer"),
    [
        pytest.param(35, 35, 0.90, Answer.ABOVE, id="all of the first look decide at once"),
        pytest.param(34, 35, 0.90, Answer.GO_ON, id="one failure does not decide"),
        pytest.param(27, 35, 0.90, Answer.NOT_ABOVE, id="many failures decide at once"),
        pytest.param(28, 35, 0.90, Answer.GO_ON, id="not quite so many do not"),
        pytest.param(0, 35, 0.01, Answer.GO_ON, id="none of 35 proves nothing of one percent"),
        pytest.param(0, 35, 0.90, Answer.NOT_ABOVE, id="none at all"),
        pytest.param(280, 280, 0.99, Answer.GO_ON, id="all of 280 are too few for 99 percent"),
        pytest.param(500, 500, 0.99, Answer.ABOVE, id="all of 500 prove 99 percent"),
        pytest.param(500, 500, 0.995, Answer.UNDECIDED, id="nothing proves 99.5 percent"),
        pytest.param(450, 500, 0.90, Answer.UNDECIDED, id="exactly the target"),
        pytest.param(478, 500, 0.90, Answer.ABOVE, id="well above"),
        pytest.param(430, 500, 0.90, Answer.NOT_ABOVE, id="well below"),
    ],
)
def test_looks_decide_as_the_exact_tails_say(
    successes: int, tried: int, target: float, answer: Answer
) -> None:
    assert look(successes, tried, target) is answer


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("tried", LOOKS)
def test_each_look_agrees_with_tails_in_exact_fractions(tried: int, target: float) -> None:
    spend = SPEND[LOOKS.index(tried)]
    weights = [chance(each, tried, target) for each in range(tried + 1)]
    at_most = Fraction(0)
    for successes, weight in enumerate(weights):
        at_least, at_most = 1 - at_most, at_most + weight
        found = look(successes, tried, target)
        assert (found is Answer.ABOVE) == (at_least <= spend)
        assert (found is Answer.NOT_ABOVE) == (at_most <= spend)


@pytest.mark.parametrize(
    ("successes", "tried"), [(0, 35), (1, 35), (17, 35), (35, 35), (69, 70), (478, 500)]
)
def test_the_bounds_are_where_the_tails_are_what_the_look_spends(
    successes: int, tried: int
) -> None:
    spend = SPEND[LOOKS.index(tried)]
    low, high = interval(successes, tried)
    for bound, counted in (
        (low, range(successes, tried + 1)),
        (high, range(successes + 1)),
    ):
        if 0 < bound < 1:
            near = (bound - 1e-6, bound + 1e-6)
            tails = [sum(chance(each, tried, share) for each in counted) for share in near]
            assert min(tails) < spend < max(tails)


def test_bounds_that_have_a_closed_form_are_met() -> None:
    assert interval(35, 35) == pytest.approx((0.026 ** (1 / 35), 1.0), abs=1e-8)
    assert interval(0, 500) == pytest.approx((0.0, 1 - 0.010 ** (1 / 500)), abs=1e-8)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    tried = draw(st.sampled_from(LOOKS))
    return draw(st.integers(0, tried)), tried


@given(counts(), st.floats(0.001, 0.999))
def test_answer_and_interval_agree(count: tuple[int, int], target: float) -> None:
    low, high = interval(*count)
    assert 0 <= low <= count[0] / count[1] <= high <= 1
    if min(abs(low - target), abs(high - target)) > 1e-6:
        found = look(*count, target)
        assert (found is Answer.ABOVE) == (low > target)
        assert (found is Answer.NOT_ABOVE) == (high < target)


@pytest.mark.parametrize(
    ("successes", "tried", "target", "why"),
    [
        (36, 36, 0.9, "no look after 36 connections"),
        (0, 0, 0.9, "no look after 0 connections"),
        (36, 35, 0.9, "36 successes of 35"),
        (-1, 35, 0.9, "-1 successes of 35"),
        (35, 35, 0.0, "strictly between"),
        (35, 35, 1.0, "strictly between"),
    ],
)
def test_what_no_look_can_be_taken_at_is_refused(
    successes: int, tried: int, target: float, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Rate(target=target, successes=successes, tried=tried)


def test_an_interval_is_asked_for_at_looks_only() -> None:
    with pytest.raises(ValueError, match="no look after 100 connections"):
        interval(100, 100)


@pytest.mark.parametrize(
    ("successes", "tried", "target", "sentence"),
    [
        (
            478, 500, 0.9,
            "478 of 500 handshakes held (95.6 %), surely more than 90 %:"
            " between 92.9 % and 97.5 %",
        ),
        (
            20, 35, 0.9,
            "20 of 35 handshakes held (57.1 %), surely not more than 90 %:"
            " between 39.4 % and 73.6 %",
        ),
        (
            34, 35, 0.9,
            "34 of 35 handshakes held (97.1 %), not yet surely more than 90 %:"
            " between 85.1 % and 100.0 %",
        ),
        (
            496, 500, 0.995,
            "496 of 500 handshakes held (99.2 %), too near 99.5 % to be sure:"
            " between 97.6 % and 99.9 %",
        ),
    ],
    ids=["above", "not above", "go on", "undecided"],
)  # fmt: skip
def test_the_sentence_tells_the_count_the_answer_and_the_bounds(
    successes: int, tried: int, target: float, sentence: str
) -> None:
    assert Rate(target=target, successes=successes, tried=tried).sentence == sentence


def test_a_rate_cannot_hold_another_answer_than_its_counts_give() -> None:
    rate = Rate(target=0.9, successes=34, tried=35, failures=(("welcome-missing", 1),))
    assert rate.answer is Answer.GO_ON
    with pytest.raises(FrozenInstanceError):
        rate.answer = Answer.ABOVE  # type: ignore[misc]
