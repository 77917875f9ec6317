"""Another ref brings its promises, and neither its rules nor its hosts."""

import json
from dataclasses import replace

from tests.builders import NOW
from tests.flows.rollout.world import BUILT, manifest
from tests.flows.slack.world import ADA, LIN, MALLORY, ONE, Workspace
from tests.flows.worlds import MANIFEST
from tests.slack_fakes import read


def at_branch(space: Workspace, *, url: str = BUILT["url"]) -> None:
    """`mine`, with its own idea of the policy, and of where the web is."""
    written = manifest(
        services={"web": BUILT | {"url": url}},
        policy={"lingers": "1h", "approvals": {"count": "0", "by": [MALLORY]}},
    )
    space.rollouts.world.history.add(
        {MANIFEST: json.dumps(written)}, "Mine", branch="mine", start="main"
    )


def test_a_ref_brings_its_promises_and_never_its_policy() -> None:
    space = Workspace()
    at_branch(space)
    space.says(MALLORY, "redeploy staging mine")
    assert "U0MALLORY" not in read(space.message()).partition("may start it")[2]
    assert "only those" in space.presses(MALLORY, "approve")
    space.presses(LIN, "approve")
    [order] = space.orders()
    mine = space.rollouts.world.history.resolve("mine")
    assert (order.manifest_commit, order.policy_commit) == (
        str(mine), str(space.rollouts.world.history.resolve("main")),
    )  # fmt: skip


def test_a_ref_cannot_send_us_to_other_hosts() -> None:
    space = Workspace()
    at_branch(space, url="http://169.254.169.254")
    for text in ("plan staging mine", "redeploy staging mine"):
        told = space.says(MALLORY, text)
        assert "names hosts that the policy ref does not know: 169.254.169.254" in told
    assert not [url for url in space.rollouts.cloud.reads if "169.254" in url]


def test_a_ref_that_is_none_is_told() -> None:
    assert "nosuch" in Workspace().says(ADA, "plan staging nosuch")


def test_a_manifest_outside_git_has_no_other_ref() -> None:
    space = Workspace()
    loaded = space.rollouts.loaded
    sources = replace(loaded.sources, commit=None, policy_commit=None)
    space.rollouts.loaded = replace(loaded, sources=sources)
    assert "is not in git" in space.says(ADA, "plan staging main")


def test_when_the_ref_has_moved_meanwhile_it_is_another_plan() -> None:
    space = Workspace(approvals=ONE)
    space.says(ADA, "redeploy staging main")
    space.rollouts.world.history.add({"web/index.html": "another"}, "Other", at=NOW)
    space.presses(LIN, "approve")
    assert (space.state(), space.orders()) == ("changed", [])
