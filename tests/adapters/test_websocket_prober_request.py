"""The request that a probe sends, what it leaves out, and what it may be answered with."""

from dataclasses import replace

import pytest

from skewcheck import __version__
from skewcheck.core.wire.script import Script, Variant
from skewcheck.core.wire.secret import Secret
from skewcheck.core.wire.transcript import (
    NotOpened,
    Opened,
    Requested,
    Unsendable,
)
from tests.adapters.probing import (
    BARE,
    CHAT,
    NOON,
    PAGE,
    TOKEN,
    asking,
    prober,
    survives,
)
from tests.websocket_peer import Peer
from tests.websocket_servers import serving


def test_a_transcript_says_which_probe_it_is_of_and_when_and_shows_no_query() -> None:
    with serving("welcome") as server:
        transcript = prober().probe(asking(f"{server.url}?ticket=abc", name="run-7/3"), TOKEN)
    assert (transcript.id, transcript.url, transcript.started) == ("run-7/3", server.url, NOON)
    assert [e.at_s for e in transcript.events] == sorted(e.at_s for e in transcript.events)


def test_the_request_is_a_browsers_and_carries_the_probes_id() -> None:
    with serving("welcome") as server:
        transcript = prober().probe(asking(server.url), TOKEN)
    [request] = server.requests
    asked = transcript.first(Requested)
    assert asked is not None
    assert request.target == asked.target == "/ws"
    assert request.headers["origin"] == PAGE
    assert request.headers["user-agent"].endswith(f" skewcheck/{__version__} (probe p1)")
    offered = "permessage-deflate; client_max_window_bits"
    assert request.headers["sec-websocket-extensions"] == offered
    assert request.offers == ["jwt-auth", "jwt.czNjcmV0LXQwa2VuL29mfnNvbWVib2R5"]
    assert asked.offers == ("jwt-auth", "jwt.[token]")
    assert [name.lower() for name, _ in asked.headers] == list(request.headers)


@pytest.mark.parametrize(
    ("without", "gone"),
    [
        pytest.param("origin", {"origin"}, id="origin"),
        pytest.param("upgrade", {"upgrade", "connection"}, id="upgrade"),
        pytest.param("sec-websocket-extensions", {"sec-websocket-extensions"}, id="extensions"),
        pytest.param("sec-websocket-protocol", {"sec-websocket-protocol"}, id="protocol"),
    ],
)
def test_a_variant_leaves_headers_out_and_nothing_else(without: str, gone: set[str]) -> None:
    with serving("welcome") as server:
        prober().probe(asking(server.url), TOKEN)
        prober().probe(asking(server.url, variant=Variant(without=(without,))), TOKEN)
    usual, varied = server.requests
    assert usual.headers.keys() - varied.headers.keys() == gone


def test_what_was_not_offered_may_not_be_selected() -> None:
    def selects(peer: Peer) -> None:
        peer.upgrade("chat")

    with serving(selects) as server:
        refused = prober().probe(asking(server.url, BARE), None).first(NotOpened)
    assert refused is not None
    assert refused.detail == "it selects chat, which was not offered"


def test_an_extension_that_was_not_offered_may_not_be_used() -> None:
    def deflates(peer: Peer) -> None:
        peer.upgrade("jwt-auth\r\nSec-WebSocket-Extensions: permessage-deflate")

    variant = Variant(without=("sec-websocket-extensions",))
    with serving(deflates) as server:
        assert prober().probe(asking(server.url, variant=variant), TOKEN).first(NotOpened)
        opened = prober().probe(asking(server.url), TOKEN).first(Opened)
    assert opened is not None
    assert opened.extensions == ("permessage-deflate",)


def test_a_script_that_needs_a_token_is_not_probed_without_one() -> None:
    with pytest.raises(ValueError, match="probe p1: its script needs a token"):
        prober().probe(asking("http://127.0.0.1:1/ws"), None)


@pytest.mark.parametrize(
    ("token", "script", "detail"),
    [
        pytest.param(
            TOKEN,
            replace(CHAT, offers=("jwt.Bearer {token}",)),
            "subprotocol 1 of the offer has the character ' '",
            id="a space in a subprotocol",
        ),
        pytest.param(
            Secret("s3cret-t0ken\r\nX-Admin: yes"),
            replace(BARE, token_in="authorization"),
            "the value of Authorization has a control character",
            id="a header smuggled in by the token",
        ),
    ],
)
def test_what_no_browser_sends_never_leaves(token: Secret, script: Script, detail: str) -> None:
    with serving("welcome") as server:
        transcript = survives(prober().probe(asking(server.url, script), token))
    assert transcript.events == (Unsendable(at_s=transcript.events[0].at_s, detail=detail),)
    assert not server.requests


def test_a_made_up_token_is_masked_like_a_real_one() -> None:
    with serving("echoes-token") as server:
        request = asking(server.url, variant=Variant(control=True))
        transcript = prober().probe(request, Secret("made-up-token-for-nobody"))
    asked = transcript.first(Requested)
    assert asked is not None
    assert asked.offers == ("skewcheck-negative-control", "skewcheck-negative-control.[token]")


def test_a_path_that_no_browser_sends_never_leaves() -> None:
    transcript = prober().probe(asking("http://127.0.0.1:1/w s"), TOKEN)
    assert [each.detail for each in transcript.all(Unsendable)] == [
        "the path has a space or a control character"
    ]
