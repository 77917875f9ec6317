"""`skewcheck serve` as a process, before the demo's world: it answers, mends, and hands over."""

import json
import signal
import socket
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from tests.cli.desk import Desk
from tests.processes import waited_for
from tests.serving import passes, serving

MENDS = ("policy:\n", "policy:\n  on_skew: redeploy\n")
_ENDS_WITHIN_S = 8.0


def test_it_says_what_it_does_and_shows_the_world(desk: Desk) -> None:
    with serving(desk) as served:
        assert served.sees(passes)
        status, page = served.ask("/")
        assert (status, "staging" in page) == (200, True)
        assert "Nobody logs in here, so only this machine may look." in page
        said = "".join(served.lines)
    assert "environments: staging (surveyed every 1 s)" in said
    assert "nobody logs in, so only this machine may look" in said
    assert "Slack: off" in said
    assert f"state: {desk.state}" in said


def test_what_changes_is_seen_in_the_next_round(desk: Desk) -> None:
    with serving(desk) as served:
        assert served.sees(passes)
        desk.stage.stale_edge()
        assert served.sees(lambda report: "stale-edge" in str(report["findings"]))


def test_the_gate_judges_freshly_and_is_on_record(desk: Desk) -> None:
    build = desk.stage.world.history.next_protocol
    asked = {"namespace": "staging", "metadata": {"candidates": f"backend={build}"}}
    with serving(desk) as served:
        assert served.sees(passes)
        status, body = served.ask("/gate", asked)
        assert (status, json.loads(body)["verdict"]) == (409, "block")
        assert served.ask("/gate", {"namespace": "staging"})[0] == 200
    assert [each["verdict"] for each in _trail(desk)] == ["block", "pass"]


def test_a_sigterm_that_comes_as_soon_as_it_listens_is_heard(desk: Desk) -> None:
    with serving(desk) as served:
        assert served.url
        code, took_s = served.end()
    assert code == 0
    assert took_s < _ENDS_WITHIN_S


def test_on_sigterm_it_ends_in_time_and_well_though_a_page_is_open(desk: Desk) -> None:
    with serving(desk) as served:
        assert served.sees(passes)
        with requests.get(urljoin(served.url, "/events"), stream=True, timeout=30) as stream:
            assert next(stream.iter_lines())
            code, took_s = served.end()
    assert code == 0
    assert took_s < _ENDS_WITHIN_S


def test_an_interrupt_ends_it_as_it_ends_every_command(desk: Desk) -> None:
    with serving(desk) as served:
        assert served.sees(passes)
        code, _ = served.end(signal.SIGINT)
        assert waited_for(lambda: "skewcheck: interrupted" in "".join(served.lines))
    assert code == 130


def test_skew_that_appears_by_itself_is_mended_where_the_policy_says_so(desk: Desk) -> None:
    branch = desk.promise("serve-mends", *MENDS)
    with serving(desk, "--ref", branch) as served:
        assert served.sees(passes)
        desk.stage.stale_edge()
        assert waited_for(lambda: [each["outcome"] for each in served.rollouts()] == ["succeeded"])
        assert served.sees(passes)
        (rollout,) = served.rollouts()
        assert waited_for(lambda: "rollout-ended" in _events(desk))
    assert (rollout["why"], rollout["kind"]) == ("on_skew: redeploy", "redeploy")
    events = _events(desk)
    assert events.count("rollout-started") == events.count("rollout-ended") == 1
    assert "resumed" not in events


def test_what_is_under_way_when_it_ends_is_carried_on_by_the_next(desk: Desk) -> None:
    branch = desk.promise("serve-hands-over", *MENDS)
    desk.stage.stale_edge()
    with serving(desk, "--ref", branch) as served:
        assert waited_for(lambda: bool(served.rollouts()))
        code, took_s = served.end()
    assert (code, took_s < _ENDS_WITHIN_S) == (0, True)
    with serving(desk, "--ref", branch) as served:
        assert waited_for(lambda: [each["outcome"] for each in served.rollouts()] == ["succeeded"])
        assert served.sees(passes)


def test_read_only_it_shows_and_moves_nothing(desk: Desk) -> None:
    branch = desk.promise("serve-shows", *MENDS)
    desk.stage.stale_edge()
    before = desk.changeable()
    with serving(desk, "--ref", branch, "--read-only") as served:
        assert served.sees(lambda report: bool(report["verdict"] == "block"))
        seen: set[str] = set()

        def thrice(report: dict[str, Any]) -> bool:
            seen.add(report["at"])
            return len(seen) > 3

        assert served.sees(thrice)
        assert served.rollouts() == []
        assert "read-only: nothing rolls out from here" in "".join(served.lines)
    assert desk.changeable() == before


def test_a_git_url_is_served_too(desk: Desk) -> None:
    with serving(desk, "--repo", f"file://{desk.stage.world.repository}") as served:
        assert served.sees(passes)


def test_a_named_environment_that_is_not_there_is_an_error_of_usage(desk: Desk) -> None:
    ended = desk.run("serve", "stagin", "--port", "0")
    assert (ended.code, ended.out) == (2, "")
    assert "no environment 'stagin'" in ended.err
    assert "did you mean `staging`?" in ended.err
    assert "next: it has staging" in ended.err


def test_without_a_login_no_other_machine_may_look(desk: Desk) -> None:
    ended = desk.run("serve", "--host", "0.0.0.0", "--port", "0")
    assert (ended.code, ended.out) == (2, "")
    assert "--host 0.0.0.0: nobody vouches for visitors" in ended.err
    assert "SKEWCHECK_LOGIN=iap:AUDIENCE" in ended.err


def test_on_cloud_run_it_needs_a_database(desk: Desk) -> None:
    ended = desk.run("serve", "--port", "0", K_SERVICE="skewcheck")
    assert (ended.code, ended.out) == (2, "")
    assert "SKEWCHECK_STATE_URL=postgresql://…, or add --read-only" in ended.err


def test_a_port_that_is_taken_is_told_with_a_way_out(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = desk.run("serve", "--port", port)
    assert (ended.code, ended.out) == (1, "")
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in ended.err
    assert "--port 0 for any that is free" in ended.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--port", "80000"], "80000", id="no port"),
        pytest.param(["--interval", "0s"], "too short", id="no interval"),
        pytest.param(["--ref", ""], "--ref: is empty", id="no ref"),
        pytest.param(["--page", "acme"], "'acme' is not a URL", id="no URL"),
        pytest.param(["--manifest", "x.yaml"], "--manifest", id="a manifest outside of git"),
    ],
)
def test_flags_that_mean_nothing_are_errors_of_usage(
    desk: Desk, words: list[str], told: str
) -> None:
    ended = desk.run("serve", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def _trail(desk: Desk) -> list[dict[str, Any]]:
    ended = desk.run("audit")
    assert ended.code == 0
    return [json.loads(line) for line in ended.out.splitlines()]


def _events(desk: Desk) -> list[str]:
    return [str(each["event"]) for each in _trail(desk)]
