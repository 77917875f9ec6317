"""Alerts: once and when sure, never for what nobody need act on, and again when it is gone."""

from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.alerts import (
    Alert,
    AlertKind,
    Memory,
    Notebook,
    after_failure,
    next_alerts,
    notebook_from_json,
    notebook_to_json,
)
from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge import Judgement
from skewcheck.core.manifest import Override
from skewcheck.core.report import Report, permissions_for
from tests.builders import BACKEND, FRONTEND, NOW, finding, manifest, report, survey

MINUTE = timedelta(minutes=1)
TODAY = NOW.date()
STALE = finding(fix="skewcheck invalidate staging frontend")
SKEW = finding(Code.PROTOCOL_SKEW, subject="chat", sentence="2.1 meets 1.9")
LOST = finding(
    Code.UNREACHABLE, severity=Severity.UNKNOWN, sentence="nobody answers", fix="curl it"
)
MASKED = finding(Code.MASKED, subject="chat", severity=Severity.UNKNOWN)
PINNED = finding(Code.TRAFFIC_PINNED, severity=Severity.NOTICE)
FOUND, CLEARED, TOO_LONG = AlertKind.FOUND, AlertKind.CLEARED, AlertKind.UNKNOWN_TOO_LONG
Look: TypeAlias = Report | Literal["failed"]


def told(*findings: Finding, **changed: Any) -> Report:
    return report(judgement=Judgement(findings=findings, matrix=()), **changed)


def allowed(*findings: Finding, of: Finding = STALE, until: date = TODAY) -> Report:
    override = Override(finding=of.code, subject=of.subject, until=until, reason="known")
    permissions = permissions_for({override: "Ada"}, findings, today=TODAY)
    return told(*findings, permissions=permissions)


