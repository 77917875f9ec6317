from typing import Any

import pytest

from skewcheck.core.build import OpaqueId
from skewcheck.core.findings import Code
from skewcheck.core.history import NotInHistory, Relation, RelationKind
from skewcheck.core.survey import PromiseUnreadable, ServiceSurvey
from skewcheck.render.witnesses import legend, running_cell, witness_row
from tests.builders import (
    NEW,
    NEXT,
    OLD,
    ahead,
    backend,
    behind,
    candidate,
    document,
    frontend,
    origin,
    page,
    plane,
    revision,
    service_survey,
    survey,
    target,
    unreadable,
)


def said(service: ServiceSurvey, column: str, **changed: Any) -> list[str]:
    seen = survey(service, **changed)
    return [str(each) for each in witness_row(seen, service)[column]]


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        pytest.param(behind(2), "01d01d0 2 behind", id="behind"),
        pytest.param(ahead(1), "01d01d0 1 ahead", id="ahead"),
        pytest.param(Relation(RelationKind.DIVERGED), "01d01d0 diverged", id="diverged"),
        pytest.param(Relation(RelationKind.SAME), "01d01d0 =", id="same"),
        pytest.param(Relation(RelationKind.UNKNOWN), "01d01d0 differs", id="git cannot tell"),
    ],
)
def test_a_build_is_marked_with_how_it_stands_to_the_promise(relation: Relation, told: str) -> None:
    service = frontend(edge=document(OLD))
    assert said(service, "edge", relations={("frontend", OLD): relation}) == [told]


def test_the_promised_build_is_marked_as_equal() -> None:
    assert said(frontend(), "edge") == ["9e39e39 ="]


def test_without_a_promise_there_is_nothing_to_mark() -> None:
    assert said(frontend(promise=None), "edge") == ["9e39e39"]
    assert said(frontend(promise=None), "promise") == []


def test_an_unreadable_promise_is_unknown() -> None:
    broken = PromiseUnreadable(why="no such ref", fix="git fetch")
    assert said(frontend(promise=broken), "promise") == ["? promise-unreadable"]


def test_an_opaque_id_only_differs() -> None:
    service = frontend(edge=document(OpaqueId("b7x-42")))
    names = {("frontend", OpaqueId("b7x-42")): OpaqueId("b7x-42")}
    assert said(service, "edge", builds=names) == ["b7x-42 differs"]


def test_a_name_that_git_does_not_know_says_so() -> None:
    service = frontend(edge=document(OLD), page=page(OLD))
    assert said(service, "edge", builds={}) == ["01d01d0 ? build-not-in-repository"]
    assert said(service, "page", builds={}) == ["01d01d0 ? build-not-in-repository"]


def test_a_split_shows_each_share_with_its_revision() -> None:
    targets = target(percent=90), target("acme-api-00001", 10), target("acme-api-00001", 0, tag="c")
    split = plane(revision(), revision("acme-api-00001", OLD), targets=targets)
    told = said(backend(planes=(split,)), "control plane")
    assert told == ["90% 9e39e39 =  acme-api-00002", "10% 01d01d0 differs  acme-api-00001"]


def test_regions_are_named_where_there_are_several() -> None:
    planes = plane(), plane(region="europe-west1", targets=())
    told = said(backend(planes=planes), "control plane")
    assert told == ["100% 9e39e39 =  acme-api-00002 us-central1", "no traffic  europe-west1"]


def test_an_unreadable_control_plane_names_its_cause() -> None:
    service = backend(planes=(unreadable(Code.UNAUTHORIZED),))
    assert said(service, "control plane") == ["? unauthorized"]


def test_a_revision_without_a_name_is_unknown() -> None:
    nameless = plane(revision(build=None))
    told = said(backend(planes=(nameless,)), "control plane")
    assert told == ["100% ? unnamed  acme-api-00002"]


def test_a_revision_that_git_does_not_know_says_so() -> None:
    told = said(backend(), "control plane", builds={})
    assert told == ["100% 9e39e39 ? build-not-in-repository  acme-api-00002"]


def test_a_read_of_one_revision_names_it() -> None:
    service = backend(origins=(origin(), origin(unreadable(), revision="acme-api-00001")))
    assert said(service, "origin") == ["9e39e39 =", "? unreachable  acme-api-00001"]


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        pytest.param(page(), ["9e39e39 ="], id="it names its build"),
        pytest.param(page(None), ["? page-unproven"], id="it proves nothing"),
        pytest.param(page(None, required=("jwt",)), ["has jwt"], id="it has what is required"),
        pytest.param(
            page(None, required=("jwt",), missing=("jwt",)), ["lacks jwt"], id="it lacks it"
        ),
        pytest.param(
            page(None, required=("jwt",), missing=("jwt",), unread=("a.js: timed out",)),
            ["? page-unproven"],
            id="a script could not be searched",
        ),
        pytest.param(page(gone=("/a.js",)), ["9e39e39 =", "1 asset gone"], id="an asset is gone"),
        pytest.param(
            page(gone=("/a.js", "/b.js")), ["9e39e39 =", "2 assets gone"], id="two are gone"
        ),
        pytest.param(unreadable(), ["? unreachable"], id="it does not answer"),
    ],
)
def test_a_page_is_told_by_its_build_and_its_evidence(shown: Any, told: list[str]) -> None:
    assert said(frontend(page=shown), "page") == told


def test_a_witness_that_cannot_exist_is_empty_and_one_left_out_is_a_dash() -> None:
    service = service_survey(witnesses=frozenset({"edge"}), undeclared=("control-plane",))
    assert said(service, "origin") == []
    assert said(service, "control plane") == ["-"]
    assert said(service, "edge") == ["? not read"]


def test_a_candidate_is_marked_like_any_build() -> None:
    assert said(backend(), "candidate", candidates=[candidate(build=NEW)]) == ["9e39e39 ="]
    assert said(backend(), "candidate", candidates=[candidate(build=NEXT)]) == ["a3c7a3c differs"]
    unknown = candidate(build=NotInHistory("no such commit", "git fetch"))
    told = said(backend(), "candidate", candidates=[unknown])
    assert told == ["deadbee ? build-not-in-repository"]


def test_the_legend_explains_the_signs_that_occur() -> None:
    seen = survey()
    kept = witness_row(seen, seen.services["frontend"])
    assert legend([kept]) == "= as promised"
    assert legend([]) == ""


def test_what_runs_is_told_by_traffic_or_not_known() -> None:
    seen = survey(service_survey("frontend"), backend())
    assert [each.brief for each in running_cell(seen, seen.services["backend"])] == ["9e39e39 ="]
    assert [each.brief for each in running_cell(seen, seen.services["frontend"])] == ["? not known"]
