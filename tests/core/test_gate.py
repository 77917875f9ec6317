"""The gate: what a deploy adds or worsens decides, and what was broken before does not."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.findings import Code, Severity, Verdict
from skewcheck.core.gate import judge_gate
from skewcheck.core.judge import Judgement, judge
from skewcheck.core.survey import ContractReading, ServiceSurvey, Side
from tests.builders import (
    API,
    BACKEND,
    CHAT,
    FRONTEND,
    LONG_AGO,
    NEW,
    NEXT,
    NOW,
    OLD,
    OLD_FORMAT,
    backend,
    candidate,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    origin,
    page,
    plane,
    revision,
    service_survey,
    survey,
    unreadable,
)
from tests.core.minimal_worlds import (
    ABSENT,
    BROKEN,
    NO_PROMISE,
    V1,
    codes,
    loads,
    runs,
    speaks,
    split,
    the,
)

TOO_NEW = contract("3.0", ">=3")
WIDE = contract("3.0", ">=1")


def gate(*services: ServiceSurvey, strict: bool = False, **changed: Any) -> Judgement:
    said: dict[str, Any] = {"candidates": [candidate()]} | changed
    return judge_gate(survey(*services, **said), strict=strict)


def auth(**changed: Any) -> ServiceSurvey:
    said: dict[str, Any] = {"planes": (plane(),), "edge": document(url=f"{API}/auth/__version__")}
    return service_survey("auth", **(said | changed))


def test_without_a_candidate_the_world_as_it_is_decides() -> None:
    seen = survey(frontend(page=page(OLD)))
    assert judge_gate(seen) == judge(seen)


def test_a_candidate_that_fits_everybody_passes() -> None:
    assert gate().verdict is Verdict.PASS


def test_a_candidate_that_breaks_a_client_which_worked_is_blocked() -> None:
    judgement = gate(contracts=speaks("server", NEXT, TOO_NEW))
    assert judgement.verdict is Verdict.BLOCK
    assert the(Code.PROTOCOL_SKEW, judgement).pair == (NEW, NEXT)


def test_a_candidate_that_breaks_a_client_in_open_tabs_is_blocked() -> None:
    judgement = gate(frontend(lingering=(lingering(),)), contracts=speaks("client", OLD, V1))
    assert the(Code.PRE_EXISTING, judgement).severity is Severity.NOTICE
    contracts = speaks("client", OLD, V1) | speaks("server", NEW, WIDE)
    worse = gate(frontend(lingering=(lingering(),)), contracts=contracts)
    assert the(Code.LINGERING_CLIENT_SKEW, worse).severity is Severity.BLOCK


def test_the_deploy_that_mends_is_never_blocked() -> None:
    broken: dict[str, Any] = {"contracts": speaks("client", NEW, V1) | speaks("server", NEXT, WIDE)}
    assert judge(survey(**broken)).verdict is Verdict.BLOCK
    assert gate(**broken).verdict is Verdict.PASS


def test_the_client_deploy_that_mends_is_never_blocked() -> None:
    broken: dict[str, Any] = {"contracts": speaks("client", OLD, V1)}
    served = loads(OLD)
    assert judge(survey(served, **broken)).verdict is Verdict.BLOCK
    mended = gate(served, **broken, candidates=[candidate("frontend", NEXT)])
    assert mended.verdict is Verdict.PASS
    assert Code.PRE_EXISTING in codes(mended)


def test_a_partial_mend_passes() -> None:
    contracts = speaks("client", OLD, V1) | speaks("client", NEW, contract("1.5", ">=1"))
    contracts |= speaks("server", NEXT, contract("2.5", ">=1.5,<3"))
    judgement = gate(frontend(lingering=(lingering(),)), contracts=contracts)
    assert judgement.verdict is Verdict.PASS
    assert the(Code.PRE_EXISTING, judgement).sentence.startswith("lingering-client-skew")


def test_a_share_that_worsens_from_a_tenth_to_all_is_blocked() -> None:
    contracts = speaks("server", OLD, TOO_NEW)
    judgement = gate(
        split((NEW, 90), (OLD, 10)), contracts=contracts, candidates=[candidate(build=OLD)]
    )
    assert judgement.verdict is Verdict.BLOCK


def test_a_client_that_only_lingers_is_not_brought_back_to_everybody() -> None:
    lenient = manifest(policy={"lingering_skew": "notice"})
    seen = survey(
        frontend(lingering=(lingering(),)),
        manifest=lenient,
        contracts=speaks("client", OLD, V1),
        candidates=[candidate("frontend", OLD)],
    )
    assert judge(seen).verdict is Verdict.PASS
    assert judge_gate(seen).verdict is Verdict.BLOCK


def test_strict_lets_everything_decide() -> None:
    before: dict[str, Any] = {"contracts": speaks("client", NEW, V1)}
    assert gate(**before).verdict is Verdict.PASS
    assert gate(**before, strict=True).verdict is Verdict.BLOCK
    lost = {"services": [auth(edge=unreadable())], "manifest": _with("auth", {"chat": CHAT})}
    assert _gate(lost).verdict is Verdict.PASS
    assert _gate(lost, strict=True).verdict is Verdict.INCONCLUSIVE


def _gate(world: dict[str, Any], *, strict: bool = False) -> Judgement:
    changed = {key: value for key, value in world.items() if key != "services"}
    return gate(*world["services"], strict=strict, **changed)


def _with(service: str, links: dict[str, Any]) -> Any:
    more = {"frontend": FRONTEND, "backend": BACKEND, service: BACKEND | {"url": f"{API}/auth"}}
    return manifest(services=more, links=links)


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(backend(planes=(unreadable(detail="no such service"),)), id="no such service"),
        pytest.param(backend(planes=(unreadable(Code.UNAUTHORIZED),)), id="no rights"),
        pytest.param(backend(planes=(), edge=None), id="nobody was asked"),
        pytest.param(backend(edge=unreadable()), id="its edge does not answer"),
        pytest.param(backend(planes=(plane(settled=False),)), id="it is still changing"),
        pytest.param(backend(planes=(plane(revision(build=None)),)), id="its build has no name"),
        pytest.param(backend(origins=(origin(unreadable()),)), id="its origin does not answer"),
    ],
)
def test_what_is_unknown_about_a_peer_decides(peer: ServiceSurvey) -> None:
    judgement = gate(peer, candidates=[candidate("frontend", NEXT)])
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_what_is_unknown_about_todays_clients_decides_for_a_client_candidate() -> None:
    judgement = gate(frontend(page=page(None)), candidates=[candidate("frontend", NEXT)])
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_what_is_unknown_about_a_server_that_is_replaced_decides_nothing() -> None:
    judgement = gate(backend(planes=(unreadable(detail="no such service"),)))
    assert judgement.verdict is Verdict.PASS


def test_a_contract_that_is_unknown_decides() -> None:
    for side, build, reading in _unknown_contracts():
        assert gate(contracts=speaks(side, build, reading)).verdict is Verdict.INCONCLUSIVE


def _unknown_contracts() -> list[tuple[Side, Any, ContractReading]]:
    return [("client", NEW, ABSENT), ("client", NEW, BROKEN), ("server", NEXT, ABSENT)]


def test_unrelated_services_do_not_decide() -> None:
    links = {"chat": CHAT, "login": CHAT | {"client": "auth", "server": "billing"}}
    more = {name: BACKEND | {"url": f"{API}/{name}"} for name in ("auth", "billing")}
    told = manifest(services={"frontend": FRONTEND, "backend": BACKEND, **more}, links=links)
    others = auth(), service_survey("billing", edge=unreadable(), witnesses=frozenset({"edge"}))
    assert judge(survey(*others, manifest=told)).verdict is Verdict.INCONCLUSIVE
    judgement = gate(*others, manifest=told)
    assert judgement.verdict is Verdict.PASS
    assert Code.PRE_EXISTING in codes(judgement)
    related = gate(*others, manifest=told, candidates=[candidate("auth")])
    assert related.verdict is Verdict.INCONCLUSIVE


def test_what_blocks_about_a_peer_by_itself_was_there_before() -> None:
    judgement = gate(frontend(page=page(gone=("https://app/a.js",))))
    assert the(Code.PRE_EXISTING, judgement).sentence.startswith("assets-gone")
    assert judgement.verdict is Verdict.PASS


def test_two_candidates_are_judged_with_each_other() -> None:
    both = [candidate("frontend", NEXT), candidate("backend", NEXT)]
    changed = speaks("client", NEXT, TOO_NEW) | speaks("server", NEXT, TOO_NEW)
    judgement = gate(candidates=both, contracts=changed)
    assert {each.pair for each in judgement.findings if each.pair} == {(NEW, NEXT)}
    bridged = changed | speaks("server", NEXT, WIDE)
    assert gate(candidates=both, contracts=bridged).verdict is Verdict.PASS


def test_a_candidate_on_no_link_was_compared_with_nobody() -> None:
    judgement = gate(auth(), manifest=_with("auth", {"chat": CHAT}), candidates=[candidate("auth")])
    assert the(Code.NOTHING_TO_CHECK, judgement).subject == "auth"
    assert judgement.verdict is Verdict.INCONCLUSIVE


def test_without_any_link_the_emptiness_is_told_once() -> None:
    judgement = gate(manifest=manifest(links={}))
    assert the(Code.NOTHING_TO_CHECK, judgement).subject == "staging"


def test_a_held_revision_that_fails_a_client_which_it_failed_before_passes() -> None:
    held = plane(
        revision(created=NOW - timedelta(hours=1)),
        revision("acme-api-00001", OLD, created=LONG_AGO),
        session_affinity=True,
    )
    judgement = gate(backend(planes=(held,)), contracts=speaks("server", OLD, V1))
    assert judgement.verdict is Verdict.PASS


def test_a_candidate_that_is_live_already_is_not_blocked_for_what_was_there() -> None:
    broken = speaks("client", NEW, contract(fingerprint=OLD_FORMAT))
    for service in ("frontend", "backend"):
        judgement = gate(contracts=broken, candidates=[candidate(service, NEW)])
        assert judgement.verdict is Verdict.PASS


def test_what_the_manifest_promises_may_be_deployed_though_it_is_not_yet() -> None:
    judgement = gate(runs(OLD), candidates=[candidate(build=NEW)])
    assert Code.NOT_DEPLOYED not in codes(judgement)
    assert judgement.verdict is Verdict.PASS


def test_an_unreadable_promise_of_the_candidate_decides() -> None:
    judgement = gate(backend(promise=NO_PROMISE))
    assert the(Code.PROMISE_UNREADABLE, judgement).severity is Severity.UNKNOWN
