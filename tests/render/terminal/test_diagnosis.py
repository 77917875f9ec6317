# ruff: noqa: E501 - goldens are as wide as what they pin

import pytest
from inline_snapshot import snapshot

from skewcheck.core.diagnosis.values import Diagnosis, Why
from skewcheck.core.findings import Code, Severity
from skewcheck.core.report import Report
from skewcheck.render.terminal.diagnosis import render_diagnosis
from tests.builders import finding, report
from tests.render import probe_worlds as worlds
from tests.render import worlds as other_worlds
from tests.render.probe_worlds import diagnosed, diagnosis, holding, link, talking


def told(*diagnoses: Diagnosis, width: int = 90, report: Report | None = None) -> str:
    return render_diagnosis(report or diagnosed(), diagnoses, width=width, colour=False)


def test_the_incident_is_told_from_the_symptom_down_to_the_cause() -> None:
    assert told(worlds.incident_diagnosis()) == snapshot("""\
BLOCK  staging  chat: frontend → backend  (exit 10)  2026-11-23 22:10 UTC
symptom  the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any
         welcome (8 of 8 handshakes at the edge, in the format of 01d01d0, served by the
         page)
why      backend 9e39e39 does not read what frontend 01d01d0 sends: both say 2.1, but the
         format differs: client sha256:01d001d0, server sha256:9e399e39
         - the contract changed in 9e39e39 'Send the token base64url-encoded' by Grace
why      users still get 01d01d0, though something newer runs behind the edge
cause    stale-edge: the edge serves 01d01d0 (version document and page), but behind it
         runs 9e39e39  owner web (C012AB)
not      - name, connection, HTTP answer, upgrade, subprotocol: passed
         - the server as a whole: the format of 9e39e39 is welcomed at the edge, 5 of 5
           times
hidden   events
log      22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
         22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
         22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
         22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
         22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
         22:09:51 acme-api/acme-api-00002 WARNING: closing main cleanup closing main clea…
next
gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
one vantage point: users elsewhere may meet another edge cache
""")


@pytest.mark.parametrize("width", [80, 100])
def test_the_incident_fits_on_one_screen_with_its_command_whole(width: int) -> None:
    lines = told(worlds.incident_diagnosis(), width=width).splitlines()
    assert len(lines) <= 24
    assert worlds.INVALIDATE in lines


def test_a_full_screen_says_how_much_of_the_log_it_shows() -> None:
    text = told(worlds.incident_diagnosis(), width=60)
    assert "\nlog 1/6  22:09:51" in text
    assert text.count("22:09:51") == 1


def test_where_there_is_room_the_log_is_shown_in_full() -> None:
    logs = ("22:09:51 one", "22:09:52 two")
    text = told(worlds.open_diagnosis(), width=140)
    assert "log" not in text.replace("its log can tell", "")
    text = told(diagnosis(symptom=Why(told="gone"), logs=logs))
    assert "log      22:09:51 one\n         22:09:52 two\n" in text


def test_several_causes_are_told_as_what_remains() -> None:
    assert told(worlds.open_diagnosis()) == snapshot("""\
BLOCK  staging  chat: frontend → backend  (exit 10)  2026-11-23 22:10 UTC
symptom  the server closed with 1000 "main cleanup" 0.89 s after the upgrade, before any
         welcome (8 of 8 handshakes at the edge, in the format of 01d01d0, served by the
         page)
cannot tell which of these it is:
         - the token: expired, of another environment, or not one that this server takes
         - backend itself: it accepts and then gives up for a reason that only its log can
           tell
not      - name, connection, HTTP answer, upgrade, subprotocol: passed
         - the server as a whole: the format of 9e39e39 is welcomed at the edge, 5 of 5
           times
hidden   events
next     look at links.chat.token
         gcloud compute url-maps invalidate-cdn-cache acme-web --project=acme-staging --host=app.staging.acme.example --path=/
one vantage point: users elsewhere may meet another edge cache
""")


def test_what_is_unknown_stands_in_place_of_a_cause() -> None:
    assert told(worlds.unknown_diagnosis()) == snapshot("""\
INCONCLUSIVE  staging  chat: frontend → backend  (exit 11)  2026-11-23 22:10 UTC
symptom  no token
cannot tell while this is unknown:
         - not-probed: no token
one vantage point: users elsewhere may meet another edge cache
""")


def test_where_nothing_is_wrong_it_says_what_was_asked_for() -> None:
    noticed = finding(Code.SPLIT_TRAFFIC, severity=Severity.NOTICE, sentence="two revisions")
    seen = diagnosed(link(holding(), talking()))
    assert told(diagnosis(findings=(noticed,)), report=seen) == snapshot("""\
PASS  staging  chat: frontend → backend  (exit 0)  2026-11-23 22:10 UTC
holds    every handshake (5 of 5), every conversation (1 of 1) and every witness that was
         asked for
notice   split-traffic frontend: two revisions
one vantage point: users elsewhere may meet another edge cache
""")


def test_only_what_was_opened_is_green() -> None:
    def drawn(report: Report) -> str:
        return render_diagnosis(report, [diagnosis()], width=90, colour=True)

    assert "\x1b[32mevery handshake (5 of 5)" in drawn(diagnosed(link(holding())))
    assert "\x1b[32m" not in drawn(diagnosed(link())).replace("\x1b[1;32mPASS", "")


def test_what_is_unknown_is_never_told_as_holding() -> None:
    unknown = finding(Code.UNREACHABLE, severity=Severity.UNKNOWN, sentence="no answer")
    text = told(diagnosis(findings=(unknown,)))
    assert "holds" not in text
    assert "unreachable: no answer" in text


def test_each_link_has_a_screen_of_its_own_and_the_vantage_is_told_once() -> None:
    text = told(worlds.unknown_diagnosis(), diagnosis(link="notify"))
    first, second = text.split("\n\n")
    assert first.startswith("INCONCLUSIVE  staging  chat: frontend → backend  (exit 11)")
    assert second.startswith("PASS  staging  notify: frontend → backend  (exit 0)")
    assert "one vantage point" in second
    assert "one vantage point" not in first


def test_what_was_not_looked_at_from_outside_has_no_vantage() -> None:
    nothing = report(other_worlds.empty().survey)
    assert "vantage" not in told(diagnosis(), report=nothing)


def test_a_broken_glass_is_said_in_a_diagnosis_too() -> None:
    text = told(diagnosis(), report=other_worlds.broken_glass())
    assert text.splitlines()[1].startswith("BREAK-GLASS until 2026-11-24 by ada@acme.example")


def test_the_cause_stands_out() -> None:
    text = render_diagnosis(diagnosed(), [worlds.incident_diagnosis()], width=90, colour=True)
    assert "\x1b[2mcause    \x1b[0m\x1b[1mstale-edge" in text
    assert "\x1b[1;37;41mBLOCK" in text


def test_a_symptom_shows_the_first_of_its_evidence() -> None:
    symptom = Why(told="gone", evidence=("message 1: no", "message 2: no", "message 3: no"))
    text = told(worlds.incident_diagnosis(symptom=symptom))
    assert "- message 2" in text
    assert "- message 3" not in text


def test_a_cause_without_owner_leaves_no_gap() -> None:
    text = told(worlds.incident_diagnosis(causes=(worlds.SERVER,)))
    assert "owner" not in text
