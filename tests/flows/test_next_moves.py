"""What may move right now, told for people."""

from skewcheck.core.plan.view import Movable, PlanView
from skewcheck.flows.next_moves import movables
from tests.flows.rollout.world import CDN, Rollouts, on_cloud_run
from tests.flows.worlds import APP


def moves(rollouts: Rollouts) -> dict[str, Movable]:
    planned = rollouts.planned()
    view = PlanView(
        environment="staging",
        at=planned.survey.at,
        plan=planned.plan,
        world=planned.world,
        digest=planned.digest,
        links={"chat": ("web", "api")},
        sentence=lambda pair: planned.fits.compare(pair.link, pair.client, pair.server).sentence,
        services={},
    )
    return {each.service: each for each in movables(view, planned.fits)}


def test_where_everything_is_in_its_place_nothing_moves() -> None:
    rollouts = Rollouts()
    rollouts.redeploy()
    assert moves(rollouts) == {}


def test_what_may_move_says_where_to() -> None:
    rollouts = Rollouts("server first")
    found = moves(rollouts)["api"]
    assert (found.may_move, found.why) == (True, (f"to {rollouts.new.short}",))


def test_what_may_not_says_what_holds_it() -> None:
    found = moves(Rollouts("server first"))["web"]
    assert not found.may_move
    [why] = found.why
    assert "client speaks 3.0, server accepts >=2.0,<3" in why


def test_old_clients_that_have_to_be_gone_hold_it_too() -> None:
    found = moves(Rollouts("client first"))["api"]
    assert not found.may_move
    [why] = found.why
    assert "old clients gone" in why
    assert "client speaks 2.1, server accepts >=2.2,<3" in why


def test_what_is_only_stale_at_its_edge_says_so() -> None:
    web = on_cloud_run("web", APP, edge=CDN, lingers="1h")
    rollouts = Rollouts("any order", services={"web": web})
    rollouts.redeploy()
    rollouts.cloud.edge = rollouts.old.value
    told = f"it serves {rollouts.new.short} already: only its edge is stale"
    assert moves(rollouts)["web"].why == (told,)


def test_what_is_narrowed_first_says_why() -> None:
    found = moves(Rollouts("narrowing"))["api"]
    assert found.may_move
    assert "alone, which serves already: fewer builds are live then" in found.why[0]
