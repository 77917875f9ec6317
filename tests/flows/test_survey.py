"""Clients that live on: sighted, served, or promised within the window."""

import json
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.errors import UsageError
from skewcheck.core.findings import Code, Verdict
from skewcheck.core.question import CandidateWanted
from skewcheck.core.report import Report
from tests.builders import LONG_AGO, NOW, YESTERDAY
from tests.flows.worlds import CHAT, MANIFEST, Acme, codes, contract, manifest

HOUR = timedelta(hours=1)
SCOPE = "staging@here"


def lingering(report: Report, service: str = "web") -> list[tuple[BuildSha, str]]:
    return [(each.build, each.why) for each in report.survey.services[service].lingering]


def pinned(web: BuildSha, api: BuildSha, **changed: Any) -> dict[str, Any]:
    written = manifest(**changed)
    for name, build in (("web", web), ("api", api)):
        del written["services"][name]["ref"]
        written["services"][name]["build"] = build.value
    return written


def test_what_a_survey_saw_live_is_left_for_the_next() -> None:
    acme = Acme()
    acme.report()
    seen = acme.world.sightings.since(SCOPE, NOW)
    assert [(each.service, each.build) for each in seen] == [("web", acme.new)]


def test_a_build_that_was_sighted_may_linger_until_the_window_closes() -> None:
    acme = Acme()
    acme.world.sightings.record(SCOPE, {"web": {acme.old}}, NOW - 11 * HOUR)
    report = acme.report()
    assert (acme.old, "seen live at 2026-11-23 11:10 UTC") in lingering(report)
    acme.world.clock.at += 2 * HOUR
    assert acme.old not in [build for build, _ in lingering(acme.report())]


def test_sightings_of_servers_do_not_linger() -> None:
    acme = Acme()
    acme.world.sightings.record(SCOPE, {"api": {acme.old}}, NOW - HOUR)
    assert acme.report().survey.services["api"].lingering == ()


def test_a_lingering_client_that_does_not_fit_blocks_a_gate() -> None:
    acme = Acme()
    acme.world.sightings.record(SCOPE, {"web": {acme.old}}, NOW - HOUR)
    changed = acme.commit({CHAT: contract(token="jwt-auth")}, "Rename the token")
    acme.run("web", changed)
    report = acme.report(CandidateWanted(service="api", named=changed.value))
    assert report.verdict is Verdict.BLOCK
    assert Code.LINGERING_CLIENT_SKEW in codes(report)


def test_revisions_that_served_within_the_window_may_linger() -> None:
    acme = Acme()
    acme.run("web", acme.new, acme.old)
    acme.world.clock.at = YESTERDAY + HOUR
    served = (acme.old, "revision web-1 may have served it")
    assert served in lingering(acme.report())
    acme.world.clock.at = YESTERDAY + 13 * HOUR
    assert served not in lingering(acme.report())


def test_a_pin_that_was_replaced_within_the_window_may_linger() -> None:
    acme = Acme()
    start = acme.promise(pinned(acme.old, acme.old), at=LONG_AGO)
    acme.promise(pinned(start, acme.old), at=NOW - HOUR)
    assert (acme.old, "git promised it until 2026-11-23 21:10 UTC") in lingering(acme.report())


def test_a_pin_that_was_replaced_long_ago_does_not_linger() -> None:
    acme = Acme()
    start = acme.promise(pinned(acme.old, acme.old), at=LONG_AGO)
    acme.promise(pinned(start, acme.old), at=NOW - 13 * HOUR)
    assert acme.old not in [build for build, _ in lingering(acme.report())]


def test_a_ref_with_paths_promised_only_the_commits_that_touched_them() -> None:
    written = manifest()
    written["services"]["web"]["paths"] = ["web/**"]
    acme = Acme(written=written)
    first = acme.commit({"web/a": "1"}, "A page", at=NOW - 5 * HOUR)
    acme.commit({"api/a": "1"}, "An api", at=NOW - 4 * HOUR)
    second = acme.commit({"web/a": "2"}, "A better page", at=NOW - 3 * HOUR)
    report = acme.report()
    promise = report.survey.services["web"].promise
    assert getattr(promise, "build", None) == second
    promised = [build for build, why in lingering(report) if why.startswith("git promised")]
    assert promised == [first]


def test_a_manifest_that_was_broken_for_a_while_ends_no_history() -> None:
    acme = Acme()
    start = acme.promise(pinned(acme.old, acme.old), at=NOW - 5 * HOUR)
    acme.commit({MANIFEST: "schema: ["}, "Break it", at=NOW - 2 * HOUR)
    acme.promise(pinned(start, acme.old), at=NOW - HOUR)
    assert acme.old in [build for build, _ in lingering(acme.report())]


def test_each_client_has_a_window_of_its_own() -> None:
    written = manifest()
    written["services"]["web"]["lingers"] = "1h"
    written["services"]["desk"] = {"ref": "main", "url": "https://desk.example", "static": {}}
    written["links"]["desk-chat"] = written["links"]["chat"] | {"client": "desk"}
    acme = Acme(written=written)
    seen = {"web": {acme.old}, "desk": {acme.old}}
    acme.world.sightings.record(SCOPE, seen, NOW - 2 * HOUR)
    report = acme.report()
    assert "seen live at 2026-11-23 20:10 UTC" not in [why for _, why in lingering(report)]
    assert (acme.old, "seen live at 2026-11-23 20:10 UTC") in lingering(report, "desk")


def test_a_promise_that_was_made_again_counts_from_the_second_time() -> None:
    acme = Acme()
    start = acme.promise(pinned(acme.old, acme.old), at=NOW - 5 * HOUR)
    acme.promise(pinned(start, acme.old), at=NOW - 2 * HOUR)
    acme.promise(pinned(acme.old, acme.old), at=NOW - HOUR)
    promise = acme.report().survey.services["web"].promise
    assert getattr(promise, "since", None) == NOW - HOUR


def test_an_empty_world_is_no_pass_and_leaves_no_sighting() -> None:
    acme = Acme()
    acme.promise(manifest(services={}, links={}))
    report = acme.report()
    assert codes(report) == {Code.NOTHING_TO_CHECK}
    assert report.verdict is Verdict.INCONCLUSIVE
    assert acme.world.sightings.since(SCOPE, LONG_AGO) == ()


def test_a_ref_that_is_missing_is_told_with_its_place() -> None:
    written = manifest()
    written["services"]["api"]["ref"] = "nowhere"
    with pytest.raises(UsageError, match=r"^services\.api\.ref: "):
        Acme(written=written).report()


def test_a_promise_that_git_does_not_hold_is_unknown() -> None:
    acme = Acme()
    written = pinned(BuildSha("e" * 40), acme.new)
    acme.commit({MANIFEST: json.dumps(written)}, "Promise what nobody has")
    report = acme.report()
    assert codes(report, "web") >= {Code.PROMISE_UNREADABLE}
    assert report.verdict is not Verdict.PASS


def test_paths_that_nothing_touches_are_an_unreadable_promise() -> None:
    written = manifest()
    written["services"]["web"]["paths"] = ["wbe/**"]
    report = Acme(written=written).report()
    (finding,) = (each for each in report.findings if each.code is Code.PROMISE_UNREADABLE)
    assert (finding.subject, finding.fix) == ("web", "correct the paths")
