"""Real software of others, old and new: pairs that fit hold, pairs that do not are named."""

from collections.abc import Iterator
from typing import Any

import pytest

from skewcheck.core.findings import Code
from skewcheck.core.ladder.climb import Rung
from skewcheck.core.ladder.readings import read_as_browser, read_as_rfc
from skewcheck.core.wire.script import Message, Script
from tests.probing import Seen, probe
from tests.processes import Running
from tests.software.servers import graphql, socketio, websockify

INIT: Message = {"type": "connection_init"}
SUBSCRIBE: Message = {"type": "subscribe", "id": "1", "payload": {"query": "{hello}"}}
ACK: Message = {"type": "connection_ack"}


def graphql_client(offer: str, *says: Message) -> Script:
    return Script(offers=(offer,), selected=offer, opens_with=says, welcome=ACK)


NEW_GRAPHQL = graphql_client("graphql-transport-ws", INIT)
OLD_GRAPHQL = graphql_client("graphql-ws", INIT)
# Engine.IO frames are text with a number before it, never JSON: staying open has to do.
ANY_SOCKETIO = Script(welcome_within_s=0.5)
Folders = pytest.TempPathFactory


@pytest.fixture(scope="module")
def graphql_servers(tmp_path_factory: Folders) -> Iterator[Running]:
    with graphql(tmp_path_factory.mktemp("graphql")) as servers:
        yield servers


@pytest.fixture(scope="module")
def socketio_servers(tmp_path_factory: Folders) -> Iterator[Running]:
    with socketio(tmp_path_factory.mktemp("socketio")) as servers:
        yield servers


@pytest.fixture(scope="module")
def old_bridge(tmp_path_factory: Folders) -> Iterator[Running]:
    with websockify(tmp_path_factory.mktemp("websockify"), "0.8.0") as bridge:
        yield bridge


@pytest.fixture(scope="module")
def new_bridge(tmp_path_factory: Folders) -> Iterator[Running]:
    with websockify(tmp_path_factory.mktemp("websockify"), "0.12.0") as bridge:
        yield bridge


def alike(seen: Seen) -> tuple[object, ...]:
    return seen.failure, seen.status, seen.close


@pytest.mark.parametrize(
    ("server", "client"),
    [
        pytest.param("new", NEW_GRAPHQL, id="graphql-ws"),
        pytest.param("old", OLD_GRAPHQL, id="subscriptions-transport-ws"),
    ],
)
def test_graphql_holds_between_a_client_and_a_server_of_one_age(
    graphql_servers: Running, server: str, client: Script
) -> None:
    seen = probe(graphql_servers.url(server, "/graphql"), client)
    assert seen.holds, seen.told


def test_a_new_graphql_server_selects_nothing_for_an_old_client(graphql_servers: Running) -> None:
    seen = probe(graphql_servers.url("new", "/graphql"), OLD_GRAPHQL)

    assert alike(seen) == ((Rung.SUBPROTOCOL, Code.SUBPROTOCOL_NOT_SELECTED), 101, 4406)
    assert "Subprotocol not acceptable" in seen.told
    assert read_as_browser(seen.transcript).code == 1006
    assert read_as_rfc(seen.transcript).code == 4406


def test_an_old_graphql_server_echoes_a_new_clients_offer_and_then_closes(
    graphql_servers: Running,
) -> None:
    seen = probe(graphql_servers.url("old", "/graphql"), NEW_GRAPHQL)

    assert alike(seen) == ((Rung.WELCOME, Code.CLOSED_BEFORE_WELCOME), 101, 1002)
    assert read_as_browser(seen.transcript).subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        pytest.param(
            ({"type": "start", "id": "1"},),
            ((Rung.WELCOME, Code.CLOSED_BEFORE_WELCOME), 101, 4400),
            id="a message of the old protocol",
        ),
        pytest.param(
            (SUBSCRIBE,), ((Rung.AUTH, Code.AUTH_REJECTED), 101, 4401), id="no init before it"
        ),
        pytest.param(
            (), ((Rung.WELCOME, Code.CLOSED_BEFORE_WELCOME), 101, 4408), id="no init at all"
        ),
    ],
)
def test_a_new_graphql_server_ends_a_wrong_conversation_with_its_own_code(
    graphql_servers: Running, says: tuple[Message, ...], expected: tuple[Any, ...]
) -> None:
    client = graphql_client("graphql-transport-ws", *says)
    assert alike(probe(graphql_servers.url("new", "/graphql"), client)) == expected


@pytest.mark.parametrize(("server", "path"), [("new", "/eio4"), ("old", "/eio3")])
def test_socketio_stays_open_between_a_client_and_a_server_of_one_age(
    socketio_servers: Running, server: str, path: str
) -> None:
    seen = probe(socketio_servers.url(server, path), ANY_SOCKETIO)
    assert seen.holds, seen.told


def test_a_new_socketio_server_writes_http_into_an_old_clients_open_socket(
    socketio_servers: Running,
) -> None:
    seen = probe(socketio_servers.url("new", "/eio3"), ANY_SOCKETIO)

    assert alike(seen) == ((Rung.WELCOME, Code.PROTOCOL_GARBAGE), 101, None)
    assert "HTTP/1.1 400 Bad Request" in seen.told
    browser = read_as_browser(seen.transcript)
    assert (browser.opened, browser.code, browser.clean) == (True, 1006, False)


@pytest.mark.parametrize(("server", "path"), [("new", "/eio4"), ("old", "/eio4")])
def test_a_welcome_in_json_is_never_found_in_the_frames_of_engine_io(
    socketio_servers: Running, server: str, path: str
) -> None:
    """Nor is that an old server under a new client: both say `0{...}`; unknown is never green."""
    client = Script(welcome={"sid": "any"}, welcome_within_s=0.5)
    seen = probe(socketio_servers.url(server, path), client)

    assert seen.failure == (Rung.WELCOME, Code.WELCOME_MISSING)
    assert '0{"sid":' in seen.told


def bridge_client(*offers: str) -> Script:
    return Script(offers=offers, selected=offers[0] if offers else None, welcome_within_s=0.4)


def test_both_websockify_take_binary(old_bridge: Running, new_bridge: Running) -> None:
    for bridge in (old_bridge, new_bridge):
        seen = probe(bridge.url("bridge", "/"), bridge_client("binary"))
        assert seen.holds, seen.told


def test_an_old_websockify_takes_base64_and_no_client_without_an_offer(old_bridge: Running) -> None:
    taken = probe(old_bridge.url("bridge", "/"), bridge_client("base64"))
    refused = probe(old_bridge.url("bridge", "/"), bridge_client())

    assert taken.holds, taken.told
    assert alike(refused) == ((Rung.UPGRADE, Code.HANDSHAKE_REJECTED), 400, None)
    assert "Client must support 'binary' or 'base64' protocol" in refused.told


def test_a_new_websockify_refuses_base64_and_takes_a_client_without_an_offer(
    new_bridge: Running,
) -> None:
    refused = probe(new_bridge.url("bridge", "/"), bridge_client("base64"))
    taken = probe(new_bridge.url("bridge", "/"), bridge_client())

    assert taken.holds, taken.told
    assert alike(refused) == ((Rung.UPGRADE, Code.HANDSHAKE_REJECTED), 400, None)
    assert "Invalid protocol selected" in refused.told
