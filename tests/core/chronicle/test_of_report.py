"""From a report to a snapshot: nothing in it moves by itself, nothing live is left out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from skewcheck.core.chronicle.of_report import is_look, snapshot_of
from skewcheck.core.chronicle.snapshot import SeenBuild, SeenPair, Snapshot
from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.judge import Judgement
from skewcheck.core.survey import Survey
from tests.builders import (
    BACKEND,
    CHAT,
    FRONTEND,
    NEW,
    NOW,
    OLD,
    OLD_FORMAT,
    backend,
    candidate,
    contract,
    document,
    finding,
    frontend,
    lingering,
    manifest,
    plane,
    report,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.small_worlds import surveys

SKEWED: Any = {("chat", "client", OLD): contract(fingerprint=OLD_FORMAT)}


def seen(world: Survey) -> Snapshot:
    return snapshot_of(report(world))


def split(*percents: int) -> Any:
    revisions = [revision(f"api-{n}", build) for n, build in enumerate((NEW, OLD, None, None))]
    targets = [
        target(each.name, percent) for each, percent in zip(revisions, percents, strict=False)
    ]
    return plane(*revisions, targets=targets)


def test_a_world_in_which_all_fits_has_its_builds_and_nothing_else() -> None:
    assert seen(survey()) == Snapshot(
        verdict=Verdict.PASS,
        services={
            "backend": (SeenBuild(build=str(NEW), percent=100, presences=("traffic",)),),
            "frontend": (SeenBuild(build=str(NEW), presences=("edge", "page")),),
        },
    )


def test_a_pair_that_does_not_fit_stands_there_with_its_causes() -> None:
    told = seen(survey(frontend(edge=document(OLD)), contracts=SKEWED))
    assert told.verdict is Verdict.BLOCK
    assert told.pairs == (SeenPair(link="chat", client=str(OLD), server=str(NEW), fit="no"),)
    assert ("format-skew", "chat", Severity.BLOCK) in [
        (each.code, each.subject, each.severity) for each in told.causes
    ]


def test_the_share_of_a_pair_is_that_of_both_sides() -> None:
    web = frontend(planes=(split(80, 20),), edge=document(), page=None)
    rules = manifest(services={"frontend": FRONTEND, "backend": BACKEND})
    world = survey(web, backend(planes=(split(50, 50),)), manifest=rules, contracts=SKEWED)
    shares = {(each.client, each.server): each.percent for each in seen(world).pairs}
    assert shares == {(str(OLD), str(NEW)): 10, (str(OLD), str(OLD)): 10}


def test_what_has_no_name_is_one_build_and_one_side_of_a_pair() -> None:
    told = seen(survey(backend(planes=(split(50, 0, 30, 20),))))
    assert [(each.build, each.percent) for each in told.services["backend"]] == [
        ("", 50),
        (str(NEW), 50),
    ]
    assert [(each.server, each.fit, each.percent) for each in told.pairs] == [("", "unknown", None)]


def test_who_is_client_and_server_counts_once() -> None:
    links = {"chat": CHAT, "back": CHAT | {"client": "backend", "server": "frontend"}}
    told = seen(survey(
        frontend(lingering=(lingering(),)),
        backend(lingering=(lingering(NEW),)),
        manifest=manifest(links=links),
    ))  # fmt: skip
    (api,) = told.services["backend"]
    assert api == SeenBuild(build=str(NEW), percent=100, presences=("edge", "traffic"))
    old, new = told.services["frontend"]
    assert old.only_may_linger
    assert not new.only_may_linger


def test_a_lingering_client_that_is_seen_as_server_is_more_than_that() -> None:
    links = {"chat": CHAT, "back": CHAT | {"client": "backend", "server": "frontend"}}
    young = revision("api-2", created=NOW - timedelta(hours=1))
    old_one = revision("api-1", OLD)
    held = plane(young, old_one, targets=[target("api-2")], session_affinity=True)
    world = survey(
        backend(planes=(held,), lingering=(lingering(OLD),)), manifest=manifest(links=links)
    )
    (old,) = [each for each in seen(world).services["backend"] if each.build == str(OLD)]
    assert old.presences == ("session affinity",)


def test_a_service_without_links_is_told_too() -> None:
    told = seen(survey(manifest=manifest(links={})))
    assert all(told.services.values())


def test_notices_are_no_causes_and_the_same_cause_counts_once() -> None:
    found = (
        finding(Code.STALE_EDGE), finding(Code.STALE_EDGE, sentence="in another region"),
        finding(Code.SPLIT_TRAFFIC, severity=Severity.NOTICE),
        finding(Code.UNREACHABLE, severity=Severity.UNKNOWN, subject="backend"),
    )  # fmt: skip
    told = snapshot_of(report(judgement=Judgement(findings=found, matrix=())))
    assert [(each.code, each.subject) for each in told.causes] == [
        ("stale-edge", "frontend"),
        ("unreachable", "backend"),
    ]


def test_a_report_about_a_candidate_is_no_look() -> None:
    assert is_look(report())
    assert not is_look(report(survey(candidates=[candidate()])))


@given(surveys())
def test_an_hour_later_the_same_world_gives_the_same_snapshot(world: Survey) -> None:
    """What may linger until then stays; only that which is gone by then would go."""
    later = replace(world, at=world.at + timedelta(hours=1))
    assert seen(later).services == seen(world).services
    assert seen(later).pairs == seen(world).pairs


@given(surveys())
def test_the_order_in_which_a_platform_lists_changes_nothing(world: Survey) -> None:
    services = {
        name: replace(each, planes=each.planes[::-1], origins=each.origins[::-1])
        for name, each in [*world.services.items()][::-1]
    }
    assert seen(replace(world, services=services)) == seen(world)


@pytest.mark.parametrize("missing", ["edge", "page"])
def test_what_could_not_be_read_stands_there_without_a_name(missing: str) -> None:
    told = seen(survey(frontend(**{missing: unreadable()})))
    assert SeenBuild(build="", presences=(missing,)) in told.services["frontend"]
