"""All pairs of live clients and servers, before a deploy and after it."""

from datetime import timedelta

import pytest

from skewcheck.core.build import BuildSha
from skewcheck.core.compatibility import Fit
from skewcheck.core.findings import Code
from skewcheck.core.live import Presence
from skewcheck.core.matrix import (
    Cell,
    build_matrix,
    build_matrix_after,
    clients_after,
    compare_pair,
    servers_after,
)
from skewcheck.core.survey import ContractReading, ServiceSurvey, Side, Survey
from tests.builders import (
    CHAT,
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    OLD_FORMAT,
    YESTERDAY,
    backend,
    candidate,
    contract,
    frontend,
    lingering,
    live,
    manifest,
    page,
    plane,
    revision,
    survey,
    target,
)
from tests.core.minimal_worlds import ABSENT, BROKEN, UNKNOWN_TO_GIT, V1, loads, speaks, split

HELD = plane(
    revision(created=NOW - timedelta(hours=1)),
    revision("acme-api-00001", OLD, created=LONG_AGO),
    session_affinity=True,
)


def cells(seen: Survey) -> dict[tuple[str, str], Cell]:
    [link] = build_matrix(seen)
    return {(str(cell.client), str(cell.server)): cell for cell in link.cells}


def after(seen: Survey) -> dict[tuple[str, str], Cell]:
    [link] = build_matrix_after(seen)
    return {(str(cell.client), str(cell.server)): cell for cell in link.cells}


def test_the_matrix_is_over_all_pairs_and_never_the_latest_only() -> None:
    seen = survey(frontend(lingering=(lingering(),)), split((NEW, 99), (NEXT, 1)))
    assert set(cells(seen)) == {
        (client, server) for client in (NEW.short, OLD.short) for server in (NEW.short, NEXT.short)
    }


def test_a_pair_is_as_old_as_the_younger_of_the_two() -> None:
    client, server = live(since=LONG_AGO), live(since=YESTERDAY)
    seen = survey()
    assert compare_pair(seen, "chat", client, server).since == YESTERDAY
    assert compare_pair(seen, "chat", client, live()).since == LONG_AGO
    assert compare_pair(seen, "chat", live(), live()).since is None


@pytest.mark.parametrize(
    ("client", "server", "told"),
    [
        pytest.param(None, NEW, "the client has no known build (HTTP 403)", id="client"),
        pytest.param(NEW, None, "the server has no known build (HTTP 403)", id="server"),
        pytest.param(None, None, "the client has no known build (HTTP 403)", id="both"),
    ],
)
def test_unnamed_builds_on_both_sides_never_count_as_equal(
    client: BuildSha | None, server: BuildSha | None, told: str
) -> None:
    pair = [live(each, why="HTTP 403") for each in (client, server)]
    cell = compare_pair(survey(), "chat", *pair)
    assert (cell.fit, cell.compatibility.code) == (Fit.UNKNOWN, None)
    assert cell.compatibility.sentence == told


@pytest.mark.parametrize("side", ["client", "server"])
@pytest.mark.parametrize(
    ("reading", "code"),
    [
        pytest.param(ABSENT, Code.CONTRACT_MISSING, id="absent"),
        pytest.param(BROKEN, Code.CONTRACT_INVALID, id="broken"),
    ],
)
def test_a_contract_missing_at_the_live_commit_makes_the_pair_unknown(
    side: Side, reading: ContractReading, code: Code
) -> None:
    seen = survey(contracts={("chat", side, NEW): reading})
    cell = compare_pair(seen, "chat", live(), live())
    assert (cell.fit, cell.compatibility.code) == (Fit.UNKNOWN, code)


def test_a_contract_that_nobody_read_makes_the_pair_unknown() -> None:
    cell = compare_pair(survey(), "chat", live(NEXT), live())
    assert cell.compatibility.code is Code.CONTRACT_MISSING
    assert "no contract was read for a3c7a3c" in cell.compatibility.sentence


def test_assumed_contracts_are_named() -> None:
    seen = survey(contracts=speaks("client", NEW, contract(assumed="contracts/before.yaml")))
    assert cells(seen)[NEW.short, NEW.short].assumed == ("contracts/before.yaml",)


def test_over_http_only_versions_are_compared() -> None:
    other_format = speaks("client", NEW, contract(fingerprint=OLD_FORMAT))
    http = manifest(links={"chat": CHAT | {"transport": "http"}})
    assert cells(survey(contracts=other_format))[NEW.short, NEW.short].fit is Fit.NO
    assert cells(survey(contracts=other_format, manifest=http))[NEW.short, NEW.short].fit is Fit.YES
    too_old = survey(contracts=speaks("client", NEW), manifest=http)
    assert cells(too_old)[NEW.short, NEW.short].fit is Fit.NO


def test_a_server_candidate_takes_all_traffic() -> None:
    seen = survey(split((NEW, 90), (OLD, 10)), candidates=[candidate()])
    [only] = servers_after(seen, "backend")
    assert (only.build, only.percent, only.presences) == (NEXT, 100, (Presence.CANDIDATE,))


