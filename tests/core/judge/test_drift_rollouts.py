"""What a rollout holds, or left behind, is told with the command that ends it."""

from datetime import timedelta
from typing import Any

import pytest

from skewcheck.core.findings import Code, Finding, Severity
from skewcheck.core.judge.drift import judge_traffic
from skewcheck.core.rollout.lease import BrokenLease, Lease, Pin
from skewcheck.core.rollout.order import TrafficBefore
from tests.builders import (
    LONG_AGO,
    NOW,
    YESTERDAY,
    backend,
    plane,
    revision,
    survey,
    target,
)

MINUTE = timedelta(minutes=1)


def lease(**changed: Any) -> Lease:
    said: dict[str, Any] = {
        "rollout": "r1",
        "environment": "staging-eu",
        "holder": "ada on build-7",
        "taken": YESTERDAY,
        "until": NOW + MINUTE,
        "before": TrafficBefore(shares=()),
    }
    return Lease(**(said | changed))


def found(**changed: Any) -> list[Finding]:
    service = backend(planes=(plane(**changed),))
    return list(judge_traffic(survey(service), service))


def test_a_service_that_a_rollout_holds_is_told_and_stops_nobody() -> None:
    [finding] = found(lease=lease())
    assert (finding.code, finding.severity) == (Code.ROLLOUT_IN_PROGRESS, Severity.NOTICE)
    assert finding.sentence == (
        "rollout r1 of staging-eu, carried out by ada on build-7, holds acme-api"
        " until 2026-11-23 22:11:00 UTC"
    )
    assert finding.since == YESTERDAY
    assert finding.fix == "skewcheck rollouts show staging-eu r1"


@pytest.mark.parametrize("until", [NOW, NOW - MINUTE])
def test_a_lease_that_is_over_was_left_behind_and_blocks(until: Any) -> None:
    [finding] = found(lease=lease(until=until))
    assert (finding.code, finding.severity) == (Code.ROLLOUT_UNFINISHED, Severity.BLOCK)
    assert finding.sentence.endswith("UTC, which is over")
    assert finding.fix == "skewcheck rollouts resume staging-eu r1"


def test_a_lease_that_nobody_can_read_blocks() -> None:
    [finding] = found(lease=BrokenLease(text="{half"))
    assert (finding.code, finding.severity) == (Code.ROLLOUT_UNFINISHED, Severity.BLOCK)
    assert finding.sentence == "acme-api carries a lease that cannot be read: {half"
    assert "skewcheck.dev/rollout" in finding.fix


def test_a_pin_that_a_rollback_left_is_told_with_the_command_that_lifts_it() -> None:
    pinned = [target(follows_latest=False)]
    [finding] = found(targets=pinned, pin=Pin(rollout="r1", at=YESTERDAY))
    assert finding.code is Code.TRAFFIC_PINNED
    assert finding.sentence.endswith("(left by rollout r1, 2026-11-22 22:10 UTC)")
    assert finding.fix == "skewcheck unpin staging backend"


def test_a_pin_on_traffic_that_follows_latest_again_is_nothing() -> None:
    assert found(pin=Pin(rollout="r1", at=YESTERDAY)) == []


def test_while_a_rollout_holds_a_service_nobody_is_told_to_move_its_traffic() -> None:
    """LATEST is the candidate then, which may not even be probed yet."""
    told = found(lease=lease(), targets=[target(follows_latest=False)])
    [pinned] = [each for each in told if each.code is Code.TRAFFIC_PINNED]
    assert pinned.fix == "skewcheck rollouts show staging-eu r1"


def test_no_command_offers_traffic_to_a_candidate_that_may_have_failed() -> None:
    targets = [target("acme-api-00001", follows_latest=False)]
    candidate = revision("acme-api-9e39e3-0badc0", rollout="r1")
    service = backend(
        planes=(plane(candidate, revision("acme-api-00001", created=LONG_AGO), targets=targets),)
    )
    told = list(judge_traffic(survey(service), service))
    [idle] = [each for each in told if each.code is Code.DEPLOYED_WITHOUT_TRAFFIC]
    assert idle.sentence.endswith("gets no traffic (made by rollout r1)")
    assert idle.fix == "skewcheck rollouts show staging r1"
