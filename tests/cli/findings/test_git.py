"""Findings on what git promises, and on the contracts at the commits that run."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.clock import SystemClock
from tests.cli.findings.looked import found
from tests.cli.findings.world import CONTRACT, World, contract, document, meta, page
from tests.repositories import git

UNKNOWN = "5e" * 20
OTHER_FORMAT = contract(messages={"welcome": {"type": "hello"}})


def ago(**units: int) -> datetime:
    return SystemClock().now() - timedelta(**units)


@pytest.fixture
def skewed(world: World) -> World:
    """The api has moved on to 3.0, and web still speaks 2.1."""
    old = world.head
    world.promise({CONTRACT: contract("3.0", ">=3")})
    world.run(web=old)
    return world


def test_a_client_whose_version_the_server_refuses_is_protocol_skew(skewed: World) -> None:
    told = found(skewed.ask("status"), "block", "protocol-skew", about="chat", exits=10)
    assert "2.1" in told["sentence"]
    assert ">=3" in told["sentence"]


def test_a_format_that_changed_without_its_number_is_format_skew(world: World) -> None:
    world.chat = {"transport": "websocket", "path": "/ws"}
    old = world.promise()
    world.promise({CONTRACT: OTHER_FORMAT})
    world.run(web=old)
    world.answer("web", page(meta(old)), path="/")
    told = found(world.ask("status"), "block", "format-skew", about="chat", exits=10)
    assert any("the contract changed in" in line for line in told["evidence"])


@pytest.mark.parametrize(
    ("policy", "severity", "exits"),
    [({}, "block", 10), ({"lingering_skew": "notice"}, "notice", 0)],
)
def test_a_client_that_was_live_an_hour_ago_is_lingering_skew(
    world: World, policy: dict[str, str], severity: str, exits: int
) -> None:
    """The first status leaves its sighting behind."""
    world.policy = policy
    assert world.ask("status").code == 0
    world.promise({CONTRACT: contract("3.0", ">=3")})
    ended = world.ask("status")
    told = found(ended, severity, "lingering-client-skew", about="chat", exits=exits)
    assert "seen live at" in told["sentence"]


def test_what_was_broken_before_is_pre_existing_to_a_gate(skewed: World) -> None:
    worse = skewed.repository.commit({"README": "more"}, "Change nothing of it").value
    told = found(skewed.gate("api", worse), "notice", "pre-existing", about="chat", exits=0)
    assert told["sentence"].startswith("protocol-skew, no worse than before this deploy")


def test_a_candidate_without_a_url_is_judged_by_git_alone(world: World) -> None:
    ended = world.gate("api", world.head)
    told = found(ended, "notice", "candidate-not-probed", about="api", exits=0)
    assert told["fix"] == f"--candidate api={world.head}@URL"


@pytest.mark.parametrize(
    ("policy", "severity", "exits"), [({}, "notice", 0), ({"drift": "block"}, "block", 10)]
)
class TestDrift:
    @pytest.fixture(autouse=True)
    def _policy(self, world: World, policy: dict[str, str]) -> None:
        world.policy = policy

    def test_a_candidate_from_before_the_promise(
        self, world: World, severity: str, exits: int
    ) -> None:
        old = world.head
        world.promise()
        told = found(world.gate("api", old), severity, "behind-manifest", about="api", exits=exits)
        assert "1 commit behind the promise" in told["sentence"]

    def test_what_runs_is_younger_than_its_promise(
        self, world: World, severity: str, exits: int
    ) -> None:
        world.api = {"build": world.head}
        world.promise()
        ended = world.ask("status")
        told = found(ended, severity, "ahead-of-manifest", about="api", exits=exits)
        assert "1 commit ahead of the promise" in told["sentence"]

    def test_what_runs_is_of_another_branch(self, world: World, severity: str, exits: int) -> None:
        base = world.head
        world.promise()
        world.repository.branch("hotfix", start=base)
        world.run(api=world.repository.commit({"FIX": "now"}, "Mend it").value)
        world.repository.switch("main")
        ended = world.ask("status")
        told = found(ended, severity, "diverged-from-manifest", about="api", exits=exits)
        assert "1 commit of its own, 1 missing" in told["sentence"]


@pytest.mark.parametrize(
    ("age_min", "severity", "code", "exits"),
    [(5, "notice", "settling", 0), (30, "block", "not-deployed", 10)],
)
def test_a_promise_that_runs_nowhere_settles_for_a_while(
    world: World, age_min: int, severity: str, code: str, exits: int
) -> None:
    old = world.head
    world.promise(at=ago(minutes=age_min))
    world.run(api=old)
    told = found(world.ask("status"), severity, code, about="api", exits=exits)
    assert "behind the promise" in told["sentence"]


def test_a_candidate_whose_url_answers_with_another_build_is_not_deployed(world: World) -> None:
    old = world.head
    new = world.promise()
    world.answer("candidate", document(old))
    ended = world.gate("api", f"{new}@{world.server.url('/candidate')}")
    found(ended, "block", "not-deployed", about="api", exits=10)


def test_a_promised_build_that_git_does_not_know_is_unreadable(world: World) -> None:
    world.api = {"build": UNKNOWN}
    world.promise()
    told = found(world.ask("status"), "unknown", "promise-unreadable", about="api", exits=11)
    assert told["fix"].startswith(f"git push origin {UNKNOWN}:")


def test_a_candidate_that_git_does_not_know_is_no_build_of_ours(world: World) -> None:
    ended = world.gate("api", UNKNOWN)
    found(ended, "unknown", "build-not-in-repository", about="api", exits=11)


@pytest.mark.parametrize(
    ("text", "code"), [(None, "contract-missing"), ("[1]", "contract-invalid")]
)
def test_a_contract_that_is_none_is_unknown(world: World, text: str | None, code: str) -> None:
    world.promise({CONTRACT: text})
    assert found(world.ask("status"), "unknown", code, about="chat", exits=11)["fix"]


def test_a_build_that_is_unnamed_masks_its_pairs(world: World) -> None:
    world.run(api="unknown")
    told = found(world.ask("status"), "unknown", "masked", about="chat", exits=11)
    assert told["sentence"].startswith("not compared: the server has no known build")


def test_a_clone_that_was_cut_short_is_stale_evidence(world: World, tmp_path: Path) -> None:
    world.promise()
    clone = world.repository.clone(tmp_path / "clone", "--depth=1")
    git("remote", "set-url", "origin", "file:///nowhere", at=clone)
    world.repository.path = clone
    told = found(world.ask("status"), "unknown", "evidence-stale", about="staging", exits=11)
    assert "shallow" in told["sentence"]


@pytest.mark.parametrize(
    "more", [{"services": {}, "links": {}}, {"links": {}}], ids=["no service", "no link"]
)
def test_where_nothing_can_be_wrong_nothing_is_proven(world: World, more: dict[str, Any]) -> None:
    world.more = more
    world.promise()
    told = found(world.ask("status"), "unknown", "nothing-to-check", about="staging", exits=11)
    assert told["fix"].endswith("skewcheck schema manifest")


def test_a_candidate_on_no_link_has_nothing_to_be_compared_with(world: World) -> None:
    world.more = {"services": world.manifest()["services"] | {"jobs": world.service("jobs")}}
    world.promise()
    ended = world.gate("jobs", world.head)
    found(ended, "unknown", "nothing-to-check", about="jobs", exits=11)
