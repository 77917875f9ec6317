"""`POST /slack/events`: only Slack, only now, only once; and acknowledged whatever else goes on."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from skewcheck.core.errors import SkewcheckError
from skewcheck.flows.rooms import Room
from skewcheck.flows.slack.inbox import waiting
from skewcheck.service.slack import SlackService
from tests.flows.slack.world import Workspace
from tests.service.served import running
from tests.service.slack.desk import Served, serving, settings, until
from tests.slack_server import SECRET, Slack, command, form, signed


@pytest.fixture
def served() -> Iterator[Served]:
    """Nobody carries out what is accepted."""
    with serving(starts=False) as each:
        yield each


def accepted(served: Served) -> int:
    return len(waiting(served.shared))


def test_what_slack_sends_is_acknowledged_with_nothing_and_kept(served: Served) -> None:
    got = served.send(command("status"))
    assert (got.status, got.body, accepted(served)) == (200, b"", 1)


def test_what_nobody_signed_is_refused(served: Served) -> None:
    got = served.post(form(command("status")), {})
    assert (got.status, accepted(served)) == (401, 0)


def test_what_is_forged_is_refused(served: Served) -> None:
    assert served.send(command("status"), secret="a guess").status == 401
    body = form(command("status"))
    headers = signed(body, SECRET, served.space.clock.now())
    assert served.post(form(command("redeploy staging")), headers).status == 401
    assert accepted(served) == 0


@pytest.mark.parametrize("off_s", [-301, 301])
def test_what_is_not_of_now_is_refused(served: Served, off_s: float) -> None:
    assert served.send(command("status"), later_s=off_s).status == 401
    assert accepted(served) == 0


@pytest.mark.parametrize("off_s", [-300, 300])
def test_five_minutes_are_now(served: Served, off_s: float) -> None:
    assert served.send(command("status"), later_s=off_s).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Signature": "v0=\xe9"},
        {"X-Slack-Signature": ""},
    ],
)
def test_the_worst_headers_are_refused_and_break_nothing(
    served: Served, headers: dict[str, str]
) -> None:
    assert served.send(command("status"), headers=headers).status == 401


def test_a_body_that_is_no_text_is_refused_though_signed(served: Served) -> None:
    body = b"command=\xff\xfe"
    assert served.post(body, signed(body, SECRET, served.space.clock.now())).status == 401


def test_a_body_that_is_too_long_is_not_read_to_its_end(served: Served) -> None:
    body = b"x" * 100_001
    assert served.post(body, signed(body, SECRET, served.space.clock.now())).status == 413


def test_the_very_same_request_again_is_a_replay(served: Served) -> None:
    assert served.send(command("status")).status == 200
    assert served.send(command("status")).status == 401
    assert accepted(served) == 1


def test_replays_are_known_to_every_replica(served: Served) -> None:
    served.send(command("status"))
    shared = replace(served.shared, holder="replica-2")
    other = SlackService(shared, settings(served.slack), served.space.open_room)
    body = form(command("status"))
    with running(Starlette(routes=other.routes())) as site:
        headers = signed(body, SECRET, served.space.clock.now())
        assert site.ask("POST", "/slack/events", body=body, headers=headers).status == 401


def test_slacks_own_repetition_is_acknowledged_and_done_once(served: Served) -> None:
    for later_s in (0, 1, 2):
        assert served.send(command("redeploy staging"), later_s=later_s).status == 200
    assert accepted(served) == 1


def test_without_a_secret_nobody_is_slack() -> None:
    with serving(starts=False, signing_secret="") as served:
        assert served.send(command("status"), secret="").status == 401
        assert accepted(served) == 0


def test_only_posts_are_heard(served: Served) -> None:
    assert served.site.get("/slack/events").status == 405


def test_what_is_none_of_ours_is_refused_without_many_words(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    assert served.send(command("status", trigger="7.1") | {"command": "/other"}).status == 404
    assert accepted(served) == 0
    assert capfd.readouterr() == ("", "")


def test_slacks_check_of_the_certificate_is_answered(served: Served) -> None:
    assert served.send({"ssl_check": "1", "token": "x"}).status == 200
    assert accepted(served) == 0


def test_what_cannot_be_kept_is_not_acknowledged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    shelf: Any = served.shared.shelf
    add = shelf.add

    def full(kind: str, *given: Any, **named: Any) -> bool:
        if kind == "inbox":
            raise SkewcheckError("the disk is full")
        return bool(add(kind, *given, **named))

    shelf.add = full
    with caplog.at_level(logging.ERROR, "skewcheck.slack"):
        assert served.send(command("status")).status == 500
    assert "could not be put on the shelf: the disk is full" in caplog.text


def test_with_slack_down_it_starts_and_acknowledges() -> None:
    space = Workspace()
    gone = Slack(url="http://127.0.0.1:1")
    service = SlackService(space.shared, settings(gone), space.open_room)
    body = form(command("status"))
    with running(Starlette(routes=service.routes())) as site:
        headers = signed(body, SECRET, space.clock.now())
        assert site.ask("POST", "/slack/events", body=body, headers=headers).status == 200


class Slow(Workspace):
    """Where opening an environment takes until somebody says so."""

    go: threading.Event

    @contextmanager
    def open_room(self, environment: str) -> Iterator[Room]:
        assert self.go.wait(20)
        with super().open_room(environment) as room:
            yield room


def swept(served: Served) -> bool:
    """Whether nothing is left to do."""
    served.service.sweep()
    return not waiting(served.shared)


def test_everybody_is_acknowledged_while_all_workers_are_busy_and_nothing_is_lost() -> None:
    space = Slow()
    space.go = threading.Event()
    with serving(space) as served, ThreadPoolExecutor(16) as people:
        asks = [
            command(
                "redeploy nowhere" if number % 2 else "redeploy production",
                trigger=f"{number}.1",
                response_url=served.slack.response_url(number),
            )
            for number in range(100)
        ]
        assert {got.status for got in people.map(served.send, asks)} == {200}
        space.go.set()
        until(lambda: swept(served))
        assert len(served.slack.told("response_url")) == 100
