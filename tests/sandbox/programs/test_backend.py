"""Each generation of the backend, spoken to over a real WebSocket, direct and through an edge."""

import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus, NegotiationError
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge, EdgeFaults
from tests.sandbox.builders import API_IMAGE, ENCODED, TOKEN, backend, contract

NEW_FORMAT = ("jwt-auth", f"jwt.{ENCODED}")
OLD_FORMAT = ("jwt", TOKEN)
WELCOME = "connection_established"
Address: TypeAlias = Callable[[str], str]


@pytest.fixture(scope="module")
def address(cloud: Sandbox) -> Address:
    """The WebSocket address of a generation, deployed when first asked for."""
    known: dict[str, str] = {}

    def of(generation: str) -> str:
        if generation not in known:
            service = f"chat-{generation.lower()}"
            image = backend(generation=generation, token=TOKEN)
            cloud.deploy(service, cloud.images.add(API_IMAGE, generation, image))
            known[generation] = cloud.url(service).replace("http:", "ws:") + "/ws"
        return known[generation]

    return of


@pytest.fixture
def edge(cloud: Sandbox, address: Address) -> Iterator[Edge]:
    address("contract")
    edge = cloud.edge("api.acme.example", "chat-contract")
    yield edge
    edge.faults = EdgeFaults()


def opened(url: str, offers: tuple[str, ...] = ()) -> ClientConnection:
    return connect(url, subprotocols=[Subprotocol(offer) for offer in offers] or None)


def heard(url: str, offers: tuple[str, ...] = ()) -> str:
    """What a client that is no browser gets: the subprotocol, the messages, the close."""
    try:
        with opened(url, offers) as socket:
            said = [str(socket.subprotocol)]
            try:
                while True:
                    said.append(json.loads(socket.recv(timeout=5))["type"])
                    if said[-1] == WELCOME:
                        return " ".join(said)
            except ConnectionClosed as closed:
                end = closed.rcvd
                assert end
                return " ".join([*said, str(end.code), end.reason]).strip()
    except InvalidStatus as refused:
        return str(refused.response.status_code)
    except NegotiationError:
        return "unoffered"


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
    address: Address, generation: str, offers: tuple[str, ...], expected: str
) -> None:
    assert heard(address(generation), offers) == expected


def test_a_ticket_in_the_query_is_welcomed_by_the_generation_that_knows_tickets(
    address: Address,
) -> None:
    assert heard(f"{address('T')}?ticket={TOKEN}") == f"None {WELCOME}"


def test_a_polite_server_closes_4406_and_says_what_it_speaks(address: Address) -> None:
    closed = heard(address("contract-4406"), OLD_FORMAT)

    assert closed.startswith("None 4406 this server speaks chat 2.1")


def test_a_server_that_races_loses_a_client_that_speaks_at_once(address: Address) -> None:
    with opened(address("race"), NEW_FORMAT) as socket:
        socket.send("{}")
        with pytest.raises(ConnectionClosed, match="1011"):
            socket.recv(timeout=5)


def test_a_silent_server_keeps_the_socket_open_and_says_nothing(address: Address) -> None:
    with opened(address("silent"), NEW_FORMAT) as socket, pytest.raises(TimeoutError):
        socket.recv(timeout=0.1)


def test_an_eventless_server_welcomes_and_never_answers(address: Address) -> None:
    with opened(address("eventless"), NEW_FORMAT) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME
        socket.send(json.dumps({"type": "user_message"}))
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.1)


def test_a_backend_that_warms_up_closes_every_socket(cloud: Sandbox) -> None:
    image = cloud.images.add(API_IMAGE, "warming", backend(warms_up=600))
    cloud.deploy("chat-warming", image)
    url = cloud.url("chat-warming").replace("http:", "ws:") + "/ws"

    assert heard(url, NEW_FORMAT) == "jwt-auth 1011 Service not ready: startup"


def test_only_the_first_request_of_a_cold_backend_waits(cloud: Sandbox) -> None:
    cloud.deploy("chat-cold", cloud.images.add(API_IMAGE, "cold", backend(cold_start=0.3)))
    url = f"{cloud.url('chat-cold')}/__version__"
    first, second = (requests.get(url, timeout=10).elapsed.total_seconds() for _ in range(2))

    assert first >= 0.3 > second


def test_a_user_message_is_answered_with_the_events_of_the_contract(address: Address) -> None:
    with opened(address("contract"), NEW_FORMAT) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME
        socket.send(json.dumps({"type": "user_message"}))
        events = [json.loads(socket.recv(timeout=5))["type"] for _ in range(2)]

    assert events == ["agent_started", "agent_completed"]


