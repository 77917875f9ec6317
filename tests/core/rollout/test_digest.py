"""What an approval binds to, and what tells one world from another."""

from typing import Any

import pytest

from skewcheck.core.plan.facts import Fits, PlanWorld
from skewcheck.core.plan.make import make_plan
from skewcheck.core.plan.plan import Waiver
from skewcheck.core.rollout.digest import plan_digest, world_digest
from tests.core.rollout.orders import (
    ANY_ORDER,
    CLIENT_FIRST,
    SERVER_FIRST,
    by_trigger,
    on_cloud_run,
    with_party,
    world,
)

WORLD = world()
SERVICES = by_trigger(), on_cloud_run("api")


def digest(
    seen: PlanWorld = WORLD, fits: Fits = ANY_ORDER, *services: Any, environment: str = "staging"
) -> str:
    return plan_digest(environment, seen, make_plan(seen, fits), services or SERVICES)


def test_a_digest_has_sixteen_hex_digits() -> None:
    assert len(digest()) == 16
    assert int(digest(), 16)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        pytest.param("api", {"serving": ("mid",)}, id="what serves"),
        pytest.param("web", {"at_edge": ("mid",)}, id="what the edge hands out"),
        pytest.param("api", {"target": "newer"}, id="where it is to go"),
    ],
)
def test_another_world_has_another_digest(name: str, facts: dict[str, Any]) -> None:
    other = with_party(WORLD, name, **facts)
    assert world_digest("staging", other) != world_digest("staging", WORLD)
    assert digest(other) != digest()


def test_another_environment_has_another_digest() -> None:
    assert world_digest("production", WORLD) != world_digest("staging", WORLD)
    assert digest(environment="production") != digest()


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        pytest.param("web", {"lingering": ("ancient",)}, id="an old client's last hour"),
        pytest.param("web", {"client_linger_s": 1.0}, id="how long it lives"),
    ],
)
def test_what_changes_by_the_mere_passing_of_time_leaves_the_digest(
    name: str, facts: dict[str, Any]
) -> None:
    assert world_digest("staging", with_party(WORLD, name, **facts)) == world_digest(
        "staging", WORLD
    )


def test_the_order_in_which_builds_were_seen_means_nothing() -> None:
    both = [with_party(WORLD, "api", serving=each) for each in (("a", "b"), ("b", "a"))]
    assert world_digest("staging", both[0]) == world_digest("staging", both[1])


def test_another_order_has_another_digest_in_the_same_world() -> None:
    digests = {digest(WORLD, fits) for fits in (ANY_ORDER, CLIENT_FIRST, SERVER_FIRST)}
    assert len(digests) == 3


def test_a_waived_wait_and_its_reason_are_consented_to() -> None:
    def waived(reason: str) -> str:
        waivers = {"web": Waiver(service="web", who="jo", reason=reason)}
        plan = make_plan(WORLD, CLIENT_FIRST, waivers=waivers)
        return plan_digest("staging", WORLD, plan, SERVICES)

    assert len({digest(WORLD, CLIENT_FIRST), waived("2 a.m."), waived("no tabs")}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(on_cloud_run("api", image="elsewhere.test/api:new"), id="image"),
        pytest.param(on_cloud_run("api", image="", trigger="deploy-api"), id="trigger"),
    ],
)
def test_other_means_have_another_digest(changed: Any) -> None:
    assert digest(WORLD, ANY_ORDER, by_trigger(), changed) != digest()
