"""Paths of sockets in scripts that people and bundlers wrote."""

import pytest

from skewcheck.core.drafting.sockets import socket_paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param("new WebSocket(`wss://${location.host}/chat`)", ("/chat",), id="template"),
        pytest.param('new WebSocket("wss://api.example/v1/ws?x=1")', ("/v1/ws",), id="whole URL"),
        pytest.param("new WebSocket(base + '/ws')", ("/ws",), id="a path alone"),
        pytest.param("connect(`${base}/api/websocket/v2`)", ("/api/websocket/v2",), id="appended"),
        pytest.param('a="/ws";b="/ws"', ("/ws",), id="once"),
        pytest.param('import "/assets/ws.js"; x = "/news"', (), id="none"),
        pytest.param("wss://example", (), id="no path"),
    ],
)
def test_paths_are_found(text: str, paths: tuple[str, ...]) -> None:
    assert socket_paths([text]) == paths


def test_all_texts_are_searched_in_their_order() -> None:
    assert socket_paths(["'/b/ws'", "'/a/ws'"]) == ("/b/ws", "/a/ws")
