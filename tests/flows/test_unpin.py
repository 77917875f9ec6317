"""Traffic follows LATEST again only where that changes nothing for anybody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.errors import UsageError
from skewcheck.core.rollout.lease import BrokenLease, Lease, Pin
from skewcheck.core.rollout.order import TrafficBefore
from skewcheck.flows.unpin import Unpinned, services_on_cloud_run, unpin
from tests.builders import NOW, unreadable
from tests.flows.rollout.world import Rollouts
from tests.rollout_fakes import FakeRevision

FILE = "manifests/staging.yaml"
PIN = Pin(rollout="r1", at=NOW)


def lease(until: Any) -> Lease:
    return Lease(rollout="r1", environment="staging", holder="jo", taken=NOW, until=until,
                 before=TrafficBefore(shares=()))  # fmt: skip


def pinned() -> Rollouts:
    """To the only revision, which is the latest."""
    rollouts = Rollouts()
    rollouts.api.give({"api-00001": 100})
    rollouts.api.pin = PIN
    return rollouts


def unpinned(rollouts: Rollouts) -> Unpinned:
    manifest = rollouts.loaded.manifest
    [only] = unpin(rollouts.doors(), rollouts.writes, manifest, ("api",))
    return only


def refused(rollouts: Rollouts) -> str:
    answer = unpinned(rollouts)
    assert answer.refusal is not None
    assert rollouts.writes.changes == []
    return answer.refusal.why


def test_what_is_pinned_to_the_latest_follows_it_again() -> None:
    rollouts = pinned()
    assert unpinned(rollouts).told == "api@us-central1 follows LATEST again"
    assert rollouts.api.follows_latest
    assert rollouts.api.pin is None
    assert unpinned(rollouts).told == "api@us-central1 follows LATEST"


def test_what_follows_the_latest_is_not_touched() -> None:
    rollouts = Rollouts()
    assert unpinned(rollouts).told == "api@us-central1 follows LATEST"
    assert rollouts.writes.changes == []


def test_a_note_that_is_left_over_is_taken_away() -> None:
    rollouts = Rollouts()
    rollouts.api.pin = PIN
    assert unpinned(rollouts).told.endswith("again")
    assert rollouts.api.pin is None


def test_where_the_latest_is_another_one_it_would_change_what_users_get() -> None:
    rollouts = pinned()
    rollouts.api.revisions.append(FakeRevision(name="api-00002", build=rollouts.new.value))
    told = "LATEST of api is api-00002, and what serves is api-00001"
    assert refused(rollouts) == told


def test_a_split_is_not_the_latest() -> None:
    rollouts = Rollouts("narrowing")
    assert refused(rollouts).endswith("api-00002, and what serves is api-00001, api-00002")


def test_where_nothing_serves_nothing_may_follow() -> None:
    rollouts = pinned()
    rollouts.cloud.spoil = lambda plane: replace(plane, targets=())
    assert refused(rollouts).endswith("what serves is nothing")


def test_what_a_rollout_holds_is_left_to_it() -> None:
    rollouts = pinned()
    rollouts.api.lease = lease(NOW + timedelta(minutes=1))
    assert refused(rollouts) == "api is held by a rollout"
    rollouts.api.lease = BrokenLease(text="{half")
    assert refused(rollouts) == "api is held by a rollout"


def test_a_lease_that_is_over_holds_nothing() -> None:
    rollouts = pinned()
    rollouts.api.lease = lease(NOW)
    assert unpinned(rollouts).refusal is None


def test_what_still_changes_is_left_alone() -> None:
    rollouts = pinned()
    rollouts.cloud.spoil = lambda plane: replace(plane, settled=False)
    assert refused(rollouts) == "api is still changing"


def test_what_cannot_be_read_is_left_alone() -> None:
    rollouts = pinned()
    rollouts.cloud.unreadable["api"] = unreadable()
    assert refused(rollouts) == "connection refused"
    assert unpinned(rollouts).unknown


def test_a_refusal_for_what_was_read_is_no_unknown() -> None:
    rollouts = pinned()
    rollouts.cloud.spoil = lambda plane: replace(plane, settled=False)
    assert not unpinned(rollouts).unknown


def test_the_services_on_cloud_run_are_found() -> None:
    manifest = Rollouts().loaded.manifest
    assert services_on_cloud_run(manifest, None, FILE) == ("api",)
    assert services_on_cloud_run(manifest, "api", FILE) == ("api",)
    with pytest.raises(UsageError, match="no service 'web' on Cloud Run; it has api"):
        services_on_cloud_run(manifest, "web", FILE)
    nowhere = manifest.model_copy(update={"services": {"web": manifest.services["web"]}})
    with pytest.raises(UsageError, match="no service on Cloud Run; it has none"):
        services_on_cloud_run(nowhere, None, FILE)
