"""The JSON API: the report and what is known besides; unknown is never green."""

from datetime import timedelta

import pytest

from skewcheck.core.rollout.consent import Hold
from tests.builders import NOW
from tests.render.rollout.worlds import succeeded, waiting
from tests.render.worlds import incident
from tests.service.served import World, document, view

STAGING = "/api/v1/environments/staging"
HOLD = Hold(who="ada@acme.example", why="trade fair", at=NOW, until=NOW + timedelta(hours=2))


def test_an_environment_is_its_report_with_rollouts_and_hold() -> None:
    world = World()
    world.board.put(view(of=incident(), rollouts=(waiting(), succeeded()), hold=HOLD))
    with world.served() as site:
        got = site.get(STAGING)
    assert got.headers["content-type"] == "application/json"
    assert {key: got.json[key] for key in document()} == document(incident())
    assert (got.json["trouble"], got.json["last"]) == ("", None)
    assert [each["outcome"] for each in got.json["rollouts"]] == [None, "succeeded"]
    assert got.json["hold"] == {
        "who": "ada@acme.example",
        "why": "trade fair",
        "at": "2026-11-23T22:10:00Z",
        "until": "2026-11-24T00:10:00Z",
    }


def test_a_pass_that_grew_old_is_inconclusive_and_says_what_it_was() -> None:
    world = World()
    world.board.put(view(trouble="the newest survey is 5 min old"))
    with world.served() as site:
        got = site.get(STAGING).json
        brief = site.get("/api/v1/environments").json["environments"][0]
    assert (got["verdict"], got["exit"]) == ("inconclusive", 11)
    assert got["last"] == {"verdict": "pass", "exit": 0}
    assert got["trouble"] == brief["trouble"] == "the newest survey is 5 min old"
    assert brief["verdict"] == "inconclusive"


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("", "no survey has been taken yet"), ("git says no", "git says no")],
)
def test_without_a_survey_there_is_no_document(trouble: str, told: str) -> None:
    world = World()
    world.board.put(view(report=None, trouble=trouble))
    with world.served() as site:
        got, brief = site.get(STAGING), site.get("/api/v1/environments").json
    assert got.status == 503
    assert told in got.json["error"]
    assert brief["environments"][0]["verdict"] is None
    assert told in brief["environments"][0]["trouble"]


def test_all_environments_are_told_in_brief_by_name() -> None:
    world = World()
    world.board.put(view("staging", incident()))
    world.board.put(view("production", hold=HOLD))
    with world.served() as site:
        got = site.get("/api/v1/environments").json
    production, staging = got["environments"]
    assert (production["environment"], production["verdict"]) == ("production", "pass")
    assert production["hold"]["who"] == "ada@acme.example"
    assert (staging["verdict"], staging["at"]) == ("block", "2026-11-23T22:10:00Z")
    assert "block" in staging["summary"]


def test_rollouts_are_told_as_the_command_line_tells_them() -> None:
    world = World()
    world.board.put(view(rollouts=(succeeded(),)))
    with world.served() as site:
        got = site.get(f"{STAGING}/rollouts").json
    assert got["question"] == "rollouts"
    assert got["rollouts"][0]["rollout"] == "r-20261123-7f3a1b"


@pytest.mark.parametrize("path", ["nowhere", "nowhere/rollouts"])
def test_an_unknown_environment_is_404_as_json_and_names_the_known(path: str) -> None:
    world = World()
    world.board.put(view())
    with world.served() as site:
        got = site.get(f"/api/v1/environments/{path}")
    assert got.status == 404
    assert "staging" in got.json["error"]
