"""What is known is told, what is not is told apart, and nothing is told that is not there."""

from datetime import timedelta

import pytest

from skewcheck.core.chronicle.exposure import Exposure
from skewcheck.core.chronicle.incidents import Incident, Times
from skewcheck.render.history.words import exposure_words, incident_words, times_words
from tests.builders import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("exposure", "told"),
    [
        (Exposure(link="chat", full=HOUR), "chat: as if all new meetings had failed for 1 h"),
        (Exposure(link="chat", unknown_share=HOUR), "chat: for 1 h a share that nobody knows"),
        (Exposure(link="chat"), "chat: nobody, as far as the looks tell"),
    ],
)
def test_exposure_is_told_as_far_as_it_is_known(exposure: Exposure, told: str) -> None:
    assert exposure_words(exposure) == told


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (Times(), "nothing to measure"),
        (Times(open=2), "2 not mended yet"),
        (Times(of=1, median=HOUR, worst=HOUR), "within 1 h (median), 1 h (worst), of 1"),
        (
            Times(of=3, open=1, median=HOUR, worst=2 * HOUR),
            "within 1 h (median), 2 h (worst), of 3; 1 not mended yet",
        ),
    ],
)
def test_times_are_bounds_of_those_that_have_one(times: Times, told: str) -> None:
    assert times_words(times, "not mended yet") == told


def test_an_incident_without_a_look_before_it_and_without_an_end_says_so() -> None:
    incident = Incident(first=NOW, last=NOW, what=(("format-skew", "chat"),))
    assert incident_words(incident) == (
        "2026-11-23 22:10 UTC",
        "format-skew on chat",
        "no look before it, not mended yet",
    )
