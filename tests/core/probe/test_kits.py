"""What there is to probe on a link: whose formats, and at which places."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.build import Build, BuildSha, OpaqueId
from skewcheck.core.history import NotInHistory
from skewcheck.core.manifest import Manifest
from skewcheck.core.probe.kits import ProbePlan
from skewcheck.core.survey import ContractAbsent, Survey
from skewcheck.core.wire.script import Target
from tests.builders import (
    API,
    APP,
    BACKEND,
    CHAT,
    FRONTEND,
    NEW,
    NEXT,
    OLD,
    backend,
    candidate,
    contract,
    document,
    frontend,
    lingering,
    manifest,
    page,
    plane,
    revision,
    target,
)
from tests.core.probe.kit_worlds import OLDER, TAG_URL, deploying, plan, plans, world
from tests.links import tokenless


def builds(planned: ProbePlan) -> list[tuple[str, ...]]:
    """Of each format that must hold at the first place, who speaks it."""
    first = planned.kit.pairs[0][1]
    return [form.builds for form, place in planned.kit.pairs if place == first]


def places(planned: ProbePlan) -> list[str]:
    return [str(place) for _, place in planned.kit.pairs]


def split_backend(older: Build = OLD) -> Any:
    revisions = revision(), revision("acme-api-00001", older)
    targets = [
        target(each.name, 50, tag=f"t{number}", url=f"https://t{number}.run.app")
        for number, each in enumerate(revisions)
    ]
    return backend(planes=(plane(*revisions, targets=targets),))


def test_without_a_candidate_the_edge_is_probed_as_the_live_clients_speak() -> None:
    planned = plan(world())
    [(form, place)] = planned.kit.pairs
    assert place == Target(place="edge", url=f"{API}/ws")
    assert (form.builds, form.live, form.candidate) == ((NEW.value,), True, False)
    assert (planned.client, planned.server, planned.origin) == ("frontend", "backend", APP)
    assert (planned.doubts, planned.kit.others) == ((), ())
    assert [str(each) for each in planned.kit.directs] == ["revision acme-api-00002 directly"]


def test_clients_of_the_same_format_are_probed_once() -> None:
    served = frontend(page=page(OLD))
    assert builds(plan(world(served))) == [(NEW.value, OLD.value)]


def test_each_live_format_is_probed() -> None:
    served = frontend(page=page(OLD))
    contracts = {("chat", "client", OLD): OLDER}
    assert builds(plan(world(served, contracts=contracts))) == [(NEW.value,), (OLD.value,)]


def test_a_client_that_only_may_linger_is_left_to_the_matrix() -> None:
    old = frontend(lingering=(lingering(),))
    contracts = {("chat", "client", OLD): OLDER}
    assert builds(plan(world(old, contracts=contracts))) == [(NEW.value,)]
    planned = plan(world(old, contracts=contracts, **deploying()))
    assert (builds(planned), planned.kit.others) == ([(NEXT.value, NEW.value)], ())


@pytest.mark.parametrize(
    "reading",
    [
        pytest.param(ContractAbsent(why="no file", fix="commit it"), id="no contract"),
        pytest.param(contract(), id="no file to follow"),
    ],
)
def test_a_client_without_a_contract_to_follow_cannot_be_spoken_as(reading: Any) -> None:
    served = frontend(page=page(OLD))
    assert builds(plan(world(served, contracts={("chat", "client", OLD): reading}))) == [
        (NEW.value,)
    ]


def test_a_client_that_has_no_name_cannot_be_spoken_as() -> None:
    assert builds(plan(world(frontend(page=page(None))))) == [(NEW.value,)]


def test_of_a_split_every_revision_that_can_be_addressed_must_hold() -> None:
    assert places(plan(world(split_backend()))) == [
        "the edge",
        "revision acme-api-00002 directly",
        "revision acme-api-00001 directly",
    ]


def test_a_way_that_may_lead_to_any_revision_need_not_hold() -> None:
    untagged = plane(
        revision(), revision("acme-api-00001", OLD), url="https://acme-api-y.a.run.app",
        targets=[target(percent=50), target("acme-api-00001", 50)],
    )  # fmt: skip
    planned = plan(world(backend(planes=(plane(), untagged))))
    assert places(planned) == ["the edge", "revision acme-api-00002 directly"]
    assert len(planned.kit.directs) == 2


def test_a_sole_revision_is_looked_at_through_the_edge() -> None:
    assert places(plan(world())) == ["the edge"]


def test_a_client_candidate_is_probed_as_it_will_speak_and_compared_with_today() -> None:
    contracts = {("chat", "client", NEXT): OLDER}
    planned = plan(world(contracts=contracts, **deploying()))
    [(form, place)] = planned.kit.pairs
    assert place.place == "edge"
    assert (form.builds, form.candidate, form.live) == ((NEXT.value,), True, False)
    assert [each.builds for each in planned.kit.others] == [(NEW.value,)]


def test_a_client_candidate_that_speaks_as_today_adds_no_format() -> None:
    planned = plan(world(**deploying()))
    [(form, _)] = planned.kit.pairs
    assert (form.builds, form.candidate, form.live) == ((NEXT.value, NEW.value), True, True)
    assert planned.kit.others == ()


def test_a_client_candidate_that_is_live_already_is_both() -> None:
    planned = plan(world(**deploying(build=NEW)))
    [(form, _)] = planned.kit.pairs
    assert (form.builds, form.candidate, form.live) == ((NEW.value,), True, True)


def test_a_client_that_lingers_only_after_the_deploy_is_live_today() -> None:
    contracts = {("chat", "client", OLD): OLDER}
    served = frontend(page=page(OLD), edge=document(OLD))
    planned = plan(world(served, contracts=contracts, **deploying()))
    assert [each.builds for each in planned.kit.others] == [(OLD.value,)]


def test_a_client_candidate_meets_every_revision_of_a_split() -> None:
    assert len(plan(world(split_backend(), **deploying())).kit.pairs) == 3


def test_a_server_candidate_is_probed_as_every_live_client_speaks() -> None:
    served = frontend(page=page(OLD))
    contracts = {("chat", "client", OLD): OLDER}
    seen = world(served, contracts=contracts, **deploying("backend", url=f"{TAG_URL}/"))
    planned = plan(seen)
    there = Target(place="candidate", url=f"{TAG_URL}/ws", build=NEXT.value)
    assert [place for _, place in planned.kit.pairs] == [there, there]
    assert builds(planned) == [(NEW.value,), (OLD.value,)]


def test_a_server_candidate_that_git_does_not_know_is_probed_without_a_name() -> None:
    unknown = NotInHistory("no such commit", "fetch it")
    planned = plan(world(**deploying("backend", build=unknown, url=TAG_URL)))
    assert planned.kit.pairs[0][1].build == ""


def test_two_candidates_meet_each_other() -> None:
    contracts = {("chat", "client", NEXT): OLDER}
    both = [candidate("frontend"), candidate("backend", url=TAG_URL)]
    planned = plan(world(contracts=contracts, candidates=both))
    assert places(planned) == ["the candidate"] * 2
    assert builds(planned) == [(NEXT.value,), (NEW.value,)]


def test_a_server_candidate_without_a_url_is_met_by_nobody() -> None:
    assert plans(world(**deploying("backend"))) == ()
    both = [candidate("frontend"), candidate("backend")]
    assert plans(world(candidates=both)) == ()


def two_links(**changed: Any) -> Manifest:
    other = {**CHAT, "server": "jobs"}
    services = {"frontend": FRONTEND, "backend": BACKEND, "jobs": BACKEND}
    return manifest(services=services, links={"chat": CHAT, "jobs": other} | changed)


def jobs_too(promised: Manifest, **changed: Any) -> Survey:
    jobs = backend()
    contracts = {("jobs", "client", build): tokenless() for build in (NEW, NEXT)}
    return world(replace(jobs, name="jobs"), manifest=promised, contracts=contracts, **changed)


def test_every_websocket_link_is_probed_unless_some_are_named() -> None:
    seen = jobs_too(two_links())
    assert [each.link for each in plans(seen)] == ["chat", "jobs"]
    assert [each.link for each in plans(seen, links=frozenset({"jobs"}))] == ["jobs"]


def test_links_over_plain_http_have_no_websocket() -> None:
    promised = two_links(jobs={**CHAT, "server": "jobs", "transport": "http"})
    assert [each.link for each in plans(jobs_too(promised))] == ["chat"]


def test_with_a_candidate_only_its_links_are_touched() -> None:
    seen = jobs_too(two_links(), **deploying("backend", url=TAG_URL))
    assert [each.link for each in plans(seen)] == ["chat"]


def test_the_page_origin_of_the_link_goes_before_the_clients_url() -> None:
    promised = manifest(links={"chat": {**CHAT, "origin": "https://www.acme.example/app"}})
    assert plan(world(manifest=promised)).origin == "https://www.acme.example"


def test_builds_are_named_in_full() -> None:
    assert BuildSha(builds(plan(world()))[0][0]) == NEW


def test_what_is_out_of_reach_is_carried_along() -> None:
    assert "internal" in plan(world(backend(planes=(plane(internal=True),)))).no_way
    assert "witnesses" in plan(world(backend(undeclared=("origin",)))).no_origin


HELLO = {"welcome": {"type": "hello"}}
ANCIENT = tokenless(version="1.0", accepts=">=1,<2", messages=HELLO)
SPEAK_ALIKE = {("chat", "server", build): tokenless() for build in (NEW, NEXT)}


def test_pairs_that_a_plan_keeps_apart_are_left_out_where_only_fitting_ones_are_wanted() -> None:
    contracts = SPEAK_ALIKE | {("chat", "client", OLD): ANCIENT}
    seen = world(frontend(page=page(OLD)), contracts=contracts)
    assert builds(plan(seen)) == [(NEW.value,), (OLD.value,)]
    assert builds(plan(seen, only_fitting=True)) == [(NEW.value,)]


def test_a_format_of_several_builds_is_kept_where_one_of_them_fits() -> None:
    renumbered = tokenless(version="1.0", accepts=">=1,<2")
    contracts = SPEAK_ALIKE | {("chat", "client", OLD): renumbered}
    seen = world(frontend(page=page(OLD)), contracts=contracts)
    assert builds(plan(seen, only_fitting=True)) == [(NEW.value, OLD.value)]


def test_a_revision_that_does_not_fit_is_left_out_and_so_is_the_edge_that_leads_to_it() -> None:
    contracts = SPEAK_ALIKE | {("chat", "server", OLD): ANCIENT}
    seen = world(split_backend(), contracts=contracts)
    kept = [target for _, target in plan(seen, only_fitting=True).kit.pairs]
    assert [(target.place, target.build) for target in kept] == [("direct", NEW.value)]


def test_a_revision_with_an_opaque_name_fits_with_nobody_for_certain() -> None:
    opaque = OpaqueId("v17")
    known: dict[tuple[str, Build], Build] = {("frontend", NEW): NEW, ("backend", NEW): NEW}
    builds = known | {("backend", opaque): opaque}
    seen = world(split_backend(opaque), builds=builds, contracts=SPEAK_ALIKE)
    assert opaque.value in {target.build for _, target in plan(seen).kit.pairs}
    kept = {target.build for _, target in plan(seen, only_fitting=True).kit.pairs}
    assert kept == {NEW.value}


def test_where_nothing_fits_there_is_nothing_to_probe_and_no_doubt() -> None:
    seen = world(contracts=SPEAK_ALIKE | {("chat", "client", NEW): ANCIENT})
    assert plan(seen).kit.pairs
    assert plans(seen, only_fitting=True) == ()


def test_where_only_fitting_pairs_are_wanted_no_others_are_compared_with_them() -> None:
    following = tokenless(version="2.2", messages=HELLO)
    contracts = SPEAK_ALIKE | {("chat", "client", NEXT): following}
    seen = world(contracts=contracts, **deploying())
    assert plan(seen).kit.others
    assert plan(seen, only_fitting=True).kit.others == ()
