"""What is borne, how often and how long, and what ends a change at once."""

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.core.findings import Code
from skewcheck.google_api.patience import Endurance, Patience
from skewcheck.google_api.refusal import Refusal
from tests.fakes import FakeClock

BUSY = Refusal(Code.UNREACHABLE, "busy", "wait", status=503)
FASTER = Refusal(Code.UNREACHABLE, "somebody was faster", "look", status=409)
BROKEN = Refusal(Code.UNREACHABLE, "broken", "run again", status=500)
DENIED = Refusal(Code.UNAUTHORIZED, "denied", "grant it", status=403)
PAGE = Refusal(Code.NOT_JSON, "a page", "curl", status=0)


def patience(clock: FakeClock) -> Patience:
    return Patience("web", clock, Endurance(seconds=30, longest_pause_s=10))


def ends(patient: Patience, refused: Refusal, *, sent: bool = False) -> ActionFailedError:
    with pytest.raises(ActionFailedError) as caught:
        patient.bear(refused, sent=sent)
    return caught.value


def test_pauses_grow_to_a_limit_and_end_with_patience() -> None:
    clock = FakeClock()
    patient = patience(clock)
    for _ in range(5):
        patient.bear(BUSY)
    assert clock.waits == [2, 4, 8, 10, 10]
    assert str(ends(patient, BUSY)) == "web: busy"


def test_the_first_looks_at_what_takes_its_time_come_soon() -> None:
    clock = FakeClock()
    patient = patience(clock)
    for _ in range(5):
        patient.pause()
    assert clock.waits == [0.25, 0.5, 1, 2, 2]


def test_a_conflict_is_borne_three_times_without_a_pause() -> None:
    clock = FakeClock()
    patient = patience(clock)
    for _ in range(3):
        patient.bear(FASTER)
    ends(patient, FASTER)
    assert clock.waits == []


def test_an_internal_error_is_borne_once() -> None:
    patient = patience(FakeClock())
    patient.bear(BROKEN)
    ends(patient, BROKEN)


def test_a_refusal_that_is_final_ends_it_with_its_cure_and_the_doubt() -> None:
    patient = patience(FakeClock())
    patient.doubt = "; the update was accepted"
    error = ends(patient, DENIED)
    assert (str(error), error.hint) == ("web: denied; the update was accepted", "grant it")


def test_a_page_for_an_answer_is_borne_only_where_a_change_was_sent() -> None:
    clock = FakeClock()
    patient = patience(clock)
    ends(patient, PAGE)
    patient.bear(PAGE, sent=True)
    clock.wait(30)
    ends(patient, PAGE, sent=True)
