"""A WebSocket through an edge: passed through, robbed of its headers, or cut."""

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from skewcheck.sandbox.cloud import Sandbox
from skewcheck.sandbox.edges.edge import Edge, EdgeFaults
from tests.sandbox.builders import API_IMAGE, OLD, TOKEN, backend, contract
from tests.sandbox.clients import NEW_FORMAT, WELCOME, heard, opened, socket_url


@pytest.fixture(scope="module")
def deployed(cloud: Sandbox) -> Sandbox:
    cloud.deploy("acme-api", f"{API_IMAGE}:{OLD}")
    return cloud


@pytest.fixture
def edge(deployed: Sandbox) -> Edge:
    return deployed.edge("api.acme.example", "acme-api")


def test_an_edge_may_lose_the_authorization_header(cloud: Sandbox) -> None:
    spoken = contract(subprotocols=[], selected=None, token_in="authorization")
    image = backend(contract=spoken, token=TOKEN)
    cloud.deploy("chat-header", cloud.images.add(API_IMAGE, "header", image))
    edge = cloud.edge("header.acme.example", "chat-header")
    url = socket_url(edge.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}

    nothing: set[str] = set()
    for stripped, kind in ((nothing, WELCOME), ({"authorization"}, "error")):
        edge.faults.strip_request_headers = stripped
        with connect(url, additional_headers=headers) as socket:
            assert json.loads(socket.recv(timeout=5))["type"] == kind


def test_an_edge_passes_a_websocket_through(edge: Edge) -> None:
    assert heard(socket_url(edge.url), NEW_FORMAT) == f"jwt-auth {WELCOME}"


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

    assert heard(socket_url(edge.url), NEW_FORMAT) == expected


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(EdgeFaults(idle_cut_s=0.1), id="idle"),
        pytest.param(EdgeFaults(lifetime_cut_s=0.1), id="lifetime"),
    ],
)
def test_an_edge_may_cut_a_socket_without_a_close(edge: Edge, faults: EdgeFaults) -> None:
    edge.faults = faults
    with opened(socket_url(edge.url), NEW_FORMAT) as socket:
        socket.recv(timeout=5)
        with pytest.raises(ConnectionClosed, match="no close frame"):
            socket.recv(timeout=5)
