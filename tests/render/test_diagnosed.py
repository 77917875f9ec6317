# ruff: noqa: E501 - goldens are as wide as what they pin

import pytest
from inline_snapshot import snapshot

from skewcheck.core.diagnosis.values import Cause, Diagnosis
from skewcheck.core.findings import Code, Severity
from skewcheck.core.question import Exit
from skewcheck.core.wire.script import Variant
from skewcheck.render.diagnosed import (
    cause_words,
    exit_of,
    holds_words,
    is_well,
    remaining,
    was_opened,
)
from tests.builders import finding, report
from tests.render.probe_worlds import (
    diagnosed,
    diagnosis,
    failing,
    holding,
    incident_diagnosis,
    link,
    open_diagnosis,
    talking,
    unknown_diagnosis,
)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (incident_diagnosis(), Exit.BLOCK),
        (unknown_diagnosis(), Exit.INCONCLUSIVE),
        (diagnosis(), Exit.PASS),
    ],
)
def test_the_exit_code_is_the_verdicts_own(seen: Diagnosis, code: Exit) -> None:
    assert exit_of(seen) is code


def test_what_does_not_pass_is_not_well_though_nobody_names_a_symptom() -> None:
    assert is_well(diagnosis())
    assert is_well(diagnosis(findings=(finding(severity=Severity.NOTICE),)))
    assert not is_well(diagnosis(findings=(finding(severity=Severity.UNKNOWN),)))
    assert not is_well(incident_diagnosis(findings=()))


def test_what_holds_is_counted() -> None:
    assert holds_words(diagnosed(link(holding(), talking())), diagnosis()) == snapshot(
        "every handshake (5 of 5), every conversation (1 of 1) and every witness that was asked for"
    )
    cut = failing(1, variant=Variant(exercise=True))
    assert holds_words(diagnosed(link(holding(), failing(1), cut)), diagnosis()) == snapshot(
        "not every handshake (5 of 6), not every conversation (0 of 1) and every witness that was asked for"
    )


def test_nothing_that_was_not_opened_is_told_as_holding() -> None:
    told = "every witness that was asked for; no handshake was made"
    for seen in (report(), diagnosed(link(holding(), link="notify")), diagnosed(link())):
        assert holds_words(seen, diagnosis()) == told
        assert not was_opened(seen, diagnosis())
    assert was_opened(diagnosed(link(failing(1))), diagnosis())


def test_a_cause_begins_with_its_code_where_it_has_one() -> None:
    assert cause_words(Cause(kind="the token", told="it expired")) == "it expired"
    named = Cause(kind="a place", told="old page", code=Code.STALE_EDGE)
    assert cause_words(named) == "stale-edge: old page"


def test_what_remains_are_the_causes_else_what_is_unknown() -> None:
    assert remaining(open_diagnosis()) == tuple(each.told for each in open_diagnosis().causes)
    assert remaining(unknown_diagnosis()) == ("not-probed: no token",)
