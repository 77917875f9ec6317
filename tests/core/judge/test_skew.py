"""Skew between the live builds of a link, with its cause and its cure, and when it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.skew import judge_link, safe_at
from skewcheck.core.matrix import build_matrix, build_matrix_after
from skewcheck.core.survey import ContractReading, ServiceSurvey, Survey
from tests.builders import (
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    backend,
    candidate,
    commit,
    contract,
    document,
    frontend,
    lingering,
    page,
    plane,
    survey,
    unreadable,
)
from tests.core.minimal_worlds import ABSENT, BROKEN, V1, loads, speaks, split


def found(seen: Survey) -> list[Finding]:
    [link] = build_matrix(seen)
    return list(judge_link(seen, link))


def only(seen: Survey) -> Finding:
    [finding] = found(seen)
    return finding


def test_a_link_on_which_all_fits_is_not_reported() -> None:
    assert found(survey()) == []


def test_skew_names_both_sides_with_what_keeps_them_live() -> None:
    seen = survey(contracts=speaks("client", NEW))
    told = only(seen)
    assert told.sentence == (
        "frontend 9e39e39 (the edge serves it; the edge serves its page) cannot talk to"
        " backend 9e39e39 (100% of traffic): client speaks 1.0, server accepts >=2.0,<3"
    )
    assert (told.subject, told.owner) == ("chat", "web (C012AB), api")
    assert told.pair == (NEW, NEW)
    assert told.fix == "deploy a build of backend that accepts 1.0 as frontend 9e39e39 speaks it"


def test_every_pair_that_does_not_fit_is_a_finding_of_its_own() -> None:
    seen = survey(split((NEW, 50), (OLD, 50)), contracts=speaks("client", NEW))
    assert {each.pair for each in found(seen)} == {(NEW, NEW), (NEW, OLD)}


def test_a_stale_client_is_mended_at_its_edge() -> None:
    seen = survey(frontend(page=page(OLD), planes=(plane(),)), contracts=speaks("client", OLD))
    told = only(seen)
    assert "stale hop: only the edge of frontend still holds 01d01d0" in told.evidence
    assert told.fix.startswith("gcloud compute url-maps invalidate-cdn-cache")


def test_a_lingering_client_is_waited_for() -> None:
    seen = survey(frontend(lingering=(lingering(),)), contracts=speaks("client", OLD))
    told = only(seen)
    assert told.code is Code.LINGERING_CLIENT_SKEW
    assert told.evidence == ("such a client may live until 2026-11-24 08:10 UTC",)
    assert told.fix == "wait until 2026-11-24 08:10 UTC, or widen what the server accepts"


def test_a_client_candidate_needs_its_server_first() -> None:
    seen = survey(candidates=[candidate("frontend")], contracts=speaks("client", NEXT))
    [link] = build_matrix_after(seen)
    [told] = judge_link(seen, link)
    assert told.fix == "deploy a build of backend that accepts it first"


def test_the_younger_of_the_two_changes_is_blamed() -> None:
    old = commit(OLD, "Open chat")
    older = replace(old, at=LONG_AGO)
    contracts = speaks("client", NEW, replace(V1, changed=older))
    contracts |= speaks("server", NEW, contract(changed=commit()))
    assert only(survey(contracts=contracts)).evidence == (
        "the contract changed in 9e39e39 'Send the token as a subprotocol' by Ada on 2026-11-22",
    )


def test_an_assumed_contract_is_shown_as_assumed() -> None:
    seen = survey(contracts=speaks("client", NEW, replace(V1, assumed="contracts/before.yaml")))
    assert only(seen).evidence == (
        "assumed: contracts/before.yaml stands for a contract from before there was one",
    )


def test_without_any_pair_nothing_was_checked() -> None:
    told = only(survey(backend(planes=(), edge=None)))
    assert (told.code, told.severity) == (Code.NOTHING_TO_CHECK, Severity.UNKNOWN)
    assert told.sentence == "no pair of a live frontend and a live backend was found"


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        pytest.param(ABSENT, Code.CONTRACT_MISSING, id="missing"),
        pytest.param(BROKEN, Code.CONTRACT_INVALID, id="broken"),
    ],
)
def test_a_contract_that_is_not_known_is_told_once_with_its_cure(
    reading: ContractReading, code: Code
) -> None:
    seen = survey(split((NEW, 50), (OLD, 50)), contracts={("chat", "client", NEW): reading})
    told = only(seen)
    assert (told.code, told.severity, told.fix) == (code, Severity.UNKNOWN, reading.fix)  # type: ignore[union-attr]


def test_contracts_of_two_protocols_point_to_the_link() -> None:
    other = contract()
    other = replace(other, terms=replace(other.terms, protocol="billing"))
    told = only(survey(contracts=speaks("server", NEW, other)))
    assert (told.code, told.fix) == (
        Code.CONTRACT_INVALID,
        "see links.chat in manifests/staging.yaml",
    )


def test_a_pair_with_an_unnamed_side_is_masked_by_what_hides_it() -> None:
    told = only(survey(backend(planes=(unreadable(detail="HTTP 403"),))))
    assert (told.code, told.severity) == (Code.MASKED, Severity.UNKNOWN)
    assert told.sentence == "not compared: the server has no known build (HTTP 403)"


@pytest.mark.parametrize(
    ("service", "ends"),
    [
        pytest.param(loads(OLD, planes=(plane(),)), None, id="for how long is unknown"),
        pytest.param(
            frontend(edge=document(OLD), page=page(OLD, fresh_for_s=3600), planes=(plane(),)),
            NOW + timedelta(hours=13),
            id="a stale copy with a known end",
        ),
        pytest.param(
            frontend(edge=document(OLD), page=page(OLD, fresh_for_s=3600)),
            None,
            id="no copy but the only build there is",
        ),
        pytest.param(
            frontend(edge=document(OLD), page=unreadable(), planes=(plane(),)),
            None,
            id="the page was not read",
        ),
    ],
)
def test_a_client_at_the_edge_ends_with_a_stale_copy_only(
    service: ServiceSurvey, ends: object
) -> None:
    seen = survey(service)
    [link] = build_matrix(seen)
    [cell] = [each for each in link.cells if each.client.build == OLD]
    assert safe_at(seen, "frontend", cell) == ends


def test_todays_edge_is_a_copy_once_a_candidate_replaces_it() -> None:
    served = frontend(edge=document(OLD), page=page(OLD, fresh_for_s=3600))
    seen = survey(served, candidates=[candidate("frontend")])
    [link] = build_matrix_after(seen)
    ends = {cell.client.build: safe_at(seen, "frontend", cell) for cell in link.cells}
    assert ends == {NEXT: None, OLD: NOW + timedelta(hours=13)}


def test_a_lingering_client_ends_by_itself() -> None:
    seen = survey(frontend(lingering=(lingering(),)))
    [link] = build_matrix(seen)
    assert [safe_at(seen, "frontend", cell) for cell in link.cells] == [None, lingering().until]


def test_a_pre_existing_pair_is_a_notice() -> None:
    seen = survey(contracts=speaks("client", NEW))
    [link] = build_matrix(seen)
    before = replace(link, cells=tuple(replace(each, pre_existing=True) for each in link.cells))
    assert [each.code for each in judge_link(seen, before)] == [Code.PRE_EXISTING]
