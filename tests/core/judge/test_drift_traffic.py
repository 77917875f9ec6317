"""The state of the traffic itself, whatever was promised."""

from typing import Any

import pytest

from skewcheck.core.control_plane import ControlPlane
from skewcheck.core.findings import Code, Finding
from skewcheck.core.judge.drift import judge_traffic
from tests.builders import (
    LONG_AGO,
    NEXT,
    NOW,
    backend,
    plane,
    revision,
    survey,
    target,
)

DESCRIBE = "gcloud run services describe acme-api --region=us-central1"
MOVE = (
    "gcloud run services update-traffic acme-api --project=acme-staging --region=us-central1 --to-"
)


def traffic(*planes: ControlPlane) -> list[Finding]:
    service = backend(planes=planes)
    return list(judge_traffic(survey(service), service))


def test_quiet_traffic_is_not_reported() -> None:
    assert traffic(plane()) == []


@pytest.mark.parametrize(
    ("state", "code", "fix"),
    [
        pytest.param(
            plane(settled=False), Code.RECONCILING, "run it again in a minute", id="changing"
        ),
        pytest.param(plane(problem="image not found"), Code.DEPLOY_FAILED, DESCRIBE, id="failed"),
        pytest.param(
            plane(settled=False, problem="no quota"), Code.DEPLOY_FAILED, DESCRIBE, id="both"
        ),
        pytest.param(
            plane(targets=[target(percent=0)]), Code.NOT_DEPLOYED, f"{MOVE}latest", id="no traffic"
        ),
        pytest.param(
            plane(targets=[target(follows_latest=False)]),
            Code.TRAFFIC_PINNED,
            "skewcheck unpin staging backend",
            id="pinned",
        ),
        pytest.param(
            plane(
                revision(), revision("r1"), targets=[target(percent=90), target("r1", percent=10)]
            ),
            Code.SPLIT_TRAFFIC,
            "",
            id="split",
        ),
    ],
)
def test_traffic_that_is_not_quiet_says_so(state: ControlPlane, code: Code, fix: str) -> None:
    [told] = traffic(state)
    assert (told.code, told.fix) == (code, fix)


def test_every_region_is_judged() -> None:
    lost = plane(region="us-east1", settled=False)
    assert [each.code for each in traffic(plane(), lost)] == [Code.RECONCILING]


def test_a_revision_that_is_split_from_itself_is_not_split() -> None:
    twice = [target(percent=50), target(percent=50, follows_latest=False)]
    assert traffic(plane(targets=twice)) == []


@pytest.mark.parametrize(
    ("newer", "told"),
    [
        pytest.param(revision("r3", NEXT, created=NOW), "r3 (a3c7a3c) is deployed", id="named"),
        pytest.param(revision("r3", None, created=NOW), "r3 is deployed", id="nameless"),
    ],
)
def test_a_younger_revision_without_traffic_is_told_with_the_command(newer: Any, told: str) -> None:
    [finding] = traffic(plane(newer, revision(), targets=[target()]))
    assert finding.sentence == f"{told} and gets no traffic"
    assert (finding.since, finding.fix) == (NOW, f"{MOVE}revisions=r3=100")


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(
            plane(revision("r3", created=NOW, ready=False), revision(), targets=[target()]),
            id="it is not ready",
        ),
        pytest.param(
            plane(revision(), revision("r1", created=LONG_AGO)), id="it is older than what serves"
        ),
        pytest.param(
            plane(revision("r3", created=NOW), targets=[target("gone")]),
            id="the age of what serves is unknown",
        ),
    ],
)
def test_a_revision_without_traffic_is_not_told_where(state: ControlPlane) -> None:
    assert traffic(state) == []