def test_a_backend_may_speak_two_contracts(cloud: Sandbox) -> None:
    old = contract(subprotocols=["jwt", "{token:raw}"], selected="jwt")
    image = backend(also_speaks=(old,), token=TOKEN)
    cloud.deploy("chat-both", cloud.images.add(API_IMAGE, "both", image))
    url = cloud.url("chat-both").replace("http:", "ws:") + "/ws"

    assert heard(url, NEW_FORMAT) == f"jwt-auth {WELCOME}"
    assert heard(url, OLD_FORMAT) == f"jwt {WELCOME}"


def test_a_client_that_opens_with_a_hello_is_welcomed_after_it(cloud: Sandbox) -> None:
    spoken = contract(subprotocols=[], selected=None, token_in="first-message")
    spoken["messages"] |= {"opens_with": [{"type": "hello", "token": "{token:raw}"}]}
    image = backend(contract=spoken, token=TOKEN)
    cloud.deploy("chat-hello", cloud.images.add(API_IMAGE, "hello", image))

    with opened(cloud.url("chat-hello").replace("http:", "ws:") + "/ws") as socket:
        socket.send(json.dumps({"type": "hello", "token": TOKEN}))
        assert json.loads(socket.recv(timeout=5))["type"] == WELCOME


def test_a_missing_dependency_is_named_by_heartbeat_and_close(cloud: Sandbox) -> None:
    image = backend(dependencies={"supervisor": "ok", "threads": "ok"})
    cloud.deploy("chat-needs", cloud.images.add(API_IMAGE, "needs", image))
    url = cloud.url("chat-needs")
    assert requests.get(f"{url}/__heartbeat__", timeout=10).status_code == 200

    cloud.tell("chat-needs", {"dependencies": {"supervisor": "ok", "threads": "down"}})
    while requests.get(f"{url}/__heartbeat__", timeout=10).status_code == 200:
        pass  # told through a pipe: the next answers may still be old

    closed = heard(url.replace("http:", "ws:") + "/ws", NEW_FORMAT)
    assert closed == "jwt-auth 1011 Service not ready: threads"


def test_a_plain_request_gets_a_version_an_upgrade_hint_or_nothing(address: Address) -> None:
    base = address("contract").replace("ws:", "http:").removesuffix("/ws")
    version = requests.get(f"{base}/__version__", timeout=10)

    assert version.headers["Cache-Control"] == "no-store"
    assert version.json()["protocols"][0]["role"] == "server"
    assert requests.get(f"{base}/ws", timeout=10).status_code == 426
    assert requests.get(f"{base}/other", timeout=10).status_code == 404


def test_an_edge_may_lose_the_authorization_header(cloud: Sandbox) -> None:
    spoken = contract(subprotocols=[], selected=None, token_in="authorization")
    image = backend(contract=spoken, token=TOKEN)
    cloud.deploy("chat-header", cloud.images.add(API_IMAGE, "header", image))
    edge = cloud.edge("header.acme.example", "chat-header")
    url = edge.url.replace("http:", "ws:") + "/ws"
    headers = {"Authorization": f"Bearer {TOKEN}"}

    nothing: set[str] = set()
    for stripped, kind in ((nothing, WELCOME), ({"authorization"}, "error")):
        edge.faults.strip_request_headers = stripped
        with connect(url, additional_headers=headers) as socket:
            assert json.loads(socket.recv(timeout=5))["type"] == kind


def test_an_edge_passes_a_websocket_through(edge: Edge) -> None:
    assert heard(edge.url.replace("http:", "ws:") + "/ws", NEW_FORMAT) == f"jwt-auth {WELCOME}"


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        pytest.param(
            EdgeFaults(drop_subprotocol_response=True), f"None {WELCOME}", id="answer lost"
        ),
        pytest.param(EdgeFaults(drop_subprotocol_request=True), "400", id="offer lost"),
        pytest.param(
            EdgeFaults(strip_request_headers={"Sec-WebSocket-Protocol"}), "400", id="stripped"
        ),
    ],
)
def test_an_edge_may_lose_the_subprotocol(edge: Edge, faults: EdgeFaults, expected: str) -> None:
    edge.faults = faults

    assert heard(edge.url.replace("http:", "ws:") + "/ws", NEW_FORMAT) == expected


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(EdgeFaults(idle_cut_s=0.1), id="idle"),
        pytest.param(EdgeFaults(lifetime_cut_s=0.1), id="lifetime"),
    ],
)
def test_an_edge_may_cut_a_socket_without_a_close(edge: Edge, faults: EdgeFaults) -> None:
    edge.faults = faults
    with opened(edge.url.replace("http:", "ws:") + "/ws", NEW_FORMAT) as socket:
        socket.recv(timeout=5)
        with pytest.raises(ConnectionClosed, match="no close frame"):
            socket.recv(timeout=5)
