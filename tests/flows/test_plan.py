"""From a question to a plan: who is live, where each service is to go, and by what means."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.core.plan.plan import Answer, Waiver
from skewcheck.core.question import CandidateWanted
from skewcheck.core.rollout.lease import BrokenLease
from skewcheck.core.rollout.order import Place, ServiceOrder, Share, TrafficBefore
from skewcheck.flows.plan import edge_order, traffic_of
from tests.builders import plane, target, unreadable
from tests.flows.rollout.world import BUILT, CDN, Rollouts, on_cloud_run
from tests.flows.worlds import API

WAIVED = {"web": Waiver(service="web", who="jo", reason="2 a.m.")}


def service(name: str, rollouts: Rollouts | None = None, **services: Any) -> ServiceOrder:
    planned = (rollouts or Rollouts(services=services)).planned()
    return next(each for each in planned.services if each.name == name)


def edge(rollouts: Rollouts) -> Any:
    return edge_order(rollouts.loaded.manifest, "web")


def test_where_nothing_is_to_be_done_the_plan_is_empty() -> None:
    rollouts = Rollouts("any order")
    rollouts.redeploy()
    planned = rollouts.planned()
    assert (planned.plan.answer, planned.plan.waves, planned.services) == (Answer.SAFE, (), ())


def test_servers_go_first_where_git_says_so() -> None:
    waves = Rollouts("server first").planned().plan.waves
    assert [[move.service for move in wave.moves] for wave in waves] == [["api"], ["web"]]


def test_a_waived_wait_is_kept_with_who_waived_it() -> None:
    rollouts = Rollouts("client first")
    [wait] = rollouts.planned(waivers=WAIVED).plan.waves[1].waits
    assert (wait.service, wait.waiver) == ("web", WAIVED["web"])
    assert rollouts.planned(waivers=WAIVED).digest != rollouts.planned().digest


def test_the_contracts_of_what_is_to_come_are_read_before_it_is_live() -> None:
    rollouts = Rollouts("server first")
    planned = rollouts.planned()
    assert planned.fits.compare("chat", rollouts.new.value, rollouts.old.value).sentence == (
        "client speaks 3.0, server accepts >=2.0,<3"
    )


def test_what_a_rollout_left_behind_is_taken_along_though_it_moves_nowhere() -> None:
    rollouts = Rollouts("any order")
    rollouts.redeploy()
    rollouts.api.lease = BrokenLease(text="{half")
    [left] = rollouts.planned().services
    assert (left.name, left.image, rollouts.planned().plan.waves) == ("api", "", ())


def test_a_candidate_is_planned_for_instead_of_the_promise() -> None:
    rollouts = Rollouts("any order")
    wanted = CandidateWanted(service="api", named=rollouts.old.value)
    moving = {each.name for each in rollouts.planned(wanted).services}
    assert moving == {"web"}


def test_a_candidate_that_git_does_not_know_is_refused() -> None:
    wanted = CandidateWanted(service="api", named="deadbeef" * 5)
    with pytest.raises(UsageError, match="deadbee is in no branch"):
        Rollouts().planned(wanted)


def test_the_same_world_has_the_same_digest_and_another_has_another() -> None:
    one, other = Rollouts(), Rollouts()
    assert one.planned().digest == other.planned().digest
    assert one.planned().world_digest == other.planned().world_digest
    other.cloud.edge = other.new.value
    assert one.planned().world_digest != other.planned().world_digest


def test_a_service_on_cloud_run_is_made_by_its_image_and_goes_back_to_its_split() -> None:
    rollouts = Rollouts("narrowing")
    api = service("api", rollouts)
    assert api.places == (Place(project="acme", region="us-central1", service="api"),)
    [before] = api.before
    assert [(share.revision, share.percent) for share in before.shares] == [
        ("api-00001", 50),
        ("api-00002", 50),
    ]
    assert {revision for _, revision in api.serving[0]} == {"api-00001", "api-00002"}
    assert api.image.endswith(f"/api:{rollouts.new}")
    assert (api.trigger, api.previous, api.edge) == ("", "", None)


def test_a_revision_of_an_unknown_build_serves_nothing_that_can_be_named() -> None:
    rollouts = Rollouts("any order")
    rollouts.api.revisions[0] = replace(rollouts.api.revisions[0], build="f" * 40)
    rollouts.cloud.answers["https://api.test/version.json"] = ""
    assert service("api", rollouts).serving == ((),)


def test_a_service_that_a_build_deploys_goes_back_to_the_one_build_that_serves() -> None:
    rollouts = Rollouts()
    web = service("web", rollouts)
    assert (web.trigger, web.trigger_project, web.trigger_region) == (
        "deploy-web",
        "acme",
        "global",
    )
    assert (web.previous, web.places, web.image) == (rollouts.old.value, (), "")
    assert web.lingers_s == 3600


def test_a_service_that_only_its_edge_makes_stale_needs_no_means() -> None:
    rollouts = Rollouts("any order", services={"web": on_cloud_run("web", BUILT["url"], edge=CDN)})
    rollouts.redeploy()
    rollouts.cloud.edge = rollouts.old.value
    web = service("web", rollouts)
    assert (web.image, web.trigger) == ("", "")
    assert web.edge is not None


@pytest.mark.parametrize(
    ("api", "project"),
    [
        pytest.param({"cloud_run": {"project": "own"}}, "own", id="its own"),
        pytest.param({}, "acme", id="the default"),
    ],
)
def test_a_trigger_by_its_short_name_is_in_the_services_project(
    api: dict[str, Any], project: str
) -> None:
    deploy = {"deploy": {"cloud_build_trigger": "deploy-api"}}
    built = on_cloud_run("api", API, **({"cloud_run": {"service": "api"}} | api | deploy))
    found = service("api", api=built)
    assert (found.trigger_project, found.trigger_region, found.trigger) == (
        project,
        "global",
        "deploy-api",
    )


def test_a_static_services_trigger_is_in_the_edges_project_where_no_other_is_known() -> None:
    web = BUILT | {"deploy": {"cloud_build_trigger": "deploy-web"}}
    cdn = {"cloud_cdn": {"project": "edges", "url_map": "m"}}
    rollouts = Rollouts(
        services={"web": web | {"edge": cdn}, "api": on_cloud_run("api", API, cloud_run=WHERE)},
        changed={"defaults": {}},
    )
    assert service("web", rollouts).trigger_project == "edges"


WHERE = {"project": "acme", "region": "us-central1", "service": "api"}


def test_without_a_readable_control_plane_a_service_has_no_places() -> None:
    rollouts = Rollouts("any order")
    rollouts.cloud.unreadable["api"] = unreadable()
    api = service("api", rollouts)
    assert (api.places, api.before, api.serving) == ((), (), ())


def test_pages_are_forgotten_by_both_names_and_nothing_twice() -> None:
    assert edge(Rollouts()).paths == ("/", "/index.html", "/app.js")
    cdn = {"cloud_cdn": {"project": "acme", "url_map": "m", "invalidate": ["/", "/a"]}}
    assert edge(Rollouts(services={"web": BUILT | {"edge": cdn}})).paths == (
        "/",
        "/index.html",
        "/a",
    )


def test_who_is_no_client_has_everything_forgotten_unless_told() -> None:
    rollouts = Rollouts(services={"api": on_cloud_run("api", API, edge=CDN | {"cloud_cdn": MAP})})
    order = edge_order(rollouts.loaded.manifest, "api")
    assert order is not None
    assert (order.paths, order.host) == (("/*",), "api.acme.example")


MAP = {"project": "acme", "url_map": "acme-api"}


def test_the_split_to_go_back_to_leaves_tags_without_traffic_out() -> None:
    targets = [target("api-1", 90, tag="stable", follows_latest=False), target("api-2", 10),
               target("api-3", 0, tag="next")]  # fmt: skip
    assert traffic_of(plane(targets=targets)) == TrafficBefore(
        shares=(
            Share(revision="api-1", percent=90, tag="stable"),
            Share(revision="api-2", percent=10),
        ),
        followed_latest=True,
    )
    pinned = [target(follows_latest=False), target("api-3", 0, tag="next")]
    assert not traffic_of(plane(targets=pinned)).followed_latest
