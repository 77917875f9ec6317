"""Findings on what Cloud Run says it serves, and on the way from the edge to it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from skewcheck.adapters.clock import SystemClock
from skewcheck.core.rollout.lease import ANNOTATION, Lease, write_lease
from skewcheck.core.rollout.order import Share, TrafficBefore
from tests.cli.findings.google import BEFORE, NEWEST, YOUNGER, CloudWorld, clouded
from tests.cli.findings.looked import found
from tests.cli.findings.world import contract, document
from tests.cloud_run_documents import latest, pinned
from tests.google_server import refusal
from tests.websocket_answers import WELCOME
from tests.websocket_peer import Peer
from tests.websocket_shapes import SHAPES


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudWorld]:
    with clouded(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: CloudWorld) -> CloudWorld:
    shared.healthy()
    return shared


@pytest.mark.parametrize("words", [["status"], ["probe", "chat"], ["probe", "header"]])
def test_a_healthy_service_has_no_finding(cloud: CloudWorld, words: list[str]) -> None:
    ended = cloud.ask(*words)
    assert (ended.code, '"findings": []' in ended.out) == (0, True), ended


def test_a_service_that_cloud_run_does_not_know_is_not_deployed(cloud: CloudWorld) -> None:
    cloud.google.refused = refusal(404, "NOT_FOUND", "Resource 'api' does not exist.")
    found(cloud.ask("status"), "block", "not-deployed", about="api", exits=10)


def test_a_permission_that_is_missing_is_unauthorized(cloud: CloudWorld) -> None:
    denied = "Permission 'run.services.get' denied on resource 'projects/acme'."
    cloud.google.refused = refusal(403, "PERMISSION_DENIED", denied, "IAM_PERMISSION_DENIED")
    told = found(cloud.ask("status"), "unknown", "unauthorized", about="api", exits=11)
    assert told["fix"].startswith("gcloud projects add-iam-policy-binding")


def test_a_service_that_is_still_changing_is_reconciling(cloud: CloudWorld) -> None:
    cloud.says(reconciling=True)
    found(cloud.ask("status"), "unknown", "reconciling", about="api", exits=11)


def test_a_deploy_that_failed_is_a_notice(cloud: CloudWorld) -> None:
    failed = {"type": "Ready", "state": "CONDITION_FAILED", "message": "no such image"}
    cloud.says(terminalCondition=failed)
    told = found(cloud.ask("status"), "notice", "deploy-failed", about="api", exits=0)
    assert "no such image" in told["sentence"]


def test_traffic_that_is_split_is_a_notice(cloud: CloudWorld) -> None:
    cloud.has(cloud.revision(NEWEST), cloud.revision(BEFORE, hours=72))
    cloud.shares(latest(90), pinned(BEFORE, 10))
    told = found(cloud.ask("status"), "notice", "split-traffic", about="api", exits=0)
    assert f"{BEFORE} 10%" in told["sentence"]


def test_traffic_that_is_pinned_is_a_notice(cloud: CloudWorld) -> None:
    cloud.shares(pinned(NEWEST, 100))
    told = found(cloud.ask("status"), "notice", "traffic-pinned", about="api", exits=0)
    assert told["fix"] == "skewcheck unpin staging api"


def test_a_younger_revision_without_traffic_is_a_notice(cloud: CloudWorld) -> None:
    cloud.has(cloud.revision(YOUNGER, hours=1), cloud.revision(NEWEST))
    ended = cloud.ask("status")
    told = found(ended, "notice", "deployed-without-traffic", about="api", exits=0)
    assert told["fix"].endswith(f"--to-revisions={YOUNGER}=100")


def test_a_promise_that_is_deployed_and_gets_no_traffic_is_behind(cloud: CloudWorld) -> None:
    cloud.has(cloud.revision(YOUNGER, hours=1), cloud.revision(NEWEST, cloud.before))
    for place in (cloud.edge, cloud.direct):
        place.documents = {"/version.json": document(cloud.before)}
    told = found(cloud.ask("status"), "notice", "behind-manifest", about="api", exits=0)
    assert "1 commit behind the promise" in told["sentence"]


def test_a_tagged_peer_that_would_not_fit_is_a_notice(cloud: CloudWorld) -> None:
    repository = cloud.world.repository
    repository.branch("next")
    after = repository.commit({"contracts/chat.yaml": contract("3.0", ">=3")}, "Next").value
    repository.switch("main")
    cloud.has(cloud.revision(YOUNGER, after, hours=1), cloud.revision(NEWEST))
    cloud.shares(latest(100), pinned(YOUNGER, tag="next", uri=cloud.direct_url))
    ended = cloud.ask("gate", "--candidate", f"web={cloud.world.head}")
    told = found(ended, "notice", "tagged-revision-skew", about="chat", exits=0)
    assert "tagged next, no traffic yet" in told["sentence"]


@pytest.mark.parametrize(
    ("minutes", "severity", "code", "exits"),
    [(5, "notice", "rollout-in-progress", 0), (-5, "block", "rollout-unfinished", 10)],
)
def test_a_rollouts_lease_is_told_as_long_as_it_stands(
    cloud: CloudWorld, minutes: int, severity: str, code: str, exits: int
) -> None:
    now = SystemClock().now()
    lease = Lease(
        rollout="20261124-2221-a3d697",
        environment="staging",
        holder="ada@vm",
        taken=now - timedelta(minutes=10),
        until=now + timedelta(minutes=minutes),
        before=TrafficBefore(shares=(Share(revision=NEWEST, percent=100),)),
    )
    cloud.says(annotations={ANNOTATION: write_lease(lease)})
    told = found(cloud.ask("status"), severity, code, about="api", exits=exits)
    assert told["fix"].endswith("staging 20261124-2221-a3d697")


def test_an_origin_that_contradicts_the_control_plane_is_stale(cloud: CloudWorld) -> None:
    cloud.direct.documents = {"/version.json": document(cloud.before)}
    told = found(cloud.ask("status"), "block", "stale-origin", about="api", exits=10)
    assert told["evidence"] == [f"read directly at {cloud.direct_url}/version.json"]


def test_an_edge_that_holds_another_build_is_stale(cloud: CloudWorld) -> None:
    cloud.edge.documents = {"/version.json": document(cloud.before)}
    told = found(cloud.ask("status"), "block", "stale-edge", about="api", exits=10)
    assert "(control plane and origin)" in told["sentence"]


def test_an_edge_that_fails_beside_a_closed_origin_is_not_comparable(cloud: CloudWorld) -> None:
    """It blocks for the failure itself; whose fault it is stays unknown."""
    cloud.edge.shape = SHAPES["html-200"]
    cloud.says(ingress="INGRESS_TRAFFIC_INTERNAL_ONLY")
    ended = cloud.ask("probe", "chat")
    told = found(ended, "unknown", "not-comparable", about="chat", exits=10)
    assert "ingress of api is internal" in told["sentence"]


def unselected(peer: Peer) -> None:
    """What a client meets behind an edge that drops Sec-WebSocket-Protocol from the answer."""
    peer.upgrade(None)
    peer.json(WELCOME)
    peer.stay()


def test_an_edge_that_drops_the_subprotocol_is_named(cloud: CloudWorld) -> None:
    cloud.edge.shape = unselected
    ended = cloud.ask("probe", "chat")
    told = found(ended, "block", "subprotocol-lost-at-edge", about="chat", exits=10)
    assert "the edge drops Sec-WebSocket-Protocol" in told["sentence"]


def signed_in(peer: Peer) -> None:
    shape = "welcome" if "authorization" in peer.request.headers else "401"
    SHAPES[shape](peer)


def test_an_edge_that_drops_the_token_is_named_with_its_header(cloud: CloudWorld) -> None:
    cloud.direct.shape, cloud.edge.shape = signed_in, SHAPES["401"]
    ended = cloud.ask("probe", "header")
    told = found(ended, "block", "header-lost-at-edge", about="header", exits=10)
    assert told["sentence"] == "the edge drops Authorization from the request"
