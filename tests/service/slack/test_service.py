"""From a signed request to the last message; replicas that die; and the socket."""

import logging
import threading

import pytest

from skewcheck.flows.slack.inbox import take_turn, waiting
from skewcheck.service.slack import SlackService
from skewcheck.settings import SlackSettings
from tests.builders import NOW
from tests.flows.slack.world import TWO, Workspace
from tests.service.slack.desk import Served, another, serving, until
from tests.slack_server import CHANNEL, click, command


def pressed(served: Served, user: str, trigger: str, action: str = "approve") -> None:
    """The button of the newest proposal."""
    value = served.wait_for_proposal()
    answer = served.slack.response_url()
    payload = click(action, value, user=user, trigger=trigger, response_url=answer)
    assert served.send(payload).status == 200


def test_the_whole_way_from_asking_to_the_last_message() -> None:
    with serving(Workspace(approvals=TWO)) as served:
        asked = command("redeploy staging - the incident", response_url=served.slack.response_url())
        assert served.send(asked).status == 200
        assert served.slack.wait_for("chat.postMessage")["channel"] == CHANNEL
        pressed(served, "U0KIM", "2.1")
        served.slack.wait_for("chat.update", 1)
        pressed(served, "U0ADA", "2.2")
        told = served.slack.wait_for("response_url", 2)
        assert "only those whom policy.approvals.by lists" in str(told)
        pressed(served, "U0LIN", "2.3")
        assert "Started" in str(served.slack.wait_for("chat.update", 2))
        until(lambda: bool(served.space.orders()))
        served.space.carried_out()
        served.service.sweep()
        last = served.slack.wait_for("chat.update", 3)
        assert "SUCCEEDED: redeploy of staging" in last["text"]
        assert list(served.slack.messages) == [last["ts"]]
        pressed(served, "U0OLA", "2.4")
        assert "decided already: started" in str(served.slack.wait_for("response_url", 3))
        assert len(served.space.orders()) == 1


def test_an_answer_leads_to_the_status_page() -> None:
    with serving() as served:
        served.shared.shelf.put("look", "staging", {"at": "2026-11-23T22:07:00Z"}, at=NOW)
        served.send(command("status staging", response_url=served.slack.response_url()))
        told = served.slack.wait_for("response_url")
        assert "https://skewcheck.acme.example/environments/staging" in str(told)


def test_what_was_acknowledged_is_done_by_another_though_its_replica_died() -> None:
    with serving(starts=False) as served:
        for number in range(3):
            answer = served.slack.response_url(number)
            served.send(command("help", trigger=f"{number}.9", response_url=answer))
        take_turn(served.shared, "0.9")
        other = another(served)
        other.start()
        other.sweep()
        served.slack.wait_for("response_url", 2)
        until(lambda: waiting(served.shared) == ("0.9",))
        served.space.later(seconds=61)
        other.sweep()
        served.slack.wait_for("response_url", 3)
        other.stop()


def test_who_works_on_something_keeps_their_turn_by_sweeping() -> None:
    space = Workspace()
    go, begun = threading.Event(), threading.Event()

    with serving(space) as served:
        shelf = served.shared.shelf
        take = shelf.take_turn

        def waits(what: str, *given: object, **named: object) -> bool:
            took = take(what, *given, **named)  # type: ignore[arg-type]
            if not begun.is_set():
                begun.set()
                assert go.wait(20)
            return took

        shelf.take_turn = waits  # type: ignore[method-assign]
        served.send(command("help", trigger="1.1", response_url=served.slack.response_url()))
        assert begun.wait(20)
        for _ in range(3):
            space.later(seconds=50)
            served.service.sweep()
        assert not take_turn(another(served)._shared, "1.1")
        go.set()
        served.slack.wait_for("response_url")


def test_troubles_with_messages_are_logged_and_stop_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving() as served, caplog.at_level(logging.WARNING, "skewcheck.slack"):
        post = {"environment": "gone", "channel": CHANNEL, "ts": "1.1"}
        served.shared.shelf.add("post", "r9", {**post}, at=NOW)
        served.service._bring_up_to_date()
        assert "rollout r9 in Slack: manifests/gone.yaml: no such file" in caplog.text


def test_messages_are_looked_after_every_other_second_at_most() -> None:
    with serving() as served:
        served.send(command("redeploy staging"))
        served.wait_for_proposal()
        served.space.later(minutes=16)
        served.service.sweep()
        served.slack.wait_for("chat.update", 1)
        served.space.later(seconds=1)
        assert served.service._followed is not None
        before = served.service._followed
        served.service.sweep()
        assert served.service._followed == before
        served.space.later(seconds=1)
        served.service.sweep()
        assert served.service._followed > before


def test_once_stopped_it_begins_nothing_more() -> None:
    with serving(starts=False) as served:
        served.service.stop()
        served.send(command("help", response_url=served.slack.response_url()))
        served.service.sweep()
        assert len(waiting(served.shared)) == 1


@pytest.mark.parametrize(
    ("secret", "app", "told"),
    [
        ("s", "", "POST /slack/events"),
        ("", "xapp-1", "Socket Mode"),
        ("s", "xapp-1", "POST /slack/events and Socket Mode"),
        ("", "", "messages only: no signing secret and no app token is set"),
    ],
)
def test_it_says_how_slack_reaches_it(secret: str, app: str, told: str) -> None:
    space = Workspace()
    settings = SlackSettings(signing_secret=secret, app_token=app)
    assert SlackService(space.shared, settings, space.open_room).mode == told


def envelope(payload: dict[str, object], name: str) -> dict[str, object]:
    kind = "interactive" if payload.get("type") == "block_actions" else "slash_commands"
    return {"type": kind, "envelope_id": name, "payload": payload, "accepts_response_payload": True}


def test_over_a_socket_the_same_things_happen_once() -> None:
    with serving(socket=True, signing_secret="") as served:
        answer = served.slack.response_url()
        asked = command("redeploy staging", trigger="5.1", response_url=answer)
        served.slack.send(envelope({**asked}, "e1"))
        served.slack.send(envelope({**asked}, "e2"))
        served.slack.wait_for("chat.postMessage")
        served.slack.wait_for_acknowledged(2)
        assert {each["envelope_id"] for each in served.slack.acknowledged} == {"e1", "e2"}
        value = served.wait_for_proposal()
        served.slack.send(envelope(click("approve", value, user="U0KIM", trigger="5.2"), "e3"))
        assert "Started" in str(served.slack.wait_for("chat.update"))
        assert len(served.space.proposals()) == 1


def test_a_socket_that_does_not_open_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    space = Workspace()
    with serving(space, starts=False, socket=True) as served:
        served.slack.fails["apps.connections.open"] = ["down"]
        with caplog.at_level(logging.WARNING, "skewcheck.slack"):
            served.service.start()
            until(lambda: "Slack's socket does not open" in caplog.text)
        served.service.sweep()
        assert not served.slack.connected.is_set()
        space.later(seconds=10)
        served.service.sweep()
        assert served.slack.connected.wait(10)