class Watch:
    """Surveys a minute apart, with a memory that can be written down in between."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.now = NOW

    def see(self, *looks: Look, every: timedelta = MINUTE) -> list[list[tuple[str, str]]]:
        return [[(each.kind, each.code) for each in self.alerts(look, every)] for look in looks]

    def alerts(self, look: Look, every: timedelta = MINUTE) -> tuple[Alert, ...]:
        if isinstance(look, Report):
            after, alerts = next_alerts(self.memory, look, now=self.now)
        else:
            after, alerts = after_failure(self.memory, "staging", "no such ref", now=self.now)
        self.now += every
        kept = Notebook(memory=after, unsent=alerts)
        assert notebook_from_json(notebook_to_json(kept)) == kept
        self.memory = after
        return alerts


def test_a_cause_is_told_once_two_surveys_agree_and_then_no_more() -> None:
    seen = Watch().see(told(STALE), told(STALE), told(STALE), told(STALE))
    assert seen == [[], [(FOUND, "stale-edge")], [], []]


def test_what_one_survey_saw_and_the_next_did_not_is_never_told() -> None:
    seen = Watch().see(told(STALE), told(), told(STALE), told(), told())
    assert seen == [[], [], [], [], []]


def test_it_is_told_again_when_two_surveys_are_without_it() -> None:
    seen = Watch().see(told(STALE), told(STALE), told(), told(), told())
    assert seen == [[], [(FOUND, "stale-edge")], [], [(CLEARED, "stale-edge")], []]


def test_one_survey_without_it_clears_nothing() -> None:
    seen = Watch().see(told(STALE), told(STALE), told(), told(STALE), told(), told(STALE))
    assert [each for each in seen if each] == [[(FOUND, "stale-edge")]]


def test_what_comes_back_after_it_was_cleared_is_told_anew() -> None:
    watch = Watch()
    watch.see(told(STALE), told(STALE), told(), told())
    assert watch.see(told(STALE), told(STALE)) == [[], [(FOUND, "stale-edge")]]


def test_an_alert_carries_the_newest_words_and_the_first_moment() -> None:
    watch = Watch()
    watch.see(told(finding(sentence="earlier")))
    (alert,) = watch.alerts(told(STALE))
    assert alert == Alert(
        environment="staging",
        kind=FOUND,
        code="stale-edge",
        subject="frontend",
        sentence=STALE.sentence,
        since=NOW,
        fix=STALE.fix,
        channel="C012AB",
    )


def test_what_is_cleared_needs_no_fix() -> None:
    watch = Watch()
    watch.see(told(STALE), told(STALE), told())
    (alert,) = watch.alerts(told())
    assert (alert.kind, alert.fix, alert.channel) == (CLEARED, "", "C012AB")


def test_two_findings_of_one_cause_are_one_alert() -> None:
    other = finding(sentence="elsewhere too")
    watch = Watch()
    watch.see(told(STALE, other))
    assert [each.sentence for each in watch.alerts(told(STALE, other))] == [STALE.sentence]


def test_a_link_is_told_to_the_owners_of_both_sides() -> None:
    api = BACKEND | {"owner": {"team": "api", "slack": "C0API"}}
    both = survey(manifest=manifest(services={"frontend": FRONTEND, "backend": api}))
    watch = Watch()
    watch.see(told(SKEW, seen=both))
    assert [each.channel for each in watch.alerts(told(SKEW, seen=both))] == ["C012AB", "C0API"]


def test_where_no_owner_has_a_channel_none_is_named() -> None:
    lonely = finding(subject="backend")
    watch = Watch()
    watch.see(told(lonely))
    assert [each.channel for each in watch.alerts(told(lonely))] == [""]


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(told(PINNED), id="notices"),
        pytest.param(told(MASKED), id="what is masked"),
        pytest.param(allowed(STALE), id="what an override lets past"),
        pytest.param(allowed(LOST, of=LOST), id="an unknown that an override lets past"),
    ],
)
def test_nobody_is_told_of(look: Report) -> None:
    assert Watch().see(*[look] * 4, every=20 * MINUTE) == [[]] * 4


def test_an_override_that_has_expired_lets_nothing_past() -> None:
    late = allowed(STALE, until=TODAY - timedelta(days=1))
    assert Watch().see(late, late) == [[], [(FOUND, "stale-edge")]]


def test_an_override_does_not_clear_what_it_lets_past() -> None:
    looks = [told(STALE), told(STALE), *[allowed(STALE)] * 3, told(STALE)]
    assert Watch().see(*looks) == [[], [(FOUND, "stale-edge")], [], [], [], []]


@pytest.mark.parametrize(
    "blind",
    [
        pytest.param("failed", id="a survey that failed"),
        pytest.param(told(LOST), id="an unknown about it"),
        pytest.param(told(finding(Code.UNREACHABLE, subject="staging", severity=Severity.UNKNOWN)),
                     id="an unknown about the environment"),
    ],
)  # fmt: skip
def test_what_could_not_be_seen_is_not_cleared(blind: Look) -> None:
    seen = Watch().see(told(STALE), told(STALE), blind, blind, blind, told(), told())
    assert seen == [[], [(FOUND, "stale-edge")], [], [], [], [], [(CLEARED, "stale-edge")]]


def test_a_link_is_not_cleared_while_one_side_is_unknown() -> None:
    seen = Watch().see(told(SKEW), told(SKEW), told(LOST), told(LOST), told(MASKED), told(MASKED))
    assert seen == [[], [(FOUND, "protocol-skew")], [], [], [], []]


def test_an_unknown_elsewhere_does_not_keep_it_from_clearing() -> None:
    elsewhere = finding(Code.UNREACHABLE, subject="backend", severity=Severity.UNKNOWN)
    seen = Watch().see(told(STALE), told(STALE), told(elsewhere), told(elsewhere))
    assert seen[-1] == [(CLEARED, "stale-edge")]


def test_a_survey_that_failed_in_between_does_not_hide_a_cause() -> None:
    assert Watch().see(told(STALE), "failed", told(STALE)) == [[], [], [(FOUND, "stale-edge")]]


@pytest.mark.parametrize("blind", [told(LOST), "failed"], ids=["inconclusive", "failed"])
def test_a_verdict_that_stays_unknown_is_told_once(blind: Look) -> None:
    seen = Watch().see(*[blind] * 5, every=15 * MINUTE)
    assert seen == [[], [], [], [(TOO_LONG, "inconclusive")], []]


def test_it_is_told_with_the_first_cause_that_is_no_mask() -> None:
    watch = Watch()
    watch.see(told(MASKED, LOST), every=31 * MINUTE)
    (alert,) = watch.alerts(told(MASKED, LOST))
    assert (alert.subject, alert.sentence, alert.fix) == ("staging", "nobody answers", "curl it")
    assert (alert.channel, alert.since) == ("C012AB", NOW)


def test_a_survey_that_fails_says_why_and_what_to_ask() -> None:
    watch = Watch()
    watch.see("failed", every=31 * MINUTE)
    (alert,) = watch.alerts("failed")
    assert alert.sentence == "the survey failed: no such ref"
    assert (alert.fix, alert.channel) == ("skewcheck status staging", "")


def test_a_verdict_in_between_begins_the_wait_anew() -> None:
    seen = Watch().see(told(LOST), told(LOST), told(), told(LOST), told(LOST), every=20 * MINUTE)
    assert seen == [[]] * 5


@pytest.mark.parametrize("known", [told(), told(STALE)], ids=["pass", "block"])
def test_the_end_of_an_unknown_that_was_told_is_told(known: Report) -> None:
    watch = Watch()
    watch.see(*[told(LOST)] * 2, every=31 * MINUTE)
    seen = [each for alerts in watch.see(known, known, known) for each in alerts]
    assert [each for each in seen if each[1] == "inconclusive"] == [(CLEARED, "inconclusive")]


def test_what_is_no_notebook_is_refused() -> None:
    with pytest.raises(ValueError, match="causes"):
        notebook_from_json({"memory": {"causes": "many"}})


LOOKS = st.lists(st.sampled_from(["there", "gone", "blind", "failed"]), max_size=30)
AS_SEEN: dict[str, Look] = {
    "there": told(STALE),
    "gone": told(),
    "blind": told(LOST),
    "failed": "failed",
}


def _sure(looks: list[str]) -> list[str]:
    return [each for each in looks if each in {"there", "gone"}]


@given(LOOKS)
def test_whatever_surveys_see_found_and_cleared_take_turns_and_rest_on_two_each(
    looks: list[str],
) -> None:
    watch, expected = Watch(), FOUND
    for number, look in enumerate(looks, start=1):
        for kind, code in watch.see(AS_SEEN[look])[0]:
            if code == "stale-edge":
                wanted = ["there"] * 2 if expected is FOUND else ["gone"] * 2
                assert (kind, _sure(looks[:number])[-2:]) == (expected, wanted)
                expected = CLEARED if expected is FOUND else FOUND


@given(LOOKS)
def test_whatever_surveys_see_an_unknown_is_told_only_after_half_an_hour_of_it(
    looks: list[str],
) -> None:
    watch, since = Watch(), dict[str, datetime]()
    for look in looks:
        if look in {"blind", "failed"}:
            since.setdefault("unknown", watch.now)
        at, missed = watch.now, look in {"there", "gone"}
        seen = watch.see(AS_SEEN[look], every=11 * MINUTE)[0]
        if (TOO_LONG, "inconclusive") in seen:
            assert at - since["unknown"] > timedelta(minutes=30)
        if missed and not watch.memory.unknown:
            since.clear()
