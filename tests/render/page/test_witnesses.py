"""What each witness said: its words, its mark, and the hop that is stale."""

from typing import Any

import pytest

from skewcheck.core.build import OpaqueId
from skewcheck.core.findings import Code
from skewcheck.core.judge import Judgement
from skewcheck.core.survey import PromiseUnreadable, ServiceSurvey
from skewcheck.render.page.services import COLUMNS, ServiceRow, service_rows
from skewcheck.render.page.witnesses import Said
from tests.builders import (
    NEW,
    OLD,
    backend,
    document,
    frontend,
    origin,
    page,
    plane,
    report,
    revision,
    service_survey,
    survey,
    target,
    unreadable,
)
from tests.render import worlds
from tests.render.page.views import document_of


def row(service: ServiceSurvey) -> ServiceRow:
    rows = service_rows(document_of(report(survey(service))))
    return next(each for each in rows if each.name == service.name)


def cell(service: ServiceSurvey, column: str) -> tuple[Said, ...]:
    return row(service).said[COLUMNS.index(column)]


def states(service: ServiceSurvey, column: str) -> list[tuple[str, str]]:
    return [(each.told, each.state) for each in cell(service, column)]


def test_what_is_as_promised_is_marked_equal() -> None:
    (said,) = cell(backend(), "control plane")
    assert said == Said(
        told=NEW.short, state="kept", build=NEW.value, mark="=", share="100%",
        where="acme-api-00002",
    )  # fmt: skip


def test_another_build_than_promised_differs() -> None:
    service = backend(planes=(plane(revision(build=OLD)),))
    (said,) = cell(service, "control plane")
    assert (said.told, said.mark, said.state) == (OLD.short, "≠ promise", "differs")


def test_without_a_promise_there_is_nothing_to_compare_with() -> None:
    service = backend(promise=PromiseUnreadable(why="no such ref", fix="git fetch"))
    assert cell(service, "promise")[0].where == "no such ref"
    assert states(service, "promise") == [("? promise-unreadable", "unknown")]
    assert states(service, "control plane") == [(NEW.short, "plain")]
    assert states(service_survey(promise=None), "promise") == []


def test_the_hop_that_is_stale_is_found_and_no_other() -> None:
    service = worlds.incident_survey().services["frontend"]
    found = {column: [each.state for each in cell(service, column)] for column in ("edge", "page")}
    rows = service_rows(document_of(worlds.incident()))
    (stale,) = (each for each in rows if each.is_stale)
    assert stale.name == "frontend"
    assert [each.mark for each in stale.said[COLUMNS.index("edge")]] == ["✗ stale edge"]
    assert found["edge"]


def test_a_page_is_stale_where_only_the_promise_says_what_it_should_hold() -> None:
    """No origin and no control plane: the two at the edge differ, so one of them is a copy."""
    service = frontend(edge=document(NEW), page=page(OLD))
    assert states(service, "edge") == [(NEW.short, "kept")]
    assert states(service, "page") == [(OLD.short, "stale")]


def test_a_cache_busting_read_says_what_is_behind_where_nothing_else_does() -> None:
    service = frontend(edge=document(NEW), page=page(NEW), beyond=document(OLD))
    assert states(service, "edge") == [(NEW.short, "stale")]


def test_what_the_origin_still_gives_out_is_not_stale_at_the_edge() -> None:
    two = plane(revision(build=NEW), revision("acme-api-00001", OLD), targets=(
        target(percent=90), target("acme-api-00001", percent=10),
    ))  # fmt: skip
    service = backend(planes=(two,), edge=document(OLD))
    assert states(service, "edge") == [(OLD.short, "differs")]


def test_an_origin_that_answers_with_another_build_than_its_revision_is_stale() -> None:
    service = backend(origins=(origin(document(OLD)),))
    (said,) = cell(service, "origin")
    assert (said.state, said.mark) == ("stale", "✗ stale origin")


def test_nothing_is_stale_that_was_not_judged_to_be() -> None:
    service = backend(origins=(origin(document(OLD)),), edge=document(OLD))
    seen = report(survey(service), Judgement(findings=(), matrix=()))
    assert not any(each.is_stale for each in service_rows(document_of(seen)))


def test_each_revision_is_held_against_its_own_build() -> None:
    named = (revision(build=NEW), revision("acme-api-00001", OLD))
    service = backend(
        planes=(plane(*named),),
        origins=(
            origin(document(OLD), revision="acme-api-00001"),
            origin(document(OLD), revision="acme-api-00002"),
        ),
    )
    assert [each.state for each in cell(service, "origin")] == ["differs", "stale"]


def test_what_could_not_be_read_says_why() -> None:
    service = backend(
        planes=(unreadable(Code.UNAUTHORIZED, detail="no permission"),),
        origins=(origin(unreadable(), revision="r-1"),),
        edge=unreadable(Code.NOT_JSON),
    )
    assert [(each.told, each.where) for each in cell(service, "control plane")] == [
        ("? unauthorized", "no permission")
    ]
    assert [(each.told, each.where) for each in cell(service, "origin")] == [
        ("? unreachable", "r-1")
    ]
    assert states(service, "edge") == [("? not-json", "unknown")]


def test_a_build_that_git_does_not_know_is_unknown_and_never_equal() -> None:
    opaque = OpaqueId("build-77")
    service = backend(edge=document(opaque))
    looked = survey(service, builds={})
    rows = service_rows(document_of(report(looked)))
    said = next(each for each in rows if each.name == "backend").said[COLUMNS.index("edge")]
    assert [(each.mark, each.state) for each in said] == [("? not in the repository", "unknown")]


def test_a_revision_without_a_build_has_a_share_and_no_name() -> None:
    (said,) = cell(backend(planes=(plane(revision(build=None)),)), "control plane")
    assert (said.told, said.share, said.state) == ("? unnamed", "100%", "unknown")


def test_several_regions_are_named_and_one_without_traffic_is_told() -> None:
    service = backend(planes=(plane(region="a"), plane(region="b", targets=())))
    seen = report(survey(service), Judgement(findings=(), matrix=()))
    (_, one) = service_rows(document_of(seen))
    said = one.said[COLUMNS.index("control plane")]
    assert [(each.told, each.where) for each in said] == [
        (NEW.short, "acme-api-00002 a"),
        ("no traffic", "b"),
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, [("? page-unproven", "unknown")]),
        ({"required": ("a",)}, [("has a", "kept")]),
        ({"required": ("a", "b"), "missing": ("b",)}, [("lacks b", "differs")]),
        (
            {"required": ("a",), "missing": ("a",), "unread": ("x.js",)},
            [("? page-unproven", "unknown")],
        ),
        (
            {"required": ("a",), "gone": ("x.js", "y.js")},
            [("has a", "kept"), ("2 assets gone", "differs")],
        ),
        ({"required": ("a",), "gone": ("x.js",)}, [("has a", "kept"), ("1 asset gone", "differs")]),
    ],
    ids=str,
)
def test_a_page_that_names_no_build_tells_what_it_holds(
    changed: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert states(frontend(page=page(None, **changed)), "page") == told


def test_a_page_that_could_not_be_read_is_unknown() -> None:
    assert states(frontend(page=unreadable()), "page") == [("? unreachable", "unknown")]


def test_a_silent_witness_is_told_apart_from_one_that_was_left_out_or_cannot_be() -> None:
    service = service_survey(witnesses=frozenset({"edge"}), undeclared=("origin",))
    assert states(service, "edge") == [("? not read", "unknown")]
    assert states(service, "origin") == [("not declared", "silent")]
    assert states(service, "page") == []
