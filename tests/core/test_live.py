"""Who is live: every build that somebody may meet, each with what keeps it live."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.build import Build, BuildName, OpaqueId, ShortSha
from skewcheck.core.control_plane import Revision
from skewcheck.core.findings import Code
from skewcheck.core.history import NotInHistory
from skewcheck.core.live import Live, Presence, identify_reading, live_clients, live_servers
from skewcheck.core.reading import PageReading
from skewcheck.core.survey import ServiceSurvey, Survey
from tests.builders import (
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    backend,
    document,
    frontend,
    lingering,
    live,
    manifest,
    origin,
    page,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.minimal_worlds import UNKNOWN_TO_GIT, split

UUID = OpaqueId("4a0c3b1e-0000-4000-8000-000000000000")


def servers(service: ServiceSurvey, **changed: Any) -> dict[Build | None, Live]:
    return _by_build(live_servers(survey(service, **changed), "backend"))


def clients(service: ServiceSurvey, **changed: Any) -> dict[Build | None, Live]:
    return _by_build(live_clients(survey(service, **changed), "frontend"))


def _by_build(lives: tuple[Live, ...]) -> dict[Build | None, Live]:
    return {each.build: each for each in lives}


def test_every_revision_with_traffic_is_live_with_its_share() -> None:
    found = servers(split((NEW, 90), (OLD, 10)))
    assert {build: each.percent for build, each in found.items()} == {NEW: 90, OLD: 10}


def test_a_revision_without_traffic_is_not_live() -> None:
    assert set(servers(split((NEW, 100), (OLD, 0)))) == {NEW}


def test_two_targets_of_one_build_add_up() -> None:
    found = servers(split((NEW, 60), (NEW, 30), (OLD, 10)))
    assert found[NEW].percent == 90
    assert found[NEW].revisions == ("acme-api-00009", "acme-api-00008")


def test_all_regions_count() -> None:
    east = plane(revision("acme-api-east", OLD), region="us-east1")
    found = servers(backend(planes=(plane(), east)))
    assert {build: each.percent for build, each in found.items()} == {NEW: 100, OLD: 100}


def test_traffic_that_follows_latest_leads_to_the_revision_that_latest_is() -> None:
    following = plane(targets=[target("acme-api-00002", follows_latest=True)])
    assert set(servers(backend(planes=(following,)))) == {NEW}


def test_a_region_that_cannot_be_read_is_live_without_a_name() -> None:
    found = servers(backend(planes=(plane(), unreadable(detail="HTTP 403"))))
    assert set(found) == {NEW, None}
    assert found[None].why == "HTTP 403"


@pytest.mark.parametrize(
    ("listed", "builds"),
    [
        pytest.param((revision(build=None),), None, id="named by nothing"),
        pytest.param((revision("another"),), None, id="not listed any more"),
        pytest.param((revision(),), {("backend", NEW): UNKNOWN_TO_GIT}, id="unknown to git"),
    ],
)
def test_a_revision_of_unknown_build_is_never_left_out(
    listed: tuple[Revision, ...], builds: dict[tuple[str, Build], NotInHistory] | None
) -> None:
    service = backend(planes=(plane(*listed, targets=[target()]),), edge=None)
    told = {} if builds is None else {"builds": builds}
    assert set(servers(service, **told)) == {None}


def test_the_control_plane_outranks_what_a_revision_says_of_itself() -> None:
    found = servers(backend(origins=(origin(document(OLD)),)))
    assert found[NEW].presences == (Presence.TRAFFIC,)
    assert found[OLD].presences == (Presence.ORIGIN,)


def test_a_sole_nameless_revision_is_named_by_the_origin() -> None:
    found = servers(backend(planes=(plane(revision(build=None)),), origins=(origin(),)))
    assert found[NEW].presences == (Presence.TRAFFIC, Presence.ORIGIN)
    assert found[NEW].percent == 100


def test_a_nameless_revision_is_named_by_its_own_url_and_no_other() -> None:
    reads = origin(document(NEXT), revision="acme-api-00008"), origin(document(NEW))
    found = servers(split((NEW, 90), (None, 10), origins=reads))
    assert found[NEXT].percent == 10


def test_a_nameless_revision_beside_another_is_not_named_by_the_common_url() -> None:
    found = servers(split((NEW, 90), (None, 10), origins=(origin(),)))
    assert found[None].percent == 10


def test_a_revision_whose_answers_differ_has_no_name() -> None:
    reads = origin(document(NEW)), origin(document(OLD))
    found = servers(backend(planes=(plane(revision(build=None)),), origins=reads))
    assert found[None].percent == 100


def test_the_edge_of_a_server_counts_only_where_nothing_behind_it_can_be_seen() -> None:
    stale = document(OLD)
    assert set(servers(backend(edge=stale))) == {NEW}
    assert set(servers(backend(planes=(), edge=stale))) == {OLD}


def test_session_affinity_leads_back_to_revisions_from_before() -> None:
    young = revision(created=NOW - timedelta(hours=1))
    old = revision("acme-api-00001", OLD, created=LONG_AGO)
    oldest = revision("acme-api-00000", NEXT, created=LONG_AGO - timedelta(days=1))
    held = servers(backend(planes=(plane(young, old, oldest, session_affinity=True),)))
    assert held[OLD].presences == (Presence.AFFINITY,)
    assert held[OLD].percent is None
    assert held[NEW].presences == (Presence.TRAFFIC, Presence.AFFINITY)
    assert NEXT not in held


def test_without_session_affinity_nobody_is_led_back() -> None:
    young = revision(created=NOW - timedelta(hours=1))
    old = revision("acme-api-00001", OLD, created=LONG_AGO)
    assert set(servers(backend(planes=(plane(young, old),)))) == {NEW}


def test_a_nameless_revision_with_affinity_takes_the_name_that_its_url_tells() -> None:
    nameless = plane(revision(build=None), session_affinity=True)
    assert set(servers(backend(planes=(nameless,), origins=(origin(),)))) == {NEW}


def test_a_client_is_live_wherever_users_get_it() -> None:
    old = lingering(OLD)
    found = clients(frontend(page=page(NEXT), lingering=(old,)))
    assert found[NEW].presences == (Presence.EDGE,)
    assert found[NEXT].presences == (Presence.PAGE,)
    assert found[OLD].presences == (Presence.LINGERING,)
    assert found[OLD].only_may_linger
    assert found[OLD].until == old.until


def test_a_client_that_is_still_served_does_not_merely_linger() -> None:
    found = clients(frontend(lingering=(lingering(NEW),)))
    assert not found[NEW].only_may_linger
    assert found[NEW].until is None


def test_a_client_lingers_until_the_latest_of_all_its_reasons() -> None:
    sooner, later = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
    both = lingering(until=later), lingering(until=sooner)
    assert clients(frontend(lingering=both))[OLD].until == later
    assert clients(frontend(lingering=both[::-1]))[OLD].until == later


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(page(None), id="names no build"),
        pytest.param(page(None, required=("jwt",), missing=("jwt",)), id="lacks what it must have"),
        pytest.param(unreadable(Code.UNAUTHORIZED), id="was not read"),
    ],
)
def test_a_page_that_proves_nothing_is_a_client_without_a_name(seen: PageReading) -> None:
    assert clients(frontend(page=seen))[None].presences == (Presence.PAGE,)


def test_a_page_with_all_that_it_must_contain_proves_its_version_document() -> None:
    assert set(clients(frontend(page=page(None, required=("jwt",))))) == {NEW}


def test_an_edge_that_was_not_read_is_a_client_without_a_name() -> None:
    assert set(clients(frontend(edge=unreadable()))) == {NEW, None}


def test_a_service_that_nobody_looked_at_has_nobody_live() -> None:
    assert clients(frontend(edge=None, page=None)) == {}


def test_a_short_commit_is_the_one_that_git_expands_it_to() -> None:
    short = ShortSha(NEW.short)
    seen = survey(frontend(edge=document(short)), builds={("frontend", short): NEW})
    assert identify_reading(seen, seen.services["frontend"], BuildName(short)) == NEW


def _opaque(*reads: str, planes: int = 1) -> tuple[Survey, ServiceSurvey]:
    """Two serving revisions; those of `reads` answer with the same UUID."""
    service = split((NEW, 90), (OLD, 10))
    others = tuple(plane(revision("acme-web"), region="us-east1") for _ in range(1, planes))
    origins = tuple(origin(document(UUID), revision=name) for name in reads)
    service = backend(planes=(*service.planes, *others), origins=origins, edge=document(UUID))
    return survey(service), service


@pytest.mark.parametrize("planes", [1, 2])
def test_an_opaque_id_is_the_build_whose_origin_answers_with_the_same(planes: int) -> None:
    seen, service = _opaque("acme-api-00009", planes=planes)
    assert identify_reading(seen, service, BuildName(UUID)) == NEW


@pytest.mark.parametrize(
    "reads",
    [
        pytest.param([], id="nobody answers with it"),
        pytest.param(["acme-api-00009", "acme-api-00008"], id="two builds answer with it"),
        pytest.param([""], id="the common URL leads to two builds"),
    ],
)
def test_an_opaque_id_that_could_be_two_builds_is_none(reads: list[str]) -> None:
    seen, service = _opaque(*reads)
    assert identify_reading(seen, service, BuildName(UUID)) is None


def test_a_live_build_is_shown_by_seven_digits() -> None:
    assert str(live(NEW)) == "9e39e39"
    assert str(live(None)) == "unknown build"


def test_how_long_affinity_holds_is_the_services_own_word() -> None:
    old = revision("acme-api-00001", OLD, created=NOW - timedelta(hours=30))
    older = revision("acme-api-00000", NEXT, created=NOW - timedelta(hours=40))
    held = backend(planes=(plane(revision(), old, older, session_affinity=True),))
    two_days = manifest(policy={"lingers": "36h"})
    assert NEXT not in servers(held)
    assert set(servers(held, manifest=two_days)) == {NEW, OLD, NEXT}
