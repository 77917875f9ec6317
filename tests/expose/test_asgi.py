"""ASGI by hand: what servers without extensions are told, and what goes through untouched."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from skewcheck_expose.asgi import NegotiationMiddleware, VersionMiddleware

from tests.expose.conduct import DOCUMENT, NAMES_BOTH
from tests.expose.formats import CHAT

Messages = list[dict[str, Any]]
SENT = {"type": "websocket.connect"}


class Inner:
    """An application that notes what it was called with, and accepts."""

    def __init__(self, *replies: dict[str, Any]) -> None:
        self.calls: list[tuple[Any, Any, Any]] = []
        self._replies = replies

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.calls.append((scope, receive, send))
        for each in self._replies:
            await send(each)


def run(app: Any, scope: dict[str, Any]) -> tuple[Messages, Any, Any]:
    """What it sent, and the two callables it was given."""
    sent: Messages = []

    async def receive() -> dict[str, Any]:
        return SENT

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent, receive, send


def knock(query: str, offers: Sequence[str], **more: Any) -> dict[str, Any]:
    scope = {"type": "websocket", "path": "/ws", "query_string": query.encode(), "headers": []}
    return scope | {"subprotocols": list(offers)} | more


def get(path: str, **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": path, "headers": []} | more


def status(sent: Messages) -> int | None:
    return sent[0]["status"] if sent else None


@pytest.mark.parametrize("kind", ["websocket", "lifespan", "http"])
def test_what_is_not_the_document_goes_through_untouched(kind: str) -> None:
    inner, scope = Inner(), get("/__version__" if kind != "http" else "/") | {"type": kind}
    _, receive, send = run(VersionMiddleware(inner, DOCUMENT), scope)
    ((got, was_received, was_sent),) = inner.calls
    assert got is scope
    assert (was_received, was_sent) == (receive, send)


@pytest.mark.parametrize(
    ("path", "root", "answered"),
    [
        pytest.param("/__version__", "", True, id="no root path"),
        pytest.param("/api/__version__", "/api", True, id="within the path"),
        pytest.param("/api/__version__", "/api/", True, id="with a slash"),
        pytest.param("/__version__", "/api", True, id="beside the path"),
        pytest.param("/apix/__version__", "/api", False, id="another place"),
        pytest.param("/api/__version__", "", False, id="not said"),
    ],
)
def test_it_is_found_behind_a_proxy_that_strips_a_path(
    path: str, root: str, *, answered: bool
) -> None:
    sent, *_ = run(VersionMiddleware(Inner(), DOCUMENT), get(path, root_path=root))
    assert (status(sent) == 200) is answered


def test_to_head_no_body_is_sent() -> None:
    """Though most servers would hold it back."""
    sent, *_ = run(VersionMiddleware(Inner(), DOCUMENT), get("/__version__", method="HEAD"))
    assert (status(sent), sent[1]["body"]) == (200, b"")


def test_without_a_document_it_makes_one_with_the_contracts() -> None:
    sent, *_ = run(VersionMiddleware(Inner(), contracts=CHAT), get("/__version__"))
    assert json.loads(sent[1]["body"])["protocols"] == [CHAT.claim("server")]


def test_a_server_that_cannot_answer_by_http_closes_before_the_upgrade() -> None:
    """With 4406, which such a server cannot tell; never with its default, 1000."""
    sent, *_ = run(NegotiationMiddleware(Inner(), CHAT), knock("", ["other"], extensions=None))
    assert [each["type"] for each in sent] == ["websocket.close"]
    assert sent[0]["code"] == 4406
    assert sent[0]["reason"].startswith("server speaks chat 2.1")


def test_a_server_that_can_answers_by_http() -> None:
    scope = knock("", ["other"], extensions={"websocket.http.response": {}}, http_version="2")
    sent, *_ = run(NegotiationMiddleware(Inner(), CHAT), scope)
    assert [each["type"].rpartition(".")[2] for each in sent] == ["start", "body"]
    assert sent[0]["type"].startswith("websocket.http.response.")
    assert status(sent) == 400


def test_http_2_is_told_to_upgrade_without_headers_of_a_connection() -> None:
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    scope = knock("skewcheck=chat/1.0", ["x"], extensions=extensions, http_version="2")
    sent, *_ = run(NegotiationMiddleware(Inner(), CHAT), scope)
    assert status(sent) == 426
    assert b"upgrade" not in dict(sent[0]["headers"])


def test_a_page_is_accepted_and_closed() -> None:
    sent, *_ = run(NegotiationMiddleware(Inner(), CHAT), knock("skewcheck=chat/1.0", ["jwt-auth"]))
    assert sent == [
        {"type": "websocket.accept", "subprotocol": "jwt-auth", "headers": []},
        {"type": "websocket.close", "code": 4406, "reason": NAMES_BOTH},
    ]


def test_a_refused_client_never_reaches_the_application() -> None:
    inner = Inner()
    run(NegotiationMiddleware(inner, CHAT), knock("", []))
    assert not inner.calls


@pytest.mark.parametrize(
    ("said", "selected"),
    [
        pytest.param({}, "jwt-auth", id="nothing"),
        pytest.param({"subprotocol": None}, "jwt-auth", id="none"),
        pytest.param({"subprotocol": "own"}, "own", id="its own choice"),
    ],
)
def test_an_application_that_selects_nothing_selects_what_was_agreed(
    said: dict[str, Any], selected: str
) -> None:
    inner = Inner({"type": "websocket.accept"} | said, {"type": "websocket.send", "text": "x"})
    scope = knock("", ["jwt-auth", "jwt.ZXlK"])
    sent, *_ = run(NegotiationMiddleware(inner, CHAT), scope)

    assert sent[0]["subprotocol"] == selected
    assert sent[1] == {"type": "websocket.send", "text": "x"}
    assert inner.calls[0][0]["skewcheck"].token == "eyJ"
    assert "skewcheck" not in scope


@pytest.mark.parametrize("kind", ["http", "lifespan"])
def test_only_websockets_negotiate(kind: str) -> None:
    inner, scope = Inner(), get("/") | {"type": kind}
    run(NegotiationMiddleware(inner, CHAT), scope)
    assert inner.calls[0][0] is scope


def test_there_must_be_a_contract() -> None:
    with pytest.raises(ValueError, match="no contract"):
        NegotiationMiddleware(Inner(), [])
