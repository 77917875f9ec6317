"""Each generation of the backend, spoken to over a real WebSocket."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest
import requests
from websockets.exceptions import ConnectionClosed

from skewcheck.sandbox.programs.backend import listening
from skewcheck.sandbox.programs.container import Settings
from tests.sandbox.builders import ENCODED, TOKEN, backend, contract
from tests.sandbox.clients import NEW_FORMAT, OLD_FORMAT, WELCOME, heard, opened

Serve: TypeAlias = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a backend in this process; its WebSocket address."""
    before = set(threading.enumerate())
    with ExitStack() as running:

        def start(generation: str = "contract", **changes: Any) -> str:
            image = backend(generation=generation, **{"token": TOKEN} | changes)
            settings = Settings({"SANDBOX_IMAGE": image.settings()})
            server = running.enter_context(listening(settings, 0))
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            running.callback(thread.join)
            running.callback(server.shutdown)
            return f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws"

        yield start
    for conversation in set(threading.enumerate()) - before:
        conversation.join()


@pytest.mark.parametrize(
    ("generation", "offers", "expected"),
    [
        ("A", NEW_FORMAT, "None 1000 main cleanup"),
        ("A", (), "None 1000 main cleanup"),
        ("B", NEW_FORMAT, f"jwt-auth {WELCOME}"),
        ("B", OLD_FORMAT, "jwt error 1008 Authentication failed"),
        ("B", (f"jwt.{ENCODED}",), "unoffered"),
        ("B", (), "None error 1008 Authentication failed"),
        ("D", NEW_FORMAT, f"jwt.{ENCODED} {WELCOME}"),
        ("D", ("agent_chat",), "agent_chat error 1008 Authentication failed"),
        ("D", ("compression-gzip",), "403"),
        ("D", (), "None error 1008 Authentication failed"),
        ("T", (), "None error 1008 Authentication failed"),
        ("contract", NEW_FORMAT, f"jwt-auth {WELCOME}"),
        ("contract", OLD_FORMAT, "400"),
        ("contract", ("jwt-auth", "jwt.d3Jvbmc"), "jwt-auth error 1008 Authentication failed"),
        ("contract-426", OLD_FORMAT, "426"),
        ("incident", NEW_FORMAT, f"jwt-auth {WELCOME}"),
        ("incident", OLD_FORMAT, "jwt 1000 main cleanup"),
        ("cleanup-1000", NEW_FORMAT, "jwt-auth 1000 main cleanup"),
        ("race", NEW_FORMAT, f"jwt-auth {WELCOME}"),
    ],
)
def test_a_generation_treats_a_format_as_history_recorded_it(
    serve: Serve, generation: str, offers: tuple[str, ...], expected: str
) -> None:
    assert heard(serve(generation), offers) == expected


def test_a_ticket_in_the_query_is_welcomed_by_the_generation_that_knows_tickets(
    serve: Serve,
) -> None:
    assert heard(f"{serve('T')}?ticket={TOKEN}") == f"None {WELCOME}"


def test_a_polite_server_closes_4406_and_says_what_it_speaks(serve: Serve) -> None:
    closed = heard(serve("contract-4406"), OLD_FORMAT)

    assert closed.startswith("None 4406 this server speaks chat 2.1")


def test_a_server_that_races_loses_a_client_that_speaks_at_once(serve: Serve) -> None:
    with opened(serve("race"), NEW_FORMAT) as socket:
        socket.send("{}")
        with pytest.raises(ConnectionClosed, match="1011"):
            socket.recv(timeout=5)


def test_a_silent_server_keeps_the_socket_open_and_says_nothing(serve: Serve) -> None:
    with opened(serve("silent"), NEW_FORMAT) as socket, pytest.raises(TimeoutError):
        socket.recv(timeout=0.1)


def test_an_eventless_server_welcomes_and_never_answers(serve: Serve) -> None:
    with opened(serve("eventless"), NEW_FORMAT) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME
        socket.send(json.dumps({"type": "user_message"}))
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.1)


def test_a_backend_that_warms_up_closes_every_socket(serve: Serve) -> None:
    assert heard(serve(warms_up=600), NEW_FORMAT) == "jwt-auth 1011 Service not ready: startup"


def test_a_user_message_is_answered_with_the_events_of_the_contract(serve: Serve) -> None:
    with opened(serve("contract"), NEW_FORMAT) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME
        socket.send(json.dumps({"type": "user_message"}))
        events = [json.loads(socket.recv(timeout=5))["type"] for _ in range(2)]

    assert events == ["agent_started", "agent_completed"]


def test_a_backend_may_speak_two_contracts(serve: Serve) -> None:
    old = contract(subprotocols=["jwt", "{token}"], selected="jwt")
    url = serve(also_speaks=(old,))

    assert heard(url, NEW_FORMAT) == f"jwt-auth {WELCOME}"
    assert heard(url, OLD_FORMAT) == f"jwt {WELCOME}"


def test_a_client_that_opens_with_a_hello_is_welcomed_after_it(serve: Serve) -> None:
    spoken = contract(subprotocols=[], selected=None, token_in="first-message")
    spoken["messages"] |= {"opens_with": [{"type": "hello", "token": "{token}"}]}

    with opened(serve(contract=spoken)) as socket:
        socket.send(json.dumps({"type": "hello", "token": TOKEN}))
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME


def test_a_server_without_a_contract_welcomes_everybody(serve: Serve) -> None:
    assert heard(serve(contract=None)) == f"None {WELCOME}"


def test_a_missing_dependency_is_named(serve: Serve) -> None:
    url = serve(dependencies={"supervisor": "ok", "threads": "down"})
    heartbeat = requests.get(url.replace("ws:", "http:")[:-3] + "/__heartbeat__", timeout=10)

    assert heartbeat.status_code == 503
    assert heartbeat.json()["checks"]["threads"] == "down"
    assert heard(url, NEW_FORMAT) == "jwt-auth 1011 Service not ready: threads"


def test_a_plain_request_gets_a_version_an_upgrade_hint_or_nothing(serve: Serve) -> None:
    base = serve("contract").replace("ws:", "http:").removesuffix("/ws")
    version = requests.get(f"{base}/__version__", timeout=10)

    assert version.headers["Cache-Control"] == "no-store"
    assert version.json()["protocols"][0]["role"] == "server"
    assert requests.get(f"{base}/ws", timeout=10).status_code == 426
    assert requests.get(f"{base}/other", timeout=10).status_code == 404
