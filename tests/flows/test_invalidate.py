"""An edge is told to forget by itself, over an origin that was seen to serve."""

import pytest

from skewcheck.core.errors import ActionFailedError, UsageError
from skewcheck.flows.invalidate import invalidate_edges, services_with_edge
from tests.builders import unreadable
from tests.flows.rollout.world import CDN, Rollouts, on_cloud_run
from tests.flows.worlds import APP

FILE = "manifests/staging.yaml"
WEB = on_cloud_run("web", APP, edge=CDN, lingers="1h")


def stale() -> Rollouts:
    """The web runs on Cloud Run, and its edge holds something else."""
    rollouts = Rollouts("any order", services={"web": WEB})
    rollouts.cloud.edge = rollouts.new.value
    return rollouts


def invalidated(rollouts: Rollouts) -> list[str]:
    found = invalidate_edges(rollouts.hands(), ("web",), rollout="r1", who="ada")
    return [done.told for done in found]


def test_the_edge_shows_in_the_end_what_serves_whatever_is_promised() -> None:
    rollouts = stale()
    confirmed, told, seen = invalidated(rollouts)
    assert confirmed == f"the origin of web serves {rollouts.old.short}"
    assert told.startswith("acme-web was told to forget /, /index.html, /app.js")
    assert seen.startswith(f"users of web get {rollouts.old.short}")
    assert rollouts.cloud.edge == rollouts.old.value


def test_nothing_is_claimed_and_nothing_on_cloud_run_changed() -> None:
    rollouts = stale()
    invalidated(rollouts)
    assert rollouts.writes.changes == []


def test_an_edge_is_not_emptied_over_an_origin_that_nobody_has_seen() -> None:
    rollouts = stale()
    rollouts.cloud.answers["https://web.test/version.json"] = ""
    with pytest.raises(ActionFailedError, match="web was not seen to serve"):
        invalidated(rollouts)
    assert rollouts.invalidations.asked == {}


def test_an_edge_is_not_emptied_over_a_service_that_nobody_can_read() -> None:
    rollouts = stale()
    rollouts.cloud.unreadable["web"] = unreadable()
    with pytest.raises(ActionFailedError, match="Cloud Run did not say what serves web"):
        invalidated(rollouts)
    assert rollouts.invalidations.asked == {}


def test_an_edge_that_does_not_flip_is_told() -> None:
    rollouts = stale()
    rollouts.cloud.frozen = True
    with pytest.raises(ActionFailedError, match="invalidation-without-effect: "):
        invalidated(rollouts)


def test_the_service_with_an_edge_is_found() -> None:
    manifest = stale().loaded.manifest
    assert services_with_edge(manifest, None, FILE) == ("web",)
    assert services_with_edge(manifest, "web", FILE) == ("web",)


def test_a_service_without_an_edge_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(UsageError, match="no service 'api' with an edge; it has web"):
        services_with_edge(stale().loaded.manifest, "api", FILE)
    edgeless = Rollouts(services={"web": on_cloud_run("web", APP)}).loaded.manifest
    with pytest.raises(UsageError, match="no service with an edge; it has none"):
        services_with_edge(edgeless, None, FILE)
