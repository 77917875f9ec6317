"""Going back: which rollout is undone, what served before it, and by which revisions."""

from dataclasses import replace

import pytest

from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.core.rollout.journal import Outcome
from skewcheck.core.rollout.order import Order, RolloutKind
from skewcheck.flows.redeploy import Asker, order_from
from skewcheck.flows.rollback import to_undo, what_served, with_revisions_that_are_there
from tests.flows.rollout.world import CDN, ROLLOUT, Rollouts, Shape, on_cloud_run
from tests.flows.worlds import API, APP
from tests.rollout_fakes import FakeRevision, Moment

BACK = "20261123-2300-000002"
BUILT_API = on_cloud_run("api", API, deploy={"cloud_build_trigger": "deploy-api"})
WEB = on_cloud_run("web", APP, edge=CDN, lingers="1h")


def rolled_out(shape: Shape = "server first", **services: object) -> Rollouts:
    rollouts = Rollouts(shape, services=services)
    assert rollouts.redeploy() is Outcome.SUCCEEDED
    rollouts.world.clock.at = rollouts.world.clock.at.replace(day=25)
    return rollouts


def going_back(rollouts: Rollouts, rollout: str | None = None) -> Order:
    undone = to_undo(rollouts.engine, "staging", rollout)
    planned = with_revisions_that_are_there(rollouts.planned(*what_served(undone)))
    asker = Asker(
        rollout=BACK, who="ada", why=f"undoes {undone.rollout}", kind=RolloutKind.ROLLBACK
    )
    return order_from(rollouts.loaded, planned, asker)


@pytest.mark.parametrize("shape", ["any order", "server first", "client first"])
def test_everything_serves_again_what_it_served_before(shape: Shape) -> None:
    rollouts = rolled_out(shape)
    assert rollouts.redeploy(going_back(rollouts)) is Outcome.SUCCEEDED
    assert rollouts.cloud.behind("api") == rollouts.cloud.edge == rollouts.old.value
    assert rollouts.api.split == {"api-00001": 100}


def test_what_is_there_is_not_made_again() -> None:
    rollouts = rolled_out(web=WEB)
    rollouts.redeploy(going_back(rollouts))
    assert not any(key.startswith("create") for key in rollouts.steps(BACK))
    assert rollouts.web.split == {"web-00001": 100}


def test_clients_go_back_before_the_servers_that_they_need() -> None:
    order = going_back(rolled_out("server first"))
    waves = [[move.service for move in wave.moves] for wave in order.plan.waves]
    assert waves == [["web"], ["api"]]


@pytest.mark.parametrize("shape", ["any order", "server first"])
def test_a_way_back_that_fails_leads_to_the_traffic_of_before_it(shape: Shape) -> None:
    rollouts = rolled_out(shape)
    untouched = rollouts.api.split
    order = going_back(rollouts)

    def refuses(moment: Moment) -> None:
        if (moment.what, moment.when) == ("shift", "after"):
            rollouts.on_call(lambda _: None)
            raise ActionFailedError("the platform refuses")

    rollouts.on_call(refuses)
    assert rollouts.redeploy(order) is Outcome.ROLLED_BACK
    assert rollouts.api.split == untouched
    assert rollouts.cloud.edge == rollouts.new.value


def test_a_revision_that_is_gone_is_made_again() -> None:
    rollouts = rolled_out(web=WEB)
    rollouts.api.revisions = [e for e in rollouts.api.revisions if e.name != "api-00001"]
    assert rollouts.redeploy(going_back(rollouts)) is Outcome.SUCCEEDED
    assert "create api/0" in rollouts.steps(BACK)
    assert rollouts.cloud.behind("api") == rollouts.old.value


def test_a_revision_that_is_not_ready_is_not_used() -> None:
    rollouts = rolled_out(web=WEB)
    rollouts.api.revisions[0] = replace(rollouts.api.revisions[0], ready=False)
    assert "create api/0" in [*_steps(rollouts)]


def _steps(rollouts: Rollouts) -> list[str]:
    rollouts.redeploy(going_back(rollouts))
    return rollouts.steps(BACK)


def test_of_several_revisions_of_a_build_the_newest_is_used() -> None:
    rollouts = rolled_out(web=WEB)
    twin = FakeRevision(
        name="api-00007", build=rollouts.old.value, created=rollouts.api.revisions[-1].created
    )
    rollouts.api.revisions.insert(1, twin)
    rollouts.redeploy(going_back(rollouts))
    assert rollouts.api.split == {"api-00007": 100}


def test_the_last_redeploy_that_succeeded_is_undone_unless_one_is_named() -> None:
    rollouts = rolled_out("any order", web=WEB)
    assert to_undo(rollouts.engine, "staging", None).rollout == ROLLOUT
    rollouts.redeploy(going_back(rollouts))
    assert to_undo(rollouts.engine, "staging", None).rollout == ROLLOUT
    assert to_undo(rollouts.engine, "staging", BACK).rollout == BACK


def test_one_that_did_not_succeed_is_none_to_undo_by_itself() -> None:
    rollouts = Rollouts()
    rollouts.cloud.frozen = True
    rollouts.redeploy()
    with pytest.raises(UsageError, match="no redeploy of staging that succeeded is known here"):
        to_undo(rollouts.engine, "staging", None)
    assert to_undo(rollouts.engine, "staging", ROLLOUT).rollout == ROLLOUT


def test_one_that_moved_nothing_leaves_nothing_to_go_back_to() -> None:
    rollouts = rolled_out("any order", web=WEB)
    rollouts.cloud.edge = rollouts.old.value
    with pytest.raises(UsageError, match="moved no traffic"):
        what_served(rollouts.order(BACK))


def test_what_served_in_several_builds_has_to_be_named() -> None:
    with pytest.raises(UsageError, match="api did not serve one known build") as caught:
        what_served(Rollouts("narrowing").order())
    assert caught.value.hint == "name one: skewcheck redeploy staging --candidate api=SHA"


def test_what_nobody_could_name_has_to_be_named() -> None:
    order = Rollouts().order()
    nameless = replace(order.world.parties["api"], serving=("?api: no answer",))
    world = replace(order.world, parties={**order.world.parties, "api": nameless})
    with pytest.raises(UsageError, match="api did not serve one known build"):
        what_served(replace(order, world=world))


def test_what_the_rollout_did_not_move_stays_where_it_was() -> None:
    rollouts = Rollouts("any order")
    order = rollouts.order()
    only_api = replace(
        order.plan,
        waves=tuple(
            replace(wave, moves=tuple(move for move in wave.moves if move.service == "api"))
            for wave in order.plan.waves
        ),
    )
    back = {each.service: each.named for each in what_served(replace(order, plan=only_api))}
    assert back == {"web": rollouts.old.value, "api": rollouts.old.value}


def test_a_service_that_only_a_build_deploys_is_built_again() -> None:
    rollouts = rolled_out("any order")
    rollouts.redeploy(going_back(rollouts))
    assert list(rollouts.builds.started)[-1] == f"{BACK} build web in wave 1"
    assert rollouts.cloud.bucket == rollouts.old
