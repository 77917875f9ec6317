"""Where the builds of one service stand, which hop is stale, and who may be blamed for it."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.places import (
    at_the_edge,
    behind_the_edge,
    judge_places,
    stale_builds,
)
from skewcheck.core.survey import ServiceSurvey
from tests.builders import (
    API,
    APP,
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    YESTERDAY,
    ahead,
    backend,
    behind,
    commit,
    document,
    frontend,
    origin,
    page,
    plane,
    revision,
    survey,
    target,
    unreadable,
)
from tests.core.minimal_worlds import NO_PROMISE, loads, split


def found(service: ServiceSurvey, **changed: Any) -> list[Finding]:
    seen = survey(service, **changed)
    return list(judge_places(seen, seen.services[service.name]))


def only(service: ServiceSurvey, **changed: Any) -> Finding:
    [finding] = found(service, **changed)
    return finding


@pytest.mark.parametrize(
    ("service", "seen"),
    [
        pytest.param(backend(), {NEW: "control plane"}, id="control plane"),
        pytest.param(
            backend(origins=(origin(),)), {NEW: "control plane and origin"}, id="both agree"
        ),
        pytest.param(
            backend(origins=(origin(document(OLD)),)),
            {NEW: "control plane", OLD: "origin"},
            id="both, and they differ",
        ),
        pytest.param(
            backend(planes=(unreadable(),), origins=(origin(),)), {NEW: "origin"}, id="origin"
        ),
        pytest.param(
            frontend(beyond=document(OLD)), {OLD: "a cache-busting read, a hint"}, id="a hint"
        ),
        pytest.param(backend(beyond=document(OLD)), {NEW: "control plane"}, id="no hint needed"),
        pytest.param(frontend(), {}, id="nothing"),
        pytest.param(frontend(page=page(OLD)), {NEW: "by the version document, a hint"}, id="page"),
        pytest.param(frontend(edge=document(OLD)), {NEW: "by the page, a hint"}, id="document"),
        pytest.param(
            frontend(edge=document(OLD), page=page(NEXT)),
            {OLD: "by the version document, a hint"},
            id="neither is the promise",
        ),
        pytest.param(
            frontend(page=page(OLD), promise=NO_PROMISE),
            {NEW: "by the version document, a hint"},
            id="there is no promise",
        ),
    ],
)
def test_what_runs_behind_the_edge_comes_with_its_witness(
    service: ServiceSurvey, seen: dict[object, str]
) -> None:
    assert behind_the_edge(survey(service), service) == seen


def test_the_edge_holds_what_its_document_and_its_page_name() -> None:
    service = frontend(page=page(OLD))
    assert at_the_edge(survey(service), service) == {"version document": NEW, "page": OLD}
    nothing = frontend(edge=unreadable(), page=page(None))
    assert at_the_edge(survey(nothing), nothing) == {}


def test_only_builds_that_nothing_behind_the_edge_runs_are_stale() -> None:
    service = split((NEW, 90), (OLD, 10), edge=document(OLD))
    assert stale_builds(survey(service), service) == frozenset()
    stale = split((NEW, 100), edge=document(OLD))
    assert stale_builds(survey(stale), stale) == {OLD}
    alone = loads(OLD)
    assert stale_builds(survey(alone), alone) == frozenset()


def test_a_stale_edge_names_both_builds_the_hop_and_the_cure() -> None:
    service = frontend(
        edge=document(OLD), page=page(OLD, age_s=86400, missing=("jwt",)), beyond=document()
    )
    told = only(
        service,
        relations={("frontend", OLD): behind(2)},
        between={("frontend", OLD): (commit(),)},
    )
    assert (told.code, told.severity) == (Code.STALE_EDGE, Severity.BLOCK)
    assert told.sentence == (
        "the edge serves 01d01d0 (version document and page), but behind it runs 9e39e39"
        " (a cache-busting read, a hint)"
    )
    assert told.evidence == (
        f"stale hop: the edge at {APP}/ (Age 86400 s)",
        "the page and its scripts lack jwt",
        "a cache-busting query brings 9e39e39 (a hint only)",
        "01d01d0 is 2 commits behind the promise",
        "9e39e39 Send the token as a subprotocol (Ada, 2026-11-22)",
    )
    assert told.fix.startswith("gcloud compute url-maps invalidate-cdn-cache acme-web")
    assert told.owner == "web (C012AB)"


def test_a_stale_edge_without_a_page_is_the_documents() -> None:
    told = only(split((NEW, 100), edge=document(OLD, url=f"{API}/v")))
    assert told.evidence == (f"stale hop: the edge at {API}/v (no Age header)",)


@pytest.mark.parametrize(
    ("changed", "relations"),
    [
        pytest.param({}, {}, id="no relation"),
        pytest.param({}, {("frontend", OLD): ahead(1)}, id="ahead"),
        pytest.param({"promise": NO_PROMISE}, {("frontend", OLD): behind(2)}, id="no promise"),
    ],
)
def test_how_far_a_stale_edge_is_behind_is_told_only_if_known(
    changed: dict[str, Any], relations: dict[Any, Any]
) -> None:
    told = only(frontend(page=page(OLD), **changed), relations=relations)
    assert told.evidence == (f"stale hop: the edge at {APP}/ (no Age header)",)


def test_an_edge_that_only_a_page_speaks_for_may_be_stale() -> None:
    service = frontend(edge=unreadable(), page=page(OLD), beyond=unreadable(), planes=(plane(),))
    assert only(service).sentence.startswith("the edge serves 01d01d0 (page)")
    mute = frontend(edge=document(OLD), page=unreadable(), planes=(plane(),))
    assert only(mute).sentence.startswith("the edge serves 01d01d0 (version document)")


def test_a_stale_edge_holds_since_the_youngest_revision_behind_it() -> None:
    later = plane(revision("next", created=NOW + timedelta(hours=1)))
    service = split((NEW, 100), edge=document(OLD))
    assert only(service).since == LONG_AGO
    two = backend(planes=(plane(), later), edge=document(OLD))
    assert only(two).since == YESTERDAY
    gone = backend(
        planes=(plane(targets=[target("gone")]),), origins=(origin(),), edge=document(OLD)
    )
    assert only(gone).since is None


def test_two_stale_builds_at_one_edge_are_two_findings() -> None:
    service = frontend(edge=document(OLD), page=page(NEXT), planes=(plane(),))
    assert [each.code for each in found(service)] == [Code.STALE_EDGE] * 2


def test_a_cache_busting_read_never_blames_the_origin() -> None:
    assert [each.code for each in found(frontend(beyond=document(OLD)))] == [Code.STALE_EDGE]
    assert found(backend(beyond=document(OLD))) == []


@pytest.mark.parametrize(
    ("name", "where"),
    [
        pytest.param("", "the origin", id="the common URL"),
        pytest.param("acme-api-00002", "revision acme-api-00002", id="a revision's own URL"),
    ],
)
def test_an_origin_that_answers_with_another_build_is_stale(name: str, where: str) -> None:
    told = only(backend(origins=(origin(document(OLD, url=API), revision=name),)))
    assert told.code is Code.STALE_ORIGIN
    assert told.sentence == (
        f"{where} answers with 01d01d0, but the control plane says 9e39e39 runs"
    )
    assert told.evidence == (f"read directly at {API}",)


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(split((NEW, 9), (OLD, 1), origins=(origin(document(OLD)),)), id="split"),
        pytest.param(split((NEW, 9), (None, 1), origins=(origin(document(OLD)),)), id="nameless"),
        pytest.param(
            backend(
                planes=(plane(targets=[target(percent=90), target("gone", 10)]),),
                origins=(origin(document(OLD)),),
            ),
            id="a revision that is not listed",
        ),
        pytest.param(backend(planes=(), origins=(origin(document(OLD)),), edge=None), id="alone"),
        pytest.param(backend(origins=(origin(unreadable()),)), id="an origin that says nothing"),
        pytest.param(
            backend(
                planes=(plane(), plane(revision("east"), region="us-east1")),
                origins=(origin(revision="east"),),
            ),
            id="another region",
        ),
    ],
)
def test_an_origin_is_not_blamed_for_what_may_well_be(service: ServiceSurvey) -> None:
    assert Code.STALE_ORIGIN not in {each.code for each in found(service)}
