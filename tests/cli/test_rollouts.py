"""`rollouts`: reading writes nothing, and what is asked of no rollout is told as such."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from skewcheck.sandbox.api.faults import denied
from skewcheck.sandbox.api.http import Moment
from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.story import WEB
from tests.cli.conftest import Live, manifest
from tests.cli.desk import Desk, document

DIGEST = "0123456789abcdef"


def empty(live: Live, tmp_path: Path) -> dict[str, str]:
    return {"SKEWCHECK_STATE_DIR": str(tmp_path / "nothing"), "USER": "ada"} | {
        "HOME": str(live.repository.path)
    }


def ask(live: Live, tmp_path: Path, *words: str) -> "tuple[int, str, str]":
    where = ("--repo", str(live.repository.path))
    ended = live.run("rollouts", words[0], "staging", *words[1:], *where, **empty(live, tmp_path))
    return ended.code, ended.out, ended.err


@pytest.mark.parametrize("words", [["list"], ["show"], ["resume"], ["cancel"]], ids=" ".join)
def test_asking_writes_nothing_to_disk(live: Live, tmp_path: Path, words: list[str]) -> None:
    ask(live, tmp_path, *words)
    assert not (tmp_path / "nothing").exists()


def test_without_a_rollout_the_list_says_so(live: Live, tmp_path: Path) -> None:
    assert ask(live, tmp_path, "list") == (0, "no rollout yet\n", "")
    code, out, err = ask(live, tmp_path, "list", "--format", "json")
    assert (code, json.loads(out), err) == (
        0,
        {"schema": 1, "question": "rollouts", "rollouts": []},
        "",
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["show"], "nothing was rolled out yet", id="show none"),
        pytest.param(["show", "nope"], "has no rollout nope", id="show another"),
        pytest.param(["resume"], "nothing was rolled out yet", id="resume none"),
        pytest.param(["resume", "nope"], "has no rollout nope", id="resume another"),
        pytest.param(["cancel"], "no rollout is under way", id="cancel none"),
        pytest.param(["cancel", "nope"], "rollout nope is not under way", id="cancel another"),
    ],
)
def test_what_is_asked_of_no_rollout_is_a_mistake(
    live: Live, tmp_path: Path, words: list[str], says: str
) -> None:
    code, out, err = ask(live, tmp_path, *words)
    assert (code, out) == (2, "")
    assert says in err
    assert "next: skewcheck rollouts list staging" in err


@pytest.mark.parametrize("words", [[], ["lst"], ["list"], ["approve", "staging"]], ids=" ".join)
def test_half_a_question_is_a_mistake(live: Live, words: list[str]) -> None:
    ended = live.run("rollouts", *words)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("digest", ["", " ", "01e906c", "$DIGEST", DIGEST.upper(), DIGEST + "0"])
def test_only_a_whole_digest_can_be_approved(live: Live, tmp_path: Path, digest: str) -> None:
    """A shortened or empty one would approve a plan that there never is, and say so gladly."""
    code, out, err = ask(live, tmp_path, "approve", digest)
    assert (code, out) == (2, "")
    assert "16 hexadecimal digits" in err
    assert not (tmp_path / "nothing").exists()


def test_who_is_not_named_may_not_approve(live: Live, tmp_path: Path) -> None:
    code, out, err = ask(live, tmp_path, "approve", DIGEST)
    assert (code, out) == (10, "")
    assert "ada@" in err
    assert "policy.approvals.by: nobody" in err
    assert not (tmp_path / "nothing").exists()


def test_who_is_named_approves(live: Live, tmp_path: Path) -> None:
    me = f"ada@{socket.gethostname()}"
    approvals = {"policy": {"approvals": {"count": "1", "by": [me]}}}
    draft = tmp_path / "draft.yaml"
    draft.write_text(json.dumps(manifest(live.server.url(""), **approvals)))
    code, out, err = ask(live, tmp_path, "approve", DIGEST, "--manifest", str(draft))
    assert (code, err) == (0, "")
    assert out == f"{me} approved plan {DIGEST} of staging for 0:15:00\n"
    audit = live.run("audit", "--repo", str(live.repository.path), **empty(live, tmp_path))
    record = json.loads(audit.out)
    assert (record["event"], record["who"], record["digest"]) == ("approved", me, DIGEST)


def test_what_was_rolled_out_is_listed_and_shown(desk: Desk) -> None:
    desk.stage.stale_edge()
    name = document(desk.installed("redeploy", "staging", "--yes", "--format", "json"))["rollout"]
    listed = desk.installed("rollouts", "list", "staging", "--format", "json")
    assert (listed.code, listed.err) == (0, "")
    assert [each["rollout"] for each in document(listed)["rollouts"]] == [name]
    for words in ([], [name]):
        shown = desk.installed("rollouts", "show", "staging", *words, "--format", "json")
        assert (shown.code, shown.err) == (0, "")
        assert document(shown)["outcome"] == "succeeded"
    narrow = desk.installed("rollouts", "list", "staging", COLUMNS="80")
    assert name in narrow.out
    assert max(map(len, narrow.out.splitlines())) <= 80
    over = desk.installed("rollouts", "resume", "staging")
    assert (over.code, over.out) == (2, "")
    assert "nothing is left to carry on" in over.err


def test_a_rollout_that_waits_says_until_when_and_can_be_cancelled(desk: Desk) -> None:
    build = desk.stage.world.history.bridge
    both = (f"--candidate=frontend={build}", f"--candidate=backend={build}")
    with desk.started("redeploy", "staging", *both, "--yes") as program:
        assert program.stderr is not None
        told = program.stderr.readline()
        assert re.match(
            r"waits until [-0-9]+ \d\d:\d\d UTC for the last old clients of front", told
        )
        assert "skewcheck rollouts resume staging" in told
        shown = document(desk.installed("rollouts", "show", "staging", "--format", "json"))
        assert (shown["outcome"], shown["exit"]) == (None, None)
        assert told.startswith(shown["status"])
        cancelled = desk.installed("rollouts", "cancel", "staging")
        assert (cancelled.code, cancelled.out.rpartition(" goes ")[2]) == (
            0,
            "back from its next step on\n",
        )
        out, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (12, "")
    assert "stopped by ada@" in out
    assert "ROLLED BACK" in out
    trail = desk.trail()
    assert [each["event"] for each in trail] == ["rollout-started", "cancelled", "rollout-ended"]
    assert {each["rollout"] for each in trail} == {shown["rollout"]}
    assert trail[2]["outcome"] == "rolled-back"


@contextmanager
def losing_rights_at_the_edge(cloud: Sandbox) -> Iterator[None]:
    """Once the edge is told to forget, Cloud Run may not be changed any more."""

    def lose(moment: Moment) -> None:
        if moment.path.endswith("/invalidateCache") and moment.when == "before":
            cloud.faults.always(denied("run.services.update", cloud.name_of(WEB)), method="PATCH")

    usual = cloud.control_plane.on_call
    cloud.control_plane.on_call = lose
    try:
        yield
    finally:
        cloud.control_plane.on_call = usual
        cloud.faults.clear()


def test_a_stuck_one_is_told_by_hand_and_ends_well_once_it_is_resumed(desk: Desk) -> None:
    desk.stage.stale_edge()
    with losing_rights_at_the_edge(desk.stage.world.cloud):
        stuck = desk.installed("redeploy", "staging", "--yes")
    assert stuck.code == 12
    assert "STUCK" in stuck.out
    assert "  gcloud run services update-traffic acme-web" in stuck.out
    resume = "skewcheck rollouts resume staging"
    assert f"once what stood in the way is mended: {resume} " in stuck.err
    read = desk.installed("rollouts", "show", "staging", "--format", "json")
    assert (read.code, read.err, document(read)["outcome"]) == (12, "", "stuck")
    left_alone = desk.installed("rollouts", "resume", "staging", "--unfinished")
    assert (left_alone.code, left_alone.out) == (0, "")
    assert "no rollout is unfinished in staging" in left_alone.err
    resumed = desk.installed(*stuck.err.rpartition("mended: skewcheck ")[2].split())
    assert (resumed.code, resumed.err) == (0, "")
    assert "SUCCEEDED" in resumed.out
    assert desk.run("status", "staging").code == 0
    trail = desk.trail()
    assert [each["event"] for each in trail] == [
        "rollout-started", "rollout-ended", "resumed", "rollout-ended",
    ]  # fmt: skip
    assert trail[2]["rollout"] == trail[3]["rollout"]
    assert [each.get("outcome") for each in trail[1::2]] == ["stuck", "succeeded"]
