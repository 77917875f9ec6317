"""What is left behind for others to look back at, and what happens where it cannot be kept."""

from datetime import timedelta

import pytest

from skewcheck.core.chronicle.as_json import snapshot_to_json, stretch_from
from skewcheck.core.chronicle.of_report import snapshot_of
from skewcheck.core.chronicle.pieces import GAP
from skewcheck.core.errors import SkewcheckError
from skewcheck.core.question import CandidateWanted, Question
from skewcheck.core.report import Report
from skewcheck.core.rollout.journal import Outcome
from skewcheck.flows.check import Asking, check_until_it_holds
from skewcheck.flows.note import (
    Leniently,
    note_look,
    record_end,
    record_gate,
)
from tests.builders import LONG_AGO, NOW
from tests.core.rollout.orders import order
from tests.flows.worlds import APP, Acme, version_document
from tests.service_fakes import FakeAudit, FakeChronicle

MINUTE = timedelta(minutes=1)


def refuse(why: str) -> None:
    raise SkewcheckError(why)


def untold(error: SkewcheckError) -> None:
    raise AssertionError(error)


def test_a_look_is_noted_and_the_next_that_sees_the_same_prolongs_it() -> None:
    acme, chronicle = Acme(), FakeChronicle()
    first = acme.report()
    note_look(chronicle, "staging@here", first)
    acme.world.clock.wait(GAP.total_seconds())
    note_look(chronicle, "staging@here", acme.report())
    (looks,) = chronicle.stretches("staging@here", since=LONG_AGO)
    stretch = stretch_from(*looks)
    assert (stretch.first, stretch.last) == (NOW, NOW + GAP)
    assert stretch.snapshot == snapshot_of(first)


def test_looks_too_far_apart_leave_a_gap() -> None:
    acme, chronicle = Acme(), FakeChronicle()
    note_look(chronicle, "staging@here", acme.report())
    acme.world.clock.wait(GAP.total_seconds() + 1)
    note_look(chronicle, "staging@here", acme.report())
    assert len(chronicle.stretches("staging@here", since=LONG_AGO)) == 2


def test_a_world_with_a_candidate_is_not_there_yet() -> None:
    acme, chronicle = Acme(), FakeChronicle()
    report = acme.report(CandidateWanted(service="api", named=str(acme.new)))
    note_look(chronicle, "staging@here", report)
    assert chronicle.stretches("staging@here", since=LONG_AGO) == ()


def test_every_look_of_a_question_that_asks_again_is_seen() -> None:
    acme = Acme()
    seen: list[Report] = []
    acme.answer(f"{APP}/version.json", version_document(acme.old), version_document(acme.new))
    asking = Asking(question=Question.VERIFY, seen=seen.append)
    report = check_until_it_holds(
        acme.world.doors(), acme.loaded(), asking, deadline=NOW + 5 * MINUTE, interval=MINUTE
    )
    assert seen[-1] is report
    assert len(seen) == 2
    first, second = map(snapshot_of, seen)
    assert snapshot_to_json(first) != snapshot_to_json(second)


def test_a_gates_answer_is_recorded_with_who_asked() -> None:
    audit = FakeAudit()
    record_gate(audit, Acme().report(), who="ci@builder")
    (record,) = audit.records(since=LONG_AGO)
    assert (record["event"], record["who"], record["verdict"]) == ("gate", "ci@builder", "pass")


def test_the_end_of_a_rollout_is_recorded_once_whoever_follows_it() -> None:
    audit, one, other = FakeAudit(), order(), order(rollout="r2")
    for each in (one, other, one):
        record_end(audit, each, Outcome.SUCCEEDED, at=NOW)
    ended = [each["rollout"] for each in audit.records(since=LONG_AGO)]
    assert ended == [one.rollout, "r2"]


def test_what_cannot_be_kept_is_told_once_and_goes_on() -> None:
    told: list[SkewcheckError] = []
    leniently = Leniently(told.append)
    for why in ("the disk is full", "the disk is full", "something else"):
        with leniently():
            refuse(why)
    assert [str(each) for each in told] == ["the disk is full", "something else"]


def test_a_bug_is_never_taken_leniently() -> None:
    with pytest.raises(ZeroDivisionError), Leniently(untold)():
        raise ZeroDivisionError
