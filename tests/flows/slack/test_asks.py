"""Every command: what it answers, what it changes, and who may give it."""

from dataclasses import replace
from typing import Any

import pytest

from skewcheck.core.errors import ActionFailedError
from skewcheck.flows.slack.carry_out import carry_out
from skewcheck.flows.slack.desk import Desk
from tests.builders import NOW, unreadable
from tests.flows.slack.world import ADA, MALLORY, Workspace
from tests.slack_fakes import item, read

LOOK: dict[str, Any] = {
    "at": "2026-11-23T22:07:00Z",
    "report": {
        "schema": 1,
        "verdict": "block",
        "headline": {"summary": "1 finding blocks, 1 notice", "finding": None, "safe": ""},
        "findings": [
            {
                "code": "stale-edge", "subject": "web", "severity": "block",
                "sentence": "the edge serves 01d01d0", "fix": "skewcheck invalidate staging web",
                "evidence": [], "since": None, "owner": "",
            },
            {"code": "settling", "subject": "api", "severity": "notice", "sentence": "young"},
        ],
    },
    "trouble": "",
}  # fmt: skip


def looked(space: Workspace, environment: str = "staging", **changed: Any) -> None:
    space.shared.shelf.put("look", environment, LOOK | changed, at=NOW)


def test_help_names_every_command() -> None:
    told = Workspace().says(MALLORY, "help")
    for verb in ("status", "diagnose", "plan", "redeploy", "rollback", "hold", "release"):
        assert f"/skewcheck {verb}" in told


def test_what_cannot_be_read_is_told_with_what_was_meant() -> None:
    space = Workspace()
    told = space.says(ADA, "redploy staging")
    assert "there is no command 'redploy'; did you mean `redeploy`?" in told
    assert "did you mean `staging`?; there are production, staging" in space.says(
        ADA, "plan stagin"
    )


def test_without_a_list_of_environments_those_that_were_looked_at_are_known() -> None:
    space = Workspace()
    looked(space, "preview")
    desk = Desk(shared=space.shared, open_room=space.open_room)
    carry_out(desk, item("status stagin"))
    assert "there are preview" in read(space.slack.answers[-1])


def test_status_tells_the_newest_survey_to_everybody() -> None:
    space = Workspace(page="https://skewcheck.acme.example")
    looked(space)
    told = space.says(MALLORY, "status staging")
    assert "BLOCK: staging" in told
    assert "block stale-edge web: the edge serves 01d01d0" in told
    assert "skewcheck invalidate staging web" in told
    assert "the status page" in told
    assert "3 min ago" in told


def test_status_of_everything_is_a_line_for_each() -> None:
    space = Workspace()
    looked(space)
    looked(space, "production", report=None, trouble="git is away")
    told = space.says(ADA, "status")
    assert "BLOCK: staging" in told
    assert "INCONCLUSIVE: production" in told
    assert "what is shown is old: git is away" in told


def test_before_the_first_survey_nothing_is_green() -> None:
    space = Workspace()
    assert "no survey of staging has been taken yet" in space.says(ADA, "status staging")
    assert "no survey has been taken yet" in space.says(ADA, "status")


def test_a_look_of_another_make_is_as_none() -> None:
    space = Workspace()
    looked(space, report={"verdict": "great"})
    assert "no survey of staging has been taken yet" in space.says(ADA, "status staging")
    assert "no survey has been taken yet" in space.says(ADA, "status")


def test_diagnose_looks_now_and_tells_every_link() -> None:
    told = Workspace().says(MALLORY, "diagnose staging")
    assert "chat: web → api" in told


def test_diagnose_of_a_link_that_is_none_names_those_that_are() -> None:
    told = Workspace().says(ADA, "diagnose staging chatt")
    assert "no WebSocket link 'chatt'; did you mean `chat`?" in told
    assert "chat: web → api" in Workspace().says(ADA, "diagnose staging chat")


def test_diagnose_without_any_link_says_so() -> None:
    space = Workspace()
    loaded = space.rollouts.loaded
    manifest = loaded.manifest.model_copy(update={"links": {}})
    space.rollouts.loaded = replace(loaded, manifest=manifest)
    assert "no WebSocket link; it has none" in space.says(ADA, "diagnose staging")


def test_a_plan_is_shown_and_changes_nothing() -> None:
    space = Workspace()
    told = space.says(MALLORY, "plan staging")
    assert "SAFE: staging" in told
    assert "wave 1" in told
    assert (space.orders(), space.events(), space.proposals()) == ([], [], [])


def test_a_plan_of_what_nobody_knows_says_what_is_not_known() -> None:
    space = Workspace()
    space.rollouts.cloud.unreadable["api"] = unreadable()
    assert "what serves api is not known" in space.says(ADA, "plan staging")


def test_without_a_way_to_answer_nobody_is_answered() -> None:
    space = Workspace()
    carry_out(space.desk, item("help", response_url=""))
    assert space.slack.answers == []


def test_without_slack_there_is_nobody_to_answer() -> None:
    space = Workspace()
    desk = replace(space.desk, shared=replace(space.shared, messenger=None))
    with pytest.raises(ActionFailedError, match="Slack is not set up here"):
        carry_out(desk, item("help"))
