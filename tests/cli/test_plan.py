"""`plan` and `next`: what is asked wrongly, what a plan exits with, and that it changes nothing."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import CONTRACT, Live, manifest
from tests.cli.desk import Desk, document
from tests.programs import environment, run_here
from tests.repositories import Repository
from tests.servers import Reply


@pytest.mark.parametrize("command", ["plan", "redeploy"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--to", ""], "--to: is empty", id="a target that was not set"),
        pytest.param(["--to", " "], "--to: is empty", id="a blank one"),
        pytest.param(["--to", "main", "--ref", "main"], "--to or --ref", id="two targets"),
        pytest.param(["--to", "nowhere"], "'nowhere'", id="a target that git does not know"),
        pytest.param(["--waive", "web"], "SERVICE=REASON", id="a waiver without a reason"),
        pytest.param(["--waive", "web= "], "SERVICE=REASON", id="a blank reason"),
        pytest.param(["--waive", "=why"], "SERVICE=REASON", id="a waiver for nobody"),
        pytest.param(["--waive", "wbe=why"], "did you mean `web`?", id="for an unknown service"),
        pytest.param(["--candidate", "api="], "is empty", id="a candidate that was not set"),
        pytest.param(["--candidate", "apy=main"], "did you mean `api`?", id="of no service"),
        pytest.param(["--format", "junit"], "'junit'", id="a format that it has not"),
    ],
)
def test_what_is_asked_wrongly_is_a_mistake(
    live: Live, command: str, words: list[str], says: str
) -> None:
    ended = live.ask(command, *words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["plan", "next", "redeploy", "rollback", "hold", "unpin"])
def test_an_environment_that_is_none_is_told_with_those_that_are(live: Live, command: str) -> None:
    ended = live.run(command, "stagin", "--repo", str(live.repository.path))
    assert (ended.code, ended.out) == (2, "")
    assert "environments there: staging" in ended.err


@pytest.mark.parametrize("command", ["plan", "next"])
def test_where_everything_is_as_promised_there_is_nothing_to_do(live: Live, command: str) -> None:
    ended = live.ask(command)
    assert (ended.code, ended.err) == (0, "")
    assert "nothing to do" in ended.out


def test_the_incident_is_planned_and_nothing_is_changed(desk: Desk) -> None:
    desk.stage.stale_edge()
    before = desk.changeable()
    plan = document(desk.run("plan", "staging", "--format", "json"))
    assert (plan["question"], plan["answer"], plan["exit"]) == ("plan", "safe", 0)
    (wave,) = plan["waves"]
    (move,) = wave["moves"]
    assert (move["service"], move["away"], move["invalidates"]) == ("frontend", [], True)
    assert [pair["link"] for pair in wave["mends"]] == ["chat"]
    following = document(desk.run("next", "staging", "--format", "json"))
    assert [each["may_move"] for each in following["services"]] == [True]
    assert desk.changeable() == before
    assert not list(desk.state.glob("rollout*"))


def test_a_plan_for_a_review_is_markdown(desk: Desk) -> None:
    desk.stage.stale_edge()
    ended = desk.run("plan", "staging", "--format", "markdown")
    assert ended.code == 0
    assert ended.out.startswith("## SAFE: staging\n")


def test_a_deadlock_is_10_and_names_what_would_break_it(desk: Desk) -> None:
    build = desk.stage.world.history.next_protocol
    both = (f"--candidate=frontend={build}", f"--candidate=backend={build}")
    ended = desk.run("plan", "staging", *both)
    assert (ended.code, ended.err) == (10, "")
    assert ended.out.startswith("NO SAFE ORDER  staging")
    assert "bridge backend" in ended.out
    plan = document(desk.run("plan", "staging", *both, "--format", "json"))
    assert (plan["exit"], plan["waves"]) == (10, [])
    assert len(plan["deadlocks"][0]["cycle"]) == 2
    assert desk.run("next", "staging", *both).code == 10


def test_a_safe_order_shows_the_bridge_first(desk: Desk) -> None:
    build = desk.stage.world.history.bridge
    both = (f"--candidate=frontend={build}", f"--candidate=backend={build}")
    plan = document(desk.run("plan", "staging", *both, "--format", "json"))
    assert plan["exit"] == 0
    assert [[move["service"] for move in wave["moves"]] for wave in plan["waves"]] == [
        ["backend"],
        ["frontend"],
    ]
    assert [wave["sticky"] for wave in plan["waves"]] == [[], ["frontend"]]


def test_a_waiver_is_told_with_what_it_accepts_and_who_gave_it(desk: Desk) -> None:
    build = desk.stage.world.history.bridge
    both = (f"--candidate=frontend={build}", f"--candidate=backend={build}")
    waited = document(desk.run("plan", "staging", *both, "--format", "json"))
    waived = desk.run("plan", "staging", *both, "--waive", "frontend=\x1b[2Jdown at 2 a.m.")
    assert waited["seconds"] > 12 * 3600
    assert waived.code == 0
    assert "WAIVED by ada@" in waived.out
    assert "\\x1b[2Jdown at 2 a.m." in waived.out
    assert "accepts: every tab of frontend" in waived.out
    assert "\x1b" not in waived.out


def test_unknown_facts_that_decide_are_11(live: Live, tmp_path: Path) -> None:
    """What is live comes from before the contract; who goes first would have to guess."""
    repository = Repository(tmp_path / "acme")
    before = repository.commit({"README.md": "no contract yet\n"})
    promised = json.dumps(manifest(live.server.url("")))
    repository.commit({"contracts/chat.yaml": CONTRACT, "manifests/staging.yaml": promised})
    for service in ("web", "api"):
        live.answer(service, Reply(body=json.dumps({"commit": before.value}).encode()))
    words = ("plan", "staging", "--repo", str(repository.path))
    ended = run_here(*words, env=environment(tmp_path))
    assert (ended.code, ended.err) == (11, "")
    assert "no contract" in ended.out
    plan = document(run_here(*words, "--format", "json", env=environment(tmp_path)))
    assert (plan["answer"], plan["exit"]) == ("unknown decides", 11)


@pytest.mark.parametrize("command", ["plan", "next", "redeploy", "rollback"])
def test_what_nobody_could_be_asked_is_never_planned_with(desk: Desk, command: str) -> None:
    """A laptop without credentials: what serves is not known, so no order is called safe."""
    ended = desk.run(command, "staging", "--format", "json", SKEWCHECK_GCP_ENDPOINT="")
    expected = (2, "no redeploy") if command == "rollback" else (11, "no usable Google credentials")
    assert (ended.code, ended.out) == (expected[0], "")
    assert expected[1] in ended.err
    assert ended.err.count("next: ") == 1


def test_a_plan_fits_into_80_columns(desk: Desk) -> None:
    desk.stage.stale_edge()
    ended = desk.run("plan", "staging", COLUMNS="80")
    assert max(map(len, ended.out.splitlines())) <= 80


def test_colour_is_for_terminals_that_want_it(desk: Desk) -> None:
    desk.stage.stale_edge()
    assert "\x1b[" not in desk.run("plan", "staging").out
    _, coloured = desk.on_a_terminal("plan", "staging", TERM="xterm")
    assert "\x1b[1" in coloured
    _, plain = desk.on_a_terminal("plan", "staging", TERM="xterm", NO_COLOR="1")
    assert "SAFE  staging" in plain
    assert "\x1b[1" not in plain
