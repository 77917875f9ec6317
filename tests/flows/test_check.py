"""The three questions, asked once, while unknown, and until everything holds."""

from datetime import timedelta

from skewcheck.core.answer import FailureKind
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.question import Question
from skewcheck.flows.check import Asking, check_until_it_holds, check_while_unknown
from tests.fakes import Reply
from tests.flows.worlds import APP, Acme, codes, page, version_document

MINUTE = timedelta(minutes=1)
STATUS = Asking(question=Question.STATUS)
DOWN = Reply(fails=FailureKind.REFUSED)


def test_a_world_in_which_all_is_as_promised_passes() -> None:
    report = Acme().report()
    assert (report.verdict, report.findings) == (Verdict.PASS, ())


def test_an_unknown_is_asked_for_again_until_it_is_known() -> None:
    acme = Acme()
    acme.answer(f"{APP}/version.json", DOWN, DOWN, version_document(acme.new))
    doors = acme.world.doors()
    report = check_while_unknown(doors, acme.loaded(), STATUS, times=5, interval=MINUTE)
    assert report.verdict is Verdict.PASS
    assert acme.world.clock.waits == [60, 60]


def test_an_unknown_stays_one_when_the_tries_are_used_up() -> None:
    acme = Acme()
    acme.answer(f"{APP}/version.json", DOWN)
    doors = acme.world.doors()
    report = check_while_unknown(doors, acme.loaded(), STATUS, times=2, interval=MINUTE)
    assert report.verdict is Verdict.INCONCLUSIVE
    assert acme.world.clock.waits == [60, 60]


def test_a_block_is_no_unknown_and_is_not_asked_for_again() -> None:
    acme = Acme()
    acme.answer(f"{APP}/version.json", version_document(acme.old))
    doors = acme.world.doors()
    report = check_while_unknown(doors, acme.loaded(), STATUS, times=5, interval=MINUTE)
    assert report.verdict is Verdict.BLOCK
    assert acme.world.clock.waits == []


def test_verify_asks_until_the_edge_has_caught_up() -> None:
    acme = Acme()
    stale, fresh = page(acme.old), page(acme.new)
    acme.answer(f"{APP}/", stale, stale, fresh)
    clock = acme.world.clock
    report = check_until_it_holds(
        acme.world.doors(), acme.loaded(), STATUS, deadline=clock.at + 5 * MINUTE, interval=MINUTE
    )
    assert report.verdict is Verdict.PASS
    assert clock.waits == [60, 60]


def test_verify_gives_its_last_report_when_the_time_is_up() -> None:
    acme = Acme()
    acme.answer(f"{APP}/", page(acme.old))
    clock = acme.world.clock
    deadline = clock.at + 5 * MINUTE
    report = check_until_it_holds(
        acme.world.doors(), acme.loaded(), STATUS, deadline=deadline, interval=2 * MINUTE
    )
    assert report.verdict is Verdict.BLOCK
    assert codes(report) >= {Code.STALE_EDGE}
    assert clock.waits == [120, 120]
    assert report.at <= deadline