def test_revisions_that_cookies_lead_to_stay_after_the_deploy_without_new_requests() -> None:
    service = backend(planes=(HELD,))
    seen = survey(service, candidates=[candidate()])
    _, new, old = servers_after(seen, "backend")
    assert (new.build, new.percent, new.presences) == (NEW, None, (Presence.AFFINITY,))
    assert old.build == OLD
    assert new.why == "session affinity may still lead to acme-api-00002"


def test_a_held_revision_of_the_candidates_own_build_is_the_candidate() -> None:
    service = backend(planes=(plane(revision(), session_affinity=True),))
    [only] = servers_after(survey(service, candidates=[candidate(build=NEW)]), "backend")
    assert only.presences == (Presence.CANDIDATE,)


def test_clients_of_today_live_on_beside_a_client_candidate() -> None:
    seen = survey(
        frontend(page=page(NEXT), lingering=(lingering(),)), candidates=[candidate("frontend", NEW)]
    )
    new, at_page, old = clients_after(seen, "frontend")
    assert (new.build, new.presences) == (NEW, (Presence.CANDIDATE,))
    assert (at_page.build, at_page.presences) == (NEXT, (Presence.PAGE,))
    assert (old.build, old.until) == (OLD, lingering().until)


def test_a_client_with_traffic_lingers_after_the_deploy() -> None:
    service = frontend(planes=(plane(),), edge=None, page=None)
    seen = survey(service, candidates=[candidate("frontend")])
    _, old = clients_after(seen, "frontend")
    assert old.only_may_linger
    assert (old.percent, old.until) == (None, NOW + timedelta(hours=12))


def test_a_candidate_of_unknown_build_is_live_without_a_name() -> None:
    seen = survey(candidates=[candidate("backend", UNKNOWN_TO_GIT)])
    assert [each.build for each in servers_after(seen, "backend")] == [None]
    client = survey(candidates=[candidate("frontend", UNKNOWN_TO_GIT)])
    assert [each.build for each in clients_after(client, "frontend")] == [None, NEW]


def test_without_a_candidate_the_worlds_are_the_same() -> None:
    seen = survey()
    assert [cell.client for cell in after(seen).values()] == [
        cell.client for cell in cells(seen).values()
    ]


def test_a_pair_that_fits_or_is_unknown_is_never_pre_existing() -> None:
    unknown = survey(contracts=speaks("client", NEW, ABSENT), candidates=[candidate()])
    assert not any(cell.pre_existing for cell in after(unknown).values())
    mended = survey(
        contracts=speaks("client", NEW) | speaks("server", NEXT, contract("2.1", ">=1")),
        candidates=[candidate()],
    )
    assert not after(mended)[NEW.short, NEXT.short].pre_existing


@pytest.mark.parametrize(
    ("before", "pre_existing"),
    [
        pytest.param([(OLD, 100)], True, id="all of it failed"),
        pytest.param([(OLD, 50), (NEXT, 50)], True, id="every build failed"),
        pytest.param([(OLD, 90), (NEW, 10)], False, id="nine tenths failed"),
        pytest.param([(NEW, 90), (OLD, 10)], False, id="a tenth failed"),
        pytest.param([(NEW, 100)], False, id="nothing failed"),
        pytest.param([(OLD, 50), (None, 50)], False, id="half failed, half is unknown"),
        pytest.param([], False, id="nothing was there"),
    ],
)
def test_a_failing_candidate_is_no_worse_only_where_every_server_failed(
    before: list[tuple[BuildSha | None, int]], *, pre_existing: bool
) -> None:
    candidate_build = candidate(build=NEXT)
    too_new = contract("3.0", ">=3")
    contracts = speaks("server", OLD, too_new) | speaks("server", NEXT, too_new)
    service = split(*before) if before else backend(planes=(plane(targets=[target(percent=0)]),))
    seen = survey(service, candidates=[candidate_build], contracts=contracts)
    assert after(seen)[NEW.short, NEXT.short].pre_existing is pre_existing


def test_a_held_pair_that_failed_before_stays_pre_existing() -> None:
    service = backend(planes=(HELD,))
    seen = survey(service, candidates=[candidate()], contracts=speaks("server", OLD, V1))
    assert after(seen)[NEW.short, OLD.short].pre_existing


@pytest.mark.parametrize(
    ("service", "pre_existing"),
    [
        pytest.param(loads(OLD), True, id="everybody runs it"),
        pytest.param(loads(OLD, lingering=(lingering(NEXT),)), True, id="others only linger"),
        pytest.param(frontend(lingering=(lingering(),)), False, id="it only lingers"),
        pytest.param(frontend(page=page(OLD)), False, id="some get it"),
        pytest.param(frontend(), False, id="nobody has it"),
    ],
)
def test_a_failing_client_candidate_is_no_worse_only_where_everybody_runs_it(
    service: ServiceSurvey, *, pre_existing: bool
) -> None:
    seen = survey(
        service,
        candidates=[candidate("frontend", OLD)],
        contracts=speaks("client", OLD),
    )
    assert after(seen)[OLD.short, NEW.short].pre_existing is pre_existing
